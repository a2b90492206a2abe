//! Datadog's side: its credentials, its refusals and its error bodies.

mod operations;
pub(crate) mod seats;

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use crate::limit::{self, Limit, RateLimit};
use crate::security::Credentials;
use crate::tenant::{Account, Accounts};
use crate::vendor::{Answer, Handler, Refusal, Vendor};

/// The label that recorded answers carry.
const MEDIA_TYPE: &str = "application/vnd.api+json";

#[derive(Debug)]
pub(crate) struct Datadog;

impl Vendor for Datadog {
    fn tenant(
        &self,
        accounts: &Accounts,
        credentials: &Credentials<'_>,
        _: Duration,
    ) -> Option<usize> {
        accounts.of_keys(
            credentials.get("apiKey")?,
            credentials.get("applicationKey")?,
        )
    }

    fn limit<'a>(&self, account: &'a mut Account) -> Option<&'a mut RateLimit> {
        account.limit.as_mut()
    }

    fn handler(&self, operation_id: &str) -> Option<Handler> {
        match operation_id {
            "unassign_seats_user" => Some(operations::unassign_seats_user),
            "assign_seats_user" => Some(operations::assign_seats_user),
            "get_seats_users" => Some(operations::get_seats_users),
            _ => None,
        }
    }

    fn refuse(&self, refusal: &Refusal) -> Answer {
        match refusal {
            Refusal::NoSuchPath => error(StatusCode::NOT_FOUND, ["No operation has this path"]),
            Refusal::MethodNotAllowed => error(
                StatusCode::METHOD_NOT_ALLOWED,
                ["No operation of this path has this method"],
            ),
            Refusal::CredentialMissing => short_error(StatusCode::UNAUTHORIZED, "Unauthorized"),
            Refusal::CredentialWrong => short_error(StatusCode::FORBIDDEN, "Forbidden"),
            Refusal::NotActedOut(operation) => error(
                StatusCode::NOT_IMPLEMENTED,
                [format!("The sandbox does not act out {operation}")],
            ),
            Refusal::Parameters(flaws) => error(StatusCode::BAD_REQUEST, flaws),
            Refusal::UnreadableBody(why) => error(StatusCode::BAD_REQUEST, [why]),
            Refusal::UnfitBody(flaws) => error(StatusCode::UNPROCESSABLE_ENTITY, flaws),
            Refusal::BodyTooLarge => error(
                StatusCode::PAYLOAD_TOO_LARGE,
                ["The body is larger than 1 MiB"],
            ),
            Refusal::TooManyRequests => {
                short_error(StatusCode::TOO_MANY_REQUESTS, "Too many requests")
            }
            Refusal::Broken => {
                short_error(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
            }
        }
    }

    fn put_off(&self, answer: &mut Answer, seconds: u64) {
        let limit = Limit {
            requests: 1,
            period: Duration::from_secs(seconds),
            name: "sandbox".to_owned(),
        };
        limit::tell(&limit, 0, seconds, &mut answer.headers);
    }

    fn request_id(&self, number: usize) -> (&'static str, String) {
        ("x-request-id", format!("sandbox-{number}"))
    }
}

/// An error in the form recorded from these operations.
fn error<T: ToString>(status: StatusCode, details: impl IntoIterator<Item = T>) -> Answer {
    let errors: Vec<Value> = details
        .into_iter()
        .map(|detail| json!({"title": "Generic Error", "detail": detail.to_string()}))
        .collect();
    Answer::json(status, MEDIA_TYPE, json!({ "errors": errors }))
}

/// An error in the form seen of this API where no operation is reached.
fn short_error(status: StatusCode, word: &str) -> Answer {
    Answer::json(status, MEDIA_TYPE, json!({"errors": [word]}))
}
