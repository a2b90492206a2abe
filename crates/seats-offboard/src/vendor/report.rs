//! What a vendor's calls report.

use std::fmt;

use seats::{Effect, Error, Fate};

/// What became of one user's seat in a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallReport {
    /// How it ended.
    pub end: CallEnd,
    /// The status of the response, if one came.
    pub status: Option<u16>,
    /// The vendor's id of the request.
    pub request_id: Option<String>,
    /// How many attempts were made.
    pub attempts: u32,
    /// Why it did not end well, on one line and without a secret.
    pub message: Option<String>,
    /// Whether the caller was not authenticated or not allowed. The next call would be refused as well.
    pub access_denied: bool,
}

/// How a call ended for one user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallEnd {
    /// The change was made.
    Done,
    /// Nothing changed, because it was so before: no user held the seat, or the user already held it.
    AlreadySo,
    /// The vendor refused; nothing changed.
    Refused,
    /// Nothing changed, and trying again may help.
    Failed,
    /// The change may have been made.
    Unknown,
}

impl CallReport {
    /// Creates a report of a call that ended like this, with nothing else known.
    pub fn new(end: CallEnd) -> Self {
        Self {
            end,
            status: None,
            request_id: None,
            attempts: 0,
            message: None,
            access_denied: false,
        }
    }

    /// Sets why it did not end well.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// Creates the report of a call for one user.
    pub(super) fn of_result<T>(result: Result<seats::Done<T>, Error>) -> Self {
        match result {
            Ok(done) => Self {
                end: if done.is_already_free() {
                    CallEnd::AlreadySo
                } else {
                    CallEnd::Done
                },
                status: done.status(),
                request_id: done.request_id().map(str::to_owned),
                attempts: done.attempts(),
                message: None,
                access_denied: false,
            },
            Err(error) => Self::of_error(&error),
        }
    }

    pub(super) fn of_error(error: &Error) -> Self {
        let access_denied = error.is_access_denied();
        let end = match error.effect() {
            Effect::Unknown => CallEnd::Unknown,
            // Once the credentials are right, the same call may succeed.
            Effect::Refused if access_denied => CallEnd::Failed,
            Effect::Refused => CallEnd::Refused,
            _ => CallEnd::Failed,
        };
        Self {
            end,
            status: error.status(),
            request_id: error.request_id().map(str::to_owned),
            attempts: error.attempts(),
            message: Some(error.to_string()),
            access_denied,
        }
    }

    /// Creates the report of one user of a call for many.
    pub(super) fn of_outcome<U>(outcome: &seats::Outcome<U>) -> Self {
        if let Some(error) = outcome.error() {
            return Self::of_error(error);
        }
        let end = match &outcome.fate {
            Fate::Done => CallEnd::Done,
            Fate::AlreadyFree => CallEnd::AlreadySo,
            Fate::Failed(_) => CallEnd::Refused,
            _ => CallEnd::Unknown,
        };
        Self {
            end,
            status: outcome.status(),
            request_id: outcome.request_id().map(str::to_owned),
            attempts: outcome.attempts(),
            message: outcome.fate.reason().map(ToString::to_string),
            access_denied: false,
        }
    }
}

/// Error from reading at a vendor.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct VendorError {
    kind: VendorErrorKind,
    message: String,
}

/// What an error from reading at a vendor means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum VendorErrorKind {
    /// The caller is not authenticated or not allowed.
    AccessDenied,
    /// It may pass: a rate limit, no connection, a timeout.
    TryLater,
    /// The vendor refused this request, or the request was not acceptable.
    Refused,
    /// The response cannot be read, or does not tell.
    Unreadable,
}

impl VendorError {
    /// Creates an error.
    pub fn new(kind: VendorErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// Returns what the error means.
    pub fn kind(&self) -> VendorErrorKind {
        self.kind
    }
}

impl fmt::Display for VendorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<Error> for VendorError {
    fn from(error: Error) -> Self {
        use seats::ErrorKind;
        let kind = match error.kind() {
            _ if error.is_access_denied() => VendorErrorKind::AccessDenied,
            ErrorKind::UnreadableResponse => VendorErrorKind::Unreadable,
            ErrorKind::Lost
            | ErrorKind::NotConnected
            | ErrorKind::Deadline
            | ErrorKind::Stopped
            | ErrorKind::Token => VendorErrorKind::TryLater,
            _ if error.effect() == Effect::TryLater => VendorErrorKind::TryLater,
            _ if error.status().is_some_and(|status| status >= 500) => VendorErrorKind::TryLater,
            _ => VendorErrorKind::Refused,
        };
        Self::new(kind, error.to_string())
    }
}
