//! Client of the Store for Business.

use std::num::NonZeroU32;

use seats_transport::Transport;
use store_for_business::operations::{GET_INVENTORY, GET_SEATS_ASSIGNED_TO_USER};
use store_for_business::types::{LicenseTypeFilter, MaxResults};
use store_for_business::{self as api, bounds};

use super::builder::ClientBuilder;
use super::inventory::{InventoryEntry, InventoryFilter};
use super::product::Product;
use super::seat::Seat;
use super::{ProductId, SeatAction, SkuId, Username, result_set};
use crate::argument::IntoArgument;
use crate::done::Done;
use crate::error::Error;
use crate::listing::Listing;
use crate::outcomes::Outcomes;

/// Client of the Store for Business: assigns, lists and takes back seats.
///
/// Cheap to clone; clones share their connections, token and retry budget.
#[derive(Clone, Debug)]
pub struct Client {
    pub(super) transport: Transport,
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

    /// Creates a client with everything from the environment; see [`ClientBuilder::from_env`].
    ///
    /// # Errors
    /// A variable is missing or not acceptable; the error names it.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// Returns a scope for the calls about one product and SKU.
    ///
    /// # Errors
    /// An argument is not acceptable ([`InvalidInput`](crate::ErrorKind::InvalidInput)).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use seats_sandbox::{STORE_TOKEN, Sandbox};
    /// # let sandbox = Sandbox::start().await?;
    /// # let client =
    /// #     seats::store::Client::builder().base_url(sandbox.store_url()).token(STORE_TOKEN).build()?;
    /// let product = client.product("9NBLGGH4R2R6", "0016")?;
    /// for user in ["linus@contoso.example", "ada@contoso.example"] {
    ///     product.reclaim(user).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn product(
        &self,
        product: impl IntoArgument<ProductId>,
        sku: impl IntoArgument<SkuId>,
    ) -> Result<Product, Error> {
        Ok(Product::new(
            self.transport.clone(),
            product.into_argument()?,
            sku.into_argument()?,
        ))
    }

    /// Takes the seat of a product and SKU away from a user; see [`Product::reclaim`].
    ///
    /// # Errors
    /// As those of [`Product::reclaim`].
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use seats_sandbox::{STORE_TOKEN, Sandbox};
    ///
    /// let sandbox = Sandbox::start().await?;
    /// let client =
    ///     seats::store::Client::builder().base_url(sandbox.store_url()).token(STORE_TOKEN).build()?;
    /// let reclaimed = client.reclaim("9NBLGGH4R2R6", "0016", "ada@contoso.example").await?;
    /// let seat = reclaimed.value().ok_or("no seat in the response")?;
    /// assert_eq!(seat.assigned_to(), Some("ada@contoso.example"));
    /// assert_eq!(seat.state(), Some(seats::store::SeatState::Revoked));
    /// // Taking back a seat that nobody holds is no failure.
    /// assert!(client.reclaim("9NBLGGH4R2R6", "0016", "ada@contoso.example").await?.is_already_free());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn reclaim(
        &self,
        product: impl IntoArgument<ProductId>,
        sku: impl IntoArgument<SkuId>,
        username: impl IntoArgument<Username>,
    ) -> Result<Done<Seat>, Error> {
        self.product(product, sku)?.reclaim(username).await
    }

    /// Gives a seat of a product and SKU to a user; see [`Product::assign`].
    ///
    /// # Errors
    /// As those of [`Product::assign`].
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use seats_sandbox::{STORE_TOKEN, Sandbox};
    /// # let sandbox = Sandbox::start().await?;
    /// # let client =
    /// #     seats::store::Client::builder().base_url(sandbox.store_url()).token(STORE_TOKEN).build()?;
    /// client.assign("9NBLGGH4R2R6", "0016", "linus@contoso.example").await?;
    /// let seat = client.seat("9NBLGGH4R2R6", "0016", "linus@contoso.example").await?;
    /// assert!(seat.is_some());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn assign(
        &self,
        product: impl IntoArgument<ProductId>,
        sku: impl IntoArgument<SkuId>,
        username: impl IntoArgument<Username>,
    ) -> Result<Done<Seat>, Error> {
        self.product(product, sku)?.assign(username).await
    }

    /// Returns the seat of a product and SKU that a user holds; see [`Product::seat`].
    ///
    /// # Errors
    /// As those of [`Product::seat`].
    pub async fn seat(
        &self,
        product: impl IntoArgument<ProductId>,
        sku: impl IntoArgument<SkuId>,
        username: impl IntoArgument<Username>,
    ) -> Result<Option<Seat>, Error> {
        self.product(product, sku)?.seat(username).await
    }

    /// Lists the seats of a product and SKU; see [`Product::seats`].
    ///
    /// # Errors
    /// An argument is not acceptable ([`InvalidInput`](crate::ErrorKind::InvalidInput)).
    pub fn seats(
        &self,
        product: impl IntoArgument<ProductId>,
        sku: impl IntoArgument<SkuId>,
    ) -> Result<Listing<Seat>, Error> {
        Ok(self.product(product, sku)?.seats())
    }

    /// Lists the seats that a user holds, of any product, page by page; pages are as those of
    /// [`Product::seats`].
    ///
    /// Source: [Get seats assigned to a user](https://learn.microsoft.com/en-us/windows/client-management/mdm/get-seats-assigned-to-a-user)
    /// (the page has been removed).
    ///
    /// # Errors
    /// The username is not acceptable ([`InvalidInput`](crate::ErrorKind::InvalidInput)).
    pub fn seats_of_user(
        &self,
        username: impl IntoArgument<Username>,
    ) -> Result<Listing<Seat>, Error> {
        let username = username.into_argument()?;
        let page = move |transport, token: Option<String>, size: Option<NonZeroU32>| {
            let username = username.clone();
            async move {
                let size = size.map(MaxResults);
                api::Client::new(transport)
                    .get_seats_assigned_to_user(&username, token.as_deref(), size.as_ref())
                    .await
            }
        };
        Ok(Listing::new(
            &self.transport,
            &GET_SEATS_ASSIGNED_TO_USER,
            bounds::MAX_RESULTS,
            page,
            result_set::seats,
        ))
    }

    /// Lists the products that the organisation has, page by page; pages are as those of
    /// [`Product::seats`].
    ///
    /// Source: [Get inventory](https://learn.microsoft.com/en-us/windows/client-management/mdm/get-inventory)
    /// (the page has been removed).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use seats_sandbox::{STORE_TOKEN, Sandbox};
    /// # let sandbox = Sandbox::start().await?;
    /// # let client =
    /// #     seats::store::Client::builder().base_url(sandbox.store_url()).token(STORE_TOKEN).build()?;
    /// use seats::store::{InventoryFilter, LicenseType};
    ///
    /// let online = InventoryFilter::new().license_type(LicenseType::Online);
    /// let mut inventory = client.inventory(&online);
    /// while let Some(entry) = inventory.next().await {
    ///     let entry = entry?;
    ///     println!("{:?}: {:?} of {:?}", entry.product_id(), entry.available_seats(), entry.seat_capacity());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn inventory(&self, filter: &InventoryFilter) -> Listing<InventoryEntry> {
        let types: Vec<LicenseTypeFilter> = filter
            .license_types
            .iter()
            .map(|kind| (*kind).into())
            .collect();
        let since = filter.modified_since;
        let page = move |transport, token: Option<String>, size: Option<NonZeroU32>| {
            let types = types.clone();
            async move {
                let types = Some(&types).filter(|types| !types.is_empty());
                let size = size.map(MaxResults);
                api::Client::new(transport)
                    .get_inventory(token.as_deref(), types, size.as_ref(), since.as_ref())
                    .await
            }
        };
        Listing::new(
            &self.transport,
            &GET_INVENTORY,
            bounds::MAX_RESULTS,
            page,
            result_set::inventory,
        )
    }

    /// Takes the seats of a product and SKU away from users, one request a user; see
    /// [`Product::reclaim_each`].
    ///
    /// # Errors
    /// As those of [`Product::reclaim_each`].
    pub fn reclaim_each(
        &self,
        product: impl IntoArgument<ProductId>,
        sku: impl IntoArgument<SkuId>,
        users: impl IntoIterator<Item = impl IntoArgument<Username>>,
    ) -> Result<Outcomes<Username>, Error> {
        self.product(product, sku)?.reclaim_each(users)
    }

    /// Gives a seat of a product and SKU to each of the users, one request a user; see
    /// [`Product::assign_each`].
    ///
    /// # Errors
    /// As those of [`Product::assign_each`].
    pub fn assign_each(
        &self,
        product: impl IntoArgument<ProductId>,
        sku: impl IntoArgument<SkuId>,
        users: impl IntoIterator<Item = impl IntoArgument<Username>>,
    ) -> Result<Outcomes<Username>, Error> {
        self.product(product, sku)?.assign_each(users)
    }

    /// Assigns seats of a product and SKU to users, or reclaims them, 25 users a request; see
    /// [`Product::bulk`].
    ///
    /// # Errors
    /// As those of [`Product::bulk`].
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use seats_sandbox::{STORE_TOKEN, Sandbox};
    /// # let sandbox = Sandbox::start().await?;
    /// # let client =
    /// #     seats::store::Client::builder().base_url(sandbox.store_url()).token(STORE_TOKEN).build()?;
    /// use seats::store::SeatAction;
    ///
    /// let users = ["ada@contoso.example", "linus@contoso.example"];
    /// let mut outcomes = client.bulk("9NBLGGH4R2R6", "0016", SeatAction::Reclaim, users)?;
    /// while let Some(outcome) = outcomes.next().await {
    ///     println!("{}: {}", outcome.user, outcome.fate);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn bulk(
        &self,
        product: impl IntoArgument<ProductId>,
        sku: impl IntoArgument<SkuId>,
        action: SeatAction,
        users: impl IntoIterator<Item = impl IntoArgument<Username>>,
    ) -> Result<Outcomes<Username>, Error> {
        self.product(product, sku)?.bulk(action, users)
    }

    /// Makes no further attempt, for this client and its clones: a call that waits for a token or for its
    /// next attempt ends now, with what is known by then. A request in flight is not affected.
    ///
    /// ```
    /// # let client = seats::store::Client::builder().token("a-bearer-token").build()?;
    /// client.stop();
    /// # Ok::<(), seats::Error>(())
    /// ```
    pub fn stop(&self) {
        self.transport.stop();
    }

    /// Returns how long calls of this client wait for the vendor: until its rate limit's window opens, or
    /// for as long as it asked to wait. None if no call waits.
    ///
    /// For a program that shows its progress; a call waits by itself.
    pub fn waits_for(&self) -> Option<std::time::Duration> {
        self.transport.waits_for()
    }

    /// Returns the base URL to which this client's requests go.
    pub fn base_url(&self) -> &str {
        self.transport.base_url()
    }

    /// Returns the generated client, with this client's guard, token and connections.
    ///
    /// Its calls return no effect. So they are never retried after they may have been applied, unless they
    /// only read.
    pub fn api(&self) -> api::Client {
        api::Client::new(self.transport.clone())
    }
}
