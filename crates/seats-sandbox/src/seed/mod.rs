//! Seeds: the tenants, users, products and seats that a sandbox starts with.

mod build;
mod credentials;
mod datadog;
mod document;
mod field;
mod store;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::input::error::InputError;
use crate::input::file::File;
use crate::state::account::Accounts;

const DEFAULT: &str = include_str!("default.yaml");

/// The tenants that a sandbox starts with: their credentials, users, products and seats.
///
/// As a file:
///
/// ```
/// let seed = seats_sandbox::Seed::from_yaml(r#"
/// tenants:
///   - name: contoso
///     datadog:
///       api_key: contoso-api-key
///       application_key: contoso-application-key
///       rate_limit: {limit: 100, period: 60}
///       users:
///         - {id: 626a4e8e-64bd-409d-b80e-428f08ac0b62, name: Ada, email: ada@contoso.example}
///         - {count: 1000, id: "00000000-0000-4000-8000-{n}", name: "User {n}"}
///       products:
///         - code: on_call
///           capacity: 1001
///           seats:
///             - {user: 626a4e8e-64bd-409d-b80e-428f08ac0b62, assigned_at: "2025-03-03T08:00:00Z"}
///             - {count: 1000, user: "00000000-0000-4000-8000-{n}"}
///     store:
///       tenant_id: contoso.example
///       client_id: 5c1d1d2e-7a77-4cbd-8d7b-6f7ea5a1c0de
///       client_secret: contoso-client-secret
///       token: contoso-store-token
///       users:
///         - {name: ada@contoso.example}
///         - {count: 1000, name: "user-{n}@contoso.example"}
///       products:
///         - product_id: 9NBLGGH4R2R6
///           sku_id: "0016"
///           license: online
///           capacity: 1000
///           last_modified: "2017-03-21T08:15:59.9999999Z"
///           seats:
///             - {user: ada@contoso.example, assigned: "2015-07-13T14:02:25.6863382-07:00"}
/// "#);
/// assert!(seed.is_ok());
/// ```
///
/// | field | meaning |
/// |---|---|
/// | `latency` | a time that every response takes, such as `50ms`; none by default |
/// | `tenants` | at least one; [`Sandbox::datadog_seats`](crate::Sandbox::datadog_seats) and the like are about the first |
/// | `name` | the tenant's name in the log |
/// | `datadog`, `store` | the tenant at each vendor; one of the two is enough |
/// | `datadog.api_key`, `application_key` | the credentials; no two tenants share one |
/// | `datadog.permissions` | the permissions of the application key, such as `[billing_read]`; all by default |
/// | `datadog.rate_limit` | at most `limit` requests in `period` seconds, under a `name` (`seats`); none by default |
/// | `datadog.users` | the users: a UUID as `id`, and optionally a `name` and an `email` |
/// | `datadog.products` | a `code`, a `capacity` and the `seats`: a `user`, and optionally `assigned_at` |
/// | `store.tenant_id`, `client_id`, `client_secret` | the application at Entra ID |
/// | `store.token` | a bearer token that does not expire |
/// | `store.token_lifetime` | the lifetime of issued tokens in seconds; 3599 by default |
/// | `store.users` | the directory: a user principal name or an object id as `name` |
/// | `store.products` | `product_id` and `sku_id`; `license`, `online` or `offline`; `capacity`; `last_modified`; optionally `distribution`, `open` or `restricted`, and `status`, `active` or `removed`; the `seats`: a `user`, and the date when it was `assigned` |
/// | `count` | makes this many users or seats of one entry, up to 1,000,000: `{n}` counts from 1, and has twelve digits in a Datadog user's id |
///
/// Dates are in RFC 3339 and are shown as they are written. Later changes are dated from
/// 2026-01-01T00:00:00Z on, one second a change, so that each run is the same.
#[derive(Clone)]
pub struct Seed {
    file: File,
    text: String,
    /// What the check of the text built, for the first sandbox that starts with it.
    checked: Arc<Mutex<Option<Accounts>>>,
    latency: Duration,
}

impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seed")
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}

impl Seed {
    /// Reads a seed.
    ///
    /// # Errors
    /// Returns an error with line, column and field if the text is no seed.
    ///
    /// # Examples
    /// A seed for one vendor alone:
    ///
    /// ```
    /// let seed = seats_sandbox::Seed::from_yaml("
    /// tenants:
    ///   - name: contoso
    ///     datadog: {api_key: contoso-api-key, application_key: contoso-application-key}
    /// ")?;
    /// # Ok::<(), seats_sandbox::InputError>(())
    /// ```
    pub fn from_yaml(text: &str) -> Result<Self, InputError> {
        Self::checked(File::named("seed"), text.to_owned())
    }

    /// Reads a seed from a file of at most 16 MiB.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, or if it is no seed.
    ///
    /// # Examples
    /// ```
    /// # let seed_yaml = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/seed.yaml");
    /// let seed = seats_sandbox::Seed::from_file(seed_yaml)?;
    /// # Ok::<(), seats_sandbox::InputError>(())
    /// ```
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, InputError> {
        let (file, text) = File::open(path.as_ref())?;
        Self::checked(file, text)
    }

    fn checked(file: File, text: String) -> Result<Self, InputError> {
        let (accounts, latency) = build::accounts(&file, &text)?;
        Ok(Self {
            file,
            text,
            checked: Arc::new(Mutex::new(Some(accounts))),
            latency,
        })
    }

    /// Returns the tenants as they are at the start.
    pub(crate) fn accounts(&self) -> Result<Accounts, InputError> {
        let mut checked = self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        match checked.take() {
            Some(accounts) => Ok(accounts),
            None => Ok(build::accounts(&self.file, &self.text)?.0),
        }
    }

    /// Returns the time that every response takes.
    pub(crate) fn latency(&self) -> Duration {
        self.latency
    }
}

/// The seed of [`Sandbox::start`](crate::Sandbox::start).
impl Default for Seed {
    fn default() -> Self {
        Self {
            file: File::named("the default seed"),
            text: DEFAULT.to_owned(),
            checked: Arc::default(),
            latency: Duration::ZERO,
        }
    }
}
