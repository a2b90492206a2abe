//! The Store's error envelope.

use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use crate::message::response::Response;
use crate::spec::schema::Violation;
use crate::vendor::interface::Rejection;

pub(super) const MEDIA_TYPE: &str = "application/json";
const SOURCE: &str = "StoreForBusiness";

pub(super) fn of_rejection(rejection: &Rejection) -> Response {
    let error = |status, code, message: &str| error(status, code, json!([]), message);
    match rejection {
        // The message must not name a seat, a user or the inventory: a client may read from it
        // which of them is missing.
        Rejection::NoSuchPath => error(
            StatusCode::NOT_FOUND,
            "NotFound",
            "No operation has this path",
        ),
        Rejection::MethodNotAllowed => error(
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowed",
            "No operation of this path has this method",
        ),
        Rejection::CredentialMissing => unauthorized("A bearer token is required"),
        Rejection::CredentialWrong => unauthorized("The bearer token is not accepted"),
        Rejection::PermissionMissing => error(
            StatusCode::FORBIDDEN,
            "Forbidden",
            "The application is not allowed to do this",
        ),
        Rejection::NotImplemented(operation) => error(
            StatusCode::NOT_IMPLEMENTED,
            "NotImplemented",
            &format!("The sandbox does not implement {operation}"),
        ),
        Rejection::InvalidParameters(violations) | Rejection::InvalidBody(violations) => {
            invalid(violations)
        }
        Rejection::UnreadableBody(why) => error(StatusCode::BAD_REQUEST, "BadRequest", why),
        Rejection::BodyTooLarge => error(
            StatusCode::PAYLOAD_TOO_LARGE,
            "PayloadTooLarge",
            "The body is larger than 1 MiB",
        ),
        Rejection::TooManyRequests => error(
            StatusCode::TOO_MANY_REQUESTS,
            "TooManyRequests",
            "Too many requests",
        ),
        Rejection::InternalError => error(
            StatusCode::INTERNAL_SERVER_ERROR,
            "InternalServerError",
            "Something went wrong",
        ),
    }
}

pub(super) fn not_found(item_type: &str, values: &[&str], message: &str) -> Response {
    error(
        StatusCode::NOT_FOUND,
        "DataNotFound",
        json!([{"itemType": item_type, "values": values}]),
        message,
    )
}

pub(super) fn invalid(violations: &[Violation]) -> Response {
    let data: Vec<Value> = violations
        .iter()
        .map(|violation| {
            json!({
                "parameterName": violation.field,
                "reason": "Invalid parameter",
                "details": violation.to_string(),
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

pub(super) fn error(status: StatusCode, code: &str, data: Value, message: &str) -> Response {
    Response::json(
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

fn unauthorized(message: &str) -> Response {
    let mut response = Response::json(
        StatusCode::UNAUTHORIZED,
        MEDIA_TYPE,
        json!({"code": "Unauthorized", "message": message}),
    );
    // RFC 9110, section 15.5.2: a 401 names a scheme.
    response
        .headers
        .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}
