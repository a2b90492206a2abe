//! The log: the latest requests, and the outcome of each.

use std::collections::VecDeque;

use crate::faults::delivery::Outcome;

/// The number of entries that a log holds by default.
pub(crate) const CAPACITY: usize = 10_000;

/// The size of all entries, in bytes, beyond which the oldest are dropped.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// A request and what became of it.
///
/// Credentials are redacted, the sandbox's own and wrong ones alike.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let sandbox = seats_sandbox::Sandbox::start().await?;
/// // ... send requests to it, then:
/// for entry in sandbox.log() {
///     println!("{} {} {:?}", entry.method, entry.target, entry.status());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogEntry {
    /// The `operationId`, `token` or `discovery`; `None` if the request matches no operation.
    pub operation: Option<String>,
    /// The number of the call of this operation, counted from 1; 0 without an operation.
    pub call: u64,
    /// The tenant whose credentials the request carried.
    pub tenant: Option<String>,
    /// The method, such as `DELETE`.
    pub method: String,
    /// Path and query as they were sent.
    pub target: String,
    /// The headers, sorted by their lower-case names.
    pub headers: Vec<(String, String)>,
    /// The body, as far as it was read.
    pub body: String,
    /// What the caller received.
    pub outcome: Outcome,
    /// Whether the request changed the seats.
    pub changed: bool,
}

impl LogEntry {
    /// Returns the status of the response, if there was one.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let sandbox = seats_sandbox::Sandbox::start().await?;
    /// let failed = sandbox.log().iter().filter(|entry| entry.status() != Some(200)).count();
    /// assert_eq!(failed, 0);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self.outcome {
            Outcome::Answered(status) | Outcome::Cut(status) => Some(status),
            Outcome::Lost | Outcome::Closed => None,
        }
    }

    fn bytes(&self) -> usize {
        let headers = self.headers.iter();
        let headers: usize = headers.map(|(name, value)| name.len() + value.len()).sum();
        self.target.len() + self.body.len() + headers
    }
}

/// A bounded log: a new entry drops the oldest ones if there is no room.
#[derive(Debug)]
pub(crate) struct Log {
    entries: VecDeque<LogEntry>,
    capacity: usize,
    bytes: usize,
    dropped: u64,
}

impl Log {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            entries: VecDeque::new(),
            capacity,
            bytes: 0,
            dropped: 0,
        }
    }

    pub(crate) fn push(&mut self, entry: LogEntry) {
        self.bytes += entry.bytes();
        self.entries.push_back(entry);
        while self.entries.len() > self.capacity || self.bytes > MOST_BYTES {
            let Some(oldest) = self.entries.pop_front() else {
                break;
            };
            self.bytes -= oldest.bytes();
            self.dropped += 1;
        }
    }

    pub(crate) fn entries(&self) -> Vec<LogEntry> {
        self.entries.iter().cloned().collect()
    }

    /// Returns the number of entries that were dropped.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Returns the number of the next entry, counted from 1 over dropped ones as well.
    pub(crate) fn next_number(&self) -> u64 {
        self.dropped + self.entries.len() as u64 + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(body: String) -> LogEntry {
        LogEntry {
            operation: None,
            call: 0,
            tenant: None,
            method: "GET".to_owned(),
            target: "/".to_owned(),
            headers: Vec::new(),
            body,
            outcome: Outcome::Answered(200),
            changed: false,
        }
    }

    #[test]
    fn large_bodies_are_dropped_before_memory_runs_out() {
        let mut log = Log::new(CAPACITY);
        for _ in 0..100 {
            log.push(entry("x".repeat(1024 * 1024)));
        }
        assert!(log.bytes <= MOST_BYTES);
        assert_eq!((log.entries.len(), log.dropped()), (63, 37));
        assert_eq!(log.next_number(), 101);
    }
}
