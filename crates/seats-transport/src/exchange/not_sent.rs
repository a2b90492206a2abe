//! Why a request was not sent.

use std::time::Duration;

use crate::route::RouteMismatch;
use crate::token::TokenError;

/// Why a request was not sent. Nothing changed at the vendor.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotSent {
    /// The call ended before it reached the transport.
    #[error("the request was not sent: the call did not begin")]
    NotBegun,
    /// The request does not go to the route of its operation.
    #[error("the request was not sent: {0}")]
    Route(#[from] RouteMismatch),
    /// The client is for dry runs.
    #[error("the request was not sent: this is a dry run")]
    DryRun,
    /// There is no token to sign the request with.
    #[error("the request was not sent: {0}")]
    Token(#[from] TokenError),
    /// No token arrived before the deadline.
    #[error("the deadline has passed: no token came before it")]
    NoTokenInTime,
    /// The vendor's rate limit leaves the call no turn before its deadline.
    #[error("no attempt was made: the vendor's rate limit leaves it no turn before the deadline")]
    NoTurn {
        /// How long until the rate limit's next window opens.
        opens_in: Duration,
    },
    /// The deadline passed before an attempt could begin.
    #[error("no attempt was made: the deadline has passed")]
    Deadline,
    /// The client was stopped.
    #[error("the request was not sent: the client was stopped")]
    Stopped,
    /// The HTTP client could not build the request.
    #[error("the request cannot be made: {0}")]
    Unbuildable(String),
    /// No connection could be made: connection refused, unknown host, or TLS failure.
    #[error("could not connect: {cause}")]
    NotConnected {
        /// What the HTTP client reported.
        cause: String,
        /// Whether connecting took too long.
        is_timeout: bool,
    },
}
