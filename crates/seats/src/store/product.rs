//! The calls about one product and SKU of the Store.

use std::num::NonZeroU32;

use futures_util::FutureExt;
use seats_transport::{Effect, Transport};
use store_for_business::operations::{
    ASSIGN_SEAT, BULK_ASSIGN_AND_RECLAIM_SEATS, GET_SEAT, GET_SEATS, RECLAIM_SEAT_FROM_USER,
};
use store_for_business::types::{BulkSeatOperationRequest, MaxResults, Usernames};
use store_for_business::{self as api, bounds};

use super::error_envelope::{MissingItem, missing_item};
use super::seat::{Seat, normalize_username};
use super::{ProductId, SeatAction, SkuId, Username, bulk, result_set};
use crate::argument::{self, IntoArgument};
use crate::call;
use crate::done::Done;
use crate::error::Error;
use crate::listing::Listing;
use crate::outcome::{Outcome, outcomes_of_error};
use crate::outcomes::{Call, Outcomes, dedup_users};

/// A scope for the calls about one product and SKU; made by [`Client::product`](super::Client::product). Cheap to clone.
#[derive(Clone, Debug)]
pub struct Product {
    transport: Transport,
    product: ProductId,
    sku: SkuId,
}

impl Product {
    pub(super) fn new(transport: Transport, product: ProductId, sku: SkuId) -> Self {
        Self {
            transport,
            product,
            sku,
        }
    }

    /// Returns the product.
    pub fn id(&self) -> &ProductId {
        &self.product
    }

    /// Returns the SKU.
    pub fn sku(&self) -> &SkuId {
        &self.sku
    }

    /// Takes the seat away from a user.
    ///
    /// The value is the seat as it was; it is missing if the vendor's body cannot be read. If the vendor
    /// says that the user holds no such seat, the result is
    /// [`already_free`](Done::is_already_free): a run can be repeated.
    ///
    /// Source: [Reclaim seat from user](https://learn.microsoft.com/en-us/windows/client-management/mdm/reclaim-seat-from-user)
    /// (the page has been removed).
    ///
    /// # Errors
    /// The username is not acceptable, or the call did not end as done; [`Error::effect`] says what is
    /// known. A 404 means that there is no such user or product, or the vendor does not say what is missing.
    pub async fn reclaim(
        &self,
        username: impl IntoArgument<Username>,
    ) -> Result<Done<Seat>, Error> {
        let username = username.into_argument()?;
        let method = async |transport| {
            api::Client::new(transport)
                .reclaim_seat_from_user(&self.product, &self.sku, &username)
                .await
        };
        call::change(
            &self.transport,
            &RECLAIM_SEAT_FROM_USER,
            method,
            Seat::from_json,
        )
        .await
        .or_else(already_free)
    }

    /// Gives a seat to a user.
    ///
    /// The value is the seat; it is missing if the vendor's body cannot be read. The operation is not known
    /// to be idempotent, so it is never retried after it may have been applied.
    ///
    /// Source: [Assign seat](https://learn.microsoft.com/en-us/windows/client-management/mdm/assign-seats)
    /// (the page has been removed).
    ///
    /// # Errors
    /// The username is not acceptable, or the call did not end as done; [`Error::effect`] says what is
    /// known.
    pub async fn assign(&self, username: impl IntoArgument<Username>) -> Result<Done<Seat>, Error> {
        let username = username.into_argument()?;
        let method = async |transport| {
            api::Client::new(transport)
                .assign_seat(&self.product, &self.sku, &username)
                .await
        };
        call::change(&self.transport, &ASSIGN_SEAT, method, Seat::from_json).await
    }

    /// Returns the seat that a user holds; none if the vendor says that there is none.
    ///
    /// Source: [Get seat](https://learn.microsoft.com/en-us/windows/client-management/mdm/get-seat)
    /// (the page has been removed).
    ///
    /// # Errors
    /// The username is not acceptable, the vendor did not respond or refused, or its response cannot be
    /// read. A 404 that does not say that it is the seat that is missing is an error: there may be no such
    /// user or product.
    pub async fn seat(&self, username: impl IntoArgument<Username>) -> Result<Option<Seat>, Error> {
        match self.require_seat(username).await {
            Ok(seat) => Ok(Some(seat)),
            Err(error) if is_seat_missing(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Returns the seat that a user holds, like [`seat`](Self::seat). That there is none is an error, which
    /// has the vendor's id of the request.
    ///
    /// # Errors
    /// As those of [`seat`](Self::seat), and that there is none.
    pub async fn require_seat(&self, username: impl IntoArgument<Username>) -> Result<Seat, Error> {
        let username = username.into_argument()?;
        let method = async |transport| {
            api::Client::new(transport)
                .get_seat(&self.product, &self.sku, &username)
                .await
        };
        let (seat, _) = call::read(&self.transport, &GET_SEAT, method, |body| {
            let seat = Seat::from_json(body).filter(|seat| *seat != Seat::default());
            seat.ok_or_else(|| "it has nothing of a seat".to_owned())
        })
        .await?;
        Ok(seat)
    }

    /// Lists the seats, page by page; 25 to a page unless a [`page_size`](Listing::page_size) of 1 to 100
    /// is set.
    ///
    /// Source: [Get seats](https://learn.microsoft.com/en-us/windows/client-management/mdm/get-seats)
    /// (the page has been removed).
    pub fn seats(&self) -> Listing<Seat> {
        let ids = (self.product.clone(), self.sku.clone());
        let page = move |transport, token: Option<String>, size: Option<NonZeroU32>| {
            let (product, sku) = ids.clone();
            async move {
                let size = size.map(MaxResults);
                api::Client::new(transport)
                    .get_seats(&product, &sku, token.as_deref(), size.as_ref())
                    .await
            }
        };
        Listing::new(
            &self.transport,
            &GET_SEATS,
            bounds::MAX_RESULTS,
            page,
            result_set::seats,
        )
    }

    /// Takes the seats away from users, one request a user.
    ///
    /// A user who is named twice is one user ([`normalize_username`]). Nothing is sent until the outcomes
    /// are polled.
    ///
    /// # Errors
    /// A username is not acceptable or `users` is empty
    /// ([`InvalidInput`](crate::ErrorKind::InvalidInput)).
    pub fn reclaim_each(
        &self,
        users: impl IntoIterator<Item = impl IntoArgument<Username>>,
    ) -> Result<Outcomes<Username>, Error> {
        let product = self.clone();
        self.each(users, move |user| {
            let product = product.clone();
            async move {
                vec![Outcome::of_result(
                    user.clone(),
                    product.reclaim(user).await,
                )]
            }
            .boxed()
        })
    }

    /// Gives a seat to each of the users, one request a user.
    ///
    /// # Errors
    /// As those of [`reclaim_each`](Self::reclaim_each).
    pub fn assign_each(
        &self,
        users: impl IntoIterator<Item = impl IntoArgument<Username>>,
    ) -> Result<Outcomes<Username>, Error> {
        let product = self.clone();
        self.each(users, move |user| {
            let product = product.clone();
            async move { vec![Outcome::of_result(user.clone(), product.assign(user).await)] }
                .boxed()
        })
    }

    fn each(
        &self,
        users: impl IntoIterator<Item = impl IntoArgument<Username>>,
        call: impl Fn(Username) -> Call<Username> + Send + 'static,
    ) -> Result<Outcomes<Username>, Error> {
        let users = dedup_users(argument::all(users)?, |user: &Username| {
            normalize_username(user)
        })?;
        Ok(Outcomes::new(&users, 1, move |users| {
            match users.into_iter().next() {
                Some(user) => call(user),
                None => async { Vec::new() }.boxed(),
            }
        }))
    }

    /// Assigns seats to users, or reclaims them, 25 users a request.
    ///
    /// A user who is named twice is one user ([`normalize_username`]), and each user has an outcome: a
    /// request can succeed for some of its users and fail for others. Nothing is sent until the outcomes are
    /// polled. A request is never retried after it may have been applied; the outcomes of its users are
    /// unknown then. To take back a few seats, use [`reclaim_each`](Self::reclaim_each): its requests are
    /// idempotent.
    ///
    /// Source: [Bulk assign and reclaim seats from users](https://learn.microsoft.com/en-us/windows/client-management/mdm/bulk-assign-and-reclaim-seats-from-user)
    /// (the page has been removed).
    ///
    /// # Errors
    /// A username is not acceptable or `users` is empty
    /// ([`InvalidInput`](crate::ErrorKind::InvalidInput)).
    pub fn bulk(
        &self,
        action: SeatAction,
        users: impl IntoIterator<Item = impl IntoArgument<Username>>,
    ) -> Result<Outcomes<Username>, Error> {
        let users = dedup_users(argument::all(users)?, |user: &Username| {
            normalize_username(user)
        })?;
        let product = self.clone();
        Ok(Outcomes::new(
            &users,
            *bounds::USERNAMES.end(),
            move |users| {
                let product = product.clone();
                async move { product.bulk_request(action, users).await }.boxed()
            },
        ))
    }

    async fn bulk_request(
        &self,
        action: SeatAction,
        users: Vec<Username>,
    ) -> Vec<Outcome<Username>> {
        let body = BulkSeatOperationRequest {
            seat_action: action.into(),
            usernames: Usernames(users.clone()),
        };
        let method = async |transport| {
            api::Client::new(transport)
                .bulk_assign_and_reclaim_seats(&self.product, &self.sku, &body)
                .await
        };
        let operation = &BULK_ASSIGN_AND_RECLAIM_SEATS;
        match call::change(&self.transport, operation, method, |_| Some(())).await {
            Ok(done) => {
                let request = bulk::Request {
                    action,
                    product: &self.product,
                    sku: &self.sku,
                    users,
                };
                request.outcomes(done.into_exchange())
            }
            Err(error) => outcomes_of_error(users, error),
        }
    }
}

/// Whether a 404 says that it is the seat that is missing.
fn is_seat_missing(error: &Error) -> bool {
    error.is_not_found() && missing_item(error.body()) == Some(MissingItem::Seat)
}

/// What the error of a reclaim means for the seat. A 404 for the seat says that nobody holds it: after an
/// attempt that may have been applied, because it was. A 404 for the user or the product says that there was
/// nothing to take back, whatever an earlier attempt did.
fn already_free(error: Error) -> Result<Done<Seat>, Error> {
    let in_doubt = error.exchange().may_have_been_applied_before();
    if !error.is_not_found() {
        return Err(error);
    }
    match missing_item(error.body()) {
        Some(MissingItem::Seat) => {
            let effect = if in_doubt {
                Effect::Done
            } else {
                Effect::AlreadyFree
            };
            let exchange = error.into_exchange().with_effect(effect);
            Ok(Done::of_call(None, exchange))
        }
        Some(MissingItem::User | MissingItem::Inventory) if in_doubt => {
            Err(error.with_effect(Effect::Refused))
        }
        _ => Err(error),
    }
}
