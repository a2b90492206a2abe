//! From a seed file to tenants: what each of them is made of, and the rules for all.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use chrono::DateTime;
use serde_saphyr::{Location, Spanned};

use super::document::{self, Document};
use super::{datadog, store};
use crate::calendar::Calendar;
use crate::file::{File, InputError};
use crate::limit::{Limit, RateLimit};
use crate::number::{LONGEST, MOST, Number};
use crate::tenant::{Account, Accounts, Tenant};

/// More of one entry than anybody needs.
const MOST_ENTRIES: u64 = 1_000_000;

/// How many seconds a token lives where the seed does not say.
const TOKEN_LIFETIME: u64 = 3599;

/// What stands for the number of an entry.
const NUMBER: &str = "{n}";

pub(super) fn accounts(file: &File, text: &str) -> Result<Accounts, InputError> {
    let document: Document = file.read(text, "tenants")?;
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
        token_lifetime: token_lifetime(&store_place, at_store)?,
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
    let period = place.number("period", &limit.period, 1..=LONGEST)?;
    Ok(Some(RateLimit::new(Limit {
        requests: place.number("limit", &limit.limit, 1..=MOST)?,
        period: Duration::from_secs(period),
        name: limit.name.clone(),
    })))
}

fn token_lifetime(place: &Place<'_>, store: &document::Store) -> Result<Duration, InputError> {
    let seconds = match &store.token_lifetime {
        Some(seconds) => place.number("token_lifetime", seconds, 0..=LONGEST)?,
        None => TOKEN_LIFETIME,
    };
    Ok(Duration::from_secs(seconds))
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
        count: Option<&Spanned<Number>>,
        field: &str,
        template: &Spanned<String>,
    ) -> Result<u64, InputError> {
        let Some(count) = count else {
            return Ok(1);
        };
        let count = self.number("count", count, 1..=MOST_ENTRIES)?;
        if !template.value.contains(NUMBER) {
            let problem = format!("must have {NUMBER} in it, because there is a count");
            return Err(self.fault(field, template, problem));
        }
        Ok(count)
    }

    /// A date can be read, however it is written.
    pub(super) fn date(&self, field: &str, date: &Spanned<String>) -> Result<(), InputError> {
        let problem = "must be a date in RFC 3339, such as 2025-03-03T08:00:00Z";
        DateTime::parse_from_rfc3339(&date.value)
            .map(|_| ())
            .map_err(|_| self.fault(field, date, problem))
    }

    /// A number within these bounds.
    pub(super) fn number(
        &self,
        field: &str,
        number: &Spanned<Number>,
        bounds: RangeInclusive<u64>,
    ) -> Result<u64, InputError> {
        let within = number.value.within(bounds);
        within.map_err(|problem| self.fault(field, number, problem))
    }

    /// How many seats there can be of a product.
    pub(super) fn capacity(&self, capacity: &Spanned<Number>) -> Result<u64, InputError> {
        self.number("capacity", capacity, 0..=MOST)
    }

    /// Seats fit into the capacity.
    pub(super) fn fits(
        &self,
        capacity: &Spanned<Number>,
        most: u64,
        seats: u64,
    ) -> Result<(), InputError> {
        if seats <= most {
            return Ok(());
        }
        let problem = format!("{most} is less than the {seats} seats that are assigned");
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
