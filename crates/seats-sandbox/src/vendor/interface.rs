//! The interface between the sandbox and a vendor.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde_json::Value;

use crate::message::response::Response;
use crate::spec::schema::Violation;
use crate::state::account::{Account, Accounts};
use crate::state::rate_limit::RateLimit;

/// The form of one service's responses.
pub(crate) trait Responder: fmt::Debug + Sync {
    /// Returns the response to a request that was rejected.
    fn reject(&self, rejection: &Rejection) -> Response;

    /// Writes into a response how many seconds to wait before the next request.
    fn set_retry_after(&self, response: &mut Response, seconds: u64);

    /// Returns name and value of the header that numbers a response.
    fn request_id(&self, number: u64) -> (&'static str, String);
}

/// A vendor whose operations are in a specification.
pub(crate) trait Vendor: Responder {
    /// Returns the tenant whose credentials these are, by the names of their security schemes.
    fn tenant(
        &self,
        accounts: &Accounts,
        credentials: &Credentials<'_>,
        now: Duration,
    ) -> Option<usize>;

    /// Returns the rate limit of a tenant.
    fn rate_limit<'a>(&self, account: &'a mut Account) -> Option<&'a mut RateLimit>;

    /// Whether a tenant's credentials carry one of these permissions.
    fn is_permitted(&self, account: &Account, permissions: &[String]) -> bool;

    /// Returns the function that executes an operation, or `None` if the sandbox does not
    /// implement it.
    fn handler(&self, operation_id: &str) -> Option<Handler>;
}

/// Credentials of a request, by the names of their security schemes.
pub(crate) type Credentials<'r> = BTreeMap<&'r str, &'r str>;

/// Executes one operation.
pub(crate) type Handler = fn(&mut Account, &Arguments) -> Response;

/// The parameters and the body of a request that conforms to the specification.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    pub(crate) parameters: BTreeMap<String, Value>,
    pub(crate) body: Option<Value>,
}

impl Arguments {
    /// Returns the text of a parameter, or an empty text if there is none.
    pub(crate) fn text(&self, parameter: &str) -> &str {
        self.parameters
            .get(parameter)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// Returns the number of entries of a page.
    pub(crate) fn page_size(&self, parameter: &str, default: usize, most: usize) -> usize {
        let size = self.parameters.get(parameter).and_then(Value::as_u64);
        size.map_or(default, |size| {
            usize::try_from(size).unwrap_or(most).min(most)
        })
    }
}

/// Why a request is rejected before its operation is executed.
#[derive(Debug)]
pub(crate) enum Rejection {
    NoSuchPath,
    MethodNotAllowed,
    CredentialMissing,
    CredentialWrong,
    PermissionMissing,
    /// The specification has this operation, the sandbox does not implement it.
    NotImplemented(String),
    InvalidParameters(Vec<Violation>),
    /// The body cannot be parsed as what the specification declares.
    UnreadableBody(String),
    InvalidBody(Vec<Violation>),
    BodyTooLarge,
    TooManyRequests,
    InternalError,
}
