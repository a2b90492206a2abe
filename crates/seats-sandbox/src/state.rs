//! Who holds which seat now, and what a call may change about it.

use std::collections::BTreeMap;

use uuid::Uuid;

/// A seat that a user holds in a Datadog product.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DatadogSeat {
    /// The product, such as `incident_response`.
    pub product_code: String,
    /// The holder.
    pub user_uuid: Uuid,
}

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Licence {
    Online,
    Offline,
}

/// Why Datadog takes no seat away.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum UnassignError {
    UnknownProduct,
    /// These users hold no seat of the product.
    NoSeat(Vec<Uuid>),
}

/// Why the Store takes no seat away.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ReclaimError {
    NotInInventory,
    NotOnline,
    UnknownUser,
    NoSeat,
}

/// A product and one of its SKUs.
type ProductKey = (String, String);

/// A seat of the Store with what its own answers tell about it.
#[derive(Debug)]
pub(crate) struct HeldSeat {
    key: ProductKey,
    pub(crate) username: String,
    /// In the vendor's own notation.
    pub(crate) assigned: String,
}

/// Both vendors' seats. Everything that changes them is a method of this type.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// Kept apart from the seats: a product stays known when its last seat goes.
    datadog_products: Vec<String>,
    datadog_seats: Vec<DatadogSeat>,
    inventory: BTreeMap<ProductKey, Licence>,
    directory: Vec<String>,
    store_seats: Vec<HeldSeat>,
}

impl State {
    pub(crate) fn datadog_seats(&self) -> Vec<DatadogSeat> {
        self.datadog_seats.clone()
    }

    pub(crate) fn store_seats(&self) -> Vec<StoreSeat> {
        self.store_seats
            .iter()
            .map(|seat| StoreSeat {
                product_id: seat.key.0.clone(),
                sku_id: seat.key.1.clone(),
                username: seat.username.clone(),
                offline: self.inventory.get(&seat.key) == Some(&Licence::Offline),
            })
            .collect()
    }

    /// Takes the product's seats away from all these users, or from none of them.
    pub(crate) fn unassign(&mut self, product: &str, users: &[Uuid]) -> Result<(), UnassignError> {
        if !self.datadog_products.iter().any(|known| known == product) {
            return Err(UnassignError::UnknownProduct);
        }
        let seatless: Vec<Uuid> = users
            .iter()
            .copied()
            .filter(|user| {
                !self
                    .datadog_seats
                    .iter()
                    .any(|seat| seat.product_code == product && seat.user_uuid == *user)
            })
            .collect();
        if !seatless.is_empty() {
            return Err(UnassignError::NoSeat(seatless));
        }
        self.datadog_seats
            .retain(|seat| seat.product_code != product || !users.contains(&seat.user_uuid));
        Ok(())
    }

    /// Takes one seat away and hands it over, so that the answer can describe it.
    pub(crate) fn reclaim(
        &mut self,
        product: &str,
        sku: &str,
        username: &str,
    ) -> Result<HeldSeat, ReclaimError> {
        let key = (product.to_owned(), sku.to_owned());
        match self.inventory.get(&key) {
            None => return Err(ReclaimError::NotInInventory),
            Some(Licence::Offline) => return Err(ReclaimError::NotOnline),
            Some(Licence::Online) => {}
        }
        if !self
            .directory
            .iter()
            .any(|known| same_user(known, username))
        {
            return Err(ReclaimError::UnknownUser);
        }
        let place = self
            .store_seats
            .iter()
            .position(|seat| seat.key == key && same_user(&seat.username, username))
            .ok_or(ReclaimError::NoSeat)?;
        Ok(self.store_seats.remove(place))
    }

    pub(crate) fn seed_datadog(&mut self, product: &str, user_uuid: Uuid) {
        if !self.datadog_products.iter().any(|known| known == product) {
            self.datadog_products.push(product.to_owned());
        }
        self.datadog_seats.push(DatadogSeat {
            product_code: product.to_owned(),
            user_uuid,
        });
    }

    pub(crate) fn seed_product(&mut self, (product, sku): (&str, &str), licence: Licence) {
        self.inventory
            .insert((product.to_owned(), sku.to_owned()), licence);
    }

    pub(crate) fn seed_user(&mut self, username: &str) {
        self.directory.push(username.to_owned());
    }

    pub(crate) fn seed_seat(
        &mut self,
        (product, sku): (&str, &str),
        username: &str,
        assigned: &str,
    ) {
        self.store_seats.push(HeldSeat {
            key: (product.to_owned(), sku.to_owned()),
            username: username.to_owned(),
            assigned: assigned.to_owned(),
        });
    }
}

/// User principal names, and the digits of an object id, differ in case only by
/// accident.
fn same_user(left: &str, right: &str) -> bool {
    left.to_lowercase() == right.to_lowercase()
}
