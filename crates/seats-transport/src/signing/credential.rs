//! A secret and the header that carries it.

use http::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use crate::operation::SecurityScheme;

/// A credential: its security scheme and its secret. Without a secret it serves for a dry run only.
///
/// `Debug` never shows the secret.
#[derive(Clone, Debug)]
pub struct Credential {
    scheme: SecurityScheme,
    header: HeaderName,
    /// Marked as sensitive, so that nothing prints it.
    value: Option<HeaderValue>,
}

impl Credential {
    /// Creates a credential for `scheme`.
    ///
    /// # Errors
    /// The secret is empty, or cannot stand in a header: it has white space, a control character or
    /// something beyond ASCII in it. The error does not show it.
    pub fn new(
        scheme: SecurityScheme,
        secret: Option<SecretString>,
    ) -> Result<Self, InvalidCredential> {
        let refuse = |reason| {
            Err(InvalidCredential {
                header: scheme.header,
                reason,
            })
        };
        let Ok(header) = HeaderName::from_bytes(scheme.header.as_bytes()) else {
            return refuse("its header has no valid name");
        };
        let mut value = None;
        if let Some(secret) = &secret {
            let secret = secret.expose_secret();
            if secret.is_empty() {
                return refuse("must not be empty");
            }
            if !secret.chars().all(|c| c.is_ascii_graphic()) {
                return refuse(
                    "must be visible ASCII without spaces; is there a line break at its end?",
                );
            }
            let text = format!("{}{secret}", scheme.prefix);
            let Ok(mut header_value) = HeaderValue::try_from(text) else {
                return refuse("must be visible ASCII without spaces");
            };
            header_value.set_sensitive(true);
            value = Some(header_value);
        }
        Ok(Self {
            scheme,
            header,
            value,
        })
    }

    pub(crate) fn scheme(&self) -> &SecurityScheme {
        &self.scheme
    }

    pub(crate) fn header(&self) -> &HeaderName {
        &self.header
    }

    /// Returns the header's value, marked as sensitive; none without a secret.
    pub(crate) fn value(&self) -> Option<&HeaderValue> {
        self.value.as_ref()
    }
}

/// Error from [`Credential::new`]. It does not hold the secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the credential for {header} {reason}")]
pub struct InvalidCredential {
    header: &'static str,
    reason: &'static str,
}

impl InvalidCredential {
    /// Returns the rule that the secret breaks.
    pub fn reason(&self) -> &'static str {
        self.reason
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEME: SecurityScheme = SecurityScheme {
        id: "apiKey",
        header: "DD-API-KEY",
        prefix: "",
        variable: "DD_API_KEY",
    };

    fn credential(secret: &str) -> Result<Credential, InvalidCredential> {
        Credential::new(SCHEME, Some(secret.into()))
    }

    #[test]
    fn refuses_what_cannot_stand_in_a_header() {
        for secret in [
            "planted-key\n",
            "planted\r\nkey",
            "planted key",
            "planted-kéy",
            "planted\0key",
        ] {
            let error = credential(secret).unwrap_err();
            assert_eq!(
                error.to_string(),
                "the credential for DD-API-KEY must be visible ASCII without spaces; is there a line break at its end?"
            );
            assert!(!format!("{error:?}").contains("planted"));
        }
        assert_eq!(
            credential("").unwrap_err().to_string(),
            "the credential for DD-API-KEY must not be empty"
        );
    }

    #[test]
    fn debug_does_not_show_the_secret() {
        let credential = credential("planted-key").unwrap();
        assert!(!format!("{credential:?} {:?}", credential.value()).contains("planted"));
    }
}
