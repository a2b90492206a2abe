//! Tenants: an organisation at each vendor, with credentials and seats of its own.

use std::time::Duration;

use super::calendar::Calendar;
use super::datadog::DatadogState;
use super::rate_limit::RateLimit;
use super::store::StoreState;
use super::tokens::Tokens;

/// A tenant's name and credentials.
///
/// The credentials of a vendor that the tenant's seed leaves out are empty.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let sandbox = seats_sandbox::Sandbox::start().await?;
/// let tenants = sandbox.tenants();
/// assert_eq!(tenants[0].name, "contoso");
/// assert_eq!(tenants[0].api_key, seats_sandbox::API_KEY);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tenant {
    /// The name in the seed, such as `contoso`.
    pub name: String,
    /// Datadog's API key.
    pub api_key: String,
    /// Datadog's application key.
    pub application_key: String,
    /// The tenant id at Entra ID.
    pub tenant_id: String,
    /// The client id of the application at Entra ID.
    pub client_id: String,
    /// The secret of the application at Entra ID.
    pub client_secret: String,
    /// A bearer token of the Store that does not expire.
    pub store_token: String,
}

/// Everything that belongs to one tenant.
#[derive(Debug, Default)]
pub(crate) struct Account {
    pub(crate) tenant: Tenant,
    /// The lifetime of issued tokens.
    pub(crate) token_lifetime: Duration,
    pub(crate) rate_limit: Option<RateLimit>,
    /// The permissions of the application key; every one if there is no list.
    pub(crate) permissions: Option<Vec<String>>,
    pub(crate) datadog: DatadogState,
    pub(crate) store: StoreState,
    pub(crate) calendar: Calendar,
}

/// Every tenant, and the tokens that were issued to them.
#[derive(Debug)]
pub(crate) struct Accounts {
    pub(crate) all: Vec<Account>,
    tokens: Tokens,
}

impl Accounts {
    pub(crate) fn new(all: Vec<Account>) -> Self {
        let tokens = Tokens::default();
        Self { all, tokens }
    }

    /// Returns the tenant with these keys.
    pub(crate) fn with_keys(&self, api_key: &str, application_key: &str) -> Option<usize> {
        self.find(|tenant| tenant.api_key == api_key && tenant.application_key == application_key)
    }

    /// Returns the tenant of a token that has not expired.
    pub(crate) fn with_token(&self, token: &str, now: Duration) -> Option<usize> {
        let issued = self.tokens.tenant(token, now);
        issued.or_else(|| self.find(|tenant| tenant.store_token == token))
    }

    /// Returns the tenant with this id at Entra ID. Ids are GUIDs and domain names, compared
    /// case-insensitively.
    pub(crate) fn with_tenant_id(&self, tenant_id: &str) -> Option<usize> {
        self.find(|tenant| tenant.tenant_id.eq_ignore_ascii_case(tenant_id))
    }

    pub(crate) fn named(&self, name: &str) -> Option<&Account> {
        self.all.iter().find(|account| account.tenant.name == name)
    }

    fn find(&self, matches: impl Fn(&Tenant) -> bool) -> Option<usize> {
        self.all.iter().position(|account| matches(&account.tenant))
    }

    /// Issues a token, and returns it with its lifetime.
    pub(crate) fn issue_token(
        &mut self,
        tenant: usize,
        now: Duration,
    ) -> Option<(String, Duration)> {
        let lifetime = self.all.get(tenant)?.token_lifetime;
        Some((self.tokens.issue(tenant, now, lifetime), lifetime))
    }

    /// Returns the number of changes to seats of all tenants.
    pub(crate) fn changes(&self) -> u64 {
        let changes = self.all.iter().map(|account| account.calendar.changes());
        changes.map(u64::from).sum()
    }

    /// Returns the secrets that must not appear in the log; issued tokens are known by their prefix.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &str> {
        let secrets = self.all.iter().flat_map(|account| {
            let tenant = &account.tenant;
            [
                &tenant.api_key,
                &tenant.application_key,
                &tenant.client_secret,
                &tenant.store_token,
            ]
        });
        secrets.map(String::as_str)
    }
}
