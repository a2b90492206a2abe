//! Tenants: an organisation at each vendor, with its own credentials and its own seats.

use std::collections::HashMap;
use std::time::Duration;

use crate::calendar::Calendar;
use crate::datadog::seats::DatadogState;
use crate::limit::RateLimit;
use crate::store::seats::StoreState;

/// A tenant's name and what its callers sign with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tenant {
    /// The name that the seed gives it, such as `contoso`.
    pub name: String,
    /// Datadog's API key.
    pub api_key: String,
    /// Datadog's application key.
    pub application_key: String,
    /// The tenant at Entra ID.
    pub tenant_id: String,
    /// The application at Entra ID.
    pub client_id: String,
    /// The application's secret.
    pub client_secret: String,
    /// A bearer token that the Store's side accepts at any time.
    pub store_token: String,
}

/// What belongs to one tenant alone.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) tenant: Tenant,
    /// How long a token lives that Entra issues.
    pub(crate) token_lifetime: Duration,
    pub(crate) limit: Option<RateLimit>,
    pub(crate) datadog: DatadogState,
    pub(crate) store: StoreState,
    pub(crate) calendar: Calendar,
}

/// Every tenant, and the tokens that were issued to them.
#[derive(Debug)]
pub(crate) struct Accounts {
    pub(crate) all: Vec<Account>,
    issued: HashMap<String, Issued>,
    count: u64,
}

#[derive(Debug)]
struct Issued {
    tenant: usize,
    expires: Duration,
}

impl Accounts {
    pub(crate) fn new(all: Vec<Account>) -> Self {
        Self {
            all,
            issued: HashMap::new(),
            count: 0,
        }
    }

    /// Whose keys these are, if they are one tenant's.
    pub(crate) fn of_keys(&self, api_key: &str, application_key: &str) -> Option<usize> {
        self.find(|tenant| tenant.api_key == api_key && tenant.application_key == application_key)
    }

    /// Whose token this is now.
    pub(crate) fn of_token(&self, token: &str, now: Duration) -> Option<usize> {
        let issued = self
            .issued
            .get(token)
            .filter(|issued| now < issued.expires)
            .map(|issued| issued.tenant);
        issued.or_else(|| self.find(|tenant| tenant.store_token == token))
    }

    /// The tenant of Entra ID; its ids are GUIDs and domain names, whose case says nothing.
    pub(crate) fn of_entra(&self, tenant_id: &str) -> Option<usize> {
        self.find(|tenant| tenant.tenant_id.eq_ignore_ascii_case(tenant_id))
    }

    pub(crate) fn named(&self, name: &str) -> Option<&Account> {
        self.all.iter().find(|account| account.tenant.name == name)
    }

    fn find(&self, wanted: impl Fn(&Tenant) -> bool) -> Option<usize> {
        self.all.iter().position(|account| wanted(&account.tenant))
    }

    /// A new token of a tenant, and how long it lives.
    pub(crate) fn issue(&mut self, tenant: usize, now: Duration) -> Option<(String, Duration)> {
        let lifetime = self.all.get(tenant)?.token_lifetime;
        self.issued.retain(|_, issued| now < issued.expires);
        self.count += 1;
        let token = format!("sandbox-issued-token-{}", self.count);
        let expires = now + lifetime;
        self.issued
            .insert(token.clone(), Issued { tenant, expires });
        Some((token, lifetime))
    }

    /// How many changes there have been at all tenants.
    pub(crate) fn changes(&self) -> u64 {
        let changes = self.all.iter().map(|account| account.calendar.changes());
        changes.map(u64::from).sum()
    }

    /// Everything that a request must not show in the log.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &str> {
        let kept = self.all.iter().flat_map(|account| {
            let tenant = &account.tenant;
            [
                &tenant.api_key,
                &tenant.application_key,
                &tenant.client_secret,
                &tenant.store_token,
            ]
        });
        kept.chain(self.issued.keys()).map(String::as_str)
    }
}
