//! Datadog's error bodies, with the texts of its recorded responses.

use http::StatusCode;
use serde_json::{Value, json};

use crate::message::response::Response;
use crate::spec::schema::{Rule, Violation};
use crate::vendor::interface::Rejection;

/// The media type of the recorded responses.
pub(super) const MEDIA_TYPE: &str = "application/vnd.api+json";

pub(super) fn of_rejection(rejection: &Rejection) -> Response {
    match rejection {
        Rejection::NoSuchPath => error(StatusCode::NOT_FOUND, "No operation has this path"),
        Rejection::MethodNotAllowed => error(
            StatusCode::METHOD_NOT_ALLOWED,
            "No operation of this path has this method",
        ),
        Rejection::CredentialMissing => short_error(StatusCode::UNAUTHORIZED, "Unauthorized"),
        Rejection::CredentialWrong | Rejection::PermissionMissing => {
            short_error(StatusCode::FORBIDDEN, "Forbidden")
        }
        Rejection::NotImplemented(operation) => error(
            StatusCode::NOT_IMPLEMENTED,
            &format!("The sandbox does not implement {operation}"),
        ),
        Rejection::InvalidParameters(violations) => error(
            StatusCode::BAD_REQUEST,
            &first_of(violations, parameter_text),
        ),
        Rejection::UnreadableBody(why) => error(StatusCode::BAD_REQUEST, why),
        Rejection::InvalidBody(violations) => error(
            StatusCode::UNPROCESSABLE_ENTITY,
            &first_of(violations, body_text),
        ),
        Rejection::BodyTooLarge => error(
            StatusCode::PAYLOAD_TOO_LARGE,
            "The body is larger than 1 MiB",
        ),
        Rejection::TooManyRequests => {
            short_error(StatusCode::TOO_MANY_REQUESTS, "Too many requests")
        }
        Rejection::InternalError => {
            short_error(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
        }
    }
}

/// Returns an error in the form recorded from these operations.
pub(super) fn error(status: StatusCode, detail: &str) -> Response {
    let error = json!({"title": "Generic Error", "detail": detail});
    Response::json(status, MEDIA_TYPE, json!({ "errors": [error] }))
}

/// Returns an error in the form seen of other operations of this API.
fn short_error(status: StatusCode, text: &str) -> Response {
    let errors: [Value; 1] = [text.into()];
    Response::json(status, MEDIA_TYPE, json!({ "errors": errors }))
}

/// Returns the text of one violation: recorded responses name one mistake of two, and the product
/// first.
fn first_of(violations: &[Violation], text: fn(&Violation) -> String) -> String {
    let product = |violation: &&Violation| violation.field == "product_code";
    let first = violations.iter().find(product).or(violations.first());
    first.map(text).unwrap_or_default()
}

/// The recorded text is "product_code query parameter is required".
fn parameter_text(violation: &Violation) -> String {
    match violation.rule {
        Rule::Required => format!("{} query parameter is required", violation.field),
        Rule::Other(_) => violation.to_string(),
    }
}

/// The recorded texts are "product_code is required" and "user_uuids is required and must not be
/// empty".
fn body_text(violation: &Violation) -> String {
    match (violation.field.as_str(), &violation.rule) {
        ("user_uuids", Rule::Required) => format!("{violation} and must not be empty"),
        _ => violation.to_string(),
    }
}
