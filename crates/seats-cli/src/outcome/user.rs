//! The outcome of one user of many.

use std::fmt::Display;

use seats::{ErrorKind, Fate, Outcome};
use serde::Serialize;

use super::ending::Ending;
use super::endpoint::Endpoint;
use super::report::{Report, describe};

/// Said about a change whose response was lost, if a retry found the seat gone.
pub const LOST: &str = "the response to an earlier attempt was lost, and the seat is gone";

/// The outcome of one user of many; a line of JSON as it serializes.
#[derive(Debug, Serialize)]
pub struct UserOutcome {
    pub user: String,
    #[serde(rename = "fate")]
    pub ending: Ending,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The request that a dry run would have sent for the user.
    #[serde(skip)]
    pub dry_run: Option<Report>,
}

impl UserOutcome {
    /// Returns what the library says about a user of many.
    pub fn new<U: Display>(endpoint: Endpoint, outcome: &Outcome<U>) -> Self {
        let reason = match outcome.error() {
            Some(error) if error.kind() == ErrorKind::Stopped => Some(describe(error)),
            _ => outcome.fate.reason().map(ToString::to_string),
        };
        Self {
            user: outcome.user.to_string(),
            ending: Ending::of_outcome(outcome),
            status: outcome.status(),
            reason: reason.or_else(|| remark(outcome).map(str::to_owned)),
            request_id: outcome.request_id().map(str::to_owned),
            dry_run: outcome
                .error()
                .and_then(|error| Report::dry_run(endpoint, error)),
        }
    }
}

/// Returns what is unusual about the response for a user whose change is done.
fn remark<U>(outcome: &Outcome<U>) -> Option<&'static str> {
    let is_done = matches!(outcome.fate, Fate::Done);
    // The 404 of a retry says that the seat is gone, and nothing else.
    (is_done && outcome.status().is_some_and(|status| status >= 300)).then_some(LOST)
}
