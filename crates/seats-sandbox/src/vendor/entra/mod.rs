//! Entra ID, the token authority: tokens for the Store by client credentials, and discovery.

mod discovery;
mod endpoint;
mod errors;
mod token;

use std::time::Duration;

use http::{HeaderValue, header};

use super::interface::{Rejection, Responder};
use crate::message::request::Request;
use crate::message::response::Response;
use crate::state::account::Accounts;

pub(crate) use endpoint::{Endpoint, OPERATIONS, TOKEN};

/// The authority's side of the sandbox.
#[derive(Debug)]
pub(crate) struct Entra;

impl Responder for Entra {
    fn reject(&self, rejection: &Rejection) -> Response {
        errors::of_rejection(rejection)
    }

    fn set_retry_after(&self, response: &mut Response, seconds: u64) {
        let seconds = HeaderValue::from(seconds);
        response.headers.insert(header::RETRY_AFTER, seconds);
    }

    fn request_id(&self, number: u64) -> (&'static str, String) {
        ("x-ms-request-id", format!("sandbox-{number}"))
    }
}

/// Returns the response of an endpoint. `authority` is the URL of the sandbox.
pub(crate) fn respond(
    endpoint: &Endpoint<'_>,
    accounts: &mut Accounts,
    request: &Request,
    authority: &str,
    now: Duration,
) -> Response {
    if request.method != endpoint.method() {
        return errors::method_not_allowed(&endpoint.method(), &request.method);
    }
    let response = match endpoint {
        Endpoint::Token { tenant, version } => {
            token::respond(accounts, tenant, *version, request, now)
        }
        Endpoint::OpenIdConfiguration { tenant, version } => {
            discovery::openid_configuration(accounts, tenant, *version, authority)
        }
        Endpoint::InstanceDiscovery => {
            discovery::instance(request.query.as_deref().unwrap_or_default(), authority)
        }
    };
    response.unwrap_or_else(|error| error.response())
}
