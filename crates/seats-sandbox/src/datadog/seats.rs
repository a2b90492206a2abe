//! Who holds which seat at Datadog, and what a call may change about it.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use crate::page::{self, Page};

/// A seat that a user holds in a Datadog product.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DatadogSeat {
    /// The product, such as `incident_response`.
    pub product_code: String,
    /// The holder.
    pub user_uuid: Uuid,
}

/// What Datadog knows of a user.
#[derive(Clone, Debug, Default)]
pub(crate) struct User {
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
}

/// Why Datadog does not do what it is asked for. Then it does none of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SeatError {
    UnknownProduct,
    UnknownUsers(Vec<Uuid>),
    /// These users hold no seat of the product.
    NoSeat(Vec<Uuid>),
    /// These users hold one already.
    HasSeat(Vec<Uuid>),
    /// So many seats are free.
    Full(u64),
}

/// A seat as a list shows it.
#[derive(Debug)]
pub(crate) struct Listed<'s> {
    pub(crate) id: Uuid,
    pub(crate) user: &'s User,
    pub(crate) assigned_at: Option<&'s str>,
}

#[derive(Debug)]
struct Product {
    capacity: u64,
    /// In the order in which they were assigned, all products together.
    seats: BTreeMap<u64, Held>,
    holders: HashMap<Uuid, u64>,
}

#[derive(Debug)]
struct Held {
    user: Uuid,
    assigned_at: Option<String>,
}

/// A tenant's seats at Datadog. Everything that changes them is a method of this type.
#[derive(Debug, Default)]
pub(crate) struct DatadogState {
    users: HashMap<Uuid, User>,
    /// A product stays known when its last seat goes.
    products: HashMap<String, Product>,
    assigned: u64,
}

impl DatadogState {
    pub(crate) fn seats(&self) -> Vec<DatadogSeat> {
        let mut seats: Vec<_> = self
            .products
            .iter()
            .flat_map(|(code, product)| {
                let seats = product.seats.iter();
                seats.map(move |(number, held)| (number, code, held.user))
            })
            .collect();
        seats.sort_unstable();
        let seats = seats.into_iter().map(|(_, code, user_uuid)| DatadogSeat {
            product_code: code.clone(),
            user_uuid,
        });
        seats.collect()
    }

    /// Takes the product's seats away from all these users, or from none of them.
    pub(crate) fn unassign(&mut self, code: &str, users: &[Uuid]) -> Result<(), SeatError> {
        let product = self
            .products
            .get_mut(code)
            .ok_or(SeatError::UnknownProduct)?;
        let seatless = those(users, |user| !product.holders.contains_key(user));
        if !seatless.is_empty() {
            return Err(SeatError::NoSeat(seatless));
        }
        for user in users {
            if let Some(number) = product.holders.remove(user) {
                product.seats.remove(&number);
            }
        }
        Ok(())
    }

    /// Gives a seat to each of these users, or to none of them.
    pub(crate) fn assign(&mut self, code: &str, users: &[Uuid], at: &str) -> Result<(), SeatError> {
        let known = &self.users;
        let product = self.products.get(code).ok_or(SeatError::UnknownProduct)?;
        let strangers = those(users, |user| !known.contains_key(user));
        if !strangers.is_empty() {
            return Err(SeatError::UnknownUsers(strangers));
        }
        let holders = those(users, |user| product.holders.contains_key(user));
        if !holders.is_empty() {
            return Err(SeatError::HasSeat(holders));
        }
        let free = product.capacity.saturating_sub(product.seats.len() as u64);
        if (users.len() as u64) > free {
            return Err(SeatError::Full(free));
        }
        for user in users {
            self.give(code, *user, Some(at.to_owned()));
        }
        Ok(())
    }

    /// One page of the product's seats; `None` where there is no such product.
    pub(crate) fn page(
        &self,
        list: &str,
        code: &str,
        after: Option<u64>,
        size: usize,
    ) -> Option<Page<Listed<'_>>> {
        let first = after.map_or(0, |number| number.saturating_add(1));
        let rest = self.products.get(code)?.seats.range(first..);
        let rest = rest.filter_map(|(number, held)| {
            let listed = Listed {
                id: held.user,
                user: self.users.get(&held.user)?,
                assigned_at: held.assigned_at.as_deref(),
            };
            Some((*number, listed))
        });
        Some(page::cut(list, rest, size))
    }

    /// Makes a user known; `false` where there is one of this id already.
    pub(crate) fn add_user(&mut self, id: Uuid, user: User) -> bool {
        self.users.insert(id, user).is_none()
    }

    /// Makes a product known; `false` where there is one of this code already.
    pub(crate) fn add_product(&mut self, code: &str, capacity: u64) -> bool {
        let product = Product {
            capacity,
            seats: BTreeMap::new(),
            holders: HashMap::new(),
        };
        self.products.insert(code.to_owned(), product).is_none()
    }

    pub(crate) fn knows(&self, user: &Uuid) -> bool {
        self.users.contains_key(user)
    }

    /// Gives a seat to a user, without a look at the capacity; `false` where they hold one.
    pub(crate) fn give(&mut self, code: &str, user: Uuid, assigned_at: Option<String>) -> bool {
        let Some(product) = self.products.get_mut(code) else {
            return false;
        };
        if product.holders.contains_key(&user) {
            return false;
        }
        product.holders.insert(user, self.assigned);
        product
            .seats
            .insert(self.assigned, Held { user, assigned_at });
        self.assigned += 1;
        true
    }
}

fn those(users: &[Uuid], are: impl Fn(&Uuid) -> bool) -> Vec<Uuid> {
    users.iter().copied().filter(|user| are(user)).collect()
}
