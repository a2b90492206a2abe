//! Both vendors of Seats on loopback, with state: a place to try destructive
//! calls without an account.
//!
//! A [`Sandbox`] is one HTTP/1.1 server on `127.0.0.1` that answers for Datadog
//! and for the Microsoft Store for Business. It reads the same OpenAPI documents
//! that the clients are generated from (`specs/`) and holds each request against
//! them, but it shares no code with those clients, so a mistake in one does not
//! hide behind the same mistake in the other.
//!
//! Every sandbox starts with the same seats, so that an example or a test can
//! name them:
//!
//! | product | held by |
//! |---|---|
//! | Datadog `incident_response` | `626a4e8e-64bd-409d-b80e-428f08ac0b62`, `9d1c2f60-0f6e-4c5a-8b3e-7f1d2a4c6e80`, `c3b5a7d2-41f8-4e0b-9c66-5a0d8e2f7b13` |
//! | Datadog `on_call` | `626a4e8e-64bd-409d-b80e-428f08ac0b62`, `5e7f0a94-2c1b-4d38-8f60-b9a4c7d21e05` |
//! | Store `9NBLGGH4R2R6` / `0016` | `ada@contoso.example`, `grace_fabrikam.example#EXT#@contoso.example`, `zoë@contoso.example`, `8f2b1c64-7d3e-4a59-b0c8-16e5f9a2d473` |
//! | Store `CFQ7TTC0K5DR` / `0001`, an offline licence | `ada@contoso.example` |
//!
//! The Store's directory also knows `linus@contoso.example`, and Datadog
//! `e8a3f1d6-7b2c-4f95-a0d4-3c6b9e5f8217`, who hold nothing. `incident_response` has five seats,
//! `on_call` three, the online product five and the offline one ten. A second tenant, `fabrikam`,
//! has a seat of its own at each vendor. [`Seed`] says how to start with something else.
//!
//! What can go wrong on the way goes wrong on demand: see [`Fault`]. What arrived is in the
//! [`log`](Sandbox::log), which grows as long as the sandbox lives.
//!
//! The same listener answers for Entra ID: `POST /{tenant}/oauth2/token` gives tokens that the
//! Store's side takes.
//!
//! ```
//! use seats_sandbox::Sandbox;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! let sandbox = Sandbox::start().await?;
//!
//! // Give these to the client that is to be tried, with the credentials
//! // `API_KEY` and `APPLICATION_KEY`, or `STORE_TOKEN`.
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
mod calendar;
mod clock;
mod connection;
mod datadog;
mod entra;
mod fault;
mod file;
mod limit;
mod log;
mod number;
mod page;
mod respond;
mod route;
mod security;
mod seed;
mod server;
mod spec;
mod store;
mod tenant;
mod validate;
mod vendor;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::task::JoinHandle;

pub use builder::{Builder, StartError};
pub use clock::Clock;
pub use datadog::seats::DatadogSeat;
pub use fault::{Fault, Faults};
pub use file::InputError;
pub use log::{Arrival, Outcome};
pub use seed::Seed;
pub use store::seats::StoreSeat;
pub use tenant::Tenant;

/// The API key of the first tenant of the default seed.
pub const API_KEY: &str = "sandbox-api-key";

/// Its application key.
pub const APPLICATION_KEY: &str = "sandbox-application-key";

/// Its bearer token at the Store, which never expires.
pub const STORE_TOKEN: &str = "sandbox-store-token";

/// Its tenant at Entra ID.
pub const TENANT_ID: &str = "2f9a6c1e-5b7d-4e38-9a04-c8d1f3b6e752";

/// Its application at Entra ID.
pub const CLIENT_ID: &str = "b40e7d92-6c3f-4a15-8e2b-97f05c1da386";

/// That application's secret.
pub const CLIENT_SECRET: &str = "sandbox-client-secret";

/// Both vendors and Entra ID, listening on a port of `127.0.0.1`.
///
/// Dropping it closes the port and every connection.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    shared: Arc<server::Shared>,
    accepting: JoinHandle<()>,
}

impl Sandbox {
    /// Starts a sandbox with the default seed, on any free port.
    ///
    /// Call it inside a Tokio runtime with I/O and time enabled; the sandbox
    /// lives on that runtime.
    ///
    /// # Errors
    ///
    /// When no port can be opened on `127.0.0.1`, or when a specification that
    /// was compiled in cannot be read.
    pub async fn start() -> io::Result<Self> {
        Ok(Self::builder().start().await?)
    }

    /// A sandbox with a seed, faults or a port of your own.
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// The base URL of the Datadog side, such as `http://127.0.0.1:40123`.
    #[must_use]
    pub fn datadog_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The base URL of the Store's side, such as `http://127.0.0.1:40123/V1`.
    #[must_use]
    pub fn store_url(&self) -> String {
        format!("http://{}{}", self.address, self.shared.apis.store.prefix)
    }

    /// Where the Store's tokens come from, as `AZURE_AUTHORITY_HOST` has it.
    #[must_use]
    pub fn authority_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every tenant and its credentials, in the order of the seed.
    #[must_use]
    pub fn tenants(&self) -> Vec<Tenant> {
        let world = self.shared.world();
        let accounts = world.accounts.all.iter();
        accounts.map(|account| account.tenant.clone()).collect()
    }

    /// The seats that the first tenant holds at Datadog now, in the order in which they were
    /// assigned.
    #[must_use]
    pub fn datadog_seats(&self) -> Vec<DatadogSeat> {
        let world = self.shared.world();
        let first = world.accounts.all.first();
        first
            .map(|account| account.datadog.seats())
            .unwrap_or_default()
    }

    /// As [`datadog_seats`](Self::datadog_seats), of the tenant with this name; empty where there
    /// is none.
    #[must_use]
    pub fn datadog_seats_of(&self, tenant: &str) -> Vec<DatadogSeat> {
        let world = self.shared.world();
        let account = world.accounts.named(tenant);
        account
            .map(|account| account.datadog.seats())
            .unwrap_or_default()
    }

    /// The seats that the first tenant holds in the Store now, in the order in which they were
    /// assigned.
    #[must_use]
    pub fn store_seats(&self) -> Vec<StoreSeat> {
        let world = self.shared.world();
        let first = world.accounts.all.first();
        first
            .map(|account| account.store.seats())
            .unwrap_or_default()
    }

    /// As [`store_seats`](Self::store_seats), of the tenant with this name; empty where there is
    /// none.
    #[must_use]
    pub fn store_seats_of(&self, tenant: &str) -> Vec<StoreSeat> {
        let world = self.shared.world();
        let account = world.accounts.named(tenant);
        account
            .map(|account| account.store.seats())
            .unwrap_or_default()
    }

    /// What has arrived so far, oldest first, and what was answered. It has no bound.
    ///
    /// The request id in an answer counts the entries: `sandbox-1` (Datadog, Entra ID) or
    /// `sandbox.1` (Store) is the first one.
    #[must_use]
    pub fn log(&self) -> Vec<Arrival> {
        self.shared.world().log.clone()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}
