//! From a seed file to tenants: what each of them is made of, and the rules for all.

use std::collections::HashMap;
use std::time::Duration;

use chrono::DateTime;
use serde_saphyr::{Location, Spanned};

use super::document::{self, Document};
use super::{datadog, store};
use crate::calendar::Calendar;
use crate::file::{File, InputError};
use crate::limit::{Limit, RateLimit};
use crate::tenant::{Account, Accounts, Tenant};

/// More of one entry than anybody needs.
const MOST: u64 = 1_000_000;

/// What stands for the number of an entry.
const NUMBER: &str = "{n}";

pub(super) fn accounts(file: &File, text: &str) -> Result<Accounts, InputError> {
    let document: Document = file.read(text)?;
    let tenants = &document.tenants;
    if tenants.value.is_empty() {
        return Err(file.fault(tenants, "tenants", "must name a tenant"));
    }
    let mut credentials = Credentials::default();
    let mut accounts = Vec::new();
    for (index, tenant) in tenants.value.iter().enumerate() {
        let place = Place::new(file, format!("tenants[{index}]"));
        accounts.push(account(&place, &tenant.value, &mut credentials)?);
    }
    Ok(Accounts::new(accounts))
}

fn account(
    place: &Place<'_>,
    tenant: &document::Tenant,
    credentials: &mut Credentials,
) -> Result<Account, InputError> {
    let (at_datadog, at_store) = (&tenant.datadog, &tenant.store);
    let (datadog_place, store_place) = (place.field("datadog"), place.field("store"));
    let name = &tenant.name;
    credentials.add(place, "name", name)?;
    for (field, value) in [
        ("api_key", &at_datadog.api_key),
        ("application_key", &at_datadog.application_key),
    ] {
        credentials.add(&datadog_place, field, value)?;
    }
    for (field, value) in [
        ("tenant_id", &at_store.tenant_id),
        ("client_id", &at_store.client_id),
        ("client_secret", &at_store.client_secret),
        ("token", &at_store.token),
    ] {
        credentials.add(&store_place, field, value)?;
    }
    Ok(Account {
        tenant: Tenant {
            name: name.value.clone(),
            api_key: at_datadog.api_key.value.clone(),
            application_key: at_datadog.application_key.value.clone(),
            tenant_id: at_store.tenant_id.value.clone(),
            client_id: at_store.client_id.value.clone(),
            client_secret: at_store.client_secret.value.clone(),
            store_token: at_store.token.value.clone(),
        },
        token_lifetime: Duration::from_secs(at_store.token_lifetime),
        limit: limit(&datadog_place, at_datadog.rate_limit.as_ref())?,
        datadog: datadog::state(&datadog_place, at_datadog)?,
        store: store::state(&store_place, at_store)?,
        calendar: Calendar::default(),
    })
}

fn limit(
    place: &Place<'_>,
    limit: Option<&document::RateLimit>,
) -> Result<Option<RateLimit>, InputError> {
    let Some(limit) = limit else {
        return Ok(None);
    };
    let place = place.field("rate_limit");
    for (field, number) in [("limit", &limit.limit), ("period", &limit.period)] {
        if number.value == 0 {
            return Err(place.fault(field, number, "must not be 0"));
        }
    }
    Ok(Some(RateLimit::new(Limit {
        requests: limit.limit.value,
        period: Duration::from_secs(limit.period.value),
        name: limit.name.clone(),
    })))
}

/// The credentials of all tenants so far, by field and value.
#[derive(Default)]
struct Credentials(HashMap<(String, String), Location>);

impl Credentials {
    /// Notes a credential: one that can be sent, and that no other tenant has.
    fn add(
        &mut self,
        place: &Place<'_>,
        field: &str,
        value: &Spanned<String>,
    ) -> Result<(), InputError> {
        let is_printable = |c: char| c.is_ascii_graphic();
        if value.value.is_empty() || !value.value.chars().all(is_printable) {
            let rule = "must be printable ASCII without spaces, and not empty";
            return Err(place.fault(field, value, rule));
        }
        let key = (field.to_owned(), value.value.to_ascii_lowercase());
        match self.0.insert(key, value.referenced) {
            None => Ok(()),
            Some(first) => {
                let line = first.line();
                let problem = format!("another tenant has the same, on line {line}");
                Err(place.fault(field, value, problem))
            }
        }
    }
}

/// A place in a seed file, for errors.
#[derive(Clone)]
pub(super) struct Place<'f> {
    file: &'f File,
    path: String,
}

impl<'f> Place<'f> {
    fn new(file: &'f File, path: String) -> Self {
        Self { file, path }
    }

    pub(super) fn field(&self, name: &str) -> Self {
        let path = format!("{}.{name}", self.path);
        Self {
            path,
            ..self.clone()
        }
    }

    pub(super) fn entry(&self, name: &str, index: usize) -> Self {
        self.field(&format!("{name}[{index}]"))
    }

    pub(super) fn fault<T>(
        &self,
        field: &str,
        value: &Spanned<T>,
        problem: impl Into<String>,
    ) -> InputError {
        let path = format!("{}.{field}", self.path);
        self.file.fault(value, &path, problem)
    }

    /// How many there are of an entry, whose templates have `{n}` in them if it says so.
    pub(super) fn count(
        &self,
        count: Option<&Spanned<u64>>,
        field: &str,
        template: &Spanned<String>,
    ) -> Result<u64, InputError> {
        let Some(count) = count else {
            return Ok(1);
        };
        if !(1..=MOST).contains(&count.value) {
            let problem = format!("must be from 1 to {MOST}");
            return Err(self.fault("count", count, problem));
        }
        if !template.value.contains(NUMBER) {
            let problem = format!("must have {NUMBER} in it, because there is a count");
            return Err(self.fault(field, template, problem));
        }
        Ok(count.value)
    }

    /// A date can be read, however it is written.
    pub(super) fn date(&self, field: &str, date: &Spanned<String>) -> Result<(), InputError> {
        let problem = "must be a date in RFC 3339, such as 2025-03-03T08:00:00Z";
        DateTime::parse_from_rfc3339(&date.value)
            .map(|_| ())
            .map_err(|_| self.fault(field, date, problem))
    }

    /// Seats fit into the capacity.
    pub(super) fn capacity(&self, capacity: &Spanned<u64>, seats: u64) -> Result<(), InputError> {
        if seats <= capacity.value {
            return Ok(());
        }
        let problem = format!("is less than the {seats} seats that are assigned");
        Err(self.fault("capacity", capacity, problem))
    }
}

/// The text of one of several entries.
pub(super) fn numbered(template: &str, number: u64) -> String {
    template.replace(NUMBER, &number.to_string())
}

/// As [`numbered`], for the last part of a UUID.
pub(super) fn numbered_id(template: &str, number: u64) -> String {
    template.replace(NUMBER, &format!("{number:012}"))
}
