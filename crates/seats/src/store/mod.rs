//! The Microsoft Store for Business: seats of products with an online licence.
//!
//! Microsoft has retired the product and removed the reference of this API; the client follows the archived
//! pages and has not been run against the live service.

mod any_case;
mod builder;
mod bulk;
mod client;
mod entra;
mod error_envelope;
mod inventory;
mod product;
mod result_set;
mod seat;

/// The generated client, its types and the list of its operations.
pub use store_for_business as api;
/// A product, a SKU of it, and a user; each an opaque string that stays in its own segment of a path.
///
/// ```
/// use seats::store::Username;
///
/// // A guest's user principal name has "#" in it; it is encoded on its way.
/// let guest: Username = "grace_fabrikam.example#EXT#@contoso.example".parse()?;
/// assert!("..".parse::<Username>().is_err());
/// assert!("CONTOSO\\grace".parse::<Username>().is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub use store_for_business::types::{ProductId, SkuId, Username};

pub use builder::{ClientBuilder, URL_VARIABLE};
pub use bulk::SeatAction;
pub use client::Client;
pub use entra::aadsts_code;
pub use inventory::{InventoryEntry, InventoryFilter, LicenseType};
pub use product::Product;
pub use seat::{DateAssigned, Seat, SeatState, normalize_username};

use crate::argument::Argument;

impl Argument for ProductId {
    const NAME: &'static str = "product";

    fn rule(error: Self::Err) -> String {
        error.to_string()
    }
}

impl Argument for SkuId {
    const NAME: &'static str = "sku";

    fn rule(error: Self::Err) -> String {
        error.to_string()
    }
}

impl Argument for Username {
    const NAME: &'static str = "username";

    fn rule(error: Self::Err) -> String {
        error.to_string()
    }
}
