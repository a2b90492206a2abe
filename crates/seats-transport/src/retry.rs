//! When a request is sent again, and when not.
//!
//! *Not sent*: retried, whatever the operation. *Refused for now*: retried after the time that the server
//! names. *May have been applied*: retried only if the operation is idempotent.

use std::time::Duration;

use http::StatusCode;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use tower::retry::budget::{Budget, TpsBudget};

use crate::operation::Operation;

/// No wait of our own is longer.
const LONGEST_BACKOFF: Duration = Duration::from_secs(20);
/// How long making a connection may take at most.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a call counts in the budget.
const BUDGET_WINDOW: Duration = Duration::from_secs(10);
/// Retries a second that a client always has.
const BUDGET_FLOOR: u32 = 10;
/// Further retries, as a share of the client's calls.
const BUDGET_SHARE: f32 = 0.2;

/// How many attempts a call has, and how much time.
///
/// ```
/// use std::time::Duration;
/// use seats_transport::RetryPolicy;
///
/// let policy = RetryPolicy::new().max_attempts(3).timeout(Duration::from_secs(60));
/// assert_ne!(policy, RetryPolicy::new());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
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
    /// Creates the default policy: four attempts of at most 30 seconds each, within two minutes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how many attempts a call has at most, the first one included; it must not be zero.
    ///
    /// ```
    /// # use seats_transport::RetryPolicy;
    /// let no_retries = RetryPolicy::new().max_attempts(1);
    /// ```
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Sets how long one attempt may take, from connecting to the last byte of the response; it must not
    /// be zero.
    ///
    /// ```
    /// # use seats_transport::RetryPolicy;
    /// let policy = RetryPolicy::new().attempt_timeout(std::time::Duration::from_secs(5));
    /// ```
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Sets how long a call may take, over all its attempts and the waits between them; it must not be
    /// zero. A wait that would pass this deadline is not begun.
    ///
    /// ```
    /// # use seats_transport::RetryPolicy;
    /// let policy = RetryPolicy::new().timeout(std::time::Duration::from_secs(30));
    /// ```
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the upper bound of the first wait between attempts, if the server names no time.
    ///
    /// Each wait is random between zero and its bound (full jitter). Each bound is twice the one before,
    /// and at most 20 seconds.
    ///
    /// ```
    /// # use seats_transport::RetryPolicy;
    /// let policy = RetryPolicy::new().backoff(std::time::Duration::from_millis(500));
    /// ```
    #[must_use]
    pub fn backoff(mut self, backoff: Duration) -> Self {
        self.backoff = backoff;
        self
    }

    /// Checks the values.
    ///
    /// # Errors
    /// One of them is zero and must not be.
    pub fn check(&self) -> Result<(), InvalidRetryPolicy> {
        let refuse = |setting, value| Err(InvalidRetryPolicy { setting, value });
        if self.max_attempts == 0 {
            return refuse("max_attempts", "0");
        }
        if self.attempt_timeout.is_zero() {
            return refuse("attempt_timeout", "0s");
        }
        if self.timeout.is_zero() {
            return refuse("timeout", "0s");
        }
        Ok(())
    }

    /// Returns when a call that begins now has to be over.
    pub(crate) fn deadline(&self) -> Instant {
        let now = Instant::now();
        // A deadline beyond what the clock can hold is none.
        now.checked_add(self.timeout)
            .unwrap_or_else(|| now + Duration::from_secs(u32::MAX.into()))
    }

    /// Returns how long making a connection may take: less than an attempt, so that a connection that
    /// was not made in time is known not to have sent anything.
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
            backoff: Backoff::new(self.backoff),
        }
    }
}

/// Error from [`RetryPolicy::check`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{setting} {value:?}: must not be zero")]
pub struct InvalidRetryPolicy {
    setting: &'static str,
    value: &'static str,
}

impl InvalidRetryPolicy {
    /// Returns the setting's name.
    pub fn setting(&self) -> &'static str {
        self.setting
    }

    /// Returns the setting's value.
    pub fn value(&self) -> &'static str {
        self.value
    }
}

/// Exponential backoff with full jitter.
#[derive(Debug)]
pub(crate) struct Backoff {
    bound: Duration,
}

impl Backoff {
    /// Creates a backoff whose first wait has this upper bound.
    pub(crate) fn new(bound: Duration) -> Self {
        Self {
            bound: bound.min(LONGEST_BACKOFF),
        }
    }

    /// Returns the next wait: clients that failed together do not come back together.
    pub(crate) fn next_wait(&mut self) -> Duration {
        let wait = self.bound.mul_f64(fastrand::f64());
        self.bound = self.bound.saturating_mul(2).min(LONGEST_BACKOFF);
        wait
    }
}

/// The retries that all calls of one client share, so that a failing service is not overloaded.
pub(crate) struct RetryBudget(TpsBudget);

impl Default for RetryBudget {
    fn default() -> Self {
        Self(TpsBudget::new(BUDGET_WINDOW, BUDGET_FLOOR, BUDGET_SHARE))
    }
}

/// Result of one attempt, as far as retrying is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AttemptResult {
    /// The request cannot be sent, now or later.
    Impossible,
    /// Nothing was sent.
    NotSent,
    /// Some of it may have been sent, and no response came.
    NoResponse,
    /// A response came, with the time that it asks to wait.
    Responded(StatusCode, Option<Duration>),
}

impl AttemptResult {
    /// Returns whether the request may have been applied, without the response saying so.
    pub(crate) fn may_have_been_applied(self) -> bool {
        match self {
            Self::Impossible | Self::NotSent => false,
            Self::NoResponse => true,
            Self::Responded(status, _) => matches!(status.as_u16(), 502 | 504),
        }
    }
}

/// The attempts of one call.
pub(crate) struct Schedule<'a> {
    policy: RetryPolicy,
    budget: &'a RetryBudget,
    deadline: Instant,
    attempts: u32,
    backoff: Backoff,
}

impl Schedule<'_> {
    /// Returns when the call has to be over.
    pub(crate) fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Returns how long the next attempt may take; none if the time is over.
    pub(crate) fn begin_attempt(&mut self) -> Option<Duration> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        // A retry that may be cut off while it connects would not tell whether it was sent.
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

    /// Returns whether the policy allows another attempt.
    pub(crate) fn has_attempts_left(&self) -> bool {
        self.attempts < self.policy.max_attempts
    }

    /// Returns how long to wait before the next attempt; none if the call ends with this one.
    pub(crate) fn after(
        &mut self,
        operation: &Operation,
        result: AttemptResult,
    ) -> Option<Duration> {
        let named = match result {
            AttemptResult::NotSent => None,
            AttemptResult::Responded(status, named)
                if matches!(status.as_u16(), 408 | 429 | 503) =>
            {
                named
            }
            AttemptResult::Responded(_, named)
                if result.may_have_been_applied() && operation.idempotent =>
            {
                named
            }
            AttemptResult::NoResponse if operation.idempotent => None,
            _ => return None,
        };
        if !self.has_attempts_left() {
            return None;
        }
        let own = self.backoff.next_wait();
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

    fn answered(status: u16) -> AttemptResult {
        AttemptResult::Responded(StatusCode::from_u16(status).unwrap(), None)
    }

    fn named(status: u16, seconds: u64) -> AttemptResult {
        AttemptResult::Responded(
            StatusCode::from_u16(status).unwrap(),
            Some(Duration::from_secs(seconds)),
        )
    }

    fn again(operation: &Operation, result: AttemptResult) -> bool {
        let budget = RetryBudget::default();
        let mut schedule = RetryPolicy::new().begin_now(&budget);
        schedule.begin_attempt().unwrap();
        schedule.after(operation, result).is_some()
    }

    #[tokio::test(start_paused = true)]
    async fn tries_again_where_it_is_safe() {
        for result in [
            AttemptResult::NotSent,
            answered(408),
            answered(429),
            answered(503),
        ] {
            assert!(again(&DELETE, result) && again(&POST, result), "{result:?}");
        }
        for result in [AttemptResult::NoResponse, answered(502), answered(504)] {
            assert!(again(&DELETE, result), "{result:?}");
            assert!(
                !again(&POST, result),
                "a POST that may have happened is not sent again: {result:?}"
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
            match schedule.after(&DELETE, AttemptResult::NoResponse) {
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
    async fn a_retry_begins_if_connecting_has_just_enough_time() {
        let budget = RetryBudget::default();
        let policy = RetryPolicy::new().timeout(Duration::from_secs(10));
        let mut schedule = policy.begin_now(&budget);
        schedule.begin_attempt().unwrap();
        let connecting = policy.connecting();
        tokio::time::advance(Duration::from_secs(10) - connecting).await;
        assert_eq!(schedule.begin_attempt(), Some(connecting));
    }

    #[tokio::test(start_paused = true)]
    async fn a_deadline_beyond_the_clock_is_far_away() {
        let deadline = RetryPolicy::new().timeout(Duration::MAX).deadline();
        assert!(deadline > Instant::now() + Duration::from_secs(3600));
    }

    #[test]
    fn a_setting_changes_nothing_else() {
        let second = Duration::from_secs(1);
        let policy = RetryPolicy::new().max_attempts(2).attempt_timeout(second);
        let policy = policy.timeout(second * 2).backoff(second * 3);
        let expected = RetryPolicy {
            max_attempts: 2,
            attempt_timeout: second,
            timeout: second * 2,
            backoff: second * 3,
        };
        assert_eq!(policy, expected);
    }

    #[test]
    fn a_setting_that_must_not_be_zero_is_named() {
        let policy = RetryPolicy::new();
        assert_eq!(policy.backoff(Duration::ZERO).check(), Ok(()));
        for (policy, setting, value) in [
            (policy.max_attempts(0), "max_attempts", "0"),
            (
                policy.attempt_timeout(Duration::ZERO),
                "attempt_timeout",
                "0s",
            ),
            (policy.timeout(Duration::ZERO), "timeout", "0s"),
        ] {
            let error = policy.check().unwrap_err();
            assert_eq!((error.setting(), error.value()), (setting, value));
            assert_eq!(
                error.to_string(),
                format!("{setting} {value:?}: must not be zero")
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_waits_grow_and_differ() {
        let waits = |n: usize| -> Vec<Duration> {
            let budget = RetryBudget::default();
            let mut schedule = RetryPolicy::new().max_attempts(20).begin_now(&budget);
            (0..n)
                .filter_map(|_| schedule.after(&DELETE, AttemptResult::NotSent))
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
                schedule.after(&DELETE, AttemptResult::NotSent).is_some()
            })
            .count();
        // Ten seconds' floor, and a fifth of a thousand calls.
        assert!((100..=310).contains(&retries), "{retries}");
    }
}
