//! Shows a plan being made, and a run as it goes on.

use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use seats::datadog::api::operations::UNASSIGN_SEATS_USER;
use seats_offboard::{
    Event, Events, LedgerRow, PlanProgress, RowState, RunEnd, RunError, StopReason,
};

use super::interruption::{Interrupted, Interruption};
use crate::outcome::Endpoint;
use crate::output::{printable, streams};

/// After how long without a row's end it is said that the vendor is waited for.
const QUIET: Duration = Duration::from_secs(2);

/// A line on stderr while a plan is made, if that is a terminal.
pub struct PlanningBar(ProgressBar);

impl PlanningBar {
    /// Begins the line.
    pub fn start() -> Self {
        let bar = ProgressBar::no_length();
        if let Ok(style) = ProgressStyle::with_template("{msg}") {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// Shows how far it has come.
    pub fn show(&self, progress: &PlanProgress) {
        let message = match progress {
            PlanProgress::Holders { product, read } => {
                format!("{} {product}: {read} holders", product.vendor)
            }
            PlanProgress::People { done, total } => format!("{done} of {total} people"),
            _ => return,
        };
        self.0.set_message(message);
    }
}

impl Drop for PlanningBar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// Drives a run to its end: a progress bar on a terminal, a line for each row elsewhere. The first signal
/// finishes what is under way, the second ends the process.
///
/// # Errors
/// The ledger cannot be read or written.
pub async fn drive(mut events: Events, rows: u64) -> Result<RunEnd, RunError> {
    // Ending the process while a request is in flight leaves it unknown.
    let interruption = Interruption::of(Endpoint::datadog(&UNASSIGN_SEATS_USER))
        .unwrap_or_else(|_| Interruption::uncaught());
    let view = View::start(rows);
    let mut is_stopping = false;
    loop {
        let next = tokio::time::timeout(QUIET, events.next());
        let next = match is_stopping {
            true => Ok(next.await),
            false => interruption.during(next).await,
        };
        match next {
            Err(Interrupted) => {
                is_stopping = true;
                events.stop();
                view.note("stopping: finishing what is under way; interrupt again to end at once");
            }
            Ok(Err(_)) => view.wait(),
            Ok(Ok(Some(event))) => {
                let event = event?;
                view.show(&event);
                if let Event::Finished(end) = event {
                    return Ok(end);
                }
            }
            Ok(Ok(None)) => return Err(RunError::NoPlan),
        }
    }
}

struct View {
    bar: ProgressBar,
    is_terminal: bool,
}

impl View {
    fn start(rows: u64) -> Self {
        let is_terminal = io::stderr().is_terminal();
        let bar = ProgressBar::new(rows);
        if !is_terminal {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        let template = "{bar:30} {pos} of {len}, {per_sec}, {eta} left{msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar, is_terminal }
    }

    fn note(&self, line: &str) {
        self.bar.suspend(|| streams::note(line));
    }

    fn wait(&self) {
        self.bar
            .set_message("; waiting for the vendor (its rate limit, or a slow response)");
    }
}

impl View {
    fn show(&self, event: &Event) {
        match event {
            Event::Ended(row) => self.ended(row),
            Event::Skipped { product, error } => {
                self.note(&format!(
                    "{} {product}: left as it is: {error}",
                    product.vendor
                ));
            }
            Event::Stopping(StopReason::Requested) => {}
            Event::Stopping(reason) => self.note(&reason.to_string()),
            Event::Finished(end) => self.finish(end),
            _ => {}
        }
    }

    /// Shows a row that has ended: on a terminal only one that did not end well.
    fn ended(&self, row: &LedgerRow) {
        let is_success =
            matches!(row.state, Some(RowState::Ended(outcome)) if outcome.is_success());
        let is_settled = row.state != Some(RowState::Ended(seats_offboard::RowOutcome::Unknown));
        if is_settled {
            self.bar.inc(1);
        }
        self.bar.set_message("");
        if !self.is_terminal {
            // A closed output pipe does not stop the run; the ledger has everything.
            let _ = streams::stdout(&(printable::text(&line(row)) + "\n"));
        } else if !is_success {
            self.note(&line(row));
        }
    }

    fn finish(&self, end: &RunEnd) {
        self.bar.finish_and_clear();
        let counts: Vec<String> = end
            .counts
            .each()
            .map(|(state, rows)| format!("{rows} {state}"))
            .collect();
        streams::note(&counts.join(", "));
    }
}

/// A row as a line: what became of it, whose seat it is, and why.
fn line(row: &LedgerRow) -> String {
    let state = row.state.map(|state| state.to_string()).unwrap_or_default();
    let person = row.planned.person().map_or("?", |person| person.label());
    let seat = row
        .planned
        .seat()
        .map(|seat| format!(", {} {}", seat.product.vendor, seat.product));
    let why = row.message.as_ref().map(|message| format!(": {message}"));
    format!(
        "{state}: {person}{}{}",
        seat.unwrap_or_default(),
        why.unwrap_or_default()
    )
}
