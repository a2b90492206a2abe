//! The Store for Business's side: its credential, its refusals and its error
//! envelope.

mod operations;
pub(crate) mod seats;

use std::time::Duration;

use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use crate::limit::RateLimit;
use crate::security::Credentials;
use crate::tenant::{Account, Accounts};
use crate::vendor::{Answer, Flaw, Handler, Refusal, Vendor};

const MEDIA_TYPE: &str = "application/json";
const SOURCE: &str = "StoreForBusiness";

#[derive(Debug)]
pub(crate) struct Store;

impl Vendor for Store {
    fn tenant(
        &self,
        accounts: &Accounts,
        credentials: &Credentials<'_>,
        now: Duration,
    ) -> Option<usize> {
        accounts.of_token(credentials.get("entraToken")?, now)
    }

    fn limit<'a>(&self, _: &'a mut Account) -> Option<&'a mut RateLimit> {
        None
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

    fn refuse(&self, refusal: &Refusal) -> Answer {
        match refusal {
            // The message must not name a seat, a user or the inventory: a client
            // may read from it which of them is missing.
            Refusal::NoSuchPath => error(
                StatusCode::NOT_FOUND,
                "NotFound",
                json!([]),
                "No operation has this path",
            ),
            Refusal::MethodNotAllowed => error(
                StatusCode::METHOD_NOT_ALLOWED,
                "MethodNotAllowed",
                json!([]),
                "No operation of this path has this method",
            ),
            Refusal::CredentialMissing => unauthorized("A bearer token is required"),
            Refusal::CredentialWrong => unauthorized("The bearer token is not accepted"),
            Refusal::NotActedOut(operation) => error(
                StatusCode::NOT_IMPLEMENTED,
                "NotImplemented",
                json!([]),
                &format!("The sandbox does not act out {operation}"),
            ),
            Refusal::Parameters(flaws) | Refusal::UnfitBody(flaws) => invalid(flaws),
            Refusal::UnreadableBody(why) => {
                error(StatusCode::BAD_REQUEST, "BadRequest", json!([]), why)
            }
            Refusal::BodyTooLarge => error(
                StatusCode::PAYLOAD_TOO_LARGE,
                "PayloadTooLarge",
                json!([]),
                "The body is larger than 1 MiB",
            ),
            Refusal::TooManyRequests => error(
                StatusCode::TOO_MANY_REQUESTS,
                "TooManyRequests",
                json!([]),
                "Too many requests",
            ),
            Refusal::Broken => error(
                StatusCode::INTERNAL_SERVER_ERROR,
                "InternalServerError",
                json!([]),
                "Something went wrong",
            ),
        }
    }

    fn put_off(&self, answer: &mut Answer, seconds: u64) {
        let seconds = HeaderValue::from(seconds);
        answer.headers.insert(header::RETRY_AFTER, seconds);
    }

    fn request_id(&self, number: usize) -> (&'static str, String) {
        ("ms-cv", format!("sandbox.{number}"))
    }
}

fn not_found(item_type: &str, values: &[&str], message: &str) -> Answer {
    error(
        StatusCode::NOT_FOUND,
        "DataNotFound",
        json!([{"itemType": item_type, "values": values}]),
        message,
    )
}

fn invalid(flaws: &[Flaw]) -> Answer {
    let data: Vec<Value> = flaws
        .iter()
        .map(|flaw| {
            json!({
                "parameterName": flaw.field,
                "reason": "Invalid parameter",
                "details": flaw.to_string(),
            })
        })
        .collect();
    error(
        StatusCode::BAD_REQUEST,
        "InvalidParameter",
        Value::Array(data),
        "Invalid parameter",
    )
}

fn unauthorized(message: &str) -> Answer {
    let mut answer = Answer::json(
        StatusCode::UNAUTHORIZED,
        MEDIA_TYPE,
        json!({"code": "Unauthorized", "message": message}),
    );
    // RFC 9110, section 15.5.2: a 401 says how to sign.
    answer
        .headers
        .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    answer
}

fn error(status: StatusCode, code: &str, data: Value, message: &str) -> Answer {
    Answer::json(
        status,
        MEDIA_TYPE,
        json!({
            "code": code,
            "data": data,
            "details": [],
            "message": message,
            "source": SOURCE,
        }),
    )
}
