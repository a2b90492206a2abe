//! Seeds: what a sandbox starts with.

mod build;
mod datadog;
mod document;
mod store;

use std::path::Path;

use crate::file::{File, InputError};
use crate::tenant::Accounts;

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
/// | `tenants` | at least one; the first is the one that the sandbox's own methods speak of |
/// | `name` | how the log names the tenant |
/// | `datadog.api_key`, `application_key` | its credentials; no two tenants share one |
/// | `datadog.rate_limit` | at most `limit` requests in `period` seconds, under a `name` (`seats`); none where it is not set |
/// | `datadog.users` | who can get a seat: a UUID, and perhaps a `name` and an `email` |
/// | `datadog.products` | a `code`, a `capacity` and the `seats`: a `user`, and perhaps `assigned_at` |
/// | `store.tenant_id`, `client_id`, `client_secret` | the application at Entra ID |
/// | `store.token` | a bearer token that never expires |
/// | `store.token_lifetime` | how long Entra's own tokens live, in seconds; 3599 where it is not set |
/// | `store.users` | the directory: a user principal name or an object id each |
/// | `store.products` | `product_id` and `sku_id`; `license`, `online` or `offline`; `capacity`; `last_modified`; perhaps `distribution`, `open` or `restricted`, and `status`, `active` or `removed`; the `seats`: a `user`, and when it was `assigned` |
/// | `count` | makes so many users or seats of one entry: `{n}` counts from 1, and has twelve digits in a Datadog user's id |
///
/// Dates are in RFC 3339 and are shown as they are written. What was changed since is dated from
/// 2026-01-01T00:00:00Z on, one second a change, so that each run is the same.
#[derive(Clone, Debug)]
pub struct Seed {
    file: File,
    text: String,
}

impl Seed {
    /// Reads a seed.
    ///
    /// # Errors
    /// The text is no seed; the error says where, and why.
    pub fn from_yaml(text: &str) -> Result<Self, InputError> {
        Self::checked(File::named("seed"), text.to_owned())
    }

    /// Reads a seed from a file.
    ///
    /// # Errors
    /// The file cannot be read, or is no seed; the error says where, and why.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, InputError> {
        let (file, text) = File::open(path.as_ref())?;
        Self::checked(file, text)
    }

    fn checked(file: File, text: String) -> Result<Self, InputError> {
        let seed = Self { file, text };
        seed.accounts()?;
        Ok(seed)
    }

    /// The tenants, as they are at the start.
    pub(crate) fn accounts(&self) -> Result<Accounts, InputError> {
        build::accounts(&self.file, &self.text)
    }
}

/// The seats that a sandbox has of its own accord.
impl Default for Seed {
    fn default() -> Self {
        Self {
            file: File::named("the default seed"),
            text: DEFAULT.to_owned(),
        }
    }
}
