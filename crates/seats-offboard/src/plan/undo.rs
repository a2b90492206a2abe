//! Plans to give back what a run took.

use super::{PlanError, Row, RowSink};
use crate::ledger::{Ledger, RowId, RowOutcome, RowQuery, RowState};

/// How many rows of the ledger are read at once.
const PAGE: usize = 1000;

/// Finds the seats that the run of this ledger changed, and hands a row of each to `sink`: not those that were
/// so before, and not those of which it is not known.
///
/// # Errors
/// The ledger cannot be read, or the sink fails.
pub(super) fn plan_undo(ledger: &dyn Ledger, sink: &mut dyn RowSink) -> Result<(), PlanError> {
    let query = RowQuery {
        states: vec![
            RowState::Ended(RowOutcome::Reclaimed),
            RowState::Ended(RowOutcome::Assigned),
        ],
        ..RowQuery::default()
    };
    let mut after = RowId::default();
    loop {
        let rows = ledger.rows(&query, after, PAGE)?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = last.id;
        for row in rows {
            if let Row::Change { .. } = row.planned {
                sink.take(row.planned)?;
            }
        }
    }
}
