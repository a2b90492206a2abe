//! Who holds which seat in the Store, and what a call may change about it.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use serde::Deserialize;

use crate::page::{self, Page};

/// A seat that a user holds in a product of the Store for Business.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoreSeat {
    /// The product, such as `9NBLGGH4R2R6`.
    pub product_id: String,
    /// The product's SKU, such as `0016`.
    pub sku_id: String,
    /// The holder's user principal name or object id, as the directory spells it.
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

/// Whether everybody in the organisation may take a seat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Distribution {
    Open,
    #[default]
    Restricted,
}

/// Whether a product can still be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    #[default]
    Active,
    Removed,
}

/// Why the Store does not do what it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SeatError {
    NotInInventory,
    NotOnline,
    UnknownUser,
    NoSeat,
    HasSeat,
    /// No seat is free.
    Full,
    /// The product cannot be used any more, so nobody gets a seat.
    Removed,
}

/// A product and one of its SKUs.
pub(crate) type ProductKey = (String, String);

/// A seat with what the answers tell about it.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) username: String,
    /// In the vendor's own notation.
    pub(crate) assigned: String,
}

/// A product of the inventory.
#[derive(Debug)]
pub(crate) struct Product {
    pub(crate) licence: Licence,
    pub(crate) distribution: Distribution,
    pub(crate) status: Status,
    pub(crate) capacity: u64,
    /// As it is shown.
    pub(crate) last_modified: String,
    /// In the order in which they were assigned, all products together.
    seats: BTreeMap<u64, Held>,
    /// By their folded names.
    holders: HashMap<String, u64>,
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

    /// Whether the product has changed since then. A date that cannot be read counts as a change.
    fn changed_since(&self, since: &DateTime<FixedOffset>) -> bool {
        DateTime::parse_from_rfc3339(&self.last_modified).map_or(true, |last| last >= *since)
    }
}

/// A tenant's inventory, directory and seats. Everything that changes them is a method of this type.
#[derive(Debug, Default)]
pub(crate) struct StoreState {
    inventory: BTreeMap<ProductKey, Product>,
    /// Folded names, and how the directory spells them.
    directory: HashMap<String, String>,
    assigned: u64,
}

impl StoreState {
    pub(crate) fn seats(&self) -> Vec<StoreSeat> {
        let mut seats: Vec<_> = self
            .inventory
            .iter()
            .flat_map(|(key, product)| {
                let seats = product.seats.iter();
                seats.map(move |(number, held)| (*number, key, product.licence, held))
            })
            .collect();
        seats.sort_unstable_by_key(|(number, ..)| *number);
        let seats = seats.into_iter().map(|(_, key, licence, held)| StoreSeat {
            product_id: key.0.clone(),
            sku_id: key.1.clone(),
            username: held.username.clone(),
            offline: licence == Licence::Offline,
        });
        seats.collect()
    }

    /// The product, where its seats can be had one by one.
    pub(crate) fn online(&self, key: &ProductKey) -> Result<&Product, SeatError> {
        match self.inventory.get(key) {
            None => Err(SeatError::NotInInventory),
            Some(product) if product.licence == Licence::Offline => Err(SeatError::NotOnline),
            Some(product) => Ok(product),
        }
    }

    /// A user's seat.
    pub(crate) fn seat(&self, key: &ProductKey, username: &str) -> Result<&Held, SeatError> {
        let product = self.online(key)?;
        self.user(username)?;
        let number = product.holders.get(&fold(username));
        number
            .and_then(|number| product.seats.get(number))
            .ok_or(SeatError::NoSeat)
    }

    /// Takes one seat away and hands it over, so that the answer can describe it.
    pub(crate) fn reclaim(
        &mut self,
        key: &ProductKey,
        username: &str,
        at: DateTime<Utc>,
    ) -> Result<Held, SeatError> {
        self.seat(key, username)?;
        let product = self
            .inventory
            .get_mut(key)
            .ok_or(SeatError::NotInInventory)?;
        let held = product
            .holders
            .remove(&fold(username))
            .and_then(|number| product.seats.remove(&number))
            .ok_or(SeatError::NoSeat)?;
        product.last_modified = written(at);
        Ok(held)
    }

    /// Gives one seat to a user, and shows it.
    pub(crate) fn assign(
        &mut self,
        key: &ProductKey,
        username: &str,
        at: DateTime<Utc>,
    ) -> Result<Held, SeatError> {
        let product = self.online(key)?;
        self.user(username)?;
        if product.holders.contains_key(&fold(username)) {
            return Err(SeatError::HasSeat);
        }
        if product.status == Status::Removed {
            return Err(SeatError::Removed);
        }
        if product.available() == 0 {
            return Err(SeatError::Full);
        }
        self.give(key, username, &written(at));
        if let Some(product) = self.inventory.get_mut(key) {
            product.last_modified = written(at);
        }
        self.seat(key, username).cloned()
    }

    /// How the directory spells a user.
    pub(crate) fn user(&self, username: &str) -> Result<&str, SeatError> {
        let spelled = self.directory.get(&fold(username));
        spelled.map(String::as_str).ok_or(SeatError::UnknownUser)
    }

    /// One page of a product's seats.
    pub(crate) fn page_of_product(
        &self,
        list: &str,
        key: &ProductKey,
        after: Option<u64>,
        size: usize,
    ) -> Result<Page<&Held>, SeatError> {
        let first = after.map_or(0, |number| number.saturating_add(1));
        let rest = self.online(key)?.seats.range(first..);
        Ok(page::cut(
            list,
            rest.map(|(number, held)| (*number, held)),
            size,
        ))
    }

    /// One page of a user's seats, of whatever product.
    pub(crate) fn page_of_user(
        &self,
        list: &str,
        username: &str,
        after: Option<u64>,
        size: usize,
    ) -> Result<Page<(&ProductKey, &Held)>, SeatError> {
        self.user(username)?;
        let folded = fold(username);
        let mut seats: Vec<_> = self
            .inventory
            .iter()
            .filter_map(|(key, product)| {
                let number = product.holders.get(&folded)?;
                Some((*number, (key, product.seats.get(number)?)))
            })
            .filter(|(number, _)| after.is_none_or(|after| *number > after))
            .collect();
        seats.sort_unstable_by_key(|(number, _)| *number);
        Ok(page::cut(list, seats.into_iter(), size))
    }

    /// One page of the inventory.
    pub(crate) fn page_of_inventory(
        &self,
        list: &str,
        after: Option<&ProductKey>,
        size: usize,
        since: Option<&DateTime<FixedOffset>>,
        licences: &[Licence],
    ) -> Page<(&ProductKey, &Product)> {
        let rest = self
            .inventory
            .iter()
            .filter(|(key, _)| after.is_none_or(|after| *key > after))
            .filter(|(_, product)| since.is_none_or(|since| product.changed_since(since)))
            .filter(|(_, product)| licences.is_empty() || licences.contains(&product.licence));
        page::cut(list, rest.map(|(key, product)| (key, (key, product))), size)
    }

    /// Makes a product known; `false` where there is one of this key already.
    pub(crate) fn add_product(&mut self, key: ProductKey, product: Product) -> bool {
        self.inventory.insert(key, product).is_none()
    }

    /// Makes a user known; `false` where there is one of this name already.
    pub(crate) fn add_user(&mut self, username: &str) -> bool {
        self.directory
            .insert(fold(username), username.to_owned())
            .is_none()
    }

    /// Gives a seat to a user of the directory, without a look at the capacity; `false` where they
    /// hold one.
    pub(crate) fn give(&mut self, key: &ProductKey, username: &str, assigned: &str) -> bool {
        let folded = fold(username);
        let spelled = self.directory.get(&folded);
        let (Some(product), Some(spelled)) = (self.inventory.get_mut(key), spelled) else {
            return false;
        };
        if product.holders.contains_key(&folded) {
            return false;
        }
        let held = Held {
            username: spelled.clone(),
            assigned: assigned.to_owned(),
        };
        product.holders.insert(folded, self.assigned);
        product.seats.insert(self.assigned, held);
        self.assigned += 1;
        true
    }
}

/// User principal names, and the digits of an object id, differ in case only by accident.
fn fold(username: &str) -> String {
    username.to_lowercase()
}

/// A date as the Store's one published sample has it, with seven decimals.
fn written(at: DateTime<Utc>) -> String {
    let text = at.to_rfc3339_opts(SecondsFormat::Millis, true);
    text.replace('Z', "0000Z")
}
