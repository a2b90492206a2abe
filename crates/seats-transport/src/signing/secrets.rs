//! The credentials that one request carried, kept out of everything that its response says.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};

use super::echo;
use super::redact::redact;

/// Shown in place of a text that repeats a credential.
const WITHHELD: &str = "[message withheld: it repeats a credential]";

/// The credentials that one request carried. A vendor, or a proxy in front of it, may repeat them.
///
/// `Debug` does not show them: each is marked as sensitive.
#[derive(Clone, Debug, Default)]
pub(crate) struct Secrets(Vec<HeaderValue>);

impl Secrets {
    /// Returns the secrets of a signed request: its headers that are marked as sensitive.
    pub(crate) fn of_request(request: &reqwest::Request) -> Self {
        let secrets = request.headers().values().filter(|it| it.is_sensitive());
        Self(secrets.cloned().collect())
    }

    /// Returns the one secret of a request that carries it in its body.
    pub(crate) fn of(secret: &str) -> Self {
        // It may have letters beyond ASCII, which `from_str` would refuse.
        let value = HeaderValue::from_bytes(secret.as_bytes());
        let sensitive = value.into_iter().map(|mut value| {
            value.set_sensitive(true);
            value
        });
        Self(sensitive.collect())
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
        if self.is_repeated_by(&text) {
            WITHHELD.to_owned()
        } else {
            text.into_owned()
        }
    }

    /// Returns messages as they may be shown beside one another: a secret may be spread over them.
    pub(crate) fn all_shown(&self, messages: &[String]) -> Vec<String> {
        let shown: Vec<String> = messages.iter().map(|text| self.shown(text)).collect();
        if shown.len() > 1 && self.is_repeated_by(&shown.join(" ")) {
            return vec![WITHHELD.to_owned()];
        }
        shown
    }

    fn is_repeated_by(&self, text: &str) -> bool {
        self.iter().any(|secret| echo::repeats(text, secret))
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
        assert!(!format!("{secrets:?}").contains("0123"));
    }

    #[test]
    fn the_secrets_of_a_request_are_its_sensitive_headers() {
        let mut key = HeaderValue::from_static("0123456789abcdef");
        key.set_sensitive(true);
        let mut token = HeaderValue::from_static("Bearer planted-token");
        token.set_sensitive(true);
        let url = "http://127.0.0.1:1".parse().unwrap();
        let mut request = reqwest::Request::new(http::Method::GET, url);
        for (name, value) in [
            ("dd-api-key", key),
            ("authorization", token),
            ("accept", HeaderValue::from_static("application/json")),
        ] {
            request.headers_mut().insert(name, value);
        }
        let secrets = Secrets::of_request(&request);
        let text = "0123456789abcdef planted-token Bearer application/json";
        assert_eq!(secrets.shown(text), "*** *** Bearer application/json");
        let headers = HeaderMap::from_iter([(
            http::header::SERVER,
            HeaderValue::from_static("x planted-token"),
        )]);
        assert_eq!(secrets.redact_headers(&headers)["server"], "x ***");
    }

    #[test]
    fn messages_that_spell_a_secret_together_are_withheld() {
        let secrets = Secrets::of("0123456789abcdefSECRET");
        let shown = |messages: &[&str]| {
            secrets.all_shown(
                &messages
                    .iter()
                    .map(|it| (*it).to_owned())
                    .collect::<Vec<_>>(),
            )
        };
        assert_eq!(shown(&["12345", "6789a", "bcdefS"]), [WITHHELD]);
        assert_eq!(shown(&["no key", "no seat"]), ["no key", "no seat"]);
        assert_eq!(shown(&["0123456789ABC", "no"]), [WITHHELD, "no"]);
    }

    #[test]
    fn a_secret_beyond_ascii_is_replaced_too() {
        let secrets = Secrets::of("schlüssel-0123456789");
        assert_eq!(secrets.shown("no schlüssel-0123456789"), "no ***");
        assert_eq!(secrets.shown("no SSEL-0123456789"), WITHHELD);
    }

    /// The payload of a token is no secret: what it says of the tenant may be said.
    #[test]
    fn what_a_token_says_may_be_shown() {
        use base64::Engine as _;
        let tenant = "8f2b1c64-7d3e-4a59-b0c8-16e5f9a2d473";
        let part = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
        let token = format!(
            "{}.{}.c2lnbmF0dXJlLW9mLXRoaXMtdG9rZW4",
            part(r#"{"typ":"JWT","alg":"RS256"}"#),
            part(&format!(
                r#"{{"tid":"{tenant}","aud":"https://onestore.microsoft.com"}}"#
            ))
        );
        let secrets = Secrets::of(&token);
        for text in [
            &*format!("tenant {tenant} has no access to https://onestore.microsoft.com"),
            "a JWT with RS256 is expected",
        ] {
            assert_eq!(secrets.shown(text), text);
        }
        assert_eq!(secrets.shown(&token[10..60]), WITHHELD);
    }
}
