//! Reads the vendor again for rows of which it is not known what became of them.

use super::RunError;
use super::event::Event;
use super::work::VendorRun;
use crate::ledger::{Entry, LedgerRow, RowId, RowOutcome, RowQuery, RowState};
use crate::vendor::{Action, Product, VendorError, VendorErrorKind};

/// How many rows are read at once. A vendor that lists by product is read once for so many.
const PAGE: usize = 4096;

/// The states in which it is not known what became of a row.
const OPEN: [RowState; 2] = [RowState::Begun, RowState::Ended(RowOutcome::Unknown)];

/// Settles the vendor's rows of which it is not known what became of them. A row whose change shows has
/// succeeded. One whose change does not show may be begun again, if `may_redo`; otherwise it stays unknown,
/// since a request that was sent may still be applied. Returns how many are to be begun again.
pub(super) async fn settle(run: &VendorRun, may_redo: bool) -> Result<usize, RunError> {
    let mut again = 0;
    for (product, _) in run.products(&OPEN)? {
        let query = RowQuery {
            product: Some(product.clone()),
            states: OPEN.to_vec(),
            with_others: false,
        };
        let mut after = RowId::default();
        loop {
            let rows = run.context.ledger.rows(&query, after, PAGE)?;
            let Some(last) = rows.last() else { break };
            after = last.id;
            run.context.tell(Event::Reading {
                product: product.clone(),
            });
            again += settle_rows(run, &product, rows, may_redo).await?;
        }
    }
    Ok(again)
}

async fn settle_rows(
    run: &VendorRun,
    product: &Product,
    rows: Vec<LedgerRow>,
    may_redo: bool,
) -> Result<usize, RunError> {
    let user = |row: &LedgerRow| row.planned.seat().map(|seat| seat.user.clone());
    let users: Vec<String> = rows.iter().filter_map(user).collect();
    let held = run.vendor.holds(product, &users).await;
    let mut settled = Vec::new();
    let mut again = Vec::new();
    for (row, held) in rows.into_iter().zip(held) {
        match meaning(run.action, held) {
            Ok(Some(outcome)) => {
                let note = "settled by reading again".to_owned();
                settled.push((row, outcome, Some(note)));
            }
            Ok(None) if may_redo => again.push(row),
            Ok(None) => settled.push((row, RowOutcome::Unknown, Some(not_yet(run.action)))),
            Err(error) => {
                if error.kind() == VendorErrorKind::AccessDenied {
                    run.deny(&error.to_string());
                }
                let note = format!("could not be read again: {error}");
                settled.push((row, RowOutcome::Unknown, Some(note)));
            }
        }
    }
    run.context.settle(settled).await?;
    let release = |row: &LedgerRow| Entry::Release {
        row: row.id,
        may_be_sent: true,
    };
    let entries: Vec<Entry> = again.iter().map(release).collect();
    if !entries.is_empty() {
        run.context.write(entries).await?;
    }
    let count = again.len();
    for mut row in again {
        row.state = Some(RowState::Planned);
        run.context.tell(Event::Again(Box::new(row)));
    }
    Ok(count)
}

/// What it means for a row whether the seat is held now: its outcome, or none if its change does not show.
fn meaning(
    action: Action,
    held: Result<bool, VendorError>,
) -> Result<Option<RowOutcome>, VendorError> {
    Ok(match (action, held?) {
        (Action::Reclaim, false) => Some(RowOutcome::Reclaimed),
        (Action::Assign, true) => Some(RowOutcome::Assigned),
        _ => None,
    })
}

fn not_yet(action: Action) -> String {
    let shows = match action {
        Action::Reclaim => "the seat is still held",
        Action::Assign => "the seat is not held yet",
    };
    format!("{shows}, and a request whose response was lost may still be applied")
}
