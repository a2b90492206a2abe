//! An entry of the Store's inventory, read leniently.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use store_for_business::types::LicenseTypeFilter;

use super::any_case::{find, text};
use super::seat::{product_key, serialize_product_key};

/// The spec's names of the members; an answer may write them in any case.
mod member {
    pub(super) const SEAT_CAPACITY: &str = "seatCapacity";
    pub(super) const AVAILABLE_SEATS: &str = "availableSeats";
    pub(super) const LAST_MODIFIED: &str = "lastModified";
    pub(super) const LICENSE_TYPE: &str = "licenseType";
    pub(super) const DISTRIBUTION_POLICY: &str = "distributionPolicy";
    pub(super) const STATUS: &str = "status";
}

/// A product and SKU that the organisation has, and how many seats of it, as the Store states it.
///
/// Any part may be missing, and is then `None`; it is read as leniently as a
/// [`Seat`](super::Seat), and serializes with the names of the reference.
///
/// Source: `InventoryEntryDetails` in [Data structures for Windows Store for Business](https://learn.microsoft.com/en-us/windows/client-management/mdm/data-structures-windows-store-for-business)
/// (the page has been removed).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InventoryEntry {
    product_id: Option<String>,
    sku_id: Option<String>,
    seat_capacity: Option<i64>,
    available_seats: Option<i64>,
    last_modified: Option<String>,
    license_type: Option<String>,
    distribution_policy: Option<String>,
    status: Option<String>,
}

/// A type of licence to list products of. `Display` is the word of the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LicenseType {
    /// Online licences, which have seats that can be assigned and reclaimed.
    Online,
    /// Offline licences.
    Offline,
}

impl fmt::Display for LicenseType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        LicenseTypeFilter::from(*self).fmt(f)
    }
}

impl From<LicenseType> for LicenseTypeFilter {
    fn from(license_type: LicenseType) -> Self {
        match license_type {
            LicenseType::Online => Self::Online,
            LicenseType::Offline => Self::Offline,
        }
    }
}

/// Which products to list; all of them if nothing is set.
///
/// ```
/// use seats::store::{InventoryFilter, LicenseType};
///
/// let filter = InventoryFilter::new()
///     .license_type(LicenseType::Online)
///     .modified_since("2016-01-05T09:30:00Z".parse::<seats::chrono::DateTime<_>>()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct InventoryFilter {
    pub(super) license_types: Vec<LicenseType>,
    pub(super) modified_since: Option<DateTime<Utc>>,
}

impl InventoryFilter {
    /// Creates a filter that lets all products pass.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lists products with a licence of this type only; called twice, of either type.
    ///
    /// ```
    /// use seats::store::{InventoryFilter, LicenseType};
    ///
    /// let filter = InventoryFilter::new().license_type(LicenseType::Online);
    /// ```
    #[must_use]
    pub fn license_type(mut self, license_type: LicenseType) -> Self {
        if !self.license_types.contains(&license_type) {
            self.license_types.push(license_type);
        }
        self
    }

    /// Lists products that have changed since then only.
    ///
    /// ```
    /// use seats::store::InventoryFilter;
    ///
    /// let filter = InventoryFilter::new().modified_since("2016-01-05T09:30:00Z".parse()?);
    /// # Ok::<(), seats::chrono::ParseError>(())
    /// ```
    #[must_use]
    pub fn modified_since(mut self, instant: DateTime<Utc>) -> Self {
        self.modified_since = Some(instant);
        self
    }
}

impl InventoryEntry {
    /// Returns none if it is not an object.
    pub(super) fn from_value(entry: &Value) -> Option<Self> {
        let entry = entry.as_object()?;
        let (product_id, sku_id) = product_key(entry);
        let number = |name| find(entry, name, Value::as_i64);
        Some(Self {
            product_id,
            sku_id,
            seat_capacity: number(member::SEAT_CAPACITY),
            available_seats: number(member::AVAILABLE_SEATS),
            last_modified: text(entry, member::LAST_MODIFIED),
            license_type: text(entry, member::LICENSE_TYPE),
            distribution_policy: text(entry, member::DISTRIBUTION_POLICY),
            status: text(entry, member::STATUS),
        })
    }

    /// Returns the product's identifier, such as `9NBLGGH4R2R6`.
    pub fn product_id(&self) -> Option<&str> {
        self.product_id.as_deref()
    }

    /// Returns the identifier of the product's SKU, such as `0016`.
    pub fn sku_id(&self) -> Option<&str> {
        self.sku_id.as_deref()
    }

    /// Returns how many seats there are.
    pub fn seat_capacity(&self) -> Option<i64> {
        self.seat_capacity
    }

    /// Returns how many seats are free.
    pub fn available_seats(&self) -> Option<i64> {
        self.available_seats
    }

    /// Returns when the entry last changed, as the Store wrote it.
    pub fn last_modified_text(&self) -> Option<&str> {
        self.last_modified.as_deref()
    }

    /// Returns the type of its licence as the Store wrote it, such as `Online` or `Offline`. Only online
    /// licences have seats that can be assigned and reclaimed.
    pub fn license_type_text(&self) -> Option<&str> {
        self.license_type.as_deref()
    }

    /// Returns who may take a seat, as the Store wrote it, such as `Open` or `Restricted`.
    pub fn distribution_policy_text(&self) -> Option<&str> {
        self.distribution_policy.as_deref()
    }

    /// Returns whether it can still be used, as the Store wrote it, such as `Active` or `Removed`.
    pub fn status_text(&self) -> Option<&str> {
        self.status.as_deref()
    }
}

impl Serialize for InventoryEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut entry = serializer.serialize_map(None)?;
        serialize_product_key(&mut entry, self.product_id(), self.sku_id())?;
        for (name, number) in [
            (member::SEAT_CAPACITY, self.seat_capacity),
            (member::AVAILABLE_SEATS, self.available_seats),
        ] {
            if let Some(number) = number {
                entry.serialize_entry(name, &number)?;
            }
        }
        for (name, text) in [
            (member::LAST_MODIFIED, self.last_modified_text()),
            (member::LICENSE_TYPE, self.license_type_text()),
            (member::DISTRIBUTION_POLICY, self.distribution_policy_text()),
            (member::STATUS, self.status_text()),
        ] {
            if let Some(text) = text {
                entry.serialize_entry(name, text)?;
            }
        }
        entry.end()
    }
}

impl<'de> Deserialize<'de> for InventoryEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entry = Value::deserialize(deserializer)?;
        Self::from_value(&entry).ok_or_else(|| D::Error::custom("an inventory entry is an object"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use store_for_business::types;

    use super::*;

    /// All members of the spec; one that is new there does not compile here.
    #[test]
    fn the_names_are_those_of_the_generated_type() {
        let entry = json!(types::InventoryEntry {
            product_key: Some(types::ProductKey {
                product_id: Some("9NBLGGH4R2R6".to_owned()),
                sku_id: Some("0016".to_owned()),
            }),
            seat_capacity: Some(100),
            available_seats: Some(96),
            last_modified: Some("2016-11-30T17:45:10.1200000Z".to_owned()),
            license_type: Some("Online".to_owned()),
            distribution_policy: Some("Restricted".to_owned()),
            status: Some("Active".to_owned()),
        });
        let read = InventoryEntry::from_value(&entry).unwrap();
        assert_eq!(json!(read), entry);
        assert_eq!(
            serde_json::from_value::<InventoryEntry>(entry).unwrap(),
            read
        );
        assert_eq!(read.product_id(), Some("9NBLGGH4R2R6"));
        assert_eq!(read.seat_capacity(), Some(100));
    }

    #[test]
    fn what_is_missing_or_odd_is_none() {
        let odd = json!({"SeatCapacity": "many", "STATUS": "Paused", "new": [1]});
        let read = InventoryEntry::from_value(&odd).unwrap();
        assert_eq!(read.seat_capacity(), None);
        assert_eq!(json!(read), json!({"status": "Paused"}));
        assert_eq!(InventoryEntry::from_value(&json!([])), None);
    }
}
