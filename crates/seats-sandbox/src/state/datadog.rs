//! Seats at Datadog, and the changes that calls make to them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use uuid::Uuid;

use super::page::{self, Page};

/// A seat that a user holds in a Datadog product.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let sandbox = seats_sandbox::Sandbox::start().await?;
/// let seat = &sandbox.datadog_seats()[0];
/// assert_eq!(seat.product_code, "incident_response");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DatadogSeat {
    /// The product, such as `incident_response`.
    pub product_code: String,
    /// The user who holds the seat.
    pub user_uuid: Uuid,
}

/// The attributes of a user.
#[derive(Clone, Debug, Default)]
pub(crate) struct User {
    pub(crate) name: Option<Box<str>>,
    pub(crate) email: Option<Box<str>>,
}

/// Error from a change. The change is applied to none of the users.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SeatError {
    UnknownProduct,
    UnknownUsers(Vec<Uuid>),
    /// These users hold no seat of the product.
    NoSeat(Vec<Uuid>),
    /// These users already hold a seat of the product.
    HasSeat(Vec<Uuid>),
    /// Only this many seats are free.
    Full(u64),
}

/// A seat as a list shows it.
#[derive(Debug)]
pub(crate) struct ListedSeat<'s> {
    pub(crate) user_id: Uuid,
    pub(crate) user: &'s User,
    pub(crate) assigned_at: Option<&'s str>,
}

#[derive(Debug)]
struct Product {
    capacity: u64,
    /// By the number of the assignment, counted over all products.
    seats: BTreeMap<u64, AssignedSeat>,
    holders: HashMap<Uuid, u64>,
}

#[derive(Debug)]
struct AssignedSeat {
    user: Uuid,
    assigned_at: Option<Arc<str>>,
}

/// A tenant's users and seats at Datadog.
#[derive(Debug, Default)]
pub(crate) struct DatadogState {
    users: HashMap<Uuid, User>,
    /// A product stays known when its last seat is unassigned.
    products: HashMap<String, Product>,
    assignments: u64,
}

impl DatadogState {
    /// Returns all seats in the order in which they were assigned.
    pub(crate) fn seats(&self) -> Vec<DatadogSeat> {
        let mut seats: Vec<_> = self
            .products
            .iter()
            .flat_map(|(code, product)| {
                let seats = product.seats.iter();
                seats.map(move |(number, seat)| (number, code, seat.user))
            })
            .collect();
        seats.sort_unstable();
        let seats = seats.into_iter().map(|(_, code, user_uuid)| DatadogSeat {
            product_code: code.clone(),
            user_uuid,
        });
        seats.collect()
    }

    /// Unassigns the product's seats of all these users, or of none of them.
    pub(crate) fn unassign(&mut self, code: &str, users: &[Uuid]) -> Result<(), SeatError> {
        let product = self
            .products
            .get_mut(code)
            .ok_or(SeatError::UnknownProduct)?;
        let without_seat = filtered(users, |user| !product.holders.contains_key(user));
        if !without_seat.is_empty() {
            return Err(SeatError::NoSeat(without_seat));
        }
        for user in users {
            if let Some(number) = product.holders.remove(user) {
                product.seats.remove(&number);
            }
        }
        Ok(())
    }

    /// Assigns a seat to each of these users, or to none of them.
    pub(crate) fn assign(&mut self, code: &str, users: &[Uuid], at: &str) -> Result<(), SeatError> {
        let known = &self.users;
        let product = self.products.get(code).ok_or(SeatError::UnknownProduct)?;
        let unknown = filtered(users, |user| !known.contains_key(user));
        if !unknown.is_empty() {
            return Err(SeatError::UnknownUsers(unknown));
        }
        let holders = filtered(users, |user| product.holders.contains_key(user));
        if !holders.is_empty() {
            return Err(SeatError::HasSeat(holders));
        }
        let free = product.capacity.saturating_sub(product.seats.len() as u64);
        if (users.len() as u64) > free {
            return Err(SeatError::Full(free));
        }
        let at: Arc<str> = Arc::from(at);
        for user in users {
            self.add_seat(code, *user, Some(Arc::clone(&at)));
        }
        Ok(())
    }

    /// Returns one page of the product's seats, or `None` if there is no such product.
    pub(crate) fn page(
        &self,
        list: &str,
        code: &str,
        after: Option<u64>,
        size: usize,
    ) -> Option<Page<ListedSeat<'_>>> {
        let first = after.map_or(0, |number| number.saturating_add(1));
        let rest = self.products.get(code)?.seats.range(first..);
        let rest = rest.filter_map(|(number, seat)| {
            let listed = ListedSeat {
                user_id: seat.user,
                user: self.users.get(&seat.user)?,
                assigned_at: seat.assigned_at.as_deref(),
            };
            Some((*number, listed))
        });
        Some(page::page(list, rest, size))
    }

    /// Adds a user; returns `false` if there is one with this id already.
    pub(crate) fn add_user(&mut self, id: Uuid, user: User) -> bool {
        self.users.insert(id, user).is_none()
    }

    /// Adds a product; returns `false` if there is one with this code already.
    pub(crate) fn add_product(&mut self, code: &str, capacity: u64) -> bool {
        let product = Product {
            capacity,
            seats: BTreeMap::new(),
            holders: HashMap::new(),
        };
        self.products.insert(code.to_owned(), product).is_none()
    }

    pub(crate) fn has_user(&self, user: &Uuid) -> bool {
        self.users.contains_key(user)
    }

    /// Adds a seat without checking the capacity; returns `false` if the user already holds one.
    pub(crate) fn add_seat(
        &mut self,
        code: &str,
        user: Uuid,
        assigned_at: Option<Arc<str>>,
    ) -> bool {
        let Some(product) = self.products.get_mut(code) else {
            return false;
        };
        if product.holders.contains_key(&user) {
            return false;
        }
        let seat = AssignedSeat { user, assigned_at };
        product.holders.insert(user, self.assignments);
        product.seats.insert(self.assignments, seat);
        self.assignments += 1;
        true
    }
}

fn filtered(users: &[Uuid], matches: impl Fn(&Uuid) -> bool) -> Vec<Uuid> {
    users.iter().copied().filter(|user| matches(user)).collect()
}
