//! Who asks for a token, and where.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use crate::base_url::BaseUrl;

/// Where tokens come from unless another authority is named.
const AUTHORITY: &str = "https://login.microsoftonline.com";

/// An application's credentials at Microsoft Entra ID: tenant, client id and client secret.
///
/// `Debug` does not show the secret.
///
/// ```
/// use seats_transport::ClientCredentials;
///
/// let credentials = ClientCredentials::new("example.com", "a-client-id", "a-secret".into())?
///     .authority("login.microsoftonline.us")?
///     .resource("https://api.example.com");
/// assert_eq!(
///     credentials.token_url(),
///     "https://login.microsoftonline.us/example.com/oauth2/token"
/// );
/// assert!(ClientCredentials::new("a/b", "a-client-id", "a-secret".into()).is_err());
/// # Ok::<(), seats_transport::InvalidClientCredentials>(())
/// ```
#[derive(Clone)]
pub struct ClientCredentials {
    tenant: String,
    client_id: String,
    secret: SecretString,
    authority: BaseUrl,
    resource: Option<String>,
}

impl ClientCredentials {
    /// The credentials of one application in one tenant. The tenant is a GUID or a domain name.
    ///
    /// # Errors
    /// One of them is empty or has something in it that it cannot have; the error says which and
    /// what, and does not show it.
    pub fn new(
        tenant: &str,
        client_id: &str,
        secret: SecretString,
    ) -> Result<Self, InvalidClientCredentials> {
        check_tenant(tenant).map_err(|reason| invalid("tenant", reason))?;
        check_client_id(client_id).map_err(|reason| invalid("client id", reason))?;
        check_secret(secret.expose_secret()).map_err(|reason| invalid("client secret", reason))?;
        Ok(Self {
            tenant: tenant.to_owned(),
            client_id: client_id.to_owned(),
            secret,
            authority: authority(AUTHORITY)?,
            resource: None,
        })
    }

    /// Another authority than `https://login.microsoftonline.com`, such as a national cloud's.
    ///
    /// It is what `AZURE_AUTHORITY_HOST` holds by convention: a URL, with or without a slash at its
    /// end, or the bare host. Plain `http` is for this machine only.
    ///
    /// # Errors
    /// The text is no [`BaseUrl`], nor a host; the error says why.
    pub fn authority(mut self, text: &str) -> Result<Self, InvalidClientCredentials> {
        self.authority = authority(text)?;
        Ok(self)
    }

    /// What the token is for: the vendor's resource, by its URI.
    #[must_use]
    pub fn resource(mut self, resource: &str) -> Self {
        self.resource = Some(resource.to_owned());
        self
    }

    /// Where the token is asked for.
    pub fn token_url(&self) -> String {
        format!("{}/{}/oauth2/token", self.authority, self.tenant)
    }

    /// Whether the secret goes unencrypted, and so must not leave this machine through a proxy.
    pub fn is_plain(&self) -> bool {
        self.authority.is_plain()
    }

    pub(crate) fn authority_url(&self) -> &BaseUrl {
        &self.authority
    }

    pub(super) fn client_id(&self) -> &str {
        &self.client_id
    }

    pub(super) fn secret(&self) -> &SecretString {
        &self.secret
    }

    pub(super) fn resource_uri(&self) -> Option<&str> {
        self.resource.as_deref()
    }
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCredentials")
            .field("tenant", &self.tenant)
            .field("client_id", &self.client_id)
            .field("authority", &self.authority)
            .field("resource", &self.resource)
            .finish_non_exhaustive()
    }
}

/// Why credentials cannot be used: which of them breaks which rule. It holds none of them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {part} {reason}")]
pub struct InvalidClientCredentials {
    part: &'static str,
    reason: String,
    holds_secret: bool,
}

impl InvalidClientCredentials {
    /// Whether the part has a password in it that is none of the credentials, and is better not shown.
    pub fn holds_secret(&self) -> bool {
        self.holds_secret
    }

    /// Which it is: `tenant`, `client id`, `client secret` or `authority`.
    pub fn part(&self) -> &'static str {
        self.part
    }

    /// The rule that it breaks.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

fn invalid(part: &'static str, reason: impl Into<String>) -> InvalidClientCredentials {
    InvalidClientCredentials {
        part,
        reason: reason.into(),
        holds_secret: false,
    }
}

/// The Azure SDKs take a bare host as well; it means `https`.
fn authority(text: &str) -> Result<BaseUrl, InvalidClientCredentials> {
    let lower = text.to_ascii_lowercase();
    let has_scheme =
        lower.contains("://") || lower.starts_with("http:") || lower.starts_with("https:");
    let url = if has_scheme || text.is_empty() {
        BaseUrl::parse(text)
    } else {
        BaseUrl::parse(&format!("https://{text}"))
    };
    url.map_err(|error| InvalidClientCredentials {
        holds_secret: error.holds_secret(),
        ..invalid("authority", error.to_string())
    })
}

/// The tenant is a segment of the URL, so it has nothing in it that a URL parser reads as more.
fn check_tenant(tenant: &str) -> Result<(), &'static str> {
    if tenant.is_empty() {
        return Err("must not be empty");
    }
    if !tenant
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.')
    {
        return Err(
            "must be a GUID or a domain name: only letters, digits, \"-\" and \".\" may be in it",
        );
    }
    if tenant.chars().all(|c| c == '.') {
        return Err("must be a GUID or a domain name, not only dots");
    }
    Ok(())
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

    fn with(tenant: &str, client_id: &str, secret: &str) -> Result<ClientCredentials, String> {
        ClientCredentials::new(tenant, client_id, secret.into()).map_err(|error| {
            assert!(!format!("{error:?}").contains("planted"));
            error.to_string()
        })
    }

    #[test]
    fn takes_an_authority_as_azure_authority_host_has_it() {
        for (text, expected) in [
            (
                "https://login.microsoftonline.com",
                "https://login.microsoftonline.com",
            ),
            (
                "https://login.microsoftonline.us/",
                "https://login.microsoftonline.us",
            ),
            (
                "HTTPS://login.chinacloudapi.cn//",
                "https://login.chinacloudapi.cn",
            ),
            (
                "login.microsoftonline.us",
                "https://login.microsoftonline.us",
            ),
            (
                "login.microsoftonline.us/",
                "https://login.microsoftonline.us",
            ),
            ("localhost:8443", "https://localhost:8443"),
            ("http://127.0.0.1:9/", "http://127.0.0.1:9"),
            ("http://[::1]:9", "http://[::1]:9"),
            ("https://127.0.0.1:9/entra/", "https://127.0.0.1:9/entra"),
        ] {
            let credentials = with("example.com", "id", "s")
                .unwrap()
                .authority(text)
                .unwrap();
            assert_eq!(
                credentials.token_url(),
                format!("{expected}/example.com/oauth2/token")
            );
            assert_eq!(credentials.is_plain(), expected.starts_with("http:"));
        }
        assert_eq!(
            with("t", "id", "s").unwrap().token_url(),
            "https://login.microsoftonline.com/t/oauth2/token"
        );
    }

    #[test]
    fn refuses_an_authority_elsewhere_than_https() {
        for (text, reason) in [
            (
                "http://login.microsoftonline.com",
                "the authority must be https; plain http is for this machine only (127.0.0.1, [::1], localhost)",
            ),
            (
                "ftp://login.microsoftonline.com",
                "the authority must begin with https://",
            ),
            (
                "",
                "the authority must be an absolute URL, such as https://api.example.com",
            ),
            (
                "login.microsoftonline.com?a",
                "the authority must have no query",
            ),
            (
                "planted@login.microsoftonline.com",
                "the authority must have no user name or password in it",
            ),
            (
                " login.microsoftonline.com",
                "the authority must have no white space, control character or \"\\\"",
            ),
        ] {
            let error = with("t", "id", "s").unwrap().authority(text).unwrap_err();
            assert_eq!(error.to_string(), reason);
            assert_eq!(error.part(), "authority");
            assert!(!format!("{error:?}").contains("planted"));
        }
    }

    #[test]
    fn refuses_a_tenant_that_is_no_one_segment() {
        let letters = "the tenant must be a GUID or a domain name: only letters, digits, \"-\" and \".\" may be in it";
        for tenant in [
            "a/b", "a\\b", "a?b", "a#b", "%2e", "a%2Fb", "a\nb", "a\0", "a b", "a;b", "a:b", "á",
        ] {
            assert_eq!(with(tenant, "id", "s").unwrap_err(), letters, "{tenant:?}");
        }
        assert_eq!(
            with("", "id", "s").unwrap_err(),
            "the tenant must not be empty"
        );
        for tenant in [".", "..", "..."] {
            assert_eq!(
                with(tenant, "id", "s").unwrap_err(),
                "the tenant must be a GUID or a domain name, not only dots"
            );
        }
        for tenant in [
            "5c1d1d2e-7a77-4cbd-8d7b-6f7ea5a1c0de",
            "contoso.onmicrosoft.com",
        ] {
            assert!(with(tenant, "id", "s").is_ok());
        }
    }

    #[test]
    fn refuses_a_client_id_and_a_secret_that_cannot_be_meant() {
        assert_eq!(
            with("t", "", "s").unwrap_err(),
            "the client id must not be empty"
        );
        for client_id in ["planted id", "planted\n"] {
            assert_eq!(
                with("t", client_id, "s").unwrap_err(),
                "the client id must have no white space or control character in it"
            );
        }
        assert_eq!(
            with("t", "id", "").unwrap_err(),
            "the client secret must not be empty"
        );
        assert_eq!(
            with("t", "id", "planted\n").unwrap_err(),
            "the client secret must have no control character in it; is there a line break at its end?"
        );
        assert_eq!(
            with("t", "id", " planted").unwrap_err(),
            "the client secret must have no white space at its ends"
        );
    }

    #[test]
    fn debug_does_not_show_the_secret() {
        let debug = format!("{:?}", with("t", "id", "planted-secret").unwrap());
        assert!(!debug.contains("planted"), "{debug}");
        assert!(debug.contains("client_id: \"id\""), "{debug}");
    }
}
