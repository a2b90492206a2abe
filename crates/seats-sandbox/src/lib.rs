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
//! The Store's directory also knows `linus@contoso.example`, who holds nothing.
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

mod datadog;
mod respond;
mod route;
mod security;
mod seed;
mod server;
mod spec;
mod state;
mod store;
mod validate;
mod vendor;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::task::JoinHandle;

pub use datadog::{API_KEY, APPLICATION_KEY};
pub use server::Arrival;
pub use state::{DatadogSeat, StoreSeat};
pub use store::STORE_TOKEN;

/// Both vendors, listening on a free port of `127.0.0.1`.
///
/// Dropping it closes the port and every connection.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    shared: Arc<server::Shared>,
    accepting: JoinHandle<()>,
}

impl Sandbox {
    /// Starts a sandbox with the built-in seats.
    ///
    /// Call it inside a Tokio runtime with I/O and time enabled; the sandbox
    /// lives on that runtime.
    ///
    /// # Errors
    ///
    /// When no port can be opened on `127.0.0.1`, or when a specification that
    /// was compiled in cannot be read.
    pub async fn start() -> io::Result<Self> {
        let apis = spec::embedded().map_err(io::Error::other)?;
        let listener = server::listen().await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(server::Shared::new(apis, seed::state()));
        let accepting = tokio::spawn(server::accept(listener, Arc::clone(&shared)));
        Ok(Self {
            address,
            shared,
            accepting,
        })
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

    /// The seats held at Datadog now, in the order in which they were assigned.
    #[must_use]
    pub fn datadog_seats(&self) -> Vec<DatadogSeat> {
        self.shared.world().state.datadog_seats()
    }

    /// The seats held in the Store now, in the order in which they were assigned.
    #[must_use]
    pub fn store_seats(&self) -> Vec<StoreSeat> {
        self.shared.world().state.store_seats()
    }

    /// What has been answered so far, oldest first.
    ///
    /// The request id in an answer counts the entries: `sandbox-1` (Datadog) or
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
