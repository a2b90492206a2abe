//! Events of a run in progress.

use std::fmt;

use crate::ledger::{LedgerRow, RowOutcome, RowState};
use crate::vendor::{Product, VendorError, VendorName};

/// Events of a run in progress.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// The run begins, with these counts of rows.
    Began(Counts),
    /// The vendor is being read: which rows of an earlier run, or of this one, are done, or who holds seats.
    Reading {
        /// The product.
        product: Product,
    },
    /// A row has ended, or was settled by reading. It is in the ledger.
    Ended(Box<LedgerRow>),
    /// A row is begun again: the vendor shows that an earlier request changed nothing.
    Again(Box<LedgerRow>),
    /// A product could not be read before its rows were begun, so they are left as they are.
    Skipped {
        /// The product.
        product: Product,
        /// Why.
        error: VendorError,
    },
    /// The run begins no more rows.
    Stopping(StopReason),
    /// The run has ended. It is the last event.
    Finished(RunEnd),
}

/// Why a run begins no more rows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StopReason {
    /// The caller asked for it.
    Requested,
    /// So many rows were refused, failed or are unknown.
    TooManyFailures {
        /// How many.
        failures: u64,
    },
    /// The vendor refuses the caller; other vendors go on.
    AccessDenied {
        /// The vendor.
        vendor: VendorName,
        /// What it said.
        message: String,
    },
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Requested => f.write_str("stopped as asked"),
            Self::TooManyFailures { failures } => {
                write!(f, "stopped after {failures} rows that did not end well")
            }
            Self::AccessDenied { vendor, message } => {
                write!(f, "{vendor} does not allow it: {message}")
            }
        }
    }
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunEnd {
    /// How many rows are in each state now.
    pub counts: Counts,
    /// Why it ended early; none if every row was begun.
    pub stopped: Option<StopReason>,
}

/// How many rows are in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    counts: [u64; RowState::ALL.len()],
}

impl Counts {
    /// Adds rows in a state.
    pub fn add(&mut self, state: RowState, rows: u64) {
        if let Some(place) = RowState::ALL.iter().position(|it| *it == state) {
            self.counts[place] += rows;
        }
    }

    /// Returns how many rows are in a state.
    pub fn of(&self, state: RowState) -> u64 {
        let place = RowState::ALL.iter().position(|it| *it == state);
        place.map_or(0, |place| self.counts[place])
    }

    /// Returns how many rows have ended like this.
    pub fn ended(&self, outcome: RowOutcome) -> u64 {
        self.of(RowState::Ended(outcome))
    }

    /// Returns how many rows there are.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Returns how many rows are still to do.
    pub fn open(&self) -> u64 {
        RowState::ALL
            .into_iter()
            .filter(|state| state.is_open())
            .map(|state| self.of(state))
            .sum()
    }

    /// Returns each state that has rows, and how many.
    pub fn each(&self) -> impl Iterator<Item = (RowState, u64)> + '_ {
        RowState::ALL
            .into_iter()
            .zip(self.counts)
            .filter(|(_, count)| *count > 0)
    }
}
