//! The dates of what happens in a sandbox: the same ones on every run.

use chrono::{DateTime, TimeDelta, Utc};

/// When the first change happens; 2026-01-01T00:00:00Z.
const START: i64 = 1_767_225_600;

/// A calendar that moves by one second with each change, and by nothing else: what depends on the
/// machine's time could not be compared byte by byte.
#[derive(Debug, Default)]
pub(crate) struct Calendar {
    changes: u32,
}

impl Calendar {
    /// How many changes there have been.
    pub(crate) fn changes(&self) -> u32 {
        self.changes
    }

    /// The date of the next change.
    pub(crate) fn next(&self) -> DateTime<Utc> {
        let start = DateTime::from_timestamp(START, 0).unwrap_or_default();
        start + TimeDelta::seconds(i64::from(self.changes))
    }

    /// Notes a change.
    pub(crate) fn change(&mut self) {
        self.changes = self.changes.saturating_add(1);
    }
}
