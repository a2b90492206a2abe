//! Datadog, the Microsoft Store for Business and Entra ID on loopback, with state: a server for
//! trying destructive calls without an account.
//!
//! A [`Sandbox`] is one HTTP/1.1 server on `127.0.0.1` for both vendors. It reads the same OpenAPI
//! documents that the clients are generated from (`specs/`) and validates each request against them.
//! It shares no code with those clients, so a mistake in one does not hide behind the same mistake in
//! the other.
//!
//! # Seats
//!
//! Every sandbox starts with the same seats, so that examples and tests can name them:
//!
//! | product | users with a seat |
//! |---|---|
//! | Datadog `incident_response` | `626a4e8e-64bd-409d-b80e-428f08ac0b62`, `9d1c2f60-0f6e-4c5a-8b3e-7f1d2a4c6e80`, `c3b5a7d2-41f8-4e0b-9c66-5a0d8e2f7b13` |
//! | Datadog `on_call` | `626a4e8e-64bd-409d-b80e-428f08ac0b62`, `5e7f0a94-2c1b-4d38-8f60-b9a4c7d21e05` |
//! | Store `9NBLGGH4R2R6` / `0016` | `ada@contoso.example`, `grace_fabrikam.example#EXT#@contoso.example`, `zoë@contoso.example`, `8f2b1c64-7d3e-4a59-b0c8-16e5f9a2d473` |
//! | Store `CFQ7TTC0K5DR` / `0001`, an offline licence | `ada@contoso.example` |
//!
//! `linus@contoso.example` (Store) and `e8a3f1d6-7b2c-4f95-a0d4-3c6b9e5f8217` (Datadog) are users
//! without a seat. `incident_response` has five seats, `on_call` three, the online product five and
//! the offline one ten. A second tenant, `fabrikam`, has one seat at each vendor. A [`Seed`] replaces
//! all of it, with up to millions of generated users.
//!
//! # Faults
//!
//! A [`Fault`] delays, replaces, truncates or loses a response on demand. The
//! [`log`](Sandbox::log) shows each request and what became of it.
//!
//! # Tokens
//!
//! The same server is a token authority: [`Sandbox::authority_url`].
//!
//! # Examples
//!
//! ```
//! use seats_sandbox::Sandbox;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! let sandbox = Sandbox::start().await?;
//!
//! // Give these to the client under test, with the credentials `API_KEY` and `APPLICATION_KEY`, or
//! // `STORE_TOKEN`.
//! assert!(sandbox.datadog_url().starts_with("http://127.0.0.1:"));
//! assert!(sandbox.store_url().ends_with("/V1"));
//!
//! assert_eq!(sandbox.datadog_seats().len(), 5);
//! assert_eq!(sandbox.store_seats().len(), 5);
//! assert!(sandbox.log().is_empty());
//! # Ok(())
//! # }
//! ```

mod builder;
mod clock;
mod faults;
mod input;
mod message;
mod routing;
mod sandbox;
mod seed;
mod server;
mod spec;
mod state;
mod vendor;

pub use builder::{Builder, StartError};
pub use clock::Clock;
pub use faults::delivery::Outcome;
pub use faults::fault::Fault;
pub use faults::list::Faults;
pub use input::error::InputError;
pub use sandbox::Sandbox;
pub use seed::Seed;
pub use server::log::LogEntry;
pub use state::account::Tenant;
pub use state::datadog::DatadogSeat;
pub use state::store::StoreSeat;

/// The API key of the default seed's first tenant.
pub const API_KEY: &str = "sandbox-api-key";

/// The application key of the default seed's first tenant.
pub const APPLICATION_KEY: &str = "sandbox-application-key";

/// The bearer token of the default seed's first tenant at the Store; it does not expire.
pub const STORE_TOKEN: &str = "sandbox-store-token";

/// The tenant id of the default seed's first tenant at Entra ID.
pub const TENANT_ID: &str = "2f9a6c1e-5b7d-4e38-9a04-c8d1f3b6e752";

/// The client id of the default seed's first tenant at Entra ID.
pub const CLIENT_ID: &str = "b40e7d92-6c3f-4a15-8e2b-97f05c1da386";

/// The client secret of the default seed's first tenant at Entra ID.
pub const CLIENT_SECRET: &str = "sandbox-client-secret";
