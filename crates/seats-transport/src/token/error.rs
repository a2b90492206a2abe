//! Why there is no token.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use http::StatusCode;

use crate::messages;

/// Error from fetching a token: what the token endpoint responded, or that it was not reached.
///
/// `Display` is one line, and nothing of it holds the client secret or a token, even if the endpoint
/// sends them back. Cheap to clone.
#[derive(Clone, Debug)]
pub struct TokenError(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// The authority, or what else gives the tokens.
    from: String,
    kind: Kind,
}

/// What came in place of a token. The texts hold no secret.
#[derive(Debug)]
pub(super) enum Kind {
    /// An OAuth error (RFC 6749, section 5.2).
    OAuth {
        status: StatusCode,
        error: String,
        description: Option<String>,
        /// The part of the description that is worth showing.
        shown: Option<String>,
    },
    Redirected {
        status: StatusCode,
        location: Option<String>,
    },
    /// A response that is neither a token nor an OAuth error.
    Unexpected { status: StatusCode, text: String },
    /// No response came, or not the whole of it.
    NotReached {
        reason: String,
        source: reqwest::Error,
    },
    /// The caller's own token provider failed.
    Provider {
        source: Box<dyn Error + Send + Sync>,
    },
    /// The provider's token cannot stand in a header.
    UnusableToken,
}

impl TokenError {
    pub(super) fn new(from: &str, kind: Kind) -> Self {
        Self(Arc::new(Inner {
            from: from.to_owned(),
            kind,
        }))
    }

    /// Returns whether the authority refused the client, so that asking again does not help: an OAuth
    /// error, or a bare 401 or 403.
    pub fn is_refused(&self) -> bool {
        match &self.0.kind {
            Kind::OAuth { status, error, .. } => {
                let is_for_now = matches!(&**error, "temporarily_unavailable" | "server_error");
                status.is_client_error() && *status != StatusCode::TOO_MANY_REQUESTS && !is_for_now
            }
            Kind::Unexpected { status, .. } => {
                matches!(*status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
            }
            _ => false,
        }
    }

    /// Returns whether no response came, or not the whole of it.
    pub fn is_not_reached(&self) -> bool {
        matches!(self.0.kind, Kind::NotReached { .. })
    }

    /// Returns the OAuth error code, such as `invalid_client`.
    pub fn error(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::OAuth { error, .. } => Some(error),
            _ => None,
        }
    }

    /// Returns the OAuth error's whole description.
    pub fn description(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::OAuth { description, .. } => description.as_deref(),
            _ => None,
        }
    }

    /// Returns the status of the response, if one came.
    pub fn status(&self) -> Option<StatusCode> {
        match &self.0.kind {
            Kind::OAuth { status, .. }
            | Kind::Redirected { status, .. }
            | Kind::Unexpected { status, .. } => Some(*status),
            Kind::NotReached { .. } | Kind::Provider { .. } | Kind::UnusableToken => None,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OAuth {
                status,
                error,
                shown,
                ..
            } => {
                write!(f, "{} {}", status.as_u16(), messages::one_line(error))?;
                let shown = shown.as_deref().map(messages::one_line);
                match shown.as_deref() {
                    None | Some("") => Ok(()),
                    Some(shown) => write!(f, ": {shown}"),
                }
            }
            Self::Redirected { status, location } => {
                write!(f, "{}", status.as_u16())?;
                match location.as_deref() {
                    None | Some("") => f.write_str(", a redirect to nowhere"),
                    Some(location) => write!(
                        f,
                        ", pointing to {}; nothing was sent there",
                        messages::one_line(location)
                    ),
                }
            }
            Self::Unexpected { status, text } if text.is_empty() => {
                write!(f, "{} and no word", status.as_u16())
            }
            Self::Unexpected { status, text } => write!(f, "{}: {text}", status.as_u16()),
            Self::NotReached { reason, .. } => write!(f, "it was not reached: {reason}"),
            Self::Provider { source } => f.write_str(&messages::one_line(&source.to_string())),
            Self::UnusableToken => f.write_str("the token cannot stand in a header"),
        }
    }
}

// By hand, because the error is shared and its cause is to be found as what it is.
impl Error for TokenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0.kind {
            Kind::NotReached { source, .. } => Some(source),
            Kind::Provider { source } => Some(&**source),
            _ => None,
        }
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no token from {}: {}", self.0.from, self.0.kind)
    }
}
