//! Items of lists as rows with named cells.

use seats::datadog::SeatUser;
use seats::store::{InventoryEntry, Seat};
use serde::Serialize;

/// An item of a list.
pub trait Row: Serialize {
    /// The names of the cells, as in JSON.
    const NAMES: &'static [&'static str];

    /// The plural of an item, such as `seats`.
    const PLURAL: &'static str;

    /// Returns a cell for each name; none if the vendor's response lacks it.
    fn cells(&self) -> Vec<Option<String>>;
}

impl Row for SeatUser {
    const NAMES: &'static [&'static str] = &["id", "email", "name", "assigned_at"];
    const PLURAL: &'static str = "users";

    fn cells(&self) -> Vec<Option<String>> {
        owned([
            self.id_text(),
            self.email(),
            self.name(),
            self.assigned_at(),
        ])
    }
}

impl Row for Seat {
    const NAMES: &'static [&'static str] =
        &["assignedTo", "productId", "skuId", "state", "dateAssigned"];
    const PLURAL: &'static str = "seats";

    fn cells(&self) -> Vec<Option<String>> {
        owned([
            self.assigned_to(),
            self.product_id(),
            self.sku_id(),
            self.state_text(),
            self.date_assigned_text(),
        ])
    }
}

impl Row for InventoryEntry {
    const NAMES: &'static [&'static str] = &[
        "productId",
        "skuId",
        "seatCapacity",
        "availableSeats",
        "licenseType",
        "distributionPolicy",
        "status",
        "lastModified",
    ];
    const PLURAL: &'static str = "products";

    fn cells(&self) -> Vec<Option<String>> {
        let number = |number: Option<i64>| number.map(|number| number.to_string());
        let mut cells = owned([self.product_id(), self.sku_id()]);
        cells.push(number(self.seat_capacity()));
        cells.push(number(self.available_seats()));
        cells.extend(owned([
            self.license_type_text(),
            self.distribution_policy_text(),
            self.status_text(),
            self.last_modified_text(),
        ]));
        cells
    }
}

fn owned<const N: usize>(texts: [Option<&str>; N]) -> Vec<Option<String>> {
    texts.map(|text| text.map(str::to_owned)).into()
}
