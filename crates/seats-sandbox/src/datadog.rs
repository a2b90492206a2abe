//! Datadog's side: its credentials, its operations and its error bodies.

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::state::{State, UnassignError};
use crate::vendor::{Answer, Call, Handler, Refusal, Vendor};

/// The API key that the sandbox accepts.
pub const API_KEY: &str = "sandbox-api-key";

/// The application key that the sandbox accepts.
pub const APPLICATION_KEY: &str = "sandbox-application-key";

/// The label that recorded answers carry, although the specification declares
/// plain JSON (it says why).
const MEDIA_TYPE: &str = "application/vnd.api+json";

#[derive(Debug)]
pub(crate) struct Datadog;

impl Vendor for Datadog {
    fn credential(&self, scheme: &str) -> Option<&'static str> {
        match scheme {
            "apiKey" => Some(API_KEY),
            "applicationKey" => Some(APPLICATION_KEY),
            _ => None,
        }
    }

    fn handler(&self, operation_id: &str) -> Option<Handler> {
        match operation_id {
            "unassign_seats_user" => Some(unassign_seats_user),
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
            Refusal::Parameters(faults) => error(StatusCode::BAD_REQUEST, faults),
            Refusal::UnreadableBody(why) => error(StatusCode::BAD_REQUEST, [why]),
            Refusal::UnfitBody(faults) => error(StatusCode::UNPROCESSABLE_ENTITY, faults),
            Refusal::BodyTooLarge => error(
                StatusCode::PAYLOAD_TOO_LARGE,
                ["The body is larger than 1 MiB"],
            ),
        }
    }

    fn request_id(&self, number: usize) -> (&'static str, String) {
        ("x-request-id", format!("sandbox-{number}"))
    }
}

fn unassign_seats_user(state: &mut State, call: &Call) -> Answer {
    let attributes = call
        .body
        .as_ref()
        .and_then(|body| body.pointer("/data/attributes"));
    let product = attributes
        .and_then(|attributes| attributes.get("product_code"))
        .and_then(Value::as_str)
        .unwrap_or_default();
    let users: Vec<Uuid> = attributes
        .and_then(|attributes| attributes.get("user_uuids"))
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|user| user.as_str()?.parse().ok())
        .collect();

    match state.unassign(product, &users) {
        Ok(()) => Answer::empty(StatusCode::NO_CONTENT),
        Err(UnassignError::UnknownProduct) => error(
            StatusCode::UNPROCESSABLE_ENTITY,
            [format!("product_code is not known: {product}")],
        ),
        // Nobody has shown whether the real service answers 204 or 422 here. The
        // sandbox refuses, because that is the harder case for a caller: part of
        // the list keeps seats that the caller may believe to be gone.
        Err(UnassignError::NoSeat(users)) => {
            let users: Vec<String> = users.iter().map(Uuid::to_string).collect();
            error(
                StatusCode::UNPROCESSABLE_ENTITY,
                [format!(
                    "user_uuids names users without a seat of {product}: {}",
                    users.join(", ")
                )],
            )
        }
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

/// An error in the form seen of this API where the credentials are at fault.
fn short_error(status: StatusCode, word: &str) -> Answer {
    Answer::json(status, MEDIA_TYPE, json!({"errors": [word]}))
}
