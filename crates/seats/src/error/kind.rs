//! What an error is about.

use std::fmt;

use seats_transport::{Effect, End, Exchange, NotSent};
use serde::{Deserialize, Serialize};

/// What an [`Error`](crate::Error) is about.
///
/// `Display` and serde use the same words, such as `missing_credentials`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument or a setting is not acceptable. Nothing was sent.
    InvalidInput,
    /// There are no credentials to sign with. Nothing was sent.
    MissingCredentials,
    /// The HTTP client could not be built. Nothing was sent.
    HttpClient,
    /// The request would not go to the route of its operation. Nothing was sent.
    Route,
    /// The client is for dry runs: [`Error::request`](crate::Error::request) is what would be sent.
    DryRun,
    /// There was no token to sign with: the authority refused the credentials, or was not reached.
    /// Nothing was sent; the error's source is a [`TokenError`](crate::TokenError).
    Token,
    /// No connection could be made: connection refused, unknown host, or TLS failure. Nothing was sent.
    NotConnected,
    /// The deadline left no time for an attempt, for example because of the vendor's rate limit. Nothing
    /// was sent.
    Deadline,
    /// The client was stopped. Nothing was sent.
    Stopped,
    /// The request may have been sent, and no response came.
    Lost,
    /// The vendor responded with a status that is not a success.
    Status,
    /// The vendor's response to an operation that reads cannot be read.
    UnreadableResponse,
}

impl ErrorKind {
    /// Returns the word for it, such as `missing_credentials`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidInput => "invalid_input",
            Self::MissingCredentials => "missing_credentials",
            Self::HttpClient => "http_client",
            Self::Route => "route",
            Self::DryRun => "dry_run",
            Self::Token => "token",
            Self::NotConnected => "not_connected",
            Self::Deadline => "deadline",
            Self::Stopped => "stopped",
            Self::Lost => "lost",
            Self::Status => "status",
            Self::UnreadableResponse => "unreadable_response",
        }
    }

    /// The kind of error of a call that ended like this.
    pub(super) fn of_call(exchange: &Exchange) -> Self {
        match exchange.end() {
            End::NotSent(reason) => match reason {
                NotSent::NotBegun | NotSent::Unbuildable(_) => Self::InvalidInput,
                NotSent::Route(_) => Self::Route,
                NotSent::DryRun => Self::DryRun,
                NotSent::Token(_) => Self::Token,
                NotSent::NoTokenInTime | NotSent::NoTurn { .. } | NotSent::Deadline => {
                    Self::Deadline
                }
                NotSent::Stopped => Self::Stopped,
                NotSent::NotConnected { .. } => Self::NotConnected,
                _ => Self::NotConnected,
            },
            End::Responded(response) if response.status.is_success() => Self::UnreadableResponse,
            End::Responded(_) => Self::Status,
            _ => Self::Lost,
        }
    }

    /// The effect of an error of this kind, if nothing more is known.
    pub(super) fn effect(self) -> Effect {
        match self {
            Self::Lost => Effect::Unknown,
            Self::Status | Self::UnreadableResponse => Effect::Refused,
            _ => Effect::NotSent,
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serde_and_display_use_the_same_words() {
        for kind in [
            ErrorKind::InvalidInput,
            ErrorKind::MissingCredentials,
            ErrorKind::HttpClient,
            ErrorKind::Route,
            ErrorKind::DryRun,
            ErrorKind::Token,
            ErrorKind::NotConnected,
            ErrorKind::Deadline,
            ErrorKind::Stopped,
            ErrorKind::Lost,
            ErrorKind::Status,
            ErrorKind::UnreadableResponse,
        ] {
            let json = serde_json::to_string(&kind).unwrap();
            assert_eq!(json, format!("\"{kind}\""));
            assert_eq!(serde_json::from_str::<ErrorKind>(&json).unwrap(), kind);
        }
    }
}
