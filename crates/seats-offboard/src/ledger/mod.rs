//! The ledger of a run: what was planned, what was begun, and what became of it.

mod memory;
mod row;
mod sqlite;

use std::collections::BTreeMap;
use std::io;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;

use crate::plan::head::PlanHead;
use crate::plan::row::Row;
use crate::vendor::{CallReport, Product};

pub use memory::MemoryLedger;
pub use row::{LedgerRow, RowId, RowOutcome, RowState};
pub use sqlite::{SCHEMA, SqliteLedger};

/// The ledger of a run. An intent is recorded before its request is sent and an outcome after its response,
/// and each is durable before [`write`](Self::write) resolves: a run that is killed at any moment can go on.
pub trait Ledger: Send + Sync {
    /// Returns the plan that the ledger belongs to; none if it is new.
    ///
    /// # Errors
    /// The ledger cannot be read.
    fn plan(&self) -> Result<Option<LedgerPlan>, LedgerError>;

    /// Begins to take the rows of a plan. Nothing is kept unless the plan is committed.
    ///
    /// # Errors
    /// The ledger has a plan already, or cannot be written.
    fn load(&self) -> Result<Box<dyn Load + '_>, LedgerError>;

    /// Begins a session: one run of the program.
    ///
    /// # Errors
    /// The ledger cannot be written.
    fn begin_session(&self, session: &Session) -> Result<(), LedgerError>;

    /// Ends the session that was begun last.
    ///
    /// # Errors
    /// The ledger cannot be written.
    fn end_session(&self, at: DateTime<Utc>, end: &str) -> Result<(), LedgerError>;

    /// Records the entries. They are durable when the future is ready; entries of several callers share a
    /// commit.
    fn write(&self, entries: Vec<Entry>) -> BoxFuture<'static, Result<(), LedgerError>>;

    /// Returns the products of the rows that are changes, and how many rows are in each state.
    ///
    /// # Errors
    /// The ledger cannot be read.
    fn products(&self) -> Result<BTreeMap<Product, BTreeMap<RowState, u64>>, LedgerError>;

    /// Returns up to `limit` rows after `after`, in the order of the plan.
    ///
    /// # Errors
    /// The ledger cannot be read.
    fn rows(
        &self,
        query: &RowQuery,
        after: RowId,
        limit: usize,
    ) -> Result<Vec<LedgerRow>, LedgerError>;

    /// Returns how many rows there are that are no changes, by their decision.
    ///
    /// # Errors
    /// The ledger cannot be read.
    fn others(&self) -> Result<BTreeMap<String, u64>, LedgerError>;
}

/// Takes the rows of a plan; dropped without [`commit`](Self::commit), it keeps nothing.
pub trait Load {
    /// Takes a row.
    ///
    /// # Errors
    /// The ledger cannot be written.
    fn row(&mut self, row: &Row) -> Result<(), LedgerError>;

    /// Keeps the plan.
    ///
    /// # Errors
    /// The ledger cannot be written.
    fn commit(self: Box<Self>, plan: &LedgerPlan) -> Result<(), LedgerError>;
}

/// The plan that a ledger belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct LedgerPlan {
    /// What the plan says about itself.
    pub head: PlanHead,
    /// The plan's hash.
    pub hash: String,
}

/// A session: one run of the program on a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The operating-system user who runs the program.
    pub operator: String,
    /// When it began, in UTC.
    pub began: DateTime<Utc>,
    /// The version of the program.
    pub program: String,
}

/// What is recorded about a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A request for the row is about to be sent.
    Intent {
        /// The row.
        row: RowId,
        /// When, in UTC.
        at: DateTime<Utc>,
    },
    /// The row is to be begun again.
    Release {
        /// The row.
        row: RowId,
        /// Whether an earlier request may have been sent, and may yet be applied; otherwise none was sent.
        may_be_sent: bool,
    },
    /// The row has ended.
    Outcome {
        /// The row.
        row: RowId,
        /// When, in UTC.
        at: DateTime<Utc>,
        /// What became of it.
        outcome: RowOutcome,
        /// The call; none if it was settled by reading.
        report: Option<CallReport>,
        /// Why, if it was settled by reading.
        note: Option<String>,
    },
}

/// Which rows to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowQuery {
    /// Of this product only.
    pub product: Option<Product>,
    /// Changes in one of these states; if there are none, all rows, also those that are no changes.
    pub states: Vec<RowState>,
    /// Beside those, also rows that are no changes.
    pub with_others: bool,
}

/// Error from a ledger.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// Another process uses the ledger.
    #[error("another process is at work on the ledger {path}; wait for it to end")]
    InUse {
        /// The ledger.
        path: String,
    },
    /// The ledger, or its folder, cannot be opened or created.
    #[error("cannot open the ledger {path}: {message}")]
    Open {
        /// The ledger.
        path: String,
        /// Why.
        message: String,
    },
    /// The file is not a ledger, or one of another version.
    #[error("{path} is not a ledger that this version of seats reads: {message}")]
    NotALedger {
        /// The file.
        path: String,
        /// Why.
        message: String,
    },
    /// The ledger belongs to a plan already.
    #[error("the ledger belongs to a plan already")]
    HasPlan,
    /// The ledger cannot be read.
    #[error("cannot read the ledger: {0}")]
    Read(String),
    /// The ledger cannot be written, because the disk is full for example.
    #[error("cannot write the ledger: {0}; nothing more was sent")]
    Write(String),
}

impl From<LedgerError> for io::Error {
    fn from(error: LedgerError) -> Self {
        Self::other(error)
    }
}
