//! The Microsoft Store for Business: seats of products with an online licence.
//!
//! Microsoft has retired the product and taken the reference of this API away; the client follows
//! the archived pages and has not been run against the live service.

mod application;
mod missing_item;
mod seat;

use application::Application;
use missing_item::MissingItem;
use seats_transport::Effect;
use seats_transport::secrecy::SecretString;
use seats_transport::{BaseUrl, SecurityScheme, Transport};
use store_for_business::operations::RECLAIM_SEAT_FROM_USER;
use store_for_business::{SERVERS, security_schemes};

/// The generated client, its types and the list of its operations.
pub use store_for_business as api;
/// A product, a SKU of it, and a user; each an opaque string that stays in its own part of a path.
///
/// ```
/// use seats::store::Username;
///
/// // A guest's user principal name has "#" in it; it is encoded on its way.
/// let guest: Username = "grace_fabrikam.example#EXT#@contoso.example".parse()?;
/// assert!("..".parse::<Username>().is_err());
/// assert!("CONTOSO\\grace".parse::<Username>().is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub use store_for_business::types::{ProductId, SkuId, Username};

pub use seat::{DateAssigned, Seat, SeatState};

use crate::call::call;
use crate::connection::{Connection, Signature, connection_methods};
use crate::done::Done;
use crate::environment;
use crate::error::Error;

/// Holds the API's base URL, with its `/V1`, in place of the one in the reference.
pub const URL_VARIABLE: &str = "SEATS_STORE_URL";

/// Takes seats back in the Store for Business. Cheap to clone; clones share their connections.
#[derive(Clone, Debug)]
pub struct Client {
    transport: Transport,
}

/// Makes a [`Client`].
#[derive(Debug, Default)]
pub struct ClientBuilder {
    token: Option<SecretString>,
    application: Option<Application>,
    authority: Option<String>,
    connection: Connection,
}

impl Client {
    /// Begins a client.
    ///
    /// ```
    /// let client = seats::store::Client::builder().token("a-bearer-token").build()?;
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

    /// Takes the seat of a product and SKU away from a user.
    ///
    /// The value is the seat as it was; it is missing where the vendor's body could not be read.
    ///
    /// Source: [Reclaim seat from user](https://learn.microsoft.com/en-us/windows/client-management/mdm/reclaim-seat-from-user)
    /// (the page has been removed).
    ///
    /// # Errors
    /// The call did not end as done; [`Error::effect`] says what is known. A 404 may mean that the
    /// user holds no such seat, or that there is no such user or product; the messages tell.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use seats_sandbox::{STORE_TOKEN, Sandbox};
    ///
    /// let sandbox = Sandbox::start().await?;
    /// let client =
    ///     seats::store::Client::builder().base_url(sandbox.store_url()).token(STORE_TOKEN).build()?;
    /// let reclaimed = client
    ///     .reclaim(&"9NBLGGH4R2R6".parse()?, &"0016".parse()?, &"ada@contoso.example".parse()?)
    ///     .await?;
    /// let seat = reclaimed.value().ok_or("no seat in the answer")?;
    /// assert_eq!(seat.assigned_to(), Some("ada@contoso.example"));
    /// assert_eq!(seat.state(), Some(seats::store::SeatState::Revoked));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn reclaim(
        &self,
        product: &ProductId,
        sku: &SkuId,
        username: &Username,
    ) -> crate::Result<Seat> {
        let outcome = call(
            &self.transport,
            &RECLAIM_SEAT_FROM_USER,
            async |transport| {
                api::Client::new(transport)
                    .reclaim_seat_from_user(product, sku, username)
                    .await
            },
        )
        .await;
        // The generated type knows one casing of the names; the facade reads the body more leniently.
        outcome
            .map(|done| done.read(Seat::from_json))
            .or_else(gone_after_a_retry)
    }

    /// The generated client, with this client's guard, token and connections.
    ///
    /// Its calls tell no effect. So they are not repeated once they may have happened, unless they read.
    pub fn api(&self) -> api::Client {
        api::Client::new(self.transport.clone())
    }
}

/// An earlier attempt may have taken the seat, and its answer was lost. When the vendor then says that
/// there is no such seat, it is done; when it says that there is no such user or product, it never was.
fn gone_after_a_retry<T>(error: Error) -> crate::Result<T> {
    if !error.is_not_found() || !error.exchange().may_have_happened_before() {
        return Err(error);
    }
    match missing_item::read(error.body()) {
        Some(MissingItem::Seat) => Ok(Done::new(
            None,
            error.exchange().clone().settle(Effect::Done),
        )),
        Some(MissingItem::User | MissingItem::Inventory) => Err(error.settle(Effect::Refused)),
        None => Err(error),
    }
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
