//! What all parts of a run share.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use tokio::sync::mpsc;

use super::RunError;
use super::event::{Counts, Event, StopReason};
use super::options::RunOptions;
use crate::ledger::{Entry, Ledger, LedgerError, LedgerRow, RowOutcome, RowState};
use crate::vendor::{Action, CallEnd, CallReport};

/// Why a change counts as made that was so before the last request.
pub(super) const LOST: &str = "an earlier request, whose response was lost, made the change";

/// A row that was settled without a call: its outcome, and how it is known.
pub(super) type Settled = (LedgerRow, RowOutcome, Option<String>);

/// What all parts of a run share.
pub(super) struct Context {
    pub ledger: Arc<dyn Ledger>,
    pub options: RunOptions,
    events: mpsc::UnboundedSender<Event>,
    is_stopped: AtomicBool,
    /// The ledger could not be written: nothing more may be sent.
    has_failed: AtomicBool,
    failures: AtomicU64,
    stop: Mutex<Option<StopReason>>,
    last: Mutex<DateTime<Utc>>,
}

impl Context {
    pub(super) fn new(
        ledger: Arc<dyn Ledger>,
        options: RunOptions,
    ) -> (Arc<Self>, mpsc::UnboundedReceiver<Event>) {
        let (events, receiver) = mpsc::unbounded_channel();
        let context = Self {
            ledger,
            options,
            events,
            is_stopped: AtomicBool::new(false),
            has_failed: AtomicBool::new(false),
            failures: AtomicU64::new(0),
            stop: Mutex::new(None),
            last: Mutex::new(DateTime::<Utc>::MIN_UTC),
        };
        (Arc::new(context), receiver)
    }

    /// Tells the time. It does not go back during a run, whatever the clock does.
    pub(super) fn now(&self) -> DateTime<Utc> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = (self.options.clock)().max(*last);
        *last
    }

    pub(super) fn tell(&self, event: Event) {
        // If the events are no longer read, the ledger still has them.
        let _ = self.events.send(event);
    }

    /// Begins no more rows, for the first reason that there is.
    pub(super) fn stop(&self, reason: StopReason) {
        if !self.is_stopped.swap(true, Ordering::Relaxed) {
            self.note_stop(reason);
        }
    }

    /// Keeps why rows of one vendor, or all, are not begun.
    pub(super) fn note_stop(&self, reason: StopReason) {
        let mut stop = self.stop.lock().unwrap_or_else(PoisonError::into_inner);
        self.tell(Event::Stopping(reason.clone()));
        stop.get_or_insert(reason);
    }

    pub(super) fn stop_reason(&self) -> Option<StopReason> {
        self.stop
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Whether a further request may be sent.
    pub(super) fn may_send(&self) -> bool {
        !self.is_stopped.load(Ordering::Relaxed) && !self.has_failed.load(Ordering::Relaxed)
    }

    pub(super) fn has_failed(&self) -> bool {
        self.has_failed.load(Ordering::Relaxed)
    }

    /// Records the entries, durably.
    pub(super) async fn write(&self, entries: Vec<Entry>) -> Result<(), LedgerError> {
        let written = self.ledger.write(entries).await;
        if written.is_err() {
            self.has_failed.store(true, Ordering::Relaxed);
        }
        written
    }

    /// Records what a call reported for each row, and sends the events.
    pub(super) async fn end(
        &self,
        action: Action,
        rows: Vec<LedgerRow>,
        mut reports: Vec<CallReport>,
    ) -> Result<(), RunError> {
        let at = self.now();
        for (row, report) in rows.iter().zip(&mut reports) {
            if report.end == CallEnd::AlreadySo && row.has_lost_request() {
                report.end = CallEnd::Done;
                report.message = Some(LOST.to_owned());
            }
        }
        let ended: Vec<LedgerRow> = rows
            .into_iter()
            .zip(reports.iter())
            .map(|(row, report)| ended(row, action, report, at))
            .collect();
        let entries = ended
            .iter()
            .zip(reports)
            .map(|(row, report)| Entry::Outcome {
                row: row.id,
                at,
                outcome: RowOutcome::of_call(action, report.end),
                report: Some(report),
                note: None,
            });
        self.write(entries.collect()).await?;
        for row in ended {
            self.count_failure(&row);
            self.tell(Event::Ended(Box::new(row)));
        }
        Ok(())
    }

    /// Records how rows were settled by reading, and sends the events.
    pub(super) async fn settle(&self, rows: Vec<Settled>) -> Result<(), RunError> {
        if rows.is_empty() {
            return Ok(());
        }
        let at = self.now();
        let entry = |(row, outcome, note): &Settled| Entry::Outcome {
            row: row.id,
            at,
            outcome: *outcome,
            report: None,
            note: note.clone(),
        };
        self.write(rows.iter().map(entry).collect()).await?;
        for (mut row, outcome, note) in rows {
            row.state = Some(RowState::Ended(outcome));
            row.ended = Some(at);
            row.message = note;
            row.operator = Some(self.options.operator.clone());
            self.tell(Event::Ended(Box::new(row)));
        }
        Ok(())
    }

    fn count_failure(&self, row: &LedgerRow) {
        let is_success =
            matches!(row.state, Some(RowState::Ended(outcome)) if outcome.is_success());
        if is_success {
            return;
        }
        let failures = self.failures.fetch_add(1, Ordering::Relaxed) + 1;
        if self
            .options
            .max_failures
            .is_some_and(|most| failures >= most.get())
        {
            self.stop(StopReason::TooManyFailures { failures });
        }
    }

    /// How many rows are in each state now.
    pub(super) fn counts(&self) -> Result<Counts, RunError> {
        let mut counts = Counts::default();
        for states in self.ledger.products()?.into_values() {
            for (state, rows) in states {
                counts.add(state, rows);
            }
        }
        Ok(counts)
    }
}

/// The row as the ledger has it after a call.
fn ended(mut row: LedgerRow, action: Action, report: &CallReport, at: DateTime<Utc>) -> LedgerRow {
    row.state = Some(RowState::Ended(RowOutcome::of_call(action, report.end)));
    row.ended = Some(at);
    row.status = report.status;
    row.request_id.clone_from(&report.request_id);
    row.attempts += report.attempts;
    row.message.clone_from(&report.message);
    row
}
