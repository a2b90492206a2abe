//! Rate-limit headers: `Retry-After` and `X-RateLimit-*`.

use std::time::{Duration, SystemTime};

use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderName};

const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// The rate limit that a response states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RateLimit {
    /// How many more requests this window allows.
    pub remaining: u32,
    /// How long the window lasts.
    pub resets_in: Duration,
}

/// Returns how long the response asks to wait: by `Retry-After`, or until the rate limit's window ends.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let named = headers
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| {
            let text = text.trim();
            seconds(text).or_else(|| {
                let date = httpdate::parse_http_date(text).ok()?;
                // A date in the past means now.
                Some(date.duration_since(now).unwrap_or(Duration::ZERO))
            })
        });
    named.or_else(|| number(headers, &RESET))
}

/// Returns the rate limit's window, if the response states it.
pub(crate) fn rate_limit(headers: &HeaderMap) -> Option<RateLimit> {
    let remaining = headers
        .get(&REMAINING)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(RateLimit {
        remaining,
        resets_in: number(headers, &RESET)?,
    })
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Option<Duration> {
    seconds(headers.get(name)?.to_str().ok()?.trim())
}

/// Whole seconds, or with decimals as some servers write them.
fn seconds(text: &str) -> Option<Duration> {
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    Duration::try_from_secs_f64(text.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    http::HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    #[test]
    fn reads_seconds_and_dates() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        let wait = |value| retry_after(&headers(&[("retry-after", value)]), now);
        assert_eq!(wait("7"), Some(Duration::from_secs(7)));
        assert_eq!(wait(" 0 "), Some(Duration::ZERO));
        assert_eq!(wait("1.5"), Some(Duration::from_millis(1500)));
        assert_eq!(
            wait("Sun, 06 Nov 1994 08:49:47 GMT"),
            Some(Duration::from_secs(10))
        );
        assert_eq!(
            wait("Sunday, 06-Nov-94 08:49:47 GMT"),
            Some(Duration::from_secs(10))
        );
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:27 GMT"), Some(Duration::ZERO));
        for nonsense in [
            "",
            "-1",
            "soon",
            "inf",
            "nan",
            "1e400",
            "999999999999999999999999",
        ] {
            assert_eq!(wait(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn falls_back_to_the_end_of_the_window() {
        let now = SystemTime::UNIX_EPOCH;
        let both = headers(&[("retry-after", "3"), ("x-ratelimit-reset", "9")]);
        assert_eq!(retry_after(&both, now), Some(Duration::from_secs(3)));
        let window = headers(&[("retry-after", "?"), ("x-ratelimit-reset", "9")]);
        assert_eq!(retry_after(&window, now), Some(Duration::from_secs(9)));
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }

    #[test]
    fn reads_the_rate_limit() {
        let limit = RateLimit {
            remaining: 3,
            resets_in: Duration::from_secs(9),
        };
        assert_eq!(
            rate_limit(&headers(&[
                ("x-ratelimit-remaining", "3"),
                ("x-ratelimit-reset", "9")
            ])),
            Some(limit)
        );
        assert_eq!(
            rate_limit(&headers(&[("x-ratelimit-remaining", "3")])),
            None
        );
        assert_eq!(
            rate_limit(&headers(&[
                ("x-ratelimit-remaining", "-3"),
                ("x-ratelimit-reset", "9")
            ])),
            None
        );
    }
}
