//! Datadog: seats of products that are licensed by the user.
//!
//! Reference: <https://docs.datadoghq.com/api/latest/seats/>

mod batches;
mod builder;
mod client;
mod errors;
mod seat_user;
mod site;

/// The generated client, its types and the list of its operations.
pub use datadog_seats as api;
/// A product, such as `incident_response`: not empty or blank, without a control character.
///
/// ```
/// use seats::datadog::ProductCode;
///
/// let product: ProductCode = "incident_response".parse()?;
/// assert_eq!(product.to_string(), "incident_response");
/// assert_eq!(
///     "".parse::<ProductCode>().unwrap_err().to_string(),
///     "must not be empty or blank, and must have no control character"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub use datadog_seats::types::ProductCode;

pub use builder::{ClientBuilder, SITE_VARIABLE, URL_VARIABLE};
pub use client::Client;
pub use seat_user::SeatUser;
pub use site::{InvalidSite, Site, SiteName};

use crate::argument::Argument;

impl Argument for ProductCode {
    const NAME: &'static str = "product";

    fn rule(error: Self::Err) -> String {
        error.to_string()
    }
}

impl Argument for uuid::Uuid {
    const NAME: &'static str = "user";

    fn rule(_: Self::Err) -> String {
        "must be a user id: a UUID, such as 626a4e8e-64bd-409d-b80e-428f08ac0b62".to_owned()
    }
}
