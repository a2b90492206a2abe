//! What a peer prints: one line of JSON.

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use crate::usage::Usage;

/// What a client costs apart from its calls.
#[derive(Default)]
pub struct Client {
    /// Creating the first client of the process.
    pub first: Duration,
    /// Creating another one.
    pub later: Duration,
    pub clone: Duration,
    /// The first call, with its connection.
    pub first_call: Duration,
}

/// What a run cost.
#[derive(Default)]
pub struct Report {
    client: Client,
    /// Sorted.
    latencies: Vec<Duration>,
    wall: Duration,
    usage: Usage,
}

impl Report {
    pub fn new(client: Client, mut latencies: Vec<Duration>, wall: Duration, usage: Usage) -> Self {
        latencies.sort_unstable();
        Self {
            client,
            latencies,
            wall,
            usage,
        }
    }

    /// The latency that this many of a thousand calls did not exceed, in microseconds.
    fn latency(&self, per_mille: usize) -> f64 {
        let rank = (self.latencies.len() * per_mille).div_ceil(1000);
        let latency = self.latencies.get(rank.saturating_sub(1));
        micros(latency.copied().unwrap_or_default())
    }

    #[expect(clippy::cast_precision_loss, reason = "far below 2^52 calls")]
    fn rate(&self) -> f64 {
        let seconds = self.wall.as_secs_f64();
        if seconds > 0.0 {
            self.latencies.len() as f64 / seconds
        } else {
            0.0
        }
    }
}

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let calls = self.latencies.len();
        write!(
            f,
            r#"{{"calls":{calls},"wall_s":{:.6},"rate":{:.1},"user_s":{:.6},"system_s":{:.6},"#,
            self.wall.as_secs_f64(),
            self.rate(),
            self.usage.user.as_secs_f64(),
            self.usage.system.as_secs_f64(),
        )?;
        write!(
            f,
            r#""p50_us":{:.1},"p99_us":{:.1},"p999_us":{:.1},"#,
            self.latency(500),
            self.latency(990),
            self.latency(999)
        )?;
        write!(
            f,
            r#""first_client_us":{:.1},"client_us":{:.1},"clone_ns":{},"first_call_us":{:.1}}}"#,
            micros(self.client.first),
            micros(self.client.later),
            self.client.clone.as_nanos(),
            micros(self.client.first_call),
        )
    }
}
