//! The credentials that one request carried, kept out of everything that its response says.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};

use super::echo;
use super::redact::redact;

/// Shown in place of a text that repeats a credential.
const WITHHELD: &str = "[message withheld: it repeats a credential]";

/// The credentials that one request carried. A vendor, or a proxy in front of it, may repeat them.
pub(crate) struct Secrets(Vec<HeaderValue>);

impl Secrets {
    /// Returns the secrets of a signed request: its headers that are marked as sensitive.
    pub(crate) fn of_request(request: &reqwest::Request) -> Self {
        let secrets = request.headers().values().filter(|it| it.is_sensitive());
        Self(secrets.cloned().collect())
    }

    /// Returns the one secret of a request that carries it in its body.
    pub(crate) fn of(secret: &str) -> Self {
        Self(HeaderValue::from_str(secret).into_iter().collect())
    }

    fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(|value| {
            let value = value.as_bytes();
            value.strip_prefix(b"Bearer ").unwrap_or(value)
        })
    }

    /// Replaces each secret in bytes by `***`, in the spellings of JSON, URLs and HTML.
    ///
    /// A body is not searched for encodings beyond these: it is kept as it came. What is *shown* of it
    /// goes through [`shown`](Self::shown).
    pub(crate) fn redact(&self, bytes: Vec<u8>) -> Vec<u8> {
        self.iter().fold(bytes, redact)
    }

    /// Returns the headers with each secret replaced by `***`.
    pub(crate) fn redact_headers(&self, headers: &HeaderMap) -> HeaderMap {
        let clean = |value: &HeaderValue| {
            HeaderValue::from_maybe_shared(Bytes::from(self.redact(value.as_bytes().to_vec()))).ok()
        };
        headers
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), clean(value)?)))
            .collect()
    }

    /// Returns a text as it may be shown: with `***` for a secret that stands in it, and withheld as a
    /// whole if it still repeats one, in whatever encoding.
    pub(crate) fn shown(&self, text: &str) -> String {
        let redacted = self.redact(text.as_bytes().to_vec());
        let text = String::from_utf8_lossy(&redacted);
        if self.iter().any(|secret| echo::repeats(&text, secret)) {
            WITHHELD.to_owned()
        } else {
            text.into_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_repeats_a_secret_in_another_form_is_withheld() {
        let secrets = Secrets::of("0123456789abcdefSECRET");
        assert_eq!(
            secrets.shown("key 0123456789abcdefSECRET is wrong"),
            "key *** is wrong"
        );
        assert_eq!(secrets.shown("key 0123 4567 89AB CDEF is wrong"), WITHHELD);
        assert_eq!(secrets.shown("the key is wrong"), "the key is wrong");
    }
}
