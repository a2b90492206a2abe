//! The calls of the Store.

use std::num::NonZeroU32;

use futures_util::StreamExt;
use seats_transport::{Effect, Transport};
use store_for_business::operations::{
    ASSIGN_SEAT, BULK_ASSIGN_AND_RECLAIM_SEATS, GET_INVENTORY, GET_SEAT, GET_SEATS,
    GET_SEATS_ASSIGNED_TO_USER, RECLAIM_SEAT_FROM_USER,
};
use store_for_business::types::{BulkSeatOperationRequest, MaxResults, Usernames};
use store_for_business::{self as api, bounds};

use super::builder::ClientBuilder;
use super::inventory::{InventoryEntry, InventoryFilter};
use super::missing_item::{self, MissingItem};
use super::seat::{Seat, same_name};
use super::{ProductId, SeatAction, SkuId, Username, bulk, result_set};
use crate::call::{self, call};
use crate::done::Done;
use crate::error::Error;
use crate::listing::Listing;
use crate::outcome::{Outcomes, all, chunks, once};

/// Assigns, lists and takes back seats in the Store for Business. Cheap to clone; clones share their connections.
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

    /// Gives a seat of a product and SKU to a user.
    ///
    /// The value is the seat; it is missing where the vendor's body could not be read. Nobody has shown
    /// what a second request does, so it is not sent again once it may have been carried out.
    ///
    /// Source: [Assign seat](https://learn.microsoft.com/en-us/windows/client-management/mdm/assign-seats)
    /// (the page has been removed).
    ///
    /// # Errors
    /// The call did not end as done; [`Error::effect`] says what is known.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use seats_sandbox::{STORE_TOKEN, Sandbox};
    /// # let sandbox = Sandbox::start().await?;
    /// # let client =
    /// #     seats::store::Client::builder().base_url(sandbox.store_url()).token(STORE_TOKEN).build()?;
    /// let (product, sku) = ("9NBLGGH4R2R6".parse()?, "0016".parse()?);
    /// let linus = "linus@contoso.example".parse()?;
    /// client.assign(&product, &sku, &linus).await?;
    /// assert!(client.seat(&product, &sku, &linus).await?.is_some());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn assign(
        &self,
        product: &ProductId,
        sku: &SkuId,
        username: &Username,
    ) -> crate::Result<Seat> {
        let outcome = call(&self.transport, &ASSIGN_SEAT, async |transport| {
            api::Client::new(transport)
                .assign_seat(product, sku, username)
                .await
        })
        .await;
        outcome.map(|done| done.read(Seat::from_json))
    }

    /// The seat of a product and SKU that a user holds; none where the vendor says that there is none.
    ///
    /// Source: [Get seat](https://learn.microsoft.com/en-us/windows/client-management/mdm/get-seat)
    /// (the page has been removed).
    ///
    /// # Errors
    /// The vendor did not answer, or refused, or its answer cannot be read. A 404 that does not say that
    /// it is the seat that is missing is an error: there may be no such user or product.
    pub async fn seat(
        &self,
        product: &ProductId,
        sku: &SkuId,
        username: &Username,
    ) -> Result<Option<Seat>, Error> {
        let outcome = call::read(
            &self.transport,
            &GET_SEAT,
            async |transport| {
                api::Client::new(transport)
                    .get_seat(product, sku, username)
                    .await
            },
            |body| {
                let seat = Seat::from_json(body).filter(|seat| *seat != Seat::default());
                seat.ok_or_else(|| "it has nothing of a seat".to_owned())
            },
        )
        .await;
        match outcome {
            Ok((seat, _)) => Ok(Some(seat)),
            Err(error)
                if error.is_not_found()
                    && missing_item::read(error.body()) == Some(MissingItem::Seat) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// The seats of a product and SKU, page by page; 25 to a page where no
    /// [`page_size`](Listing::page_size) of 1 to 100 is set.
    ///
    /// Source: [Get seats](https://learn.microsoft.com/en-us/windows/client-management/mdm/get-seats)
    /// (the page has been removed).
    pub fn seats(&self, product: &ProductId, sku: &SkuId) -> Listing<Seat> {
        let ids = (product.clone(), sku.clone());
        let page = move |transport, token: Option<String>, size: Option<NonZeroU32>| {
            let (product, sku) = ids.clone();
            async move {
                let size = size.map(MaxResults);
                api::Client::new(transport)
                    .get_seats(&product, &sku, token.as_deref(), size.as_ref())
                    .await
            }
        };
        let sizes = bounds::MAX_RESULTS;
        Listing::new(&self.transport, &GET_SEATS, sizes, page, result_set::seats)
    }

    /// The seats that a user holds, of whatever product, page by page; pages are as those of
    /// [`seats`](Self::seats).
    ///
    /// Source: [Get seats assigned to a user](https://learn.microsoft.com/en-us/windows/client-management/mdm/get-seats-assigned-to-a-user)
    /// (the page has been removed).
    pub fn seats_of_user(&self, username: &Username) -> Listing<Seat> {
        let username = username.clone();
        let page = move |transport, token: Option<String>, size: Option<NonZeroU32>| {
            let username = username.clone();
            async move {
                let size = size.map(MaxResults);
                api::Client::new(transport)
                    .get_seats_assigned_to_user(&username, token.as_deref(), size.as_ref())
                    .await
            }
        };
        let sizes = bounds::MAX_RESULTS;
        Listing::new(
            &self.transport,
            &GET_SEATS_ASSIGNED_TO_USER,
            sizes,
            page,
            result_set::seats,
        )
    }

    /// The products that the organisation has, page by page; pages are as those of
    /// [`seats`](Self::seats).
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
    /// for entry in client.inventory(&online).collect().await? {
    ///     println!("{:?}: {:?} of {:?}", entry.product_id(), entry.available_seats(), entry.seat_capacity());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn inventory(&self, filter: &InventoryFilter) -> Listing<InventoryEntry> {
        let filter = filter.clone();
        let page = move |transport, token: Option<String>, size: Option<NonZeroU32>| {
            let filter = filter.clone();
            async move {
                let types = Some(&filter.license_types).filter(|types| !types.is_empty());
                let (since, size) = (filter.modified_since, size.map(MaxResults));
                api::Client::new(transport)
                    .get_inventory(token.as_deref(), types, size.as_ref(), since.as_ref())
                    .await
            }
        };
        let sizes = bounds::MAX_RESULTS;
        Listing::new(
            &self.transport,
            &GET_INVENTORY,
            sizes,
            page,
            result_set::inventory,
        )
    }

    /// Assigns seats of a product and SKU to users, or reclaims them, 25 users a call.
    ///
    /// Each user is named once, whatever the case of the name, and has an outcome of their own: a call can succeed for some of its users
    /// and fail for others. Nothing is sent until the outcomes are asked for. A call is not sent again
    /// once it may have been carried out; the outcomes of its users are unknown then. To take back a few
    /// seats, [`reclaim`](Self::reclaim) each of them: that can be tried again.
    ///
    /// Source: [Bulk assign and reclaim seats from users](https://learn.microsoft.com/en-us/windows/client-management/mdm/bulk-assign-and-reclaim-seats-from-user)
    /// (the page has been removed).
    ///
    /// # Errors
    /// `users` is empty ([`InvalidInput`](crate::ErrorKind::InvalidInput)).
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
    /// let (product, sku) = ("9NBLGGH4R2R6".parse()?, "0016".parse()?);
    /// let users = ["ada@contoso.example".parse()?, "linus@contoso.example".parse()?];
    /// let mut outcomes = client.bulk(&product, &sku, SeatAction::Reclaim, &users)?;
    /// while let Some(outcome) = outcomes.next().await {
    ///     println!("{}: {}", outcome.user.as_str(), outcome.fate.as_str());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn bulk(
        &self,
        product: &ProductId,
        sku: &SkuId,
        action: SeatAction,
        users: &[Username],
    ) -> Result<Outcomes<Username>, Error> {
        let users = once(users, |user| same_name(user.as_str()))?;
        let chunks = chunks(&users, bounds::USERNAMES);
        let ids = (self.transport.clone(), product.clone(), sku.clone());
        let calls = futures_util::stream::iter(chunks).then(move |users| {
            let (transport, product, sku) = ids.clone();
            async move {
                let body = BulkSeatOperationRequest {
                    seat_action: action,
                    usernames: Usernames(users.clone()),
                };
                let outcome = call(
                    &transport,
                    &BULK_ASSIGN_AND_RECLAIM_SEATS,
                    async |transport| {
                        api::Client::new(transport)
                            .bulk_assign_and_reclaim_seats(&product, &sku, &body)
                            .await
                    },
                )
                .await;
                match outcome {
                    Ok(done) => bulk::outcomes(users, done.exchange().clone()),
                    Err(error) => all(users, error),
                }
            }
        });
        Ok(Outcomes::new(calls.flat_map(futures_util::stream::iter)))
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
