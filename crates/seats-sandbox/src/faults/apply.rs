//! Applies a fault to a response.

use http::{HeaderValue, StatusCode, header};

use super::delivery::{Delivery, Outcome};
use super::fault::{Fault, Kind};
use super::limit::Limit;
use crate::message::response::Response;
use crate::vendor::interface::{Rejection, Responder};

/// The page of an edge server that cannot reach the server behind it.
const BAD_GATEWAY: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";

/// Applies a fault. `response` is `None` if the operation was not executed.
pub(crate) fn apply(
    fault: Option<&Fault>,
    response: Option<Response>,
    responder: &dyn Responder,
) -> Delivery {
    let delay = fault.and_then(|fault| fault.delay).unwrap_or_default();
    let response = match fault {
        None => response,
        Some(fault) => replacement(fault, responder)
            .or_else(|| response.map(|response| relabelled(fault, response))),
    };
    let response = response.unwrap_or_else(|| Response::empty(StatusCode::INTERNAL_SERVER_ERROR));
    let status = response.status.as_u16();
    let (outcome, limit) = match fault.map(|fault| &fault.kind) {
        Some(Kind::Lost) => (Outcome::Lost, None),
        Some(Kind::Closed) => (Outcome::Closed, None),
        Some(Kind::Cut { bytes, of_body }) => {
            let limit = Limit::new(*bytes, *of_body);
            (Outcome::Cut(status), Some(limit))
        }
        _ => (Outcome::Answered(status), None),
    };
    Delivery {
        response,
        outcome,
        limit,
        delay,
    }
}

/// Returns the response of a fault that responds in place of the vendor.
fn replacement(fault: &Fault, responder: &dyn Responder) -> Option<Response> {
    Some(match &fault.kind {
        Kind::TooManyRequests => {
            let mut response = responder.reject(&Rejection::TooManyRequests);
            responder.set_retry_after(&mut response, fault.retry_after.unwrap_or(1));
            response
        }
        Kind::ServerError => responder.reject(&Rejection::InternalError),
        Kind::BadGateway => Response::html(StatusCode::BAD_GATEWAY, BAD_GATEWAY),
        Kind::Unavailable => {
            let mut response = Response::empty(StatusCode::SERVICE_UNAVAILABLE);
            if let Some(seconds) = fault.retry_after {
                let seconds = HeaderValue::from(seconds);
                response.headers.insert(header::RETRY_AFTER, seconds);
            }
            response
        }
        Kind::Redirect(location) => {
            let mut response = Response::empty(StatusCode::SEE_OTHER);
            if let Ok(location) = HeaderValue::from_str(location) {
                response.headers.insert(header::LOCATION, location);
            }
            response
        }
        Kind::Delay | Kind::Cut { .. } | Kind::Lost | Kind::Closed | Kind::ContentType(_) => {
            return None;
        }
    })
}

fn relabelled(fault: &Fault, mut response: Response) -> Response {
    if let Kind::ContentType(media_type) = &fault.kind
        && let Ok(media_type) = HeaderValue::from_str(media_type)
    {
        response.set_media_type(media_type);
    }
    response
}
