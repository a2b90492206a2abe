//! OAuth 2.0 client credentials (RFC 6749, section 4.4).

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use crate::base_url::BaseUrl;

/// An application's credentials at a token endpoint: client id, client secret, and what the token is for.
///
/// `Debug` does not show the secret.
///
/// ```
/// use seats_transport::{BaseUrl, ClientCredentials};
///
/// let endpoint = BaseUrl::parse("https://login.example.com/oauth2/token")?;
/// let credentials = ClientCredentials::new(endpoint, "a-client-id", "a-secret".into())?
///     .parameter("resource", "https://api.example.com");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct ClientCredentials {
    endpoint: BaseUrl,
    client_id: String,
    secret: SecretString,
    parameters: Vec<(&'static str, String)>,
    shown_part: fn(&str) -> &str,
}

impl ClientCredentials {
    /// Creates the credentials of one application at one token endpoint.
    ///
    /// # Errors
    /// One of them is empty or holds a character that it cannot have; the error says which and why,
    /// and does not show it.
    pub fn new(
        endpoint: BaseUrl,
        client_id: &str,
        secret: SecretString,
    ) -> Result<Self, InvalidClientCredentials> {
        check_client_id(client_id).map_err(InvalidClientCredentials::ClientId)?;
        check_secret(secret.expose_secret()).map_err(InvalidClientCredentials::ClientSecret)?;
        Ok(Self {
            endpoint,
            client_id: client_id.to_owned(),
            secret,
            parameters: Vec::new(),
            shown_part: |description| description,
        })
    }

    /// Adds a field to the token request, such as a scope or a resource.
    #[must_use]
    pub fn parameter(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.parameters.push((name, value.into()));
        self
    }

    /// Sets which part of the authority's `error_description` is worth showing. Some append ids and times
    /// for their support.
    #[must_use]
    pub fn shown_part(mut self, part: fn(&str) -> &str) -> Self {
        self.shown_part = part;
        self
    }

    /// Returns the URL of the token endpoint.
    pub fn endpoint(&self) -> &BaseUrl {
        &self.endpoint
    }

    pub(super) fn secret(&self) -> &SecretString {
        &self.secret
    }

    pub(super) fn part_of(&self) -> fn(&str) -> &str {
        self.shown_part
    }

    /// The fields of the token request.
    pub(super) fn form(&self) -> Vec<(&'static str, &str)> {
        let mut form = vec![
            ("grant_type", "client_credentials"),
            ("client_id", self.client_id.as_str()),
            ("client_secret", self.secret.expose_secret()),
        ];
        let more = self.parameters.iter();
        form.extend(more.map(|(name, value)| (*name, value.as_str())));
        form
    }
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCredentials")
            .field("endpoint", &self.endpoint)
            .field("client_id", &self.client_id)
            .field("parameters", &self.parameters)
            .finish_non_exhaustive()
    }
}

/// Error from [`ClientCredentials::new`]: which part breaks which rule. It holds neither part.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidClientCredentials {
    /// The client id breaks this rule.
    #[error("the client id {0}")]
    ClientId(&'static str),
    /// The client secret breaks this rule.
    #[error("the client secret {0}")]
    ClientSecret(&'static str),
}

impl InvalidClientCredentials {
    /// Returns the rule that is broken.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::ClientId(rule) | Self::ClientSecret(rule) => rule,
        }
    }
}

fn check_client_id(client_id: &str) -> Result<(), &'static str> {
    if client_id.is_empty() {
        return Err("must not be empty");
    }
    if client_id
        .chars()
        .any(|c| c.is_control() || c.is_whitespace())
    {
        return Err("must have no white space or control character in it");
    }
    Ok(())
}

fn check_secret(secret: &str) -> Result<(), &'static str> {
    if secret.is_empty() {
        return Err("must not be empty");
    }
    if secret.chars().any(char::is_control) {
        return Err("must have no control character in it; is there a line break at its end?");
    }
    if secret.trim() != secret {
        return Err("must have no white space at its ends");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(client_id: &str, secret: &str) -> Result<ClientCredentials, String> {
        let endpoint = BaseUrl::parse("https://login.example.com/token").unwrap();
        ClientCredentials::new(endpoint, client_id, secret.into()).map_err(|error| {
            assert!(!format!("{error:?}").contains("planted"));
            error.to_string()
        })
    }

    #[test]
    fn says_which_part_is_wrong_and_does_not_show_it() {
        assert_eq!(
            with("", "s").unwrap_err(),
            "the client id must not be empty"
        );
        for client_id in ["planted id", "planted\n"] {
            assert_eq!(
                with(client_id, "s").unwrap_err(),
                "the client id must have no white space or control character in it"
            );
        }
        assert_eq!(
            with("id", "").unwrap_err(),
            "the client secret must not be empty"
        );
        assert_eq!(
            with("id", "planted\n").unwrap_err(),
            "the client secret must have no control character in it; is there a line break at its end?"
        );
        assert_eq!(
            with("id", " planted").unwrap_err(),
            "the client secret must have no white space at its ends"
        );
    }

    #[test]
    fn debug_does_not_show_the_secret() {
        let debug = format!("{:?}", with("id", "planted-secret").unwrap());
        assert!(!debug.contains("planted"), "{debug}");
        assert!(debug.contains("client_id: \"id\""), "{debug}");
    }
}
