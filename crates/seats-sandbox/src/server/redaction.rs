//! Removes credentials from what is logged.

use std::borrow::Cow;

use http::{HeaderMap, HeaderName, header};

use crate::message::request::Request;
use crate::state::tokens;
use crate::vendor::entra::TOKEN;

/// What stands in place of a secret.
const REDACTED: &str = "***";

/// A shorter text is not treated as a secret: it would occur in ordinary words.
const SHORTEST_SECRET: usize = 4;

/// The fields of a token request that are not secret; any other field may be.
const PUBLIC_FIELDS: [&str; 4] = ["grant_type", "client_id", "resource", "scope"];

/// Redacts headers that hold credentials, and known secrets anywhere else.
#[derive(Debug)]
pub(super) struct Redaction {
    headers: Vec<HeaderName>,
    /// The longest first, so that a secret that contains another is redacted whole.
    secrets: Vec<String>,
}

impl Redaction {
    pub(super) fn new<'s>(
        mut headers: Vec<HeaderName>,
        secrets: impl Iterator<Item = &'s str>,
    ) -> Self {
        headers.extend([
            header::AUTHORIZATION,
            header::PROXY_AUTHORIZATION,
            header::COOKIE,
        ]);
        let mut secrets: Vec<String> = secrets
            .filter(|secret| secret.len() >= SHORTEST_SECRET)
            .map(str::to_owned)
            .collect();
        secrets.sort_unstable_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self { headers, secrets }
    }

    pub(super) fn text(&self, text: &str) -> String {
        let mut text = Cow::Borrowed(text);
        for secret in &self.secrets {
            if text.contains(secret) {
                text = Cow::Owned(text.replace(secret, REDACTED));
            }
        }
        without_issued_tokens(&text)
    }

    pub(super) fn headers(&self, headers: &HeaderMap) -> Vec<(String, String)> {
        let mut shown: Vec<_> = headers
            .iter()
            .map(|(name, value)| {
                let value = if self.headers.contains(name) {
                    REDACTED.to_owned()
                } else {
                    self.text(&String::from_utf8_lossy(value.as_bytes()))
                };
                (name.as_str().to_owned(), value)
            })
            .collect();
        shown.sort();
        shown
    }

    pub(super) fn body(&self, operation: Option<&str>, request: &Request) -> String {
        let Ok(body) = &request.body else {
            return String::new();
        };
        let body = String::from_utf8_lossy(body);
        if operation == Some(TOKEN) {
            // A wrong secret may be right elsewhere.
            let fields = body.split('&').map(|field| match field.split_once('=') {
                Some((name, _)) if !PUBLIC_FIELDS.contains(&name) => format!("{name}={REDACTED}"),
                _ => field.to_owned(),
            });
            return self.text(&fields.collect::<Vec<_>>().join("&"));
        }
        self.text(&body)
    }
}

/// Redacts the tokens that the authority issued, which are too many to look for one by one.
fn without_issued_tokens(text: &str) -> String {
    let mut parts = text.split(tokens::PREFIX);
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        shown.push_str(REDACTED);
        shown.push_str(part.trim_start_matches(|character: char| character.is_ascii_digit()));
    }
    shown
}
