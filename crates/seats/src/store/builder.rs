//! Builder of a Store client.

use std::error::Error as StdError;

use seats_transport::secrecy::SecretString;
use seats_transport::{BaseUrl, BearerToken, TokenProvider};
use store_for_business::{SERVERS, security_schemes};

use super::client::Client;
use super::entra::{self, Application};
use super::error_envelope::RESPONSE_FORMAT;
use crate::environment;
use crate::error::Error;
use crate::options::{Auth, AuthSource, Options, option_methods};

/// The environment variable for the API's base URL, with its `/V1`, in place of the one in the reference.
pub const URL_VARIABLE: &str = "SEATS_STORE_URL";

/// Builder of a [`Client`].
#[derive(Debug, Default)]
pub struct ClientBuilder {
    token: Option<SecretString>,
    provider: Option<TokenProvider>,
    application: Option<Application>,
    authority: Option<String>,
    options: Options,
}

impl ClientBuilder {
    /// Creates a builder with what the environment has: the token from `SEATS_STORE_TOKEN` or, without
    /// one, the application from `AZURE_TENANT_ID`, `AZURE_CLIENT_ID` and `AZURE_CLIENT_SECRET` with the
    /// authority from `AZURE_AUTHORITY_HOST`; and the base URL from `SEATS_STORE_URL`.
    ///
    /// # Errors
    /// A variable is not acceptable, or a part of the application is missing; the error names it.
    pub fn from_env() -> Result<Self, Error> {
        let token = environment::secret(security_schemes::ENTRA_TOKEN.variable)?;
        let application = match token {
            Some(_) => None,
            None => Application::from_env()?,
        };
        Ok(Self {
            token,
            provider: None,
            application,
            authority: Application::authority_from_env()?,
            options: Options::from_env(URL_VARIABLE)?,
        })
    }

    /// Authenticates with client credentials of an Entra ID application: its tenant (a GUID or a domain
    /// name), its client id and its secret. An administrator has to allow it in the Store for Business.
    ///
    /// A token is fetched when it is first needed, kept, and renewed ahead of its expiry. A
    /// [`token`](Self::token) or a [`token_provider`](Self::token_provider) takes precedence.
    ///
    /// ```
    /// let client = seats::store::Client::builder()
    ///     .application("contoso.example", "a-client-id", "a-client-secret")
    ///     .build()?;
    /// # Ok::<(), seats::Error>(())
    /// ```
    #[must_use]
    pub fn application(
        mut self,
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        secret: impl Into<SecretString>,
    ) -> Self {
        let (tenant, client_id, secret) = (tenant.into(), client_id.into(), secret.into());
        self.application = Some(Application {
            tenant,
            client_id,
            secret,
        });
        self
    }

    /// Sets the authority that gives the application its tokens, such as a national cloud's;
    /// `https://login.microsoftonline.com` if it is not set. Plain `http` is for this machine only.
    ///
    /// ```
    /// let client = seats::store::Client::builder()
    ///     .application("contoso.example", "a-client-id", "a-client-secret")
    ///     .authority("login.microsoftonline.us")
    ///     .build()?;
    /// # Ok::<(), seats::Error>(())
    /// ```
    #[must_use]
    pub fn authority(mut self, authority: impl Into<String>) -> Self {
        self.authority = Some(authority.into());
        self
    }

    /// Sets the bearer token, of Entra ID, for the resource `https://onestore.microsoft.com`.
    ///
    /// ```
    /// let client = seats::store::Client::builder().token("a-bearer-token").build()?;
    /// # Ok::<(), seats::Error>(())
    /// ```
    #[must_use]
    pub fn token(mut self, token: impl Into<SecretString>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Sets an async function that gives a bearer token and its lifetime: from a vault whose secrets
    /// rotate, a managed identity, or a cache that other programs share.
    ///
    /// It is called when a token is first needed, shortly before the last one expires, and when the vendor
    /// refuses the last one; however many calls wait, it is called once at a time. A
    /// [`token`](Self::token) takes precedence.
    ///
    /// ```
    /// use std::time::Duration;
    /// use seats::BearerToken;
    ///
    /// let client = seats::store::Client::builder()
    ///     .token_provider(|| async {
    ///         // Ask the vault here.
    ///         Ok::<_, std::io::Error>(BearerToken::new("a-bearer-token", Duration::from_secs(600)))
    ///     })
    ///     .build()?;
    /// # Ok::<(), seats::Error>(())
    /// ```
    #[must_use]
    pub fn token_provider<F, Fut, E>(mut self, provide: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<BearerToken, E>> + Send + 'static,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        self.provider = Some(TokenProvider::new(provide));
        self
    }

    option_methods!("seats::store::Client");

    /// Builds the client.
    ///
    /// # Errors
    /// The token is missing or cannot stand in a header, an option is not acceptable, or the HTTP client
    /// cannot be built.
    pub fn build(self) -> Result<Client, Error> {
        let default = || {
            let url = const { SERVERS[0].url };
            BaseUrl::parse(url).map_err(|error| Error::invalid_input("server", url, error))
        };
        let source = match (self.token, self.provider, self.application) {
            (Some(token), _, _) => AuthSource::Secret(token),
            (None, Some(provider), _) => AuthSource::Provider(provider),
            (None, None, Some(application)) => {
                AuthSource::ClientCredentials(application.credentials(self.authority.as_deref())?)
            }
            (None, None, None) => AuthSource::Missing,
        };
        let auth = Auth {
            scheme: security_schemes::ENTRA_TOKEN,
            source,
            what: "the token",
            variables: entra::VARIABLES,
        };
        Ok(Client {
            transport: self.options.transport(default, [auth], RESPONSE_FORMAT)?,
        })
    }
}
