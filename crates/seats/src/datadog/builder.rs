//! From settings to a client of Datadog.

use datadog_seats::security_schemes;
use seats_transport::secrecy::SecretString;
use seats_transport::{BaseUrl, SecurityScheme};

use super::client::Client;
use super::site::Site;
use crate::connection::{Connection, Signature, connection_methods};
use crate::environment;
use crate::error::Error;

/// Holds the API's base URL in place of a site's, for a sandbox or a gateway.
pub const URL_VARIABLE: &str = "SEATS_DATADOG_URL";
/// Holds the site's name.
pub const SITE_VARIABLE: &str = "DD_SITE";

/// Makes a [`Client`].
#[derive(Debug, Default)]
pub struct ClientBuilder {
    site: Option<Site>,
    /// Read only where no base URL takes the site's place.
    site_variable: Option<String>,
    api_key: Option<SecretString>,
    app_key: Option<SecretString>,
    connection: Connection,
}

impl ClientBuilder {
    /// A builder with what the environment has: the keys from `DD_API_KEY` and `DD_APP_KEY`, the
    /// site from `DD_SITE`, or in its place the base URL from `SEATS_DATADOG_URL`.
    ///
    /// # Errors
    /// A variable is not acceptable; the error names it.
    pub fn from_env() -> Result<Self, Error> {
        let [api_key, app_key] = schemes();
        Ok(Self {
            site: None,
            site_variable: environment::variable(SITE_VARIABLE)?,
            api_key: environment::secret(api_key.variable)?,
            app_key: environment::secret(app_key.variable)?,
            connection: Connection::from_env(URL_VARIABLE)?,
        })
    }

    /// The organisation's site; [`Site::Us1`] where none is set.
    #[must_use]
    pub fn site(mut self, site: Site) -> Self {
        self.site = Some(site);
        self
    }

    /// The API key.
    #[must_use]
    pub fn api_key(mut self, key: impl Into<SecretString>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// The application key; its owner needs one of the permissions that the operation names.
    #[must_use]
    pub fn app_key(mut self, key: impl Into<SecretString>) -> Self {
        self.app_key = Some(key.into());
        self
    }

    connection_methods!();

    /// The client.
    ///
    /// # Errors
    /// A key is missing or cannot stand in a header, the base URL is not acceptable, or the HTTP
    /// client cannot be built.
    pub fn build(self) -> Result<Client, Error> {
        let [api_key, app_key] = schemes();
        let (site, variable) = (self.site, self.site_variable);
        let default = || {
            let site = match (site, variable) {
                (Some(site), _) => site,
                (None, None) => Site::default(),
                (None, Some(name)) => name
                    .parse()
                    .map_err(|error| Error::invalid_input(SITE_VARIABLE, &name, error))?,
            };
            let url = site.api_url();
            BaseUrl::parse(&url).map_err(|error| Error::invalid_input("site", site.name(), error))
        };
        let signatures = [
            Signature {
                scheme: api_key,
                secret: self.api_key,
                what: "the API key",
                client_credentials: None,
            },
            Signature {
                scheme: app_key,
                secret: self.app_key,
                what: "the application key",
                client_credentials: None,
            },
        ];
        Ok(Client {
            transport: self.connection.transport(default, signatures)?,
        })
    }
}

/// The API key's scheme and the application key's, as the spec has them.
fn schemes() -> [SecurityScheme; 2] {
    [security_schemes::API_KEY, security_schemes::APPLICATION_KEY]
}
