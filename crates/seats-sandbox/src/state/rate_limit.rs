//! Datadog's rate limit: a number of requests in a window of time.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

/// A rate limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Limit {
    /// The number of requests in a window.
    pub(crate) requests: u64,
    pub(crate) period: Duration,
    pub(crate) name: String,
}

/// A rate limit, and the use of its current window. A window begins with the first request after the
/// previous window.
#[derive(Debug)]
pub(crate) struct RateLimit {
    limit: Limit,
    used: u64,
    ends: Duration,
}

impl RateLimit {
    pub(crate) fn new(limit: Limit) -> Self {
        Self {
            limit,
            used: 0,
            ends: Duration::ZERO,
        }
    }

    /// Counts a request; returns `false` if none is left in the window.
    pub(crate) fn try_acquire(&mut self, now: Duration) -> bool {
        if now >= self.ends {
            self.used = 0;
            self.ends = now + self.limit.period;
        }
        let is_left = self.used < self.limit.requests;
        if is_left {
            self.used += 1;
        }
        is_left
    }

    /// Writes what is left into the headers of a response.
    pub(crate) fn write_headers(&self, now: Duration, headers: &mut HeaderMap) {
        let left = self.ends.saturating_sub(now);
        // Rounded up, so that a caller that waits as long arrives after the end, not just before it.
        let reset = left.as_secs() + u64::from(left.subsec_nanos() > 0);
        write_headers(&self.limit, self.limit.requests - self.used, reset, headers);
    }
}

/// Writes the headers of a rate limit.
pub(crate) fn write_headers(limit: &Limit, remaining: u64, reset: u64, headers: &mut HeaderMap) {
    for (name, number) in [
        ("x-ratelimit-limit", limit.requests),
        ("x-ratelimit-period", limit.period.as_secs()),
        ("x-ratelimit-remaining", remaining),
        ("x-ratelimit-reset", reset),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from(number));
    }
    if let Ok(name) = HeaderValue::from_str(&limit.name) {
        headers.insert(HeaderName::from_static("x-ratelimit-name"), name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_fills_and_only_time_empties_it() {
        let seconds = Duration::from_secs;
        let mut limit = RateLimit::new(Limit {
            requests: 2,
            period: seconds(10),
            name: "seats".to_owned(),
        });
        assert!(limit.try_acquire(seconds(5)));
        assert!(limit.try_acquire(seconds(6)));
        assert!(!limit.try_acquire(seconds(14)));
        let mut headers = HeaderMap::new();
        limit.write_headers(Duration::from_millis(14_500), &mut headers);
        let said: Vec<_> = headers
            .values()
            .map(|value| value.to_str().unwrap())
            .collect();
        assert_eq!(said, ["2", "10", "0", "1", "seats"]);
        assert!(limit.try_acquire(seconds(15)));
    }
}
