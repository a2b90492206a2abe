//! Takes software licence seats back: at Datadog and in the Microsoft Store for Business.
//!
//! ```no_run
//! use seats::datadog::{self, Site};
//! use seats::store;
//!
//! # async fn run(api_key: seats::SecretString, app_key: seats::SecretString) -> Result<(), Box<dyn std::error::Error>> {
//! let datadog = datadog::Client::builder()
//!     .site(Site::Us5)
//!     .api_key(api_key)
//!     .app_key(app_key)
//!     .build()?;
//! let user = "626a4e8e-64bd-409d-b80e-428f08ac0b62".parse()?;
//! datadog.unassign(&"incident_response".parse()?, &[user]).await?;
//!
//! let store = store::Client::from_env()?;
//! let reclaimed = store
//!     .reclaim(&"9NBLGGH4R2R6".parse()?, &"0016".parse()?, &"ada@contoso.example".parse()?)
//!     .await?;
//! println!("{:?}", reclaimed.value().and_then(|seat| seat.state()));
//! # Ok(())
//! # }
//! ```
//!
//! # What a call promises
//!
//! These calls destroy something at a vendor, over a network that fails. So
//!
//! - a request goes to the route that the vendor's reference names, or is not sent;
//! - a credential goes to its vendor alone: to no other host, no log, no `Debug`, no redirection;
//! - the call ends as [`Done`] or as an [`Error`] that says what is known of its [`Effect`]:
//!   *refused*, *try later* and *not sent* mean that nothing changed, *unknown* that it may have.
//!
//! # Scope of this crate
//!
//! The ergonomics over two generated clients, which stay in reach as [`datadog::api`] and
//! [`store::api`], signed and guarded as well. A call is tried again by itself where that is safe. It
//! does not decide whose seats to take back, and remembers nothing from one call to the next but
//! connections, a token and the vendor's rate limit.

mod call;
mod connection;
pub mod datadog;
mod done;
mod environment;
mod error;
mod listing;
mod outcome;
pub mod store;

pub use chrono;
pub use done::Done;
pub use error::{Error, ErrorKind};
pub use listing::Listing;
pub use outcome::{Fate, Outcome, Outcomes, Reason};
pub use seats_transport::secrecy::SecretString;
pub use seats_transport::{
    Credential, Effect, Exchange, Operation, RecordedHeader, RecordedValue, RequestRecord,
    SecurityScheme, Server, TokenError, Transport, reqwest,
};
pub use uuid::Uuid;

/// The outcome of a call: what was done, or why it was not, or that it is not known.
pub type Result<T> = std::result::Result<Done<T>, Error>;

/// The README's example compiles.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
pub struct Readme;
