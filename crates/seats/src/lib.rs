//! Takes software licence seats back, at Datadog and in the Microsoft Store for Business.
//!
//! ```no_run
//! # #[cfg(all(feature = "datadog", feature = "store"))]
//! # async fn run(api_key: seats::SecretString, app_key: seats::SecretString) -> seats::Result<()> {
//! use seats::Effect;
//! use seats::{datadog, store};
//!
//! let datadog = datadog::Client::builder()
//!     .site(datadog::Site::Us5)
//!     .api_key(api_key)
//!     .app_key(app_key)
//!     .build()?;
//! let user = "626a4e8e-64bd-409d-b80e-428f08ac0b62";
//! datadog.unassign("incident_response", [user]).await?;
//!
//! let store = store::Client::from_env()?;
//! match store.reclaim("9NBLGGH4R2R6", "0016", "ada@contoso.example").await {
//!     Ok(done) if done.is_already_free() => println!("nothing to do: the seat is already free"),
//!     Ok(_) => println!("the seat is free now"),
//!     Err(error) => match error.effect() {
//!         Effect::Unknown => println!("look before trying again: {error}"),
//!         Effect::TryLater => println!("try again in {:?}: {error}", error.retry_after()),
//!         _ => println!("nothing changed: {error}"),
//!     },
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What a call promises
//!
//! These calls destroy something at a vendor, over an unreliable network. So
//!
//! - a request goes to the route that the vendor's reference names, or is not sent;
//! - a credential goes to its vendor only: to no other host, no log, no `Debug`, no redirect;
//! - the call ends as [`Done`] or as an [`Error`] that says what is known about its [`Effect`]:
//!   *refused*, *try later* and *not sent* mean that nothing changed, *unknown* that it may have;
//! - a call is retried only where that is safe: if nothing was sent, if the vendor refused for now, or if
//!   the operation is idempotent.
//!
//! # Many users
//!
//! [`datadog::Client::unassign_each`], [`store::Client::reclaim_each`] and their siblings return
//! [`Outcomes`]: a stream with one outcome for each user. Lists are streams as well ([`Listing`]).
//!
//! # Features
//!
//! | feature | default | what it does |
//! |---|---|---|
//! | `datadog` | yes | the module [`datadog`] |
//! | `store` | yes | the module [`store`] |
//! | `rustls` | yes | TLS by rustls with the provider `ring` and the system's root certificates |
//! | `native-tls` | no | TLS by the system's library, which on Linux is OpenSSL |
//!
//! One TLS feature is needed. If both are on, `native-tls` is used.
//!
//! # Runtime and Rust version
//!
//! The crate needs a tokio runtime with its time and I/O drivers, of either flavor. The minimum supported
//! Rust version is 1.89; raising it is a minor version.
//!
//! # Cancellation
//!
//! Every future can be dropped at any time. Dropping one before its first poll sends nothing. Dropping a
//! call in flight closes its connection, and the change may still be applied: its effect is *unknown*, and
//! no result reports it. To end a call in good order, call `stop()` of its client: a call that waits for a token,
//! for the rate limit or for its next attempt ends with what is known; then await the calls in flight.
//!
//! # Dry run
//!
//! A client that is built with `dry_run(true)` sends nothing. Each call ends as an error of the kind
//! [`ErrorKind::DryRun`], and [`Error::request`] is the request that would be sent.
//!
//! ```
//! # #[cfg(feature = "store")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> seats::Result<()> {
//! let store = seats::store::Client::builder().dry_run(true).build()?;
//! let error = store.reclaim("9NBLGGH4R2R6", "0016", "ada@contoso.example").await.unwrap_err();
//! let request = error.request().unwrap();
//! assert_eq!(
//!     (request.method(), request.url()),
//!     ("DELETE", "https://bspmts.mp.microsoft.com/V1/Inventory/9NBLGGH4R2R6/0016/Seats/ada@contoso.example")
//! );
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "store"))] fn main() {}
//! ```
//!
//! # Tracing
//!
//! Each call is a span `seats.call` of the target `seats_transport`, at the level `INFO`, with the fields
//! `otel.name`, `otel.kind`, `operation`, `http.request.method`, `url.template`, `server.address`,
//! `http.response.status_code`, `attempts` and `effect`. Each attempt is an event at the level `DEBUG`. No
//! field holds a credential, a body or the value of a path parameter.
//!
//! # Proxies and certificates
//!
//! The proxies of the environment (`HTTPS_PROXY`, `NO_PROXY`) are used, except for plain `http`, which stays
//! on this machine. Other proxies and root certificates come with the builder's `http`, a
//! [`reqwest::ClientBuilder`].
//!
//! # Testing
//!
//! [`Done::new`], [`Outcome::new`] and [`Error::new`] build what a call returns, for unit tests. For
//! integration tests the crate `seats-sandbox` serves both vendors on loopback, in the same process.
//!
//! # Public dependencies
//!
//! `reqwest` (as [`reqwest`]), `secrecy` ([`SecretString`]), `uuid` ([`Uuid`]) and `chrono` (as [`chrono`])
//! are part of the public API: a new major version of one of them is a breaking change of this crate.
//!
//! # Scope of this crate
//!
//! The ergonomics over two generated clients, which stay reachable as `datadog::api` and `store::api`,
//! guarded and signed as well. It does not decide whose seats to take back, and keeps nothing from one call
//! to the next but connections, a token and the vendor's rate limit.

// With one vendor, what only the other one uses is left over.
#![cfg_attr(not(all(feature = "datadog", feature = "store")), allow(dead_code))]

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
compile_error!(
    "the crate `seats` needs a TLS feature: enable `rustls` (a default feature) or `native-tls`"
);

#[cfg(not(any(feature = "datadog", feature = "store")))]
compile_error!(
    "the crate `seats` needs a vendor: enable `datadog` or `store` (both are default features)"
);

mod argument;
mod call;
#[cfg(feature = "datadog")]
pub mod datadog;
mod done;
mod environment;
mod error;
mod json;
mod listing;
mod options;
mod outcome;
mod outcomes;
#[cfg(feature = "store")]
pub mod store;

pub use argument::IntoArgument;
#[cfg(feature = "store")]
pub use chrono;
pub use done::Done;
pub use error::{Error, ErrorKind};
pub use listing::Listing;
pub use outcome::{Fate, Outcome, Reason};
pub use outcomes::Outcomes;
pub use seats_transport::secrecy::SecretString;
pub use seats_transport::{
    BaseUrl, BearerToken, Effect, InvalidBaseUrl, Operation, RecordedHeader, RecordedValue,
    RequestRecord, RetryPolicy, SecurityScheme, Server, TokenError, reqwest, without_userinfo,
};
#[cfg(feature = "datadog")]
pub use uuid::Uuid;

/// The result of a call, or of building a client.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The README's examples compile.
#[cfg(all(doctest, feature = "datadog", feature = "store"))]
#[doc = include_str!("../../../README.md")]
pub struct Readme;
