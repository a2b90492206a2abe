//! A ledger in memory, for tests and for runs that need not be resumed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::{
    Entry, Ledger, LedgerError, LedgerPlan, LedgerRow, Load, RowId, RowQuery, RowState, Session,
};
use crate::plan::row::Row;
use crate::vendor::Product;

/// A ledger in memory. Clones share their content, so that a test can look at it after a run, or resume one.
#[derive(Clone, Debug, Default)]
pub struct MemoryLedger(Arc<Mutex<Content>>);

#[derive(Debug, Default)]
struct Content {
    plan: Option<LedgerPlan>,
    rows: Vec<LedgerRow>,
    sessions: Vec<(Session, Option<String>)>,
    /// How many writes succeed before all fail.
    writes_left: Option<u64>,
}

impl MemoryLedger {
    /// Creates an empty ledger.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes every write after the next `writes` fail, as on a full disk.
    pub fn fail_after(&self, writes: u64) {
        self.content().writes_left = Some(writes);
    }

    /// Lets writes succeed again.
    pub fn recover(&self) {
        self.content().writes_left = None;
    }

    fn content(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Content {
    fn write(&mut self, entries: Vec<Entry>) -> Result<(), LedgerError> {
        match &mut self.writes_left {
            Some(0) => return Err(LedgerError::Write("no space is left".to_owned())),
            Some(left) => *left -= 1,
            None => {}
        }
        for entry in entries {
            self.entry(entry);
        }
        Ok(())
    }

    fn row(&mut self, id: RowId) -> Option<&mut LedgerRow> {
        let place = usize::try_from(id.0).ok()?.checked_sub(1)?;
        self.rows.get_mut(place)
    }

    fn entry(&mut self, entry: Entry) {
        let operator = self
            .sessions
            .last()
            .map(|(session, _)| session.operator.clone());
        match entry {
            Entry::Intent { row, at } => {
                if let Some(row) = self.row(row) {
                    row.state = Some(RowState::Begun);
                    (row.begun, row.ended, row.operator) = (Some(at), None, operator);
                }
            }
            Entry::Release { row, may_be_sent } => {
                if let Some(row) = self.row(row) {
                    row.state = Some(RowState::Planned);
                    row.begun = row.begun.filter(|_| may_be_sent);
                }
            }
            Entry::Outcome {
                row,
                at,
                outcome,
                report,
                note,
            } => {
                let Some(row) = self.row(row) else { return };
                row.state = Some(RowState::Ended(outcome));
                (row.ended, row.operator) = (Some(at), operator);
                row.message = note;
                if let Some(report) = report {
                    row.message = report.message.or(row.message.take());
                    row.status = report.status;
                    row.request_id = report.request_id;
                    row.attempts += report.attempts;
                }
            }
        }
    }
}

struct MemoryLoad<'a> {
    ledger: &'a MemoryLedger,
    rows: Vec<LedgerRow>,
}

impl Load for MemoryLoad<'_> {
    fn row(&mut self, row: &Row) -> Result<(), LedgerError> {
        let id = RowId(i64::try_from(self.rows.len() + 1).unwrap_or(i64::MAX));
        self.rows.push(LedgerRow {
            id,
            state: matches!(row, Row::Change { .. }).then_some(RowState::Planned),
            planned: row.clone(),
            begun: None,
            ended: None,
            status: None,
            request_id: None,
            attempts: 0,
            message: None,
            operator: None,
        });
        Ok(())
    }

    fn commit(self: Box<Self>, plan: &LedgerPlan) -> Result<(), LedgerError> {
        let mut content = self.ledger.content();
        content.plan = Some(plan.clone());
        content.rows = self.rows;
        Ok(())
    }
}

impl Ledger for MemoryLedger {
    fn plan(&self) -> Result<Option<LedgerPlan>, LedgerError> {
        Ok(self.content().plan.clone())
    }

    fn load(&self) -> Result<Box<dyn Load + '_>, LedgerError> {
        if self.content().plan.is_some() {
            return Err(LedgerError::HasPlan);
        }
        Ok(Box::new(MemoryLoad {
            ledger: self,
            rows: Vec::new(),
        }))
    }

    fn begin_session(&self, session: &Session) -> Result<(), LedgerError> {
        self.content().sessions.push((session.clone(), None));
        Ok(())
    }

    fn end_session(&self, _: DateTime<Utc>, end: &str) -> Result<(), LedgerError> {
        if let Some((_, ended)) = self.content().sessions.last_mut() {
            *ended = Some(end.to_owned());
        }
        Ok(())
    }

    fn write(&self, entries: Vec<Entry>) -> BoxFuture<'static, Result<(), LedgerError>> {
        let written = self.content().write(entries);
        async { written }.boxed()
    }

    fn products(&self) -> Result<BTreeMap<Product, BTreeMap<RowState, u64>>, LedgerError> {
        let mut products: BTreeMap<Product, BTreeMap<RowState, u64>> = BTreeMap::new();
        for row in &self.content().rows {
            if let (Some(state), Some(seat)) = (row.state, row.planned.seat()) {
                let states = products.entry(seat.product.clone()).or_default();
                *states.entry(state).or_default() += 1;
            }
        }
        Ok(products)
    }

    fn rows(
        &self,
        query: &RowQuery,
        after: RowId,
        limit: usize,
    ) -> Result<Vec<LedgerRow>, LedgerError> {
        let is_wanted = |row: &&LedgerRow| {
            let seat = row.planned.seat();
            let product = query.product.as_ref();
            let state = match row.state {
                Some(state) => query.states.is_empty() || query.states.contains(&state),
                None => query.states.is_empty() || query.with_others,
            };
            row.id > after
                && state
                && product.is_none_or(|product| seat.is_some_and(|seat| seat.product == *product))
        };
        let content = self.content();
        Ok(content
            .rows
            .iter()
            .filter(is_wanted)
            .take(limit)
            .cloned()
            .collect())
    }

    fn others(&self) -> Result<BTreeMap<String, u64>, LedgerError> {
        let mut others = BTreeMap::new();
        for row in &self.content().rows {
            let decision = match row.planned {
                Row::Change { .. } => continue,
                Row::NothingHeld { .. } => "nothing_held",
                Row::NotFound { .. } => "not_found",
                Row::NotDecided { .. } => "not_decided",
                Row::Unusable { .. } => "unusable",
            };
            *others.entry(decision.to_owned()).or_default() += 1;
        }
        Ok(others)
    }
}
