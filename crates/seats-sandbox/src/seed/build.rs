//! Builds the tenants of a seed.

use std::time::Duration;

use serde_saphyr::Spanned;

use super::credentials::Credentials;
use super::document::{self, Document};
use super::field::FieldPath;
use super::{datadog, store};
use crate::input::error::InputError;
use crate::input::excerpt;
use crate::input::file::File;
use crate::input::number::{LONGEST, MOST};
use crate::state::account::{Account, Accounts};
use crate::state::rate_limit::{Limit, RateLimit};

/// The lifetime of issued tokens by default, in seconds.
const TOKEN_LIFETIME: u64 = 3599;

/// Returns the tenants and the latency of a seed.
pub(super) fn accounts(file: &File, text: &str) -> Result<(Accounts, Duration), InputError> {
    let document: Document = file.parse(text, "tenants")?;
    let tenants = &document.tenants;
    if tenants.value.is_empty() {
        return Err(file.error_at(tenants, "tenants", "must name a tenant"));
    }
    let latency = latency(file, document.latency.as_ref())?;
    let mut credentials = Credentials::default();
    let mut accounts = Vec::new();
    for (index, tenant) in tenants.value.iter().enumerate() {
        let path = FieldPath::new(file, format!("tenants[{index}]"));
        accounts.push(account(&path, tenant, &mut credentials)?);
    }
    Ok((Accounts::new(accounts), latency))
}

fn latency(file: &File, latency: Option<&Spanned<String>>) -> Result<Duration, InputError> {
    let Some(latency) = latency else {
        return Ok(Duration::ZERO);
    };
    humantime::parse_duration(&latency.value).map_err(|_| {
        let value = excerpt::value(&latency.value);
        let problem = format!("\"{value}\" must be a time such as 50ms");
        file.error_at(latency, "latency", problem)
    })
}

fn account(
    path: &FieldPath<'_>,
    tenant: &Spanned<document::Tenant>,
    credentials: &mut Credentials,
) -> Result<Account, InputError> {
    let mut account = Account::default();
    account.tenant.name = credentials.add(path, "name", &tenant.value.name)?;
    if tenant.value.datadog.is_none() && tenant.value.store.is_none() {
        return Err(path.error_at(tenant, "must have datadog or store, or both"));
    }
    if let Some(datadog) = &tenant.value.datadog {
        let path = path.field("datadog");
        add_datadog(&mut account, &path, datadog, credentials)?;
    }
    if let Some(store) = &tenant.value.store {
        add_store(&mut account, &path.field("store"), store, credentials)?;
    }
    Ok(account)
}

fn add_datadog(
    account: &mut Account,
    path: &FieldPath<'_>,
    datadog: &document::Datadog,
    credentials: &mut Credentials,
) -> Result<(), InputError> {
    let tenant = &mut account.tenant;
    tenant.api_key = credentials.add(path, "api_key", &datadog.api_key)?;
    tenant.application_key = credentials.add(path, "application_key", &datadog.application_key)?;
    account.permissions.clone_from(&datadog.permissions);
    account.rate_limit = rate_limit(path, datadog.rate_limit.as_ref())?;
    account.datadog = datadog::state(path, datadog)?;
    Ok(())
}

fn add_store(
    account: &mut Account,
    path: &FieldPath<'_>,
    store: &document::Store,
    credentials: &mut Credentials,
) -> Result<(), InputError> {
    let tenant = &mut account.tenant;
    tenant.tenant_id = credentials.add(path, "tenant_id", &store.tenant_id)?;
    tenant.client_id = credentials.add(path, "client_id", &store.client_id)?;
    tenant.client_secret = credentials.add(path, "client_secret", &store.client_secret)?;
    tenant.store_token = credentials.add(path, "token", &store.token)?;
    account.token_lifetime = token_lifetime(path, store)?;
    account.store = store::state(path, store)?;
    Ok(())
}

fn rate_limit(
    path: &FieldPath<'_>,
    limit: Option<&document::RateLimit>,
) -> Result<Option<RateLimit>, InputError> {
    let Some(limit) = limit else {
        return Ok(None);
    };
    let path = path.field("rate_limit");
    let period = path.number("period", &limit.period, 1..=LONGEST)?;
    Ok(Some(RateLimit::new(Limit {
        requests: path.number("limit", &limit.limit, 1..=MOST)?,
        period: Duration::from_secs(period),
        name: limit.name.clone(),
    })))
}

fn token_lifetime(path: &FieldPath<'_>, store: &document::Store) -> Result<Duration, InputError> {
    let seconds = match &store.token_lifetime {
        Some(seconds) => path.number("token_lifetime", seconds, 0..=LONGEST)?,
        None => TOKEN_LIFETIME,
    };
    Ok(Duration::from_secs(seconds))
}
