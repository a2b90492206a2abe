//! Why there is no token.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use http::StatusCode;

use crate::messages;

/// Why no token could be had: what the authority said, or that it was not reached.
///
/// `Display` is one line, and nothing of it holds the client secret or a token, even where the
/// authority sends them back. Cheap to clone.
///
/// ```no_run
/// # async fn example(tokens: seats_transport::TokenSource) {
/// if let Err(error) = tokens.token().await {
///     match error.aadsts_code() {
///         Some("AADSTS7000222") => eprintln!("the client secret has expired"),
///         _ if error.is_refused() => eprintln!("check tenant, client id and secret: {error}"),
///         _ => eprintln!("{error}"),
///     }
/// }
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TokenError(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    authority: String,
    kind: Kind,
}

/// What came in place of a token. The texts are free of secrets already.
#[derive(Debug)]
pub(super) enum Kind {
    /// An OAuth error (RFC 6749, section 5.2).
    OAuth {
        status: StatusCode,
        error: String,
        description: Option<String>,
    },
    Redirected {
        status: StatusCode,
        location: Option<String>,
    },
    /// An answer that is neither a token nor an OAuth error.
    Unexpected { status: StatusCode, said: String },
    /// No answer came, or not the whole of it.
    NotReached {
        reason: String,
        source: reqwest::Error,
    },
}

impl TokenError {
    pub(super) fn new(authority: &str, kind: Kind) -> Self {
        Self(Arc::new(Inner {
            authority: authority.to_owned(),
            kind,
        }))
    }

    /// Whether the authority refused the client with an OAuth error: tenant, client id, secret or
    /// resource are wrong, and asking again does not help.
    pub fn is_refused(&self) -> bool {
        match &self.0.kind {
            Kind::OAuth { status, error, .. } => {
                let is_for_now = matches!(&**error, "temporarily_unavailable" | "server_error");
                status.is_client_error() && *status != StatusCode::TOO_MANY_REQUESTS && !is_for_now
            }
            _ => false,
        }
    }

    /// Whether no answer came, or not the whole of it.
    pub fn is_not_reached(&self) -> bool {
        matches!(self.0.kind, Kind::NotReached { .. })
    }

    /// The OAuth error code, such as `invalid_client`, where the authority sent one.
    pub fn error(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::OAuth { error, .. } => Some(error),
            _ => None,
        }
    }

    /// What the authority says of its OAuth error, in full, with its ids to find it again.
    pub fn description(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::OAuth { description, .. } => description.as_deref(),
            _ => None,
        }
    }

    /// Microsoft's code for it, such as `AADSTS7000215`, where it stands in the description.
    pub fn aadsts_code(&self) -> Option<&str> {
        const PREFIX: &str = "AADSTS";
        let description = self.description()?;
        description.match_indices(PREFIX).find_map(|(start, _)| {
            let code = description.get(start..)?;
            let digits = code
                .bytes()
                .skip(PREFIX.len())
                .take_while(u8::is_ascii_digit)
                .count();
            code.get(..PREFIX.len() + digits).filter(|_| digits > 0)
        })
    }

    /// The status of the answer, where one came.
    pub fn status(&self) -> Option<StatusCode> {
        match &self.0.kind {
            Kind::OAuth { status, .. }
            | Kind::Redirected { status, .. }
            | Kind::Unexpected { status, .. } => Some(*status),
            Kind::NotReached { .. } => None,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OAuth {
                status,
                error,
                description,
            } => {
                write!(f, "{} {}", status.as_u16(), messages::one_line(error))?;
                let description = description.as_deref().map(without_trace);
                match description.as_deref() {
                    None | Some("") => Ok(()),
                    Some(description) => write!(f, ": {description}"),
                }
            }
            Self::Redirected { status, location } => {
                write!(f, "{}", status.as_u16())?;
                match location.as_deref() {
                    None | Some("") => f.write_str(", a redirection to nowhere"),
                    Some(location) => write!(
                        f,
                        ", pointing to {}; nothing was sent there",
                        messages::one_line(location)
                    ),
                }
            }
            Self::Unexpected { status, said } if said.is_empty() => {
                write!(f, "{} and no word", status.as_u16())
            }
            Self::Unexpected { status, said } => write!(f, "{}: {said}", status.as_u16()),
            Self::NotReached { reason, .. } => write!(f, "it was not reached: {reason}"),
        }
    }
}

// By hand, because the error is shared and its cause is to be found as what it is.
impl Error for TokenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0.kind {
            Kind::NotReached { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no token from {}: {}", self.0.authority, self.0.kind)
    }
}

/// Entra ends each description with the ids and the time of the request, which help its support.
fn without_trace(description: &str) -> String {
    let end = description.find("Trace ID:").unwrap_or(description.len());
    messages::one_line(description.get(..end).unwrap_or_default())
}
