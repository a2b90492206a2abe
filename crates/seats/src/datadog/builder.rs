//! Builder of a Datadog client.

use datadog_seats::security_schemes;
use seats_transport::secrecy::SecretString;
use seats_transport::{BaseUrl, SecurityScheme};

use super::client::Client;
use super::errors::RESPONSE_FORMAT;
use super::site::Site;
use crate::environment;
use crate::error::Error;
use crate::options::{Auth, Options, option_methods};

/// The environment variable for the API's base URL in place of a site's, for a sandbox or a gateway.
pub const URL_VARIABLE: &str = "SEATS_DATADOG_URL";
/// The environment variable for the site's name.
pub const SITE_VARIABLE: &str = "DD_SITE";

/// Builder of a [`Client`].
#[derive(Debug, Default)]
pub struct ClientBuilder {
    site: Option<Site>,
    /// Parsed only if no base URL takes the site's place.
    site_variable: Option<String>,
    api_key: Option<SecretString>,
    app_key: Option<SecretString>,
    options: Options,
}

impl ClientBuilder {
    /// Creates a builder with what the environment has: the keys from `DD_API_KEY` and `DD_APP_KEY`, and
    /// the site from `DD_SITE` or, in its place, the base URL from `SEATS_DATADOG_URL`.
    ///
    /// # Errors
    /// A variable is not acceptable; the error names it.
    pub fn from_env() -> Result<Self, Error> {
        Ok(Self {
            site: None,
            site_variable: environment::variable(SITE_VARIABLE)?,
            api_key: environment::secret(security_schemes::API_KEY.variable)?,
            app_key: environment::secret(security_schemes::APPLICATION_KEY.variable)?,
            options: Options::from_env(URL_VARIABLE)?,
        })
    }

    /// Sets the organisation's site; [`Site::Us1`] if it is not set.
    ///
    /// ```
    /// use seats::datadog::{Client, Site};
    ///
    /// let builder = Client::builder().site(Site::Us5);
    /// ```
    #[must_use]
    pub fn site(mut self, site: Site) -> Self {
        self.site = Some(site);
        self
    }

    /// Sets the API key.
    ///
    /// ```
    /// let builder = seats::datadog::Client::builder().api_key("an-api-key");
    /// ```
    #[must_use]
    pub fn api_key(mut self, key: impl Into<SecretString>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// Sets the application key. Its owner needs one of the permissions that the operation names
    /// ([`Operation::permissions`](crate::Operation)).
    ///
    /// ```
    /// let builder = seats::datadog::Client::builder().app_key("an-application-key");
    /// ```
    #[must_use]
    pub fn app_key(mut self, key: impl Into<SecretString>) -> Self {
        self.app_key = Some(key.into());
        self
    }

    option_methods!("seats::datadog::Client");

    /// Builds the client.
    ///
    /// # Errors
    /// A key is missing or cannot stand in a header, an option is not acceptable, or the HTTP client
    /// cannot be built.
    pub fn build(self) -> Result<Client, Error> {
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
        let auths = [
            auth(security_schemes::API_KEY, self.api_key, "the API key"),
            auth(
                security_schemes::APPLICATION_KEY,
                self.app_key,
                "the application key",
            ),
        ];
        Ok(Client {
            transport: self.options.transport(default, auths, RESPONSE_FORMAT)?,
        })
    }
}

fn auth(scheme: SecurityScheme, key: Option<SecretString>, what: &'static str) -> Auth {
    Auth {
        scheme,
        source: key.into(),
        what,
        variables: scheme.variable,
    }
}
