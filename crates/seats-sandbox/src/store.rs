//! The Store for Business's side: its credential, its operations and its error
//! envelope.

use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use crate::state::{HeldSeat, ReclaimError, State};
use crate::vendor::{Answer, Call, Fault, Handler, Refusal, Vendor};

/// The bearer token that the Store's side of the sandbox accepts.
pub const STORE_TOKEN: &str = "sandbox-store-token";

const MEDIA_TYPE: &str = "application/json";
const SOURCE: &str = "StoreForBusiness";

#[derive(Debug)]
pub(crate) struct Store;

impl Vendor for Store {
    fn credential(&self, scheme: &str) -> Option<&'static str> {
        (scheme == "entraToken").then_some(STORE_TOKEN)
    }

    fn handler(&self, operation_id: &str) -> Option<Handler> {
        match operation_id {
            "reclaim_seat_from_user" => Some(reclaim_seat_from_user),
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
            Refusal::Parameters(faults) | Refusal::UnfitBody(faults) => invalid(faults),
            Refusal::UnreadableBody(why) => {
                error(StatusCode::BAD_REQUEST, "BadRequest", json!([]), why)
            }
            Refusal::BodyTooLarge => error(
                StatusCode::PAYLOAD_TOO_LARGE,
                "PayloadTooLarge",
                json!([]),
                "The body is larger than 1 MiB",
            ),
        }
    }

    fn request_id(&self, number: usize) -> (&'static str, String) {
        ("ms-cv", format!("sandbox.{number}"))
    }
}

fn reclaim_seat_from_user(state: &mut State, call: &Call) -> Answer {
    let [product, sku, username] = ["productId", "skuId", "username"].map(|name| call.text(name));
    match state.reclaim(product, sku, username) {
        Ok(seat) => Answer::json(
            StatusCode::OK,
            MEDIA_TYPE,
            seat_details(product, sku, &seat, "Revoked"),
        ),
        Err(ReclaimError::NotInInventory) => not_found(
            "Inventory",
            &[product, sku],
            "The product is not in the inventory",
        ),
        Err(ReclaimError::NotOnline) => error(
            StatusCode::CONFLICT,
            "Conflict",
            json!({"reason": "Not online"}),
            "The product is not licensed online",
        ),
        Err(ReclaimError::UnknownUser) => not_found("User", &[username], "The user does not exist"),
        Err(ReclaimError::NoSeat) => {
            not_found("Seat", &[product, sku, username], "The seat does not exist")
        }
    }
}

fn seat_details(product: &str, sku: &str, seat: &HeldSeat, state: &str) -> Value {
    json!({
        "assignedTo": seat.username,
        "dateAssigned": seat.assigned,
        "state": state,
        "productKey": {"productId": product, "skuId": sku},
    })
}

fn not_found(item_type: &str, values: &[&str], message: &str) -> Answer {
    error(
        StatusCode::NOT_FOUND,
        "DataNotFound",
        json!([{"itemType": item_type, "values": values}]),
        message,
    )
}

fn invalid(faults: &[Fault]) -> Answer {
    let data: Vec<Value> = faults
        .iter()
        .map(|fault| {
            json!({
                "parameterName": fault.field,
                "reason": "Invalid parameter",
                "details": fault.to_string(),
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
