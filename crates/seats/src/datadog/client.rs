//! Client of Datadog's seats API.

use std::num::NonZeroU32;

use datadog_seats::operations::{ASSIGN_SEATS_USER, GET_SEATS_USERS, UNASSIGN_SEATS_USER};
use datadog_seats::{self as api, bounds, types};
use futures_util::FutureExt;
use seats_transport::Transport;
use serde_json::Value;
use uuid::Uuid;

use super::ProductCode;
use super::builder::ClientBuilder;
use super::seat_user::{self, SeatUser};
use crate::argument::{self, IntoArgument};
use crate::done::Done;
use crate::error::Error;
use crate::listing::Listing;
use crate::outcome::Outcome;
use crate::outcomes::{Outcomes, dedup_users};
use crate::{call, json};

/// Client of Datadog's seats API: assigns, lists and takes back seats.
///
/// Cheap to clone; clones share their connections, rate limit and retry budget.
#[derive(Clone, Debug)]
pub struct Client {
    pub(super) transport: Transport,
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

    /// Creates a client with everything from the environment; see [`ClientBuilder::from_env`].
    ///
    /// # Errors
    /// A variable is missing or not acceptable; the error names it.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// Takes the seats of `product` away from `users`, in one request.
    ///
    /// The vendor answers without a body: what became of each user is known only when the seats are listed
    /// again. [`unassign_each`](Self::unassign_each) and
    /// [`unassign_in_batches`](Self::unassign_in_batches) return an outcome for each user.
    ///
    /// Source: <https://docs.datadoghq.com/api/latest/seats/#unassign-seats-from-users>
    ///
    /// # Errors
    /// An argument is not acceptable or `users` is empty
    /// ([`InvalidInput`](crate::ErrorKind::InvalidInput), nothing is sent), or the call did not end as
    /// done; [`Error::effect`] says what is known.
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
    /// let user = "626a4e8e-64bd-409d-b80e-428f08ac0b62";
    /// let done = client.unassign("incident_response", [user]).await?;
    /// assert_eq!(done.status(), Some(204));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn unassign(
        &self,
        product: impl IntoArgument<ProductCode>,
        users: impl IntoIterator<Item = impl IntoArgument<Uuid>>,
    ) -> Result<Done<()>, Error> {
        let (product, users) = arguments(product, users)?;
        self.send_unassign(product, users).await
    }

    pub(super) async fn send_unassign(
        &self,
        product_code: ProductCode,
        user_uuids: Vec<Uuid>,
    ) -> Result<Done<()>, Error> {
        let body = types::UnassignSeatsUserRequest {
            data: types::UnassignSeatsUserRequestData {
                attributes: types::UnassignSeatsUserRequestDataAttributes {
                    product_code,
                    user_uuids,
                },
                id: None,
                type_: types::SeatAssignmentsDataType::SeatAssignments,
            },
        };
        let method = async |transport| api::Client::new(transport).unassign_seats_user(&body).await;
        call::change(&self.transport, &UNASSIGN_SEATS_USER, method, |_| Some(())).await
    }

    /// Gives a seat of `product` to each of `users`, in one request.
    ///
    /// The value is the ids of the users who got one, as the vendor names them; it is missing if the
    /// response does not say. The call is done even if a user is not among them: whether that user got a
    /// seat is not known. The operation is not known to be idempotent, so it is never retried after it may
    /// have been applied.
    ///
    /// Source: <https://docs.datadoghq.com/api/latest/seats/#assign-seats-to-users>
    ///
    /// # Errors
    /// As those of [`unassign`](Self::unassign).
    pub async fn assign(
        &self,
        product: impl IntoArgument<ProductCode>,
        users: impl IntoIterator<Item = impl IntoArgument<Uuid>>,
    ) -> Result<Done<Vec<String>>, Error> {
        let (product, users) = arguments(product, users)?;
        self.send_assign(product, users).await
    }

    async fn send_assign(
        &self,
        product_code: ProductCode,
        user_uuids: Vec<Uuid>,
    ) -> Result<Done<Vec<String>>, Error> {
        let body = types::AssignSeatsUserRequest {
            data: types::AssignSeatsUserRequestData {
                attributes: types::AssignSeatsUserRequestDataAttributes {
                    product_code,
                    user_uuids,
                },
                id: None,
                type_: types::SeatAssignmentsDataType::SeatAssignments,
            },
        };
        let method = async |transport| api::Client::new(transport).assign_seats_user(&body).await;
        call::change(&self.transport, &ASSIGN_SEATS_USER, method, assigned_ids).await
    }

    /// Lists the users who hold a seat of `product`, page by page.
    ///
    /// Source: <https://docs.datadoghq.com/api/latest/seats/#get-users-with-seats>
    ///
    /// # Errors
    /// The product is not acceptable ([`InvalidInput`](crate::ErrorKind::InvalidInput)).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use seats_sandbox::{API_KEY, APPLICATION_KEY, Sandbox};
    /// # let sandbox = Sandbox::start().await?;
    /// # let client = seats::datadog::Client::builder()
    /// #     .base_url(sandbox.datadog_url())
    /// #     .api_key(API_KEY)
    /// #     .app_key(APPLICATION_KEY)
    /// #     .build()?;
    /// let mut users = client.seats("incident_response")?.page_size(2)?;
    /// while let Some(user) = users.next().await {
    ///     println!("{:?}", user?.id());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn seats(
        &self,
        product: impl IntoArgument<ProductCode>,
    ) -> Result<Listing<SeatUser>, Error> {
        let product = product.into_argument()?;
        let page = move |transport, cursor: Option<String>, size: Option<NonZeroU32>| {
            let product = product.clone();
            async move {
                let size = size.map(|size| types::PageLimit(size.into()));
                api::Client::new(transport)
                    .get_seats_users(cursor.as_deref(), size.as_ref(), &product)
                    .await
            }
        };
        let sizes = bounds::PAGE_LIMIT;
        Ok(Listing::new(
            &self.transport,
            &GET_SEATS_USERS,
            sizes,
            page,
            seat_user::page,
        ))
    }

    /// Takes the seats of `product` away from `users`, one request a user.
    ///
    /// It takes more requests than batches, and each user's outcome comes from a response of their own.
    /// Nothing is sent until the outcomes are polled.
    ///
    /// # Errors
    /// An argument is not acceptable or `users` is empty
    /// ([`InvalidInput`](crate::ErrorKind::InvalidInput)).
    pub fn unassign_each(
        &self,
        product: impl IntoArgument<ProductCode>,
        users: impl IntoIterator<Item = impl IntoArgument<Uuid>>,
    ) -> Result<Outcomes<Uuid>, Error> {
        let (product, users) = arguments(product, users)?;
        let client = self.clone();
        Ok(Outcomes::new(&users, 1, move |users| {
            let (client, product) = (client.clone(), product.clone());
            each(users, move |user| async move {
                client.send_unassign(product, vec![user]).await
            })
        }))
    }

    /// Gives a seat of `product` to each of `users`, one request a user.
    ///
    /// # Errors
    /// As those of [`unassign_each`](Self::unassign_each).
    pub fn assign_each(
        &self,
        product: impl IntoArgument<ProductCode>,
        users: impl IntoIterator<Item = impl IntoArgument<Uuid>>,
    ) -> Result<Outcomes<Uuid>, Error> {
        let (product, users) = arguments(product, users)?;
        let client = self.clone();
        Ok(Outcomes::new(&users, 1, move |users| {
            let (client, product) = (client.clone(), product.clone());
            each(users, move |user| async move {
                client.send_assign(product, vec![user]).await
            })
        }))
    }

    /// Makes no further attempt, for this client and its clones: a call that waits for the rate limit or
    /// for its next attempt ends now, with what is known by then. A request in flight is not affected.
    ///
    /// ```
    /// # let client = seats::datadog::Client::builder().dry_run(true).build()?;
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

    /// Returns the generated client, with this client's guard, credentials and connections.
    ///
    /// Its calls return no effect. So they are never retried after they may have been applied, unless they
    /// only read.
    pub fn api(&self) -> api::Client {
        api::Client::new(self.transport.clone())
    }
}

/// The product, and each user once.
pub(super) fn arguments(
    product: impl IntoArgument<ProductCode>,
    users: impl IntoIterator<Item = impl IntoArgument<Uuid>>,
) -> Result<(ProductCode, Vec<Uuid>), Error> {
    let product = product.into_argument()?;
    let users = dedup_users(argument::all(users)?, |user| *user)?;
    Ok((product, users))
}

/// A call for one user.
fn each<T, F>(
    users: Vec<Uuid>,
    call: impl FnOnce(Uuid) -> F + Send + 'static,
) -> crate::outcomes::Call<Uuid>
where
    F: Future<Output = Result<Done<T>, Error>> + Send,
{
    async move {
        match users.first().copied() {
            Some(user) => vec![Outcome::of_result(user, call(user).await)],
            None => Vec::new(),
        }
    }
    .boxed()
}

/// The users who got a seat, by the body of the response.
fn assigned_ids(body: &[u8]) -> Option<Vec<String>> {
    let answer: Value = json::parse(body).ok()?;
    let ids = answer
        .pointer("/data/attributes/assigned_ids")?
        .as_array()?;
    ids.iter()
        .map(|id| id.as_str().map(str::to_owned))
        .collect()
}
