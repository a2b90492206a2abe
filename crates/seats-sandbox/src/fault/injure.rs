//! What a fault makes of an answer.

use std::time::Duration;

use http::{HeaderValue, StatusCode, header};

use super::{Fault, Kind};
use crate::connection::Cut;
use crate::entra;
use crate::log::Outcome;
use crate::vendor::{Answer, Refusal, Vendor};

/// The page that an edge server sends when nobody is behind it.
const BAD_GATEWAY: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";

/// An answer, and what becomes of it on the way.
#[derive(Debug)]
pub(crate) struct Injury {
    pub(crate) answer: Answer,
    pub(crate) outcome: Outcome,
    pub(crate) cut: Option<Cut>,
    pub(crate) delay: Option<Duration>,
}

/// Lets the fault have its way. `vendor` is `None` for Entra ID.
pub(crate) fn injure(
    fault: Option<&Fault>,
    answer: Option<Answer>,
    vendor: Option<&dyn Vendor>,
) -> Injury {
    let delay = fault.and_then(|fault| fault.delay);
    let mut cut = None;
    let answer = match fault {
        None => answer,
        Some(fault) => replacement(fault, vendor).or_else(|| {
            if let Kind::Cut { bytes, of_body } = fault.kind {
                cut = Some(Cut::after(bytes, of_body));
            }
            answer.map(|answer| relabelled(fault, answer))
        }),
    };
    let answer = answer.unwrap_or_else(|| Answer::empty(StatusCode::INTERNAL_SERVER_ERROR));
    let status = answer.status.as_u16();
    let outcome = match fault.map(|fault| &fault.kind) {
        Some(Kind::Lost) => Outcome::Lost,
        Some(Kind::Closed) => Outcome::Closed,
        Some(Kind::Cut { .. }) => Outcome::Cut(status),
        _ => Outcome::Answered(status),
    };
    Injury {
        answer,
        outcome,
        cut,
        delay,
    }
}

/// The answer that comes in place of the true one, if one does.
fn replacement(fault: &Fault, vendor: Option<&dyn Vendor>) -> Option<Answer> {
    let refuse = |refusal: &Refusal, error, status| match vendor {
        Some(vendor) => vendor.refuse(refusal),
        None => entra::trouble(status, error),
    };
    Some(match &fault.kind {
        Kind::TooManyRequests => {
            let status = StatusCode::TOO_MANY_REQUESTS;
            let mut answer = refuse(&Refusal::TooManyRequests, "temporarily_unavailable", status);
            let seconds = fault.retry_after.unwrap_or(1);
            match vendor {
                Some(vendor) => vendor.put_off(&mut answer, seconds),
                None => retry_after(&mut answer, seconds),
            }
            answer
        }
        Kind::ServerError => {
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            refuse(&Refusal::Broken, "server_error", status)
        }
        Kind::BadGateway => Answer::html(StatusCode::BAD_GATEWAY, BAD_GATEWAY),
        Kind::Unavailable => {
            let mut answer = Answer::empty(StatusCode::SERVICE_UNAVAILABLE);
            if let Some(seconds) = fault.retry_after {
                retry_after(&mut answer, seconds);
            }
            answer
        }
        Kind::Redirect(location) => {
            let mut answer = Answer::empty(StatusCode::SEE_OTHER);
            if let Ok(location) = HeaderValue::from_str(location) {
                answer.headers.insert(header::LOCATION, location);
            }
            answer
        }
        Kind::Delay | Kind::Cut { .. } | Kind::Lost | Kind::Closed | Kind::ContentType(_) => {
            return None;
        }
    })
}

fn relabelled(fault: &Fault, mut answer: Answer) -> Answer {
    if let Kind::ContentType(label) = &fault.kind
        && let Ok(label) = HeaderValue::from_str(label)
    {
        answer.label(label);
    }
    answer
}

fn retry_after(answer: &mut Answer, seconds: u64) {
    let seconds = HeaderValue::from(seconds);
    answer.headers.insert(header::RETRY_AFTER, seconds);
}
