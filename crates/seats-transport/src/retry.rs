//! When a request is sent again, and when not.
//!
//! *Not sent*: again, whatever the operation. *Refused for now*: again, after the time that the server
//! names. *May have happened*: again only where twice is as once.

use std::time::Duration;

use http::StatusCode;
use tokio::time::Instant;
use tokio_retry2::strategy::{ExponentialBackoff, jitter_with_bounds};
use tower::retry::budget::{Budget, TpsBudget};

use crate::operation::Operation;

/// No wait of our own is longer.
const LONGEST_BACKOFF: Duration = Duration::from_secs(20);
/// How long making a connection may take at most.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a call counts in the budget.
const BUDGET_WINDOW: Duration = Duration::from_secs(10);
/// Retries that a client may always have, a second.
const BUDGET_FLOOR: u32 = 10;
/// Retries that a client may have beyond that, as a part of its calls.
const BUDGET_SHARE: f32 = 0.2;

/// How often a call is tried, and for how long.
///
/// ```
/// use std::time::Duration;
/// use seats_transport::RetryPolicy;
///
/// let policy = RetryPolicy::new().max_attempts(3).timeout(Duration::from_secs(60));
/// assert_ne!(policy, RetryPolicy::new());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    max_attempts: u32,
    attempt_timeout: Duration,
    timeout: Duration,
    backoff: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 4,
            attempt_timeout: Duration::from_secs(30),
            timeout: Duration::from_secs(120),
            backoff: Duration::from_millis(200),
        }
    }
}

impl RetryPolicy {
    /// Four attempts of 30 seconds each, within two minutes.
    pub fn new() -> Self {
        Self::default()
    }

    /// How often a request is sent at most; at least once.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// How long one attempt may take, from connecting to the last byte of the answer.
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// How long a call may take, over all its attempts and the waits between them.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long the first wait is at most, where the server names no time; 200 milliseconds where it
    /// is not set. Each further one is at most twice the one before, and none is over 20 seconds.
    #[must_use]
    pub fn backoff(mut self, backoff: Duration) -> Self {
        self.backoff = backoff;
        self
    }

    /// When a call that begins now has to be over.
    pub(crate) fn deadline(&self) -> Instant {
        let now = Instant::now();
        // A deadline beyond what the clock can hold is none.
        now.checked_add(self.timeout)
            .unwrap_or_else(|| now + Duration::from_secs(u32::MAX.into()))
    }

    /// How long making a connection may take: shorter than an attempt, so that who could not connect
    /// in time is known not to have sent.
    pub(crate) fn connecting(&self) -> Duration {
        CONNECT_TIMEOUT.min(self.attempt_timeout.min(self.timeout).mul_f32(0.8))
    }

    pub(crate) fn begin<'a>(&self, budget: &'a RetryBudget, deadline: Instant) -> Schedule<'a> {
        budget.0.deposit();
        Schedule {
            policy: *self,
            budget,
            deadline,
            attempts: 0,
            // Powers of two, of half the first wait.
            backoff: ExponentialBackoff::from_millis(2)
                .factor(u64::try_from(self.backoff.as_millis().div_ceil(2)).unwrap_or(u64::MAX))
                .max_delay(LONGEST_BACKOFF),
        }
    }
}

/// The retries that all calls of one client share, so that a sick service is not hammered.
pub(crate) struct RetryBudget(TpsBudget);

impl Default for RetryBudget {
    fn default() -> Self {
        Self(TpsBudget::new(BUDGET_WINDOW, BUDGET_FLOOR, BUDGET_SHARE))
    }
}

/// What one attempt came to, as far as trying again goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It cannot be sent, now or later.
    Impossible,
    /// Nothing has left.
    NotSent,
    /// Something may have left, and no answer came.
    Lost,
    /// An answer came, with the time after which to try again, where it names one.
    Answered(StatusCode, Option<Duration>),
}

impl Fate {
    /// Whether the request may have been carried out, without our knowing.
    pub(crate) fn may_have_happened(self) -> bool {
        match self {
            Self::Impossible | Self::NotSent => false,
            Self::Lost => true,
            Self::Answered(status, _) => matches!(status.as_u16(), 502 | 504),
        }
    }
}

/// The attempts of one call.
pub(crate) struct Schedule<'a> {
    policy: RetryPolicy,
    budget: &'a RetryBudget,
    deadline: Instant,
    attempts: u32,
    backoff: ExponentialBackoff,
}

impl Schedule<'_> {
    /// When the call has to be over.
    pub(crate) fn deadline(&self) -> Instant {
        self.deadline
    }

    /// How long the next attempt may take; None where the time is over.
    pub(crate) fn begin_attempt(&mut self) -> Option<Duration> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        // Another attempt that could be cut while it connects would not tell whether it was sent.
        let least = if self.attempts == 0 {
            Duration::ZERO
        } else {
            self.policy.connecting()
        };
        if left.is_zero() || left < least {
            return None;
        }
        self.attempts += 1;
        Some(left.min(self.policy.attempt_timeout))
    }

    /// How long to wait before trying again; None where the call ends with this attempt.
    pub(crate) fn after(&mut self, operation: &Operation, fate: Fate) -> Option<Duration> {
        let named = match fate {
            Fate::NotSent => None,
            Fate::Answered(status, named) if matches!(status.as_u16(), 408 | 429 | 503) => named,
            Fate::Answered(_, named) if fate.may_have_happened() && operation.idempotent => named,
            Fate::Lost if operation.idempotent => None,
            _ => return None,
        };
        if self.attempts >= self.policy.max_attempts {
            return None;
        }
        // Full jitter: callers that failed together do not come back together.
        let own = self
            .backoff
            .next()
            .map(jitter_with_bounds(0.0, 1.0))
            .unwrap_or(LONGEST_BACKOFF);
        let wait = named.map_or(own, |named| named.max(own.min(Duration::from_secs(1))));
        let ends = Instant::now().checked_add(wait)?;
        (ends < self.deadline && self.budget.0.withdraw()).then_some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DELETE: Operation = Operation {
        id: "delete",
        method: "DELETE",
        path: "/",
        idempotent: true,
        permissions: &[],
        reference: None,
    };
    const POST: Operation = Operation {
        id: "post",
        method: "POST",
        idempotent: false,
        ..DELETE
    };

    impl RetryPolicy {
        fn begin_now<'a>(&self, budget: &'a RetryBudget) -> Schedule<'a> {
            self.begin(budget, self.deadline())
        }
    }

    fn answered(status: u16) -> Fate {
        Fate::Answered(StatusCode::from_u16(status).unwrap(), None)
    }

    fn named(status: u16, seconds: u64) -> Fate {
        Fate::Answered(
            StatusCode::from_u16(status).unwrap(),
            Some(Duration::from_secs(seconds)),
        )
    }

    fn again(operation: &Operation, fate: Fate) -> bool {
        let budget = RetryBudget::default();
        let mut schedule = RetryPolicy::new().begin_now(&budget);
        schedule.begin_attempt().unwrap();
        schedule.after(operation, fate).is_some()
    }

    #[tokio::test(start_paused = true)]
    async fn tries_again_where_it_is_safe() {
        for fate in [Fate::NotSent, answered(408), answered(429), answered(503)] {
            assert!(again(&DELETE, fate) && again(&POST, fate), "{fate:?}");
        }
        for fate in [Fate::Lost, answered(502), answered(504)] {
            assert!(again(&DELETE, fate), "{fate:?}");
            assert!(
                !again(&POST, fate),
                "a POST that may have happened is not sent again: {fate:?}"
            );
        }
        for status in [
            200, 204, 301, 303, 307, 400, 401, 403, 404, 409, 422, 500, 501, 505,
        ] {
            assert!(
                !again(&DELETE, answered(status)) && !again(&POST, answered(status)),
                "{status}"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn ends_after_the_attempts_that_it_has() {
        let budget = RetryBudget::default();
        let mut schedule = RetryPolicy::new().max_attempts(3).begin_now(&budget);
        let mut attempts = 0;
        loop {
            schedule.begin_attempt().unwrap();
            attempts += 1;
            match schedule.after(&DELETE, Fate::Lost) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => break,
            }
        }
        assert_eq!(attempts, 3);
    }

    #[tokio::test(start_paused = true)]
    async fn waits_for_as_long_as_the_server_says() {
        let budget = RetryBudget::default();
        let mut schedule = RetryPolicy::new().begin_now(&budget);
        schedule.begin_attempt().unwrap();
        assert_eq!(
            schedule.after(&POST, named(429, 7)),
            Some(Duration::from_secs(7))
        );
        // A server that names no time at all is not called again at once by everybody.
        let waits: Vec<Duration> = (0..50)
            .filter_map(|_| {
                let mut schedule = RetryPolicy::new().begin_now(&budget);
                schedule.begin_attempt()?;
                schedule.after(&POST, named(429, 0))
            })
            .collect();
        assert!(waits.iter().any(|wait| *wait != waits[0]));
    }

    #[tokio::test(start_paused = true)]
    async fn does_not_begin_a_wait_that_would_pass_the_deadline() {
        let budget = RetryBudget::default();
        let mut schedule = RetryPolicy::new()
            .timeout(Duration::from_secs(10))
            .begin_now(&budget);
        schedule.begin_attempt().unwrap();
        assert_eq!(schedule.after(&DELETE, named(429, 10)), None);
        assert_eq!(
            schedule.after(&DELETE, named(429, 9)),
            Some(Duration::from_secs(9))
        );
    }

    #[tokio::test(start_paused = true)]
    async fn an_attempt_has_no_more_time_than_the_call() {
        let budget = RetryBudget::default();
        let policy = RetryPolicy::new()
            .attempt_timeout(Duration::from_secs(8))
            .timeout(Duration::from_secs(10));
        let mut schedule = policy.begin_now(&budget);
        assert_eq!(schedule.begin_attempt(), Some(Duration::from_secs(8)));
        tokio::time::advance(Duration::from_secs(3)).await;
        assert_eq!(schedule.begin_attempt(), Some(Duration::from_secs(7)));
        // Less than connecting may take: it would not be known whether it was sent.
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(schedule.begin_attempt(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn the_waits_grow_and_differ() {
        let waits = |n: usize| -> Vec<Duration> {
            let budget = RetryBudget::default();
            let mut schedule = RetryPolicy::new().max_attempts(20).begin_now(&budget);
            (0..n)
                .filter_map(|_| schedule.after(&DELETE, Fate::NotSent))
                .collect()
        };
        for (n, wait) in waits(8).iter().enumerate() {
            let most = Duration::from_millis(200 << n).min(LONGEST_BACKOFF);
            assert!(*wait <= most, "wait {n} is {wait:?}");
        }
        assert_ne!(waits(3), waits(3), "two callers do not wait alike");
        // Of many callers, some wait for most of what they may.
        for n in 0..4 {
            let longest = (0..100).map(|_| waits(n + 1)[n]).max().unwrap();
            assert!(
                longest > Duration::from_millis(150 << n),
                "wait {n} is at most {longest:?}"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_has_no_more_retries_than_its_budget() {
        let budget = RetryBudget::default();
        let retries = (0..1000)
            .filter(|_| {
                let mut schedule = RetryPolicy::new().begin_now(&budget);
                schedule.after(&DELETE, Fate::NotSent).is_some()
            })
            .count();
        // Ten seconds' floor, and a fifth of a thousand calls.
        assert!((100..=310).contains(&retries), "{retries}");
    }
}
