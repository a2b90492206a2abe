//! Datadog: seats of products that are licensed by the user.
//!
//! Reference: <https://docs.datadoghq.com/api/latest/seats/>

mod batches;
mod builder;
mod client;
mod seat_user;
mod site;

/// The generated client, its types and the list of its operations.
pub use datadog_seats as api;
/// Names a product, such as `incident_response`: not empty or blank, without a control character.
///
/// ```
/// use seats::datadog::ProductCode;
///
/// assert_eq!("incident_response".parse::<ProductCode>()?.as_str(), "incident_response");
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
