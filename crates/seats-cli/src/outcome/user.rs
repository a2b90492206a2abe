//! The outcome of one user of many.

use seats::{Done, Error, Outcome};
use serde::Serialize;

use super::ending::Ending;
use super::endpoint::Endpoint;
use super::report::Report;

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
    /// Whether the vendor refuses the caller, and would for every other user.
    #[serde(skip)]
    pub denies_the_caller: bool,
    /// The request that a dry run would have sent for the user.
    #[serde(skip)]
    pub dry_run: Option<Report>,
}

impl UserOutcome {
    /// Returns what the library says about a user of many.
    pub fn of_outcome<U>(
        endpoint: Endpoint,
        outcome: &Outcome<U>,
        name: impl Fn(&U) -> String,
    ) -> Self {
        let reason = outcome.fate.reason();
        let error = reason.and_then(|reason| reason.error());
        Self {
            user: name(&outcome.user),
            ending: Ending::of_outcome(outcome),
            status: outcome.status(),
            reason: reason.map(ToString::to_string),
            request_id: outcome.request_id().map(str::to_owned),
            denies_the_caller: error.is_some_and(Error::is_unauthorized),
            dry_run: error.and_then(|error| Report::dry_run(endpoint, error)),
        }
    }

    /// Returns what a call for this user alone says about them.
    pub fn of_call<T>(
        endpoint: Endpoint,
        user: String,
        result: Result<Done<T>, Error>,
        remark: impl Fn(&Done<T>) -> Option<&'static str>,
    ) -> Self {
        match result {
            Ok(done) => Self {
                user,
                ending: Ending::Done,
                status: done.status(),
                reason: remark(&done).map(str::to_owned),
                request_id: done.request_id().map(str::to_owned),
                denies_the_caller: false,
                dry_run: None,
            },
            Err(error) => Self {
                user,
                ending: Ending::of_error(&error),
                status: error.status(),
                reason: Some(error.to_string()),
                request_id: error.request_id().map(str::to_owned),
                denies_the_caller: error.is_unauthorized(),
                dry_run: Report::dry_run(endpoint, &error),
            },
        }
    }

    /// Returns the outcome of a user about whom no response says anything.
    pub fn without_response(user: &str, ending: Ending, reason: &str) -> Self {
        Self {
            user: user.to_owned(),
            ending,
            status: None,
            reason: Some(reason.to_owned()),
            request_id: None,
            denies_the_caller: false,
            dry_run: None,
        }
    }
}
