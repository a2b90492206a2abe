//! Datadog's rate limit: a number of requests in a window of time.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

/// A limit as the seed states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Limit {
    /// How many requests fit into a window.
    pub(crate) requests: u64,
    pub(crate) period: Duration,
    pub(crate) name: String,
}

/// A limit, and what is left of it. A window begins with the first request after the last one.
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

    /// Takes a request out of the window; `false` where none is left.
    pub(crate) fn take(&mut self, now: Duration) -> bool {
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

    /// Says in an answer's headers what is left.
    pub(crate) fn tell(&self, now: Duration, headers: &mut HeaderMap) {
        let left = self.ends.saturating_sub(now);
        // Rounded up: who waits that long comes after the end, not just before it.
        let reset = left.as_secs() + u64::from(left.subsec_nanos() > 0);
        tell(&self.limit, self.limit.requests - self.used, reset, headers);
    }
}

/// Writes the headers of a limit.
pub(crate) fn tell(limit: &Limit, remaining: u64, reset: u64, headers: &mut HeaderMap) {
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
        assert!(limit.take(seconds(5)));
        assert!(limit.take(seconds(6)));
        assert!(!limit.take(seconds(14)));
        let mut headers = HeaderMap::new();
        limit.tell(Duration::from_millis(14_500), &mut headers);
        let said: Vec<_> = headers
            .values()
            .map(|value| value.to_str().unwrap())
            .collect();
        assert_eq!(said, ["2", "10", "0", "1", "seats"]);
        assert!(limit.take(seconds(15)));
    }
}
