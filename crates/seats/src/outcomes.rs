//! Stream of the outcomes of many users.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::hash::Hash;
use std::num::NonZeroUsize;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, Stream, StreamExt};

use crate::error::Error;
use crate::outcome::{Fate, Outcome};

/// How many calls may have ended while an earlier one has not, for each call that may be in flight.
const BUFFERED: usize = 16;

/// A call for some of the users, and what becomes of each.
pub(crate) type Call<U> = BoxFuture<'static, Vec<Outcome<U>>>;
type MakeCall<U> = Box<dyn Fn(Vec<U>) -> Call<U> + Send>;
type Verify<U> = Box<dyn FnOnce(Vec<Outcome<U>>) -> Call<U> + Send>;

/// What becomes of many users: a lazy [`Stream`] with an outcome for each user, in the order in which the
/// caller named them.
///
/// Nothing is sent until the stream is polled. [`concurrency`](Self::concurrency) sets how many calls are
/// in flight at once; the order of the outcomes stays. A user who is named twice has one outcome.
///
/// If a call says that the caller is not allowed ([`Error::is_access_denied`]), no further call begins:
/// each remaining user [`Failed`](Fate::Failed), with the reason `not sent: ...`.
///
/// # Cancellation
///
/// Dropping the stream skips the remaining users; a call in flight may still be applied. To end early and
/// know what became of each user, [`stop`](Self::stop) and read to the end, or, if there is no time to wait
/// for the calls in flight, [`abandon`](Self::abandon) and read to the end.
///
/// ```
/// # #[cfg(all(feature = "store", feature = "rustls"))]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use seats_sandbox::{STORE_TOKEN, Sandbox};
/// # let sandbox = Sandbox::start().await?;
/// # let client =
/// #     seats::store::Client::builder().base_url(sandbox.store_url()).token(STORE_TOKEN).build()?;
/// let leavers = ["ada@contoso.example", "linus@contoso.example"];
/// let mut outcomes = client
///     .reclaim_each("9NBLGGH4R2R6", "0016", leavers)?
///     .concurrency(8.try_into()?);
/// while let Some(outcome) = outcomes.next().await {
///     println!("{}: {}", outcome.user, outcome.fate);
/// }
/// # Ok(())
/// # }
/// # #[cfg(not(all(feature = "store", feature = "rustls")))] fn main() {}
/// ```
#[must_use = "nothing is sent until the outcomes are polled"]
pub struct Outcomes<U> {
    /// The users of each call that has not begun.
    waiting: VecDeque<Vec<U>>,
    make_call: MakeCall<U>,
    /// Each call in flight, with its number.
    calls: FuturesUnordered<BoxFuture<'static, (usize, Vec<Outcome<U>>)>>,
    /// The calls whose outcomes were not handed out yet, in the order of the users.
    begun: VecDeque<Begun<U>>,
    /// The number of the first call in `begun`.
    first: usize,
    concurrency: NonZeroUsize,
    /// Why no further call begins.
    denied: Option<Arc<Error>>,
    /// How many users were skipped by [`stop`](Self::stop) or [`abandon`](Self::abandon).
    skipped: usize,
    verification: Verification<U>,
    ready: VecDeque<Outcome<U>>,
}

/// A call that has begun.
enum Begun<U> {
    InFlight(Vec<U>),
    Ended(Vec<Outcome<U>>),
}

/// The step after all calls, in which some vendors' lists tell what became of the users.
enum Verification<U> {
    /// Each call tells by itself.
    None,
    /// Outcomes are collected until all calls have ended.
    Collecting(Vec<Outcome<U>>, Verify<U>),
    /// The collected outcomes are being verified.
    Running(Vec<Outcome<U>>, Call<U>),
}

impl<U: Clone + 'static> Outcomes<U> {
    /// Creates the outcomes of these users, `per_call` of them a call.
    pub(crate) fn new(
        users: &[U],
        per_call: u64,
        make_call: impl Fn(Vec<U>) -> Call<U> + Send + 'static,
    ) -> Self {
        let per_call = usize::try_from(per_call).unwrap_or(usize::MAX).max(1);
        Self {
            waiting: users.chunks(per_call).map(<[U]>::to_vec).collect(),
            make_call: Box::new(make_call),
            calls: FuturesUnordered::new(),
            begun: VecDeque::new(),
            first: 0,
            concurrency: NonZeroUsize::MIN,
            denied: None,
            skipped: 0,
            verification: Verification::None,
            ready: VecDeque::new(),
        }
    }

    /// Holds the outcomes back until all calls have ended, and has `verify` look at them together.
    pub(crate) fn verified_by(
        mut self,
        verify: impl FnOnce(Vec<Outcome<U>>) -> Call<U> + Send + 'static,
    ) -> Self {
        self.verification = Verification::Collecting(Vec::new(), Box::new(verify));
        self
    }

    /// Sets how many calls are in flight at once; 1 if it is not set.
    pub fn concurrency(mut self, calls: NonZeroUsize) -> Self {
        self.concurrency = calls;
        self
    }

    /// Begins no further call. The stream ends after the outcomes of the calls that are in flight; the
    /// [`remaining`](Self::remaining) users have no outcome.
    pub fn stop(&mut self) {
        self.skipped += self
            .waiting
            .drain(..)
            .map(|users| users.len())
            .sum::<usize>();
    }

    /// Begins no further call, and waits for none. The stream ends after the outcomes of the calls that
    /// have ended; a user whose call is in flight, or whose batch was not verified yet, is
    /// [`Unknown`](Fate::Unknown), with `reason`.
    pub fn abandon(&mut self, reason: &str) {
        self.stop();
        self.calls = FuturesUnordered::new();
        let unknown = |user: U| Outcome::new(user, Fate::unknown(reason));
        let verification = std::mem::replace(&mut self.verification, Verification::None);
        if let Verification::Collecting(outcomes, _) | Verification::Running(outcomes, _) =
            verification
        {
            let unverified = outcomes.into_iter().map(|outcome| match outcome.fate {
                Fate::Failed(_) => outcome,
                _ => unknown(outcome.user),
            });
            self.ready.extend(unverified);
        }
        for begun in self.begun.drain(..) {
            match begun {
                Begun::Ended(outcomes) => self.ready.extend(outcomes),
                Begun::InFlight(users) => self.ready.extend(users.into_iter().map(unknown)),
            }
        }
    }

    /// Returns how many users there are for whom no call has begun.
    pub fn remaining(&self) -> usize {
        self.skipped + self.waiting.iter().map(Vec::len).sum::<usize>()
    }

    /// Returns the users whose outcome is open: their call is in flight, or their batch was sent and is
    /// not verified yet.
    pub fn in_flight(&self) -> Vec<&U> {
        let mut users = Vec::new();
        if let Verification::Collecting(outcomes, _) | Verification::Running(outcomes, _) =
            &self.verification
        {
            let sent = outcomes
                .iter()
                .filter(|outcome| !matches!(outcome.fate, Fate::Failed(_)));
            users.extend(sent.map(|outcome| &outcome.user));
        }
        for begun in &self.begun {
            if let Begun::InFlight(of_call) = begun {
                users.extend(of_call);
            }
        }
        users
    }

    fn begin_calls(&mut self) {
        let most = self.concurrency.get();
        while self.denied.is_none()
            && self.calls.len() < most
            && self.begun.len() < most.saturating_mul(BUFFERED)
            && let Some(users) = self.waiting.pop_front()
        {
            let number = self.first + self.begun.len();
            let call = (self.make_call)(users.clone());
            self.calls
                .push(call.map(move |outcomes| (number, outcomes)).boxed());
            self.begun.push_back(Begun::InFlight(users));
        }
    }

    /// Keeps the outcomes of a call that has ended.
    fn end_call(&mut self, number: usize, outcomes: Vec<Outcome<U>>) {
        if self.denied.is_none() {
            let mut reasons = outcomes.iter().filter_map(|outcome| outcome.fate.reason());
            self.denied = reasons.find_map(|reason| {
                let error = reason.shared_error()?;
                error.is_access_denied().then(|| Arc::clone(error))
            });
        }
        if let Some(begun) = self.begun.get_mut(number - self.first) {
            *begun = Begun::Ended(outcomes);
        }
        while let Some(Begun::Ended(outcomes)) = self.begun.front_mut() {
            let outcomes = std::mem::take(outcomes);
            self.begun.pop_front();
            self.first += 1;
            self.hand_out(outcomes);
        }
    }

    fn hand_out(&mut self, outcomes: impl IntoIterator<Item = Outcome<U>>) {
        match &mut self.verification {
            Verification::Collecting(collected, _) => collected.extend(outcomes),
            _ => self.ready.extend(outcomes),
        }
    }

    /// What follows when no call is in flight any more; returns false at the end.
    fn go_on_after_calls(&mut self) -> bool {
        if let Some(error) = &self.denied
            && !self.waiting.is_empty()
        {
            let fate = Fate::not_begun(error);
            let rest: Vec<_> = self.waiting.drain(..).flatten().collect();
            self.hand_out(
                rest.into_iter()
                    .map(|user| Outcome::new(user, fate.clone())),
            );
            return true;
        }
        match std::mem::replace(&mut self.verification, Verification::None) {
            Verification::Collecting(outcomes, verify) if !outcomes.is_empty() => {
                let call = verify(outcomes.clone());
                self.verification = Verification::Running(outcomes, call);
                true
            }
            _ => false,
        }
    }
}

impl<U: Clone + 'static> Outcomes<U> {
    /// Returns the next user's outcome; none at the end.
    pub async fn next(&mut self) -> Option<Outcome<U>> {
        StreamExt::next(self).await
    }

    /// Collects all outcomes.
    pub async fn collect<C: Default + Extend<Outcome<U>>>(self) -> C {
        StreamExt::collect(self).await
    }
}

// Nothing in it is pinned: each call is in a box of its own.
impl<U> Unpin for Outcomes<U> {}

impl<U: Clone + 'static> Stream for Outcomes<U> {
    type Item = Outcome<U>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(outcome) = self.ready.pop_front() {
                return Poll::Ready(Some(outcome));
            }
            if let Verification::Running(_, call) = &mut self.verification {
                let outcomes = ready!(call.as_mut().poll(context));
                self.verification = Verification::None;
                self.ready.extend(outcomes);
                continue;
            }
            self.begin_calls();
            match ready!(self.calls.poll_next_unpin(context)) {
                Some((number, outcomes)) => self.end_call(number, outcomes),
                None if self.go_on_after_calls() => {}
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<U> fmt::Debug for Outcomes<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outcomes")
            .field("waiting_calls", &self.waiting.len())
            .field("in_flight", &self.calls.len())
            .finish_non_exhaustive()
    }
}

/// Returns the users in their order, each of them once, by their first spelling; `key` tells them apart.
///
/// # Errors
/// There are no users.
pub(crate) fn dedup_users<U, K: Eq + Hash>(
    mut users: Vec<U>,
    key: impl Fn(&U) -> K,
) -> Result<Vec<U>, Error> {
    if users.is_empty() {
        return Err(Error::no_users());
    }
    if users.len() == 1 {
        return Ok(users);
    }
    let mut seen = HashSet::new();
    users.retain(|user| seen.insert(key(user)));
    Ok(users)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::Semaphore;

    use super::*;
    use crate::error::ErrorKind;
    use crate::outcome::outcomes_of_error;

    /// The users and fates of outcomes, with the reasons.
    fn lines(outcomes: &[Outcome<u32>]) -> Vec<String> {
        let line = |outcome: &Outcome<u32>| match outcome.fate.reason() {
            None => format!("{} {}", outcome.user, outcome.fate),
            Some(reason) => format!("{} {}: {reason}", outcome.user, outcome.fate),
        };
        outcomes.iter().map(line).collect()
    }

    fn done(users: Vec<u32>) -> Vec<Outcome<u32>> {
        let outcome = |user| Outcome::new(user, Fate::Done);
        users.into_iter().map(outcome).collect()
    }

    fn denied(users: Vec<u32>) -> Vec<Outcome<u32>> {
        let error = Error::new(ErrorKind::Status, "the vendor answered 403").with_status(403);
        outcomes_of_error(users, error)
    }

    fn three() -> NonZeroUsize {
        NonZeroUsize::new(3).unwrap()
    }

    /// Calls that end in the opposite order come in the order of the users, and never more of them are in
    /// flight than is allowed.
    #[tokio::test(start_paused = true)]
    async fn the_order_stays_at_any_concurrency() {
        let in_flight = Arc::new(AtomicUsize::new(0));
        let most = Arc::new(AtomicUsize::new(0));
        let counters = (Arc::clone(&in_flight), Arc::clone(&most));
        let users: Vec<u32> = (0..100).collect();
        let outcomes = Outcomes::new(&users, 2, move |users| {
            let (in_flight, most) = counters.clone();
            async move {
                most.fetch_max(
                    in_flight.fetch_add(1, Ordering::SeqCst) + 1,
                    Ordering::SeqCst,
                );
                let time = u64::from(100 - users[0]);
                tokio::time::sleep(std::time::Duration::from_millis(time)).await;
                in_flight.fetch_sub(1, Ordering::SeqCst);
                done(users)
            }
            .boxed()
        });
        let outcomes: Vec<_> = outcomes.concurrency(three()).collect().await;
        let order: Vec<u32> = outcomes.iter().map(|outcome| outcome.user).collect();
        assert_eq!(order, users);
        assert_eq!(most.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn nothing_begins_after_a_refusal_of_the_caller() {
        let begun = Arc::new(Mutex::new(Vec::new()));
        let calls = Arc::clone(&begun);
        let outcomes = Outcomes::new(&[1, 2, 3], 1, move |users| {
            calls.lock().unwrap().extend(users.clone());
            async move {
                if users == [1] {
                    done(users)
                } else {
                    denied(users)
                }
            }
            .boxed()
        });
        let outcomes: Vec<_> = outcomes.collect().await;
        assert_eq!(
            lines(&outcomes),
            [
                "1 done",
                "2 failed: the vendor answered 403; nothing changed",
                "3 failed: not sent: the vendor answered 403; nothing changed",
            ]
        );
        assert_eq!(*begun.lock().unwrap(), [1, 2]);
    }

    #[tokio::test]
    async fn a_refusal_of_the_caller_stops_batches_that_are_verified() {
        let outcomes = Outcomes::new(&[1, 2, 3, 4], 2, |users| async { denied(users) }.boxed())
            .verified_by(|outcomes| async { outcomes }.boxed());
        let outcomes: Vec<_> = outcomes.collect().await;
        assert_eq!(
            lines(&outcomes),
            [
                "1 failed: the vendor answered 403; nothing changed",
                "2 failed: the vendor answered 403; nothing changed",
                "3 failed: not sent: the vendor answered 403; nothing changed",
                "4 failed: not sent: the vendor answered 403; nothing changed",
            ]
        );
    }

    /// Calls for 1 to 3 are in flight; only the one for 2 ends.
    async fn after_the_second_call(gate: &Arc<Semaphore>) -> Outcomes<u32> {
        let open = Arc::clone(gate);
        let mut outcomes = Outcomes::new(&[1, 2, 3, 4, 5], 1, move |users| {
            let gate = Arc::clone(&open);
            async move {
                if users != [2] {
                    let _permit = gate.acquire().await;
                }
                done(users)
            }
            .boxed()
        })
        .concurrency(three());
        assert!(
            outcomes.next().now_or_never().is_none(),
            "the first call has not ended"
        );
        outcomes
    }

    #[tokio::test]
    async fn abandoning_tells_what_is_known_of_each_user() {
        let gate = Arc::new(Semaphore::new(0));
        let mut outcomes = after_the_second_call(&gate).await;
        assert_eq!(outcomes.in_flight(), [&1, &3, &4]);
        assert_eq!(outcomes.remaining(), 1);
        outcomes.abandon("interrupted");
        assert_eq!(outcomes.remaining(), 1);
        let outcomes: Vec<_> = outcomes.collect().await;
        assert_eq!(
            lines(&outcomes),
            [
                "1 unknown: interrupted",
                "2 done",
                "3 unknown: interrupted",
                "4 unknown: interrupted",
            ]
        );
    }

    #[tokio::test]
    async fn stopping_waits_for_the_calls_in_flight() {
        let gate = Arc::new(Semaphore::new(0));
        let mut outcomes = after_the_second_call(&gate).await;
        outcomes.stop();
        gate.add_permits(3);
        assert_eq!(outcomes.remaining(), 1);
        let outcomes: Vec<_> = outcomes.collect().await;
        assert_eq!(lines(&outcomes), ["1 done", "2 done", "3 done", "4 done"]);
    }

    #[tokio::test]
    async fn batches_that_are_not_verified_are_unknown_when_abandoned() {
        let mut outcomes = Outcomes::new(&[1, 2, 3], 1, |users| {
            let failed = |user| Outcome::new(user, Fate::failed("refused"));
            let outcomes = if users == [2] {
                users.into_iter().map(failed).collect()
            } else {
                done(users)
            };
            async { outcomes }.boxed()
        })
        .verified_by(|_| std::future::pending().boxed());
        assert!(outcomes.next().now_or_never().is_none());
        assert_eq!(outcomes.in_flight(), [&1, &3]);
        outcomes.abandon("interrupted");
        let outcomes: Vec<_> = outcomes.collect().await;
        assert_eq!(
            lines(&outcomes),
            [
                "1 unknown: interrupted",
                "2 failed: refused",
                "3 unknown: interrupted"
            ]
        );
    }
}
