//! Datadog: seats of products that are licensed by the user.
//!
//! Reference: <https://docs.datadoghq.com/api/latest/seats/>

mod site;

use datadog_seats::operations::UNASSIGN_SEATS_USER;
use datadog_seats::{security_schemes, types};
use seats_transport::secrecy::SecretString;
use seats_transport::{BaseUrl, SecurityScheme, Transport};
use uuid::Uuid;

/// The generated client, its types and the list of its operations.
pub use datadog_seats as api;
/// Names a product, such as `incident_response`: not empty or blank, without a control character.
///
/// ```
/// use seats::datadog::ProductCode;
///
/// assert_eq!("incident_response".parse::<ProductCode>()?.as_str(), "incident_response");
/// assert_eq!(
///     "".parse::<ProductCode>().unwrap_err().to_string(),
///     "must not be empty or blank, and must have no control character"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub use datadog_seats::types::ProductCode;
pub use site::{InvalidSite, Site, SiteName};

use crate::call::call;
use crate::connection::{Connection, Signature, connection_methods};
use crate::environment;
use crate::error::Error;

/// Holds the API's base URL in place of a site's, for a sandbox or a gateway.
pub const URL_VARIABLE: &str = "SEATS_DATADOG_URL";
/// Holds the site's name.
pub const SITE_VARIABLE: &str = "DD_SITE";

/// Takes seats back at Datadog. Cheap to clone; clones share their connections.
#[derive(Clone, Debug)]
pub struct Client {
    transport: Transport,
}

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

impl Client {
    /// Begins a client.
    ///
    /// ```
    /// use seats::datadog::{Client, Site};
    ///
    /// let client = Client::builder().site(Site::Eu1).api_key("key").app_key("key").build()?;
    /// # Ok::<(), seats::Error>(())
    /// ```
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A client with everything from the environment: see [`ClientBuilder::from_env`].
    ///
    /// # Errors
    /// A variable is missing or not acceptable; the error names it.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// Takes the seats of `product` away from `users`.
    ///
    /// All of them go in one request. The vendor answers without a body: what became of each user
    /// shows only when the seats are listed again.
    ///
    /// Source: <https://docs.datadoghq.com/api/latest/seats/#unassign-seats-from-users>
    ///
    /// # Errors
    /// `users` is empty ([`InvalidInput`](crate::ErrorKind::InvalidInput), nothing is sent), or the
    /// call did not end as done; [`Error::effect`] says what is known.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use seats_sandbox::{API_KEY, APPLICATION_KEY, Sandbox};
    ///
    /// let sandbox = Sandbox::start().await?;
    /// let client = seats::datadog::Client::builder()
    ///     .base_url(sandbox.datadog_url())
    ///     .api_key(API_KEY)
    ///     .app_key(APPLICATION_KEY)
    ///     .build()?;
    /// let user = "626a4e8e-64bd-409d-b80e-428f08ac0b62".parse()?;
    /// let done = client.unassign(&"incident_response".parse()?, &[user]).await?;
    /// assert_eq!(done.status(), Some(204));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn unassign(&self, product: &ProductCode, users: &[Uuid]) -> crate::Result<()> {
        if users.is_empty() {
            return Err(Error::invalid_input(
                "users",
                "",
                "must name at least one user",
            ));
        }
        let body = types::UnassignSeatsUserRequest {
            data: types::UnassignSeatsUserRequestData {
                attributes: types::UnassignSeatsUserRequestDataAttributes {
                    product_code: product.clone(),
                    user_uuids: users.to_vec(),
                },
                id: None,
                type_: types::SeatAssignmentsDataType::SeatAssignments,
            },
        };
        call(&self.transport, &UNASSIGN_SEATS_USER, async |transport| {
            api::Client::new(transport).unassign_seats_user(&body).await
        })
        .await
    }

    /// The generated client, with this client's guard, credentials and connections.
    ///
    /// Its calls tell no effect. So they are not repeated once they may have happened, unless they read.
    pub fn api(&self) -> api::Client {
        api::Client::new(self.transport.clone())
    }
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
