//! Inventory, directory and seats of the Store, and the changes that calls make to them.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use serde::Deserialize;

use super::page::{self, Page};

/// A seat that a user holds in a product of the Store for Business.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let sandbox = seats_sandbox::Sandbox::start().await?;
/// let seat = &sandbox.store_seats()[0];
/// assert_eq!((&*seat.product_id, &*seat.sku_id), ("9NBLGGH4R2R6", "0016"));
/// assert_eq!(seat.username, "ada@contoso.example");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoreSeat {
    /// The product, such as `9NBLGGH4R2R6`.
    pub product_id: String,
    /// The product's SKU, such as `0016`.
    pub sku_id: String,
    /// The user principal name or object id of the user who holds it, as the directory spells it.
    pub username: String,
    /// Whether the product has an offline licence; such a seat cannot be reclaimed.
    pub offline: bool,
}

/// How a product of the Store is licensed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Licence {
    Online,
    Offline,
}

/// Whether everyone in the organisation may take a seat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Distribution {
    Open,
    #[default]
    Restricted,
}

/// Whether a product can still be assigned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    #[default]
    Active,
    Removed,
}

/// Error from reading or changing a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SeatError {
    NotInInventory,
    NotOnline,
    UnknownUser,
    NoSeat,
    HasSeat,
    /// No seat is free.
    Full,
    /// The product was removed, so its seats cannot be assigned.
    Removed,
}

/// A product and one of its SKUs.
pub(crate) type ProductKey = (String, String);

/// A seat with what responses show of it.
#[derive(Clone, Debug)]
pub(crate) struct AssignedSeat {
    pub(crate) username: Arc<str>,
    /// The date of the assignment in the vendor's notation.
    pub(crate) assigned: Arc<str>,
}

/// A product of the inventory.
#[derive(Debug)]
pub(crate) struct Product {
    pub(crate) licence: Licence,
    pub(crate) distribution: Distribution,
    pub(crate) status: Status,
    pub(crate) capacity: u64,
    /// The date as responses show it.
    pub(crate) last_modified: String,
    /// By the number of the assignment, counted over all products.
    seats: BTreeMap<u64, AssignedSeat>,
    /// By normalized names.
    holders: HashMap<Arc<str>, u64>,
}

impl Product {
    pub(crate) fn new(licence: Licence, capacity: u64, last_modified: String) -> Self {
        Self {
            licence,
            distribution: Distribution::default(),
            status: Status::default(),
            capacity,
            last_modified,
            seats: BTreeMap::new(),
            holders: HashMap::new(),
        }
    }

    pub(crate) fn available(&self) -> u64 {
        self.capacity.saturating_sub(self.seats.len() as u64)
    }

    /// Whether the product has changed since then. A date that cannot be parsed counts as a change.
    fn changed_since(&self, since: &DateTime<FixedOffset>) -> bool {
        DateTime::parse_from_rfc3339(&self.last_modified).map_or(true, |last| last >= *since)
    }
}

/// A tenant's inventory, directory and seats.
#[derive(Debug, Default)]
pub(crate) struct StoreState {
    inventory: BTreeMap<ProductKey, Product>,
    /// The spelling of each user, by normalized name.
    directory: HashMap<Arc<str>, Arc<str>>,
    assignments: u64,
}

impl StoreState {
    /// Returns all seats in the order in which they were assigned.
    pub(crate) fn seats(&self) -> Vec<StoreSeat> {
        let mut seats: Vec<_> = self
            .inventory
            .iter()
            .flat_map(|(key, product)| {
                let seats = product.seats.iter();
                seats.map(move |(number, seat)| (*number, key, product.licence, seat))
            })
            .collect();
        seats.sort_unstable_by_key(|(number, ..)| *number);
        let seats = seats.into_iter().map(|(_, key, licence, seat)| StoreSeat {
            product_id: key.0.clone(),
            sku_id: key.1.clone(),
            username: seat.username.to_string(),
            offline: licence == Licence::Offline,
        });
        seats.collect()
    }

    /// Returns a product if its seats can be assigned one by one.
    pub(crate) fn online_product(&self, key: &ProductKey) -> Result<&Product, SeatError> {
        match self.inventory.get(key) {
            None => Err(SeatError::NotInInventory),
            Some(product) if product.licence == Licence::Offline => Err(SeatError::NotOnline),
            Some(product) => Ok(product),
        }
    }

    /// Returns a user's seat.
    pub(crate) fn seat(
        &self,
        key: &ProductKey,
        username: &str,
    ) -> Result<&AssignedSeat, SeatError> {
        let product = self.online_product(key)?;
        self.user(username)?;
        let number = product.holders.get(&*normalized(username));
        number
            .and_then(|number| product.seats.get(number))
            .ok_or(SeatError::NoSeat)
    }

    /// Removes a seat and returns it.
    pub(crate) fn reclaim(
        &mut self,
        key: &ProductKey,
        username: &str,
        at: DateTime<Utc>,
    ) -> Result<AssignedSeat, SeatError> {
        self.seat(key, username)?;
        let product = self
            .inventory
            .get_mut(key)
            .ok_or(SeatError::NotInInventory)?;
        let seat = product
            .holders
            .remove(&*normalized(username))
            .and_then(|number| product.seats.remove(&number))
            .ok_or(SeatError::NoSeat)?;
        product.last_modified = format_date(at);
        Ok(seat)
    }

    /// Assigns a seat and returns it.
    pub(crate) fn assign(
        &mut self,
        key: &ProductKey,
        username: &str,
        at: DateTime<Utc>,
    ) -> Result<AssignedSeat, SeatError> {
        let product = self.online_product(key)?;
        self.user(username)?;
        if product.holders.contains_key(&*normalized(username)) {
            return Err(SeatError::HasSeat);
        }
        if product.status == Status::Removed {
            return Err(SeatError::Removed);
        }
        if product.available() == 0 {
            return Err(SeatError::Full);
        }
        let at = format_date(at);
        self.add_seat(key, username, &Arc::from(at.as_str()));
        if let Some(product) = self.inventory.get_mut(key) {
            product.last_modified = at;
        }
        self.seat(key, username).cloned()
    }

    /// Returns a user's name as the directory spells it.
    pub(crate) fn user(&self, username: &str) -> Result<&str, SeatError> {
        let spelling = self.directory.get(&*normalized(username));
        spelling.map(|name| &**name).ok_or(SeatError::UnknownUser)
    }

    /// Returns one page of a product's seats.
    pub(crate) fn page_of_product(
        &self,
        list: &str,
        key: &ProductKey,
        after: Option<u64>,
        size: usize,
    ) -> Result<Page<&AssignedSeat>, SeatError> {
        let first = after.map_or(0, |number| number.saturating_add(1));
        let rest = self.online_product(key)?.seats.range(first..);
        let rest = rest.map(|(number, seat)| (*number, seat));
        Ok(page::page(list, rest, size))
    }

    /// Returns one page of a user's seats, of all products.
    pub(crate) fn page_of_user(
        &self,
        list: &str,
        username: &str,
        after: Option<u64>,
        size: usize,
    ) -> Result<Page<(&ProductKey, &AssignedSeat)>, SeatError> {
        self.user(username)?;
        let username = normalized(username);
        let mut seats: Vec<_> = self
            .inventory
            .iter()
            .filter_map(|(key, product)| {
                let number = product.holders.get(&*username)?;
                Some((*number, (key, product.seats.get(number)?)))
            })
            .filter(|(number, _)| after.is_none_or(|after| *number > after))
            .collect();
        seats.sort_unstable_by_key(|(number, _)| *number);
        Ok(page::page(list, seats.into_iter(), size))
    }

    /// Returns one page of the inventory.
    pub(crate) fn page_of_inventory(
        &self,
        list: &str,
        after: Option<ProductKey>,
        size: usize,
        since: Option<&DateTime<FixedOffset>>,
        licences: &[Licence],
    ) -> Page<(&ProductKey, &Product)> {
        let after = after.map_or(Bound::Unbounded, Bound::Excluded);
        let rest = self
            .inventory
            .range((after, Bound::Unbounded))
            .filter(|(_, product)| since.is_none_or(|since| product.changed_since(since)))
            .filter(|(_, product)| licences.is_empty() || licences.contains(&product.licence));
        page::page(list, rest.map(|(key, product)| (key, (key, product))), size)
    }

    /// Adds a product; returns `false` if there is one with this key already.
    pub(crate) fn add_product(&mut self, key: ProductKey, product: Product) -> bool {
        self.inventory.insert(key, product).is_none()
    }

    /// Adds a user; returns `false` if there is one with this name already.
    pub(crate) fn add_user(&mut self, username: &str) -> bool {
        let spelling: Arc<str> = Arc::from(username);
        let normalized = normalized(username);
        // Most names are normalized already; then both are the same allocation.
        let key = if *normalized == *spelling {
            Arc::clone(&spelling)
        } else {
            Arc::from(normalized)
        };
        self.directory.insert(key, spelling).is_none()
    }

    /// Adds a seat for a user of the directory, without checking the capacity; returns `false` if
    /// the user already holds one.
    pub(crate) fn add_seat(
        &mut self,
        key: &ProductKey,
        username: &str,
        assigned: &Arc<str>,
    ) -> bool {
        let user = self.directory.get_key_value(&*normalized(username));
        let (Some(product), Some((name, spelling))) = (self.inventory.get_mut(key), user) else {
            return false;
        };
        if product.holders.contains_key(name) {
            return false;
        }
        let seat = AssignedSeat {
            username: Arc::clone(spelling),
            assigned: Arc::clone(assigned),
        };
        product.holders.insert(Arc::clone(name), self.assignments);
        product.seats.insert(self.assignments, seat);
        self.assignments += 1;
        true
    }
}

/// Returns the name by which users are compared: user principal names and object ids are
/// case-insensitive.
fn normalized(username: &str) -> String {
    username.to_lowercase()
}

/// Returns a date in the form of the one sample that the Store published, with seven decimals.
fn format_date(at: DateTime<Utc>) -> String {
    let text = at.to_rfc3339_opts(SecondsFormat::Millis, true);
    text.replace('Z', "0000Z")
}
