//! Many users in few requests; the list of seats tells what became of each.

use std::collections::HashSet;
use std::num::NonZeroU32;
use std::sync::Arc;

use futures_util::FutureExt;
use uuid::Uuid;

use super::ProductCode;
use super::client::{Client, arguments};
use crate::argument::IntoArgument;
use crate::error::Error;
use crate::outcome::{Fate, Outcome, outcomes_of_error};
use crate::outcomes::Outcomes;

impl Client {
    /// Takes the seats of `product` away from `users`, `size` users a request, and reads the list of seats
    /// afterwards to learn what became of each.
    ///
    /// The outcomes come when all requests have ended and the list was read. A user whom the list does not
    /// have is done. One whom it still has after the vendor reported success failed. A user is unknown if
    /// the list cannot be read as a whole, if it has a user without an id (who may be anybody), and if it
    /// still has a user whose request may yet be applied. Users of a request that was refused, or not sent,
    /// failed with its error.
    ///
    /// # Errors
    /// An argument is not acceptable or `users` is empty
    /// ([`InvalidInput`](crate::ErrorKind::InvalidInput)).
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
    /// let users = ["626a4e8e-64bd-409d-b80e-428f08ac0b62", "9d1c2f60-0f6e-4c5a-8b3e-7f1d2a4c6e80"];
    /// let outcomes = client.unassign_in_batches("incident_response", users, 50.try_into()?)?;
    /// let outcomes: Vec<_> = outcomes.collect().await;
    /// assert!(outcomes.iter().all(|outcome| outcome.fate.is_success()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn unassign_in_batches(
        &self,
        product: impl IntoArgument<ProductCode>,
        users: impl IntoIterator<Item = impl IntoArgument<Uuid>>,
        size: NonZeroU32,
    ) -> Result<Outcomes<Uuid>, Error> {
        let (product, users) = arguments(product, users)?;
        let sender = (self.clone(), product.clone());
        let reader = (self.clone(), product);
        let outcomes = Outcomes::new(&users, size.get().into(), move |batch| {
            let (client, product) = sender.clone();
            async move { client.unassign_batch(product, batch).await }.boxed()
        });
        Ok(outcomes.verified_by(move |outcomes| {
            let (client, product) = reader;
            async move { client.verify(product, outcomes).await }.boxed()
        }))
    }

    /// The outcomes of a batch as its response tells them: all alike.
    async fn unassign_batch(&self, product: ProductCode, batch: Vec<Uuid>) -> Vec<Outcome<Uuid>> {
        match self.send_unassign(product, batch.clone()).await {
            Ok(done) => {
                let call = Arc::new(done.into_exchange());
                let done = |user| Outcome::of_call(user, Fate::Done, &call);
                batch.into_iter().map(done).collect()
            }
            Err(error) => outcomes_of_error(batch, error),
        }
    }

    /// The outcomes with what the list says of each user whose request was sent.
    async fn verify(
        &self,
        product: ProductCode,
        mut outcomes: Vec<Outcome<Uuid>>,
    ) -> Vec<Outcome<Uuid>> {
        let sent: HashSet<Uuid> = outcomes
            .iter()
            .filter(|outcome| !matches!(outcome.fate, Fate::Failed(_)))
            .map(|outcome| outcome.user)
            .collect();
        if sent.is_empty() {
            return outcomes;
        }
        let holders = self.holders(product, &sent).await.map_err(Arc::new);
        for outcome in &mut outcomes {
            if sent.contains(&outcome.user) {
                outcome.fate = verified(outcome, &holders);
            }
        }
        outcomes
    }

    /// Reads which of the users the list still has.
    async fn holders(&self, product: ProductCode, users: &HashSet<Uuid>) -> Result<Holders, Error> {
        let mut holders = Holders::default();
        let mut list = self.seats(product)?;
        while let Some(user) = list.next().await {
            match user?.id() {
                None => holders.has_nameless = true,
                Some(id) if users.contains(&id) => {
                    holders.listed.insert(id);
                }
                Some(_) => {}
            }
        }
        Ok(holders)
    }
}

/// What the list says about the users in question.
#[derive(Default)]
struct Holders {
    listed: HashSet<Uuid>,
    /// A user in it has no id, or one that is not a UUID.
    has_nameless: bool,
}

/// The fate of a user whose request was sent.
fn verified(outcome: &Outcome<Uuid>, holders: &Result<Holders, Arc<Error>>) -> Fate {
    let holders = match holders {
        Ok(holders) => holders,
        Err(error) => return Fate::unverified("the list of seats cannot be had", error),
    };
    let in_doubt = outcome
        .fate
        .reason()
        .and_then(|reason| reason.shared_error());
    match (holders.listed.contains(&outcome.user), in_doubt) {
        (true, None) => Fate::failed("the vendor said that it is done, and still lists the user"),
        (true, Some(error)) => Fate::unverified("the list still has the user", error),
        (false, _) if holders.has_nameless => {
            Fate::unknown("the list has a user without an id, who may be this one")
        }
        (false, _) => Fate::Done,
    }
}
