//! Microsoft Entra ID: the application whose client credentials get the Store's tokens.

use seats_transport::secrecy::SecretString;
use seats_transport::{
    BaseUrl, ClientCredentials, InvalidClientCredentials, TokenError, without_userinfo,
};

use crate::environment;
use crate::error::Error;

/// The resource that the tokens are for.
const RESOURCE: &str = "https://onestore.microsoft.com";
/// The authority, unless another one is named.
const AUTHORITY_URL: &str = "https://login.microsoftonline.com";
/// The environment variables that hold the parts, by the convention of Azure's own tools.
const TENANT: &str = "AZURE_TENANT_ID";
const CLIENT_ID: &str = "AZURE_CLIENT_ID";
const SECRET: &str = "AZURE_CLIENT_SECRET";
const AUTHORITY: &str = "AZURE_AUTHORITY_HOST";
/// What to set if there is neither a token nor an application.
pub(super) const VARIABLES: &str =
    "SEATS_STORE_TOKEN, or AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET";

/// The parts of an application's credentials, as they were given.
#[derive(Debug)]
pub(super) struct Application {
    pub tenant: String,
    pub client_id: String,
    pub secret: SecretString,
}

impl Application {
    /// Reads the application from the environment; none if no part of one is set.
    pub(super) fn from_env() -> Result<Option<Self>, Error> {
        let tenant = environment::variable(TENANT)?;
        let client_id = environment::variable(CLIENT_ID)?;
        let secret = environment::secret(SECRET)?;
        if tenant.is_none() && client_id.is_none() && secret.is_none() {
            return Ok(None);
        }
        let mut missing = Vec::new();
        for (is_missing, what, variable) in [
            (tenant.is_none(), "the application's tenant", TENANT),
            (
                client_id.is_none(),
                "the application's client id",
                CLIENT_ID,
            ),
            (secret.is_none(), "the application's secret", SECRET),
        ] {
            if is_missing {
                missing.push((what, variable));
            }
        }
        match (tenant, client_id, secret) {
            (Some(tenant), Some(client_id), Some(secret)) => Ok(Some(Self {
                tenant,
                client_id,
                secret,
            })),
            _ => Err(Error::missing_credentials(missing)),
        }
    }

    /// Reads the authority from the environment.
    pub(super) fn authority_from_env() -> Result<Option<String>, Error> {
        environment::variable(AUTHORITY)
    }

    /// Returns what gets tokens for this application.
    pub(super) fn credentials(self, authority: Option<&str>) -> Result<ClientCredentials, Error> {
        check_tenant(&self.tenant)
            .map_err(|rule| Error::invalid_input(TENANT, &self.tenant, rule))?;
        let authority = authority.unwrap_or(AUTHORITY_URL);
        let endpoint = token_endpoint(authority, &self.tenant).map_err(|error| {
            Error::invalid_input(AUTHORITY, &without_userinfo(authority), error)
        })?;
        let credentials =
            ClientCredentials::new(endpoint, &self.client_id, self.secret).map_err(|error| {
                match error {
                    InvalidClientCredentials::ClientId(rule) => {
                        Error::invalid_input(CLIENT_ID, &self.client_id, rule)
                    }
                    error => Error::invalid_secret(SECRET, error.rule()),
                }
            })?;
        Ok(credentials
            .parameter("resource", RESOURCE)
            .shown_part(without_trace))
    }
}

/// The token endpoint of a tenant. As in the Azure SDKs, the authority may be a bare host, which means
/// `https`.
fn token_endpoint(
    authority: &str,
    tenant: &str,
) -> Result<BaseUrl, seats_transport::InvalidBaseUrl> {
    let lower = authority.to_ascii_lowercase();
    let has_scheme =
        lower.contains("://") || lower.starts_with("http:") || lower.starts_with("https:");
    let base = if has_scheme || authority.is_empty() {
        BaseUrl::parse(authority)?
    } else {
        BaseUrl::parse(&format!("https://{authority}"))?
    };
    BaseUrl::parse(&format!("{base}/{tenant}/oauth2/token"))
}

/// The tenant is a segment of the URL, so it must not hold anything that a URL parser reads as more.
fn check_tenant(tenant: &str) -> Result<(), &'static str> {
    if tenant.is_empty() {
        return Err("must not be empty");
    }
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    if !tenant.chars().all(is_allowed) {
        return Err(
            "must be a GUID or a domain name: only letters, digits, \"-\" and \".\" may be in it",
        );
    }
    if tenant.chars().all(|c| c == '.') {
        return Err("must be a GUID or a domain name, not only dots");
    }
    Ok(())
}

/// Entra ends each description with the ids and the time of the request, which are for its support.
fn without_trace(description: &str) -> &str {
    let end = description.find("Trace ID:").unwrap_or(description.len());
    description.get(..end).unwrap_or_default().trim_end()
}

/// Returns Entra's code for why it gave no token, such as `AADSTS7000222` (the client secret has expired).
///
/// ```no_run
/// # async fn example(client: seats::store::Client) {
/// use std::error::Error as _;
///
/// if let Err(error) = client.reclaim("9NBLGGH4R2R6", "0016", "ada@contoso.example").await {
///     let token_error = error.source().and_then(|source| source.downcast_ref());
///     if token_error.and_then(seats::store::aadsts_code) == Some("AADSTS7000222") {
///         eprintln!("the client secret has expired");
///     }
/// }
/// # }
/// ```
pub fn aadsts_code(error: &TokenError) -> Option<&str> {
    const PREFIX: &str = "AADSTS";
    let description = error.description()?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resource_is_the_one_in_the_spec() {
        let spec = include_str!("../../../../specs/store-for-business.yaml");
        assert!(spec.contains(&format!("`{RESOURCE}`")));
    }

    #[test]
    fn takes_an_authority_as_azure_authority_host_has_it() {
        for (authority, expected) in [
            (AUTHORITY_URL, "https://login.microsoftonline.com"),
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
            let endpoint = token_endpoint(authority, "example.com").unwrap();
            assert_eq!(
                endpoint.as_str(),
                format!("{expected}/example.com/oauth2/token")
            );
        }
    }

    fn refusal(tenant: &str, authority: Option<&str>) -> String {
        let application = Application {
            tenant: tenant.to_owned(),
            client_id: "id".to_owned(),
            secret: "planted".into(),
        };
        let error = application.credentials(authority).unwrap_err();
        assert!(!format!("{error:?}").contains("planted"));
        error.to_string()
    }

    #[test]
    fn refuses_an_authority_that_is_not_https() {
        for (authority, message) in [
            (
                "http://login.microsoftonline.com",
                "AZURE_AUTHORITY_HOST \"http://login.microsoftonline.com\": must be https; plain http is for this machine only (127.0.0.1, [::1], localhost)",
            ),
            (
                "ftp://login.microsoftonline.com",
                "AZURE_AUTHORITY_HOST \"ftp://login.microsoftonline.com\": must begin with https://",
            ),
            (
                "",
                "AZURE_AUTHORITY_HOST \"\": must be an absolute URL, such as https://api.example.com",
            ),
            (
                "login.microsoftonline.com?a",
                "AZURE_AUTHORITY_HOST \"login.microsoftonline.com?a\": must have no query",
            ),
            (
                "planted@login.microsoftonline.com",
                "AZURE_AUTHORITY_HOST \"***@login.microsoftonline.com\": must have no user name or password in it",
            ),
        ] {
            assert_eq!(refusal("example.com", Some(authority)), message);
        }
    }

    #[test]
    fn a_tenant_stays_in_its_segment() {
        for (tenant, rule) in [
            ("", "must not be empty"),
            (
                "a/b",
                "must be a GUID or a domain name: only letters, digits, \"-\" and \".\" may be in it",
            ),
            (
                "a?b",
                "must be a GUID or a domain name: only letters, digits, \"-\" and \".\" may be in it",
            ),
            ("..", "must be a GUID or a domain name, not only dots"),
        ] {
            assert_eq!(
                refusal(tenant, None),
                format!("AZURE_TENANT_ID {tenant:?}: {rule}")
            );
        }
    }

    #[test]
    fn a_description_is_shown_without_its_trace() {
        let description = "AADSTS7000215: Invalid client secret.\r\nTrace ID: 0a1b\r\n";
        assert_eq!(
            without_trace(description),
            "AADSTS7000215: Invalid client secret."
        );
        assert_eq!(without_trace("other"), "other");
    }
}
