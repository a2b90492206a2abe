//! Many users in few requests: what became of each of them shows in the list of seats.

use std::collections::{HashMap, HashSet};
use std::num::NonZeroU32;
use std::sync::Arc;

use seats_transport::Effect;
use uuid::Uuid;

use super::ProductCode;
use super::client::Client;
use crate::error::Error;
use crate::outcome::{Fate, Outcome, all, chunks, once};

/// A request that was sent, or may have been; the list decides about its users.
#[derive(Clone)]
enum Sent {
    /// The vendor said that it is done.
    Done,
    /// It may have been carried out.
    Unknown(Arc<Error>),
}

impl Client {
    /// Takes the seats of `product` away from `users`, `size` users a request, and reads the list of
    /// seats afterwards to learn what became of each.
    ///
    /// A user whom the list no longer has is done. One whom it still has after the vendor said *done* has
    /// failed. It is unknown where the list cannot be read, where it has a user without an id (who may be
    /// anybody), and where it still has a user whose request may yet be carried out. Users of a request
    /// that was refused, or not sent, have failed with its error.
    ///
    /// # Errors
    /// `users` is empty ([`InvalidInput`](crate::ErrorKind::InvalidInput)).
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
    /// let users = [
    ///     "626a4e8e-64bd-409d-b80e-428f08ac0b62".parse()?,
    ///     "9d1c2f60-0f6e-4c5a-8b3e-7f1d2a4c6e80".parse()?,
    /// ];
    /// let size = 50.try_into()?;
    /// let outcomes = client.unassign_in_batches(&"incident_response".parse()?, &users, size).await?;
    /// assert!(outcomes.iter().all(|outcome| outcome.fate.is_done()));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn unassign_in_batches(
        &self,
        product: &ProductCode,
        users: &[Uuid],
        size: NonZeroU32,
    ) -> Result<Vec<Outcome<Uuid>>, Error> {
        let mut outcomes = Vec::new();
        let mut sent = HashMap::new();
        let users = once(users, |user| *user)?;
        for batch in chunks(&users, 1..=u64::from(size.get())) {
            let (batch_sent, call) = match self.unassign(product, &batch).await {
                Ok(done) => (Sent::Done, done.exchange().clone()),
                Err(error) if error.effect() == Effect::Unknown => {
                    let call = error.exchange().clone();
                    (Sent::Unknown(Arc::new(error)), call)
                }
                Err(error) => {
                    outcomes.extend(all(batch, error));
                    continue;
                }
            };
            let call = Arc::new(call);
            for user in batch {
                sent.insert(user, batch_sent.clone());
                // Its place in the order; the list decides.
                outcomes.push(Outcome::new(user, Fate::Done, &call));
            }
        }
        if !sent.is_empty() {
            let holders = self.holders(product, &sent).await;
            for outcome in &mut outcomes {
                if let Some(sent) = sent.get(&outcome.user) {
                    outcome.fate = fate(sent, &holders, &outcome.user);
                }
            }
        }
        Ok(outcomes)
    }

    /// Which of the users the list still has.
    async fn holders(
        &self,
        product: &ProductCode,
        users: &HashMap<Uuid, Sent>,
    ) -> Result<Holders, Arc<Error>> {
        let mut holders = Holders::default();
        let mut list = self.seats(product);
        while let Some(user) = list.next().await {
            let user = user.map_err(Arc::new)?;
            match user.id().and_then(|id| id.trim().parse::<Uuid>().ok()) {
                None => holders.has_nameless = true,
                Some(id) if users.contains_key(&id) => {
                    holders.listed.insert(id);
                }
                Some(_) => {}
            }
        }
        Ok(holders)
    }
}

/// What the list says of the users who were asked for.
#[derive(Default)]
struct Holders {
    listed: HashSet<Uuid>,
    /// Somebody in it has no id, or one that is none.
    has_nameless: bool,
}

fn fate(sent: &Sent, holders: &Result<Holders, Arc<Error>>, user: &Uuid) -> Fate {
    let holders = match holders {
        Ok(holders) => holders,
        Err(error) => return Fate::unverified("the list of seats cannot be had", error),
    };
    match (holders.listed.contains(user), sent) {
        (true, Sent::Done) => {
            Fate::failed("the vendor said that it is done, and still lists the user")
        }
        (true, Sent::Unknown(error)) => Fate::unverified("the list still has the user", error),
        (false, _) if holders.has_nameless => {
            Fate::unknown("the list has a user without an id, who may be this one")
        }
        (false, _) => Fate::Done,
    }
}
