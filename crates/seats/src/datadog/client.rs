//! The calls of Datadog.

use std::num::NonZeroU32;
use std::sync::Arc;

use datadog_seats::operations::{ASSIGN_SEATS_USER, GET_SEATS_USERS, UNASSIGN_SEATS_USER};
use datadog_seats::{self as api, bounds, types};
use futures_util::StreamExt;
use seats_transport::Transport;
use serde_json::Value;
use uuid::Uuid;

use super::ProductCode;
use super::builder::ClientBuilder;
use super::seat_user::{self, SeatUser};
use crate::call::call;
use crate::error::Error;
use crate::listing::Listing;
use crate::outcome::{Fate, Outcome, Outcomes, all, once};

/// Assigns, lists and takes back seats at Datadog. Cheap to clone; clones share their connections.
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
    /// shows only when the seats are listed again. [`unassign_each`](Self::unassign_each) and
    /// [`unassign_in_batches`](Self::unassign_in_batches) tell the fate of each.
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
        let user_uuids = once(users, |user| *user)?;
        let body = types::UnassignSeatsUserRequest {
            data: types::UnassignSeatsUserRequestData {
                attributes: types::UnassignSeatsUserRequestDataAttributes {
                    product_code: product.clone(),
                    user_uuids,
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

    /// Gives a seat of `product` to each of `users`, in one request.
    ///
    /// The value is the ids of those who have got one, as the vendor names them; it is missing where the
    /// answer does not say. The call is done also where a user is not among them: whether that one has
    /// got a seat is not known. Nobody has shown what a second request does, so it is not sent again once it
    /// may have been carried out.
    ///
    /// Source: <https://docs.datadoghq.com/api/latest/seats/#assign-seats-to-users>
    ///
    /// # Errors
    /// As those of [`unassign`](Self::unassign).
    pub async fn assign(
        &self,
        product: &ProductCode,
        users: &[Uuid],
    ) -> crate::Result<Vec<String>> {
        let user_uuids = once(users, |user| *user)?;
        let body = types::AssignSeatsUserRequest {
            data: types::AssignSeatsUserRequestData {
                attributes: types::AssignSeatsUserRequestDataAttributes {
                    product_code: product.clone(),
                    user_uuids,
                },
                id: None,
                type_: types::SeatAssignmentsDataType::SeatAssignments,
            },
        };
        let outcome = call(&self.transport, &ASSIGN_SEATS_USER, async |transport| {
            api::Client::new(transport).assign_seats_user(&body).await
        })
        .await;
        outcome.map(|done| done.read(assigned_ids))
    }

    /// The users who hold a seat of `product`, page by page.
    ///
    /// Source: <https://docs.datadoghq.com/api/latest/seats/#get-users-with-seats>
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
    /// let mut users = client.seats(&"incident_response".parse()?).page_size(2)?;
    /// while let Some(user) = users.next().await {
    ///     println!("{:?}", user?.id());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn seats(&self, product: &ProductCode) -> Listing<SeatUser> {
        let product = product.clone();
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
        Listing::new(
            &self.transport,
            &GET_SEATS_USERS,
            sizes,
            page,
            seat_user::page,
        )
    }

    /// Takes the seats of `product` away from `users`, one request a user.
    ///
    /// It is slower than a batch, and each user's outcome comes from an answer of their own. Nothing is
    /// sent until the outcomes are asked for.
    ///
    /// # Errors
    /// `users` is empty ([`InvalidInput`](crate::ErrorKind::InvalidInput)).
    pub fn unassign_each(
        &self,
        product: &ProductCode,
        users: &[Uuid],
    ) -> Result<Outcomes<Uuid>, Error> {
        let users = once(users, |user| *user)?;
        let (client, product) = (self.clone(), product.clone());
        let calls = futures_util::stream::iter(users).then(move |user| {
            let (client, product) = (client.clone(), product.clone());
            async move {
                match client.unassign(&product, &[user]).await {
                    Ok(done) => {
                        let call = Arc::new(done.exchange().clone());
                        vec![Outcome::new(user, Fate::Done, &call)]
                    }
                    Err(error) => all(vec![user], error),
                }
            }
        });
        Ok(Outcomes::new(calls.flat_map(futures_util::stream::iter)))
    }

    /// The generated client, with this client's guard, credentials and connections.
    ///
    /// Its calls tell no effect. So they are not repeated once they may have happened, unless they read.
    pub fn api(&self) -> api::Client {
        api::Client::new(self.transport.clone())
    }
}

/// Who has got a seat, by the body of the answer.
fn assigned_ids(body: &[u8]) -> Option<Vec<String>> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    let ids = answer
        .pointer("/data/attributes/assigned_ids")?
        .as_array()?;
    ids.iter()
        .map(|id| id.as_str().map(str::to_owned))
        .collect()
}
