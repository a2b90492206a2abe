//! The dates of changes: the same ones on every run.

use chrono::{DateTime, TimeDelta, Utc};

/// The date of the first change, 2026-01-01T00:00:00Z.
const START: i64 = 1_767_225_600;

/// A calendar that moves by one second with each change. It does not depend on the machine's time,
/// so that runs can be compared byte by byte.
#[derive(Debug, Default)]
pub(crate) struct Calendar {
    changes: u32,
}

impl Calendar {
    /// Returns the number of changes so far.
    pub(crate) fn changes(&self) -> u32 {
        self.changes
    }

    /// Returns the date of the next change.
    pub(crate) fn next_date(&self) -> DateTime<Utc> {
        let start = DateTime::from_timestamp(START, 0).unwrap_or_default();
        start + TimeDelta::seconds(i64::from(self.changes))
    }

    /// Counts a change.
    pub(crate) fn record_change(&mut self) {
        self.changes = self.changes.saturating_add(1);
    }
}
