//! Datadog: keys in two headers, a rate limit, permissions, and errors in the recorded form.

mod errors;
mod operations;

use std::time::Duration;

use super::interface::{Credentials, Handler, Rejection, Responder, Vendor};
use crate::message::response::Response;
use crate::state::account::{Account, Accounts};
use crate::state::rate_limit::{self, Limit, RateLimit};

/// Datadog's side of the sandbox.
#[derive(Debug)]
pub(crate) struct Datadog;

impl Responder for Datadog {
    fn reject(&self, rejection: &Rejection) -> Response {
        errors::of_rejection(rejection)
    }

    fn set_retry_after(&self, response: &mut Response, seconds: u64) {
        let limit = Limit {
            requests: 1,
            period: Duration::from_secs(seconds),
            name: "sandbox".to_owned(),
        };
        rate_limit::write_headers(&limit, 0, seconds, &mut response.headers);
    }

    fn request_id(&self, number: u64) -> (&'static str, String) {
        ("x-request-id", format!("sandbox-{number}"))
    }
}

impl Vendor for Datadog {
    fn tenant(
        &self,
        accounts: &Accounts,
        credentials: &Credentials<'_>,
        _: Duration,
    ) -> Option<usize> {
        accounts.with_keys(
            credentials.get("apiKey")?,
            credentials.get("applicationKey")?,
        )
    }

    fn rate_limit<'a>(&self, account: &'a mut Account) -> Option<&'a mut RateLimit> {
        account.rate_limit.as_mut()
    }

    fn is_permitted(&self, account: &Account, permissions: &[String]) -> bool {
        let Some(granted) = &account.permissions else {
            return true;
        };
        permissions.is_empty() || permissions.iter().any(|needed| granted.contains(needed))
    }

    fn handler(&self, operation_id: &str) -> Option<Handler> {
        match operation_id {
            "unassign_seats_user" => Some(operations::unassign_seats_user),
            "assign_seats_user" => Some(operations::assign_seats_user),
            "get_seats_users" => Some(operations::get_seats_users),
            _ => None,
        }
    }
}
