//! From settings to a client of the Store.

use seats_transport::secrecy::SecretString;
use seats_transport::{BaseUrl, SecurityScheme};
use store_for_business::{SERVERS, security_schemes};

use super::application::{self, Application};
use super::client::Client;
use crate::connection::{Connection, Signature, connection_methods};
use crate::environment;
use crate::error::Error;

/// Holds the API's base URL, with its `/V1`, in place of the one in the reference.
pub const URL_VARIABLE: &str = "SEATS_STORE_URL";

/// Makes a [`Client`].
#[derive(Debug, Default)]
pub struct ClientBuilder {
    token: Option<SecretString>,
    application: Option<Application>,
    authority: Option<String>,
    connection: Connection,
}

impl ClientBuilder {
    /// A builder with what the environment has: the token from `SEATS_STORE_TOKEN`, or, where there is
    /// none, the application from `AZURE_TENANT_ID`, `AZURE_CLIENT_ID` and `AZURE_CLIENT_SECRET` with
    /// the authority from `AZURE_AUTHORITY_HOST`; and the base URL from `SEATS_STORE_URL`.
    ///
    /// # Errors
    /// A variable is not acceptable, or a part of the application is missing; the error names it.
    pub fn from_env() -> Result<Self, Error> {
        let token = environment::secret(scheme().variable)?;
        let application = match token {
            Some(_) => None,
            None => Application::from_env()?,
        };
        Ok(Self {
            token,
            application,
            authority: Application::authority_from_env()?,
            connection: Connection::from_env(URL_VARIABLE)?,
        })
    }

    /// The application of Entra ID in whose name tokens are fetched: its tenant (a GUID or a domain
    /// name), its client id and its secret. An administrator has to allow it in the Store for Business.
    ///
    /// A token is fetched when it is first needed, kept, and renewed ahead of its end. A
    /// [`token`](Self::token) that is given goes first.
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

    /// Who gives the tokens; `https://login.microsoftonline.com` where it is not set. Plain `http` is
    /// for this machine only.
    #[must_use]
    pub fn authority(mut self, authority: impl Into<String>) -> Self {
        self.authority = Some(authority.into());
        self
    }

    /// The bearer token, of Entra ID, for the resource `https://onestore.microsoft.com`.
    #[must_use]
    pub fn token(mut self, token: impl Into<SecretString>) -> Self {
        self.token = Some(token.into());
        self
    }

    connection_methods!();

    /// The client.
    ///
    /// # Errors
    /// The token is missing or cannot stand in a header, the base URL is not acceptable, or the HTTP
    /// client cannot be built.
    pub fn build(self) -> Result<Client, Error> {
        let default = || {
            let url = const { SERVERS[0].url };
            BaseUrl::parse(url).map_err(|error| Error::invalid_input("server", url, error))
        };
        let client_credentials = match (&self.token, self.application) {
            (None, Some(application)) => Some(application.credentials(self.authority.as_deref())?),
            _ => None,
        };
        if self.token.is_none() && client_credentials.is_none() && !self.connection.dry_run {
            return Err(Error::missing_credentials(&[(
                "the token",
                application::VARIABLES,
            )]));
        }
        let signature = Signature {
            scheme: scheme(),
            secret: self.token,
            what: "the token",
            client_credentials,
        };
        Ok(Client {
            transport: self.connection.transport(default, [signature])?,
        })
    }
}

/// The token's scheme, as the spec has it.
fn scheme() -> SecurityScheme {
    security_schemes::ENTRA_TOKEN
}
