//! The Microsoft Store for Business: seats of products with an online licence.
//!
//! Microsoft has retired the product and taken the reference of this API away; the client follows
//! the archived pages and has not been run against the live service.

mod any_case;
mod application;
mod builder;
mod bulk;
mod client;
mod inventory;
mod missing_item;
mod result_set;
mod seat;

/// The generated client, its types and the list of its operations.
pub use store_for_business as api;
/// A product, a SKU of it, and a user; each an opaque string that stays in its own part of a path.
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

/// A type of licence to list products of.
pub use store_for_business::types::LicenseTypeFilter as LicenseType;
/// What a bulk call does with the seats.
pub use store_for_business::types::SeatAction;

pub use builder::{ClientBuilder, URL_VARIABLE};
pub use client::Client;
pub use inventory::{InventoryEntry, InventoryFilter};
pub use seat::{DateAssigned, Seat, SeatState, same_name};
