//! The authority's errors: OAuth 2.0, with Microsoft's numbers.

use http::{HeaderValue, Method, StatusCode, header};
use serde_json::{Value, json};

use crate::message::response::Response;
use crate::vendor::interface::Rejection;

/// An OAuth 2.0 error with the number that Microsoft gives it.
pub(super) struct OAuthError {
    status: StatusCode,
    error: &'static str,
    number: u32,
    description: String,
}

impl OAuthError {
    pub(super) fn new(error: &'static str, number: u32, description: impl Into<String>) -> Self {
        let status = match error {
            "invalid_client" => StatusCode::UNAUTHORIZED,
            _ => StatusCode::BAD_REQUEST,
        };
        Self {
            status,
            error,
            number,
            description: description.into(),
        }
    }

    /// Returns the error for a parameter that is missing from the body.
    pub(super) fn missing(parameter: &str) -> Self {
        let rule = "The request body must contain the following parameter";
        Self::new(
            "invalid_request",
            900_144,
            format!("{rule}: '{parameter}'."),
        )
    }

    pub(super) fn unknown_tenant(error: &'static str, tenant_id: &str) -> Self {
        Self::new(error, 90_002, format!("Tenant '{tenant_id}' not found."))
    }

    fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    pub(super) fn response(&self) -> Response {
        let Self {
            number,
            description,
            ..
        } = self;
        let body = json!({
            "error": self.error,
            "error_description": format!("AADSTS{number}: {description}"),
            "error_codes": [number],
            "error_uri": format!("https://login.microsoftonline.com/error?code={number}"),
        });
        json_response(self.status, body)
    }
}

/// Returns a response in the authority's form.
pub(super) fn json_response(status: StatusCode, body: Value) -> Response {
    let mut response = Response::json(status, "application/json; charset=utf-8", body);
    let never = HeaderValue::from_static("no-store, no-cache");
    response.headers.insert(header::CACHE_CONTROL, never);
    response
}

pub(super) fn method_not_allowed(allowed: &Method, method: &Method) -> Response {
    let description =
        format!("The endpoint only accepts {allowed} requests. Received a {method} request.");
    let error = OAuthError::new("invalid_request", 900_561, description);
    let mut response = error.with_status(StatusCode::METHOD_NOT_ALLOWED).response();
    if let Ok(allowed) = HeaderValue::from_str(allowed.as_str()) {
        response.headers.insert(header::ALLOW, allowed);
    }
    response
}

/// Returns the response to a request that reaches no endpoint, or that a fault answers.
pub(super) fn of_rejection(rejection: &Rejection) -> Response {
    let transient = "A transient error has occurred. Please try again.";
    let (status, error, number, description) = match rejection {
        Rejection::TooManyRequests => (
            StatusCode::TOO_MANY_REQUESTS,
            "temporarily_unavailable",
            90_033,
            transient,
        ),
        Rejection::InternalError => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "server_error",
            90_033,
            transient,
        ),
        Rejection::NoSuchPath => (
            StatusCode::NOT_FOUND,
            "invalid_request",
            90_023,
            "The authentication service has no endpoint at this path.",
        ),
        _ => (
            StatusCode::BAD_REQUEST,
            "invalid_request",
            90_023,
            "The authentication service request isn't valid.",
        ),
    };
    OAuthError::new(error, number, description)
        .with_status(status)
        .response()
}
