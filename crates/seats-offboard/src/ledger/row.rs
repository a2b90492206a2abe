//! A row of a ledger.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::plan::row::Row;
use crate::vendor::{Action, CallEnd};

/// The number of a row, in the order of the plan; the first is 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowId(pub i64);

/// A row of a plan, and what has become of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerRow {
    /// Its number.
    pub id: RowId,
    /// What was planned.
    pub planned: Row,
    /// What has become of it; none if it is not a change.
    pub state: Option<RowState>,
    /// When its request was about to be sent the last time; none if it turned out that none was.
    pub begun: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended: Option<DateTime<Utc>>,
    /// The status of the last response.
    pub status: Option<u16>,
    /// The vendor's id of the last request.
    pub request_id: Option<String>,
    /// How many attempts were made, in all sessions.
    pub attempts: u32,
    /// Why it did not end well, or how it was settled.
    pub message: Option<String>,
    /// The operating-system user in whose session it ended, or was begun.
    pub operator: Option<String>,
}

/// How far a row has come. `Display` is the word that ledgers and reports have for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RowState {
    /// Nothing was sent for it.
    Planned,
    /// A request was about to be sent, and it is not recorded what became of it.
    Begun,
    /// It has ended.
    Ended(RowOutcome),
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RowOutcome {
    /// The seat was taken back.
    Reclaimed,
    /// Nobody held the seat.
    AlreadyFree,
    /// The seat was given.
    Assigned,
    /// The user held a seat already.
    AlreadyHeld,
    /// The vendor refused; nothing changed.
    Refused,
    /// Nothing changed; trying again may help.
    Failed,
    /// It is not known whether the seat was changed.
    Unknown,
}

impl RowOutcome {
    /// Returns the row's outcome for the end of a call.
    pub(crate) fn of_call(action: Action, end: CallEnd) -> Self {
        match (end, action) {
            (CallEnd::Done, Action::Reclaim) => Self::Reclaimed,
            (CallEnd::Done, Action::Assign) => Self::Assigned,
            (CallEnd::AlreadySo, Action::Reclaim) => Self::AlreadyFree,
            (CallEnd::AlreadySo, Action::Assign) => Self::AlreadyHeld,
            (CallEnd::Refused, _) => Self::Refused,
            (CallEnd::Failed, _) => Self::Failed,
            (CallEnd::Unknown, _) => Self::Unknown,
        }
    }

    /// Returns whether the aim is reached.
    pub fn is_success(self) -> bool {
        !matches!(self, Self::Refused | Self::Failed | Self::Unknown)
    }
}

impl LedgerRow {
    /// Returns whether an earlier request for the row got no response, and so may have been applied.
    pub(crate) fn has_lost_request(&self) -> bool {
        self.state == Some(RowState::Planned) && self.begun.is_some()
    }
}

impl RowState {
    /// Each state.
    pub const ALL: [Self; 9] = [
        Self::Planned,
        Self::Begun,
        Self::Ended(RowOutcome::Reclaimed),
        Self::Ended(RowOutcome::AlreadyFree),
        Self::Ended(RowOutcome::Assigned),
        Self::Ended(RowOutcome::AlreadyHeld),
        Self::Ended(RowOutcome::Refused),
        Self::Ended(RowOutcome::Failed),
        Self::Ended(RowOutcome::Unknown),
    ];

    /// Returns whether a run has to do something about a row in this state: it was not begun, its outcome is
    /// not known, or trying again may help.
    pub fn is_open(self) -> bool {
        matches!(
            self,
            Self::Planned | Self::Begun | Self::Ended(RowOutcome::Failed | RowOutcome::Unknown)
        )
    }

    /// Returns whether a person has to look at a row in this state after a run.
    pub fn needs_person(self) -> bool {
        self.is_open() || self == Self::Ended(RowOutcome::Refused)
    }

    /// Returns the word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Begun => "begun",
            Self::Ended(outcome) => outcome.as_str(),
        }
    }

    /// Returns the state that a ledger has this word for.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

impl RowOutcome {
    /// Returns the word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reclaimed => "reclaimed",
            Self::AlreadyFree => "already_free",
            Self::Assigned => "assigned",
            Self::AlreadyHeld => "already_held",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for RowState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for RowOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
