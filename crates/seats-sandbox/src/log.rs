//! The log: what arrived, what was answered, and no secret in it.

use http::{HeaderMap, HeaderName, header};

use crate::entra;
use crate::respond::Request;

/// What stands in place of a secret.
const HIDDEN: &str = "***";

/// A shorter secret is none, and would stand in half of all words.
const SHORTEST_SECRET: usize = 4;

/// A request that arrived, and what became of it.
///
/// No credential stands in it: neither the sandbox's own nor a wrong one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Arrival {
    /// The `operationId`, or `token` for a request to Entra ID; `None` where the request was for
    /// no operation.
    pub operation: Option<String>,
    /// Which call of this operation it was, counted from 1; 0 without an operation.
    pub call: u64,
    /// The tenant whose credentials came with it.
    pub tenant: Option<String>,
    /// The method, such as `DELETE`.
    pub method: String,
    /// Path and query as they were sent.
    pub target: String,
    /// The headers, in lower case, in the order of their names.
    pub headers: Vec<(String, String)>,
    /// The body, as far as it was read.
    pub body: String,
    /// What the caller got.
    pub outcome: Outcome,
    /// Whether it changed who holds a seat.
    pub changed: bool,
}

impl Arrival {
    /// The status of the answer, where there was one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self.outcome {
            Outcome::Answered(status) | Outcome::Cut(status) => Some(status),
            Outcome::Lost | Outcome::Closed => None,
        }
    }
}

/// What a caller gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// An answer with this status.
    Answered(u16),
    /// The beginning of an answer with this status.
    Cut(u16),
    /// Nothing: the request was acted out, and the connection closed.
    Lost,
    /// Nothing: the connection was closed, and the request not acted out.
    Closed,
}

/// Takes secrets out of what is logged.
pub(crate) struct Redaction<'s> {
    /// Headers that hold a credential, whatever stands in them.
    headers: &'s [HeaderName],
    /// The longest first, so that one in another leaves nothing over.
    secrets: Vec<&'s str>,
}

impl<'s> Redaction<'s> {
    pub(crate) fn new(headers: &'s [HeaderName], secrets: impl Iterator<Item = &'s str>) -> Self {
        let mut secrets: Vec<&str> = secrets
            .filter(|secret| secret.len() >= SHORTEST_SECRET)
            .collect();
        secrets.sort_unstable_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self { headers, secrets }
    }

    pub(crate) fn text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.secrets {
            text = text.replace(secret, HIDDEN);
        }
        text
    }

    pub(crate) fn headers(&self, headers: &HeaderMap) -> Vec<(String, String)> {
        let mut shown: Vec<_> = headers
            .iter()
            .map(|(name, value)| {
                let is_secret = self.headers.contains(name)
                    || [
                        header::AUTHORIZATION,
                        header::PROXY_AUTHORIZATION,
                        header::COOKIE,
                    ]
                    .contains(name);
                let value = if is_secret {
                    HIDDEN.to_owned()
                } else {
                    self.text(&String::from_utf8_lossy(value.as_bytes()))
                };
                (name.as_str().to_owned(), value)
            })
            .collect();
        shown.sort();
        shown
    }

    pub(crate) fn body(&self, operation: Option<&str>, request: &Request) -> String {
        let Ok(body) = &request.body else {
            return String::new();
        };
        let body = String::from_utf8_lossy(body);
        if operation == Some(entra::OPERATION) {
            // A wrong secret is one, too, and may be right elsewhere.
            let fields = body.split('&').map(|field| match field.split_once('=') {
                Some((name, _)) if is_secret(name) => format!("{name}={HIDDEN}"),
                _ => field.to_owned(),
            });
            return self.text(&fields.collect::<Vec<_>>().join("&"));
        }
        self.text(&body)
    }
}

/// The fields of a token request that anybody may read; what has another name may be a secret.
fn is_secret(field: &str) -> bool {
    !["grant_type", "client_id", "resource", "scope"].contains(&field)
}
