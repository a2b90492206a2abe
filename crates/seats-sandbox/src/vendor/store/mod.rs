//! The Store for Business: a bearer token, and errors in the envelope of sibling services.

mod errors;
mod operations;

use std::time::Duration;

use http::{HeaderValue, header};

use super::interface::{Credentials, Handler, Rejection, Responder, Vendor};
use crate::message::response::Response;
use crate::state::account::{Account, Accounts};
use crate::state::rate_limit::RateLimit;

/// The Store's side of the sandbox.
#[derive(Debug)]
pub(crate) struct Store;

impl Responder for Store {
    fn reject(&self, rejection: &Rejection) -> Response {
        errors::of_rejection(rejection)
    }

    fn set_retry_after(&self, response: &mut Response, seconds: u64) {
        let seconds = HeaderValue::from(seconds);
        response.headers.insert(header::RETRY_AFTER, seconds);
    }

    fn request_id(&self, number: u64) -> (&'static str, String) {
        ("ms-cv", format!("sandbox.{number}"))
    }
}

impl Vendor for Store {
    fn tenant(
        &self,
        accounts: &Accounts,
        credentials: &Credentials<'_>,
        now: Duration,
    ) -> Option<usize> {
        accounts.with_token(credentials.get("entraToken")?, now)
    }

    fn rate_limit<'a>(&self, _: &'a mut Account) -> Option<&'a mut RateLimit> {
        None
    }

    fn is_permitted(&self, _: &Account, _: &[String]) -> bool {
        true
    }

    fn handler(&self, operation_id: &str) -> Option<Handler> {
        match operation_id {
            "reclaim_seat_from_user" => Some(operations::reclaim_seat_from_user),
            "assign_seat" => Some(operations::assign_seat),
            "get_seat" => Some(operations::get_seat),
            "get_seats" => Some(operations::get_seats),
            "bulk_assign_and_reclaim_seats" => Some(operations::bulk_assign_and_reclaim_seats),
            "get_seats_assigned_to_user" => Some(operations::get_seats_assigned_to_user),
            "get_inventory" => Some(operations::get_inventory),
            _ => None,
        }
    }
}
