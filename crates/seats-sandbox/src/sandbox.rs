//! A running sandbox.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::task::JoinHandle;

use crate::server::context::Context;
use crate::server::log::LogEntry;
use crate::state::account::{Account, Tenant};
use crate::state::datadog::DatadogSeat;
use crate::state::store::StoreSeat;

/// Both vendors and the token authority, listening on a port of `127.0.0.1`.
///
/// Dropping it closes the port and every connection.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let sandbox = seats_sandbox::Sandbox::start().await?;
/// assert!(sandbox.datadog_url().starts_with("http://127.0.0.1:"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Sandbox {
    pub(crate) address: SocketAddr,
    pub(crate) context: Arc<Context>,
    pub(crate) accepting: JoinHandle<()>,
}

impl Sandbox {
    /// Returns the base URL of Datadog, such as `http://127.0.0.1:40123`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let sandbox = seats_sandbox::Sandbox::start().await?;
    /// println!("export SEATS_DATADOG_URL={}", sandbox.datadog_url());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn datadog_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the base URL of the Store, such as `http://127.0.0.1:40123/V1`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let sandbox = seats_sandbox::Sandbox::start().await?;
    /// assert!(sandbox.store_url().ends_with("/V1"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn store_url(&self) -> String {
        let prefix = &self.context.settings.services.store.api.prefix;
        format!("http://{}{prefix}", self.address)
    }

    /// Returns the URL of the token authority, as `AZURE_AUTHORITY_HOST` expects it.
    ///
    /// It answers `/{tenant}/oauth2/token`, `/{tenant}/oauth2/v2.0/token` and the discovery documents
    /// that Microsoft's libraries read. Whether the live service accepts tokens of the v2 endpoint is
    /// not known; the sandbox does.
    ///
    /// MSAL and azure-identity accept only https, and so need a proxy or a transport of their own
    /// that forwards to this URL.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let sandbox = seats_sandbox::Sandbox::start().await?;
    /// println!("export AZURE_AUTHORITY_HOST={}", sandbox.authority_url());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn authority_url(&self) -> String {
        self.context.settings.authority.clone()
    }

    /// Returns every tenant with its credentials, in the order of the seed.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let sandbox = seats_sandbox::Sandbox::start().await?;
    /// let names: Vec<_> = sandbox.tenants().into_iter().map(|tenant| tenant.name).collect();
    /// assert_eq!(names, ["contoso", "fabrikam"]);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn tenants(&self) -> Vec<Tenant> {
        let state = self.context.state();
        let accounts = state.accounts.all.iter();
        accounts.map(|account| account.tenant.clone()).collect()
    }

    /// Returns the first tenant's seats at Datadog, in the order in which they were assigned.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let sandbox = seats_sandbox::Sandbox::start().await?;
    /// assert_eq!(sandbox.datadog_seats().len(), 5);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn datadog_seats(&self) -> Vec<DatadogSeat> {
        self.first(|account| account.datadog.seats())
    }

    /// Returns the seats at Datadog of the tenant with this name, or none if there is no such tenant.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let sandbox = seats_sandbox::Sandbox::start().await?;
    /// assert_eq!(sandbox.datadog_seats_of("fabrikam").len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn datadog_seats_of(&self, tenant: &str) -> Vec<DatadogSeat> {
        self.named(tenant, |account| account.datadog.seats())
    }

    /// Returns the first tenant's seats in the Store, in the order in which they were assigned.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let sandbox = seats_sandbox::Sandbox::start().await?;
    /// assert_eq!(sandbox.store_seats().len(), 5);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn store_seats(&self) -> Vec<StoreSeat> {
        self.first(|account| account.store.seats())
    }

    /// Returns the seats in the Store of the tenant with this name, or none if there is no such
    /// tenant.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let sandbox = seats_sandbox::Sandbox::start().await?;
    /// assert_eq!(sandbox.store_seats_of("fabrikam").len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn store_seats_of(&self, tenant: &str) -> Vec<StoreSeat> {
        self.named(tenant, |account| account.store.seats())
    }

    /// Returns the latest requests, oldest first, and what became of each.
    ///
    /// The log is bounded: see [`log_capacity`](crate::Builder::log_capacity) and
    /// [`log_dropped`](Self::log_dropped). The request id of a response is the number of its entry,
    /// counted over all requests: `sandbox-1` (Datadog, Entra ID) or `sandbox.1` (Store) is the
    /// first.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let sandbox = seats_sandbox::Sandbox::start().await?;
    /// assert!(sandbox.log().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn log(&self) -> Vec<LogEntry> {
        self.context.state().log.entries()
    }

    /// Returns the number of log entries that were dropped because the log was full.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let sandbox = seats_sandbox::Sandbox::start().await?;
    /// assert_eq!(sandbox.log_dropped(), 0, "the log is complete");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn log_dropped(&self) -> u64 {
        self.context.state().log.dropped()
    }

    fn first<T>(&self, seats: impl Fn(&Account) -> Vec<T>) -> Vec<T> {
        let state = self.context.state();
        state.accounts.all.first().map(seats).unwrap_or_default()
    }

    fn named<T>(&self, tenant: &str, seats: impl Fn(&Account) -> Vec<T>) -> Vec<T> {
        let state = self.context.state();
        state.accounts.named(tenant).map(seats).unwrap_or_default()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}
