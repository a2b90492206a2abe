//! Reports the outcome of each of many users as it comes.

use std::fmt::Display;

use futures_util::{FutureExt, Stream};
use seats::{Outcome, Outcomes};

use super::interruption::Interrupted;
use super::progress::Progress;
use super::sandbox::Hint;
use super::session::{Session, VendorClient};
use crate::outcome::{Ending, Endpoint, Report, UserOutcome};
use crate::output::{Format, OutcomeWriter, Summary, dry_run, line};

/// Reports each outcome as it comes, and returns the worst exit code.
///
/// A closed output pipe does not stop the run. A signal does: users whose call is in flight are unknown,
/// and the rest are not begun.
pub async fn report_each<C: VendorClient, U: Clone + Display + 'static>(
    session: &Session<C>,
    endpoint: Endpoint,
    mut outcomes: Outcomes<U>,
) -> u8 {
    let mut run = Run::start(endpoint, outcomes.remaining(), session.format);
    loop {
        match session.interruption.during(outcomes.next()).await {
            Ok(Some(outcome)) => run.report(&outcome),
            Ok(None) => break,
            Err(Interrupted) => {
                run.interrupt(session, &mut outcomes);
                break;
            }
        }
    }
    let (exit_code, hint) = run.finish();
    session.print_hint(hint);
    exit_code
}

/// The state of a run.
struct Run {
    endpoint: Endpoint,
    format: Format,
    writer: OutcomeWriter,
    progress: Progress,
    has_reported: bool,
    summary: Summary,
    worst: Ending,
    hint: Hint,
    /// The last request of a dry run: a call for many users comes once for each of them.
    last_dry_run: Option<Report>,
}

impl Run {
    fn start(endpoint: Endpoint, users: usize, format: Format) -> Self {
        Self {
            endpoint,
            format,
            writer: OutcomeWriter::new(),
            progress: Progress::of_users(users),
            has_reported: false,
            summary: Summary::default(),
            worst: Ending::DryRun,
            hint: Hint::None,
            last_dry_run: None,
        }
    }

    fn report<U: Display>(&mut self, outcome: &Outcome<U>) {
        let mut outcome = UserOutcome::new(self.endpoint, outcome);
        self.progress.add(1);
        self.worst = self.worst.max(outcome.ending);
        self.hint = self.hint.max(Hint::after(outcome.ending, outcome.status));
        if let Some(report) = outcome.dry_run.take() {
            self.show(report);
            return;
        }
        let is_first = !std::mem::replace(&mut self.has_reported, true);
        self.summary.count(outcome.ending);
        self.writer.write(line(&outcome, self.format, is_first));
    }

    /// Shows the request of a dry run, once.
    fn show(&mut self, report: Report) {
        let last = self.last_dry_run.as_ref();
        if !last.is_some_and(|last| report.shows_the_same_request(last)) {
            self.writer
                .show(dry_run(&report, self.format, last.is_none()));
            self.last_dry_run = Some(report);
        }
    }

    /// Reports what is known when the command is interrupted. Calls that wait for a token, for their turn
    /// or for a retry end at once; those that were sent and not answered are unknown.
    fn interrupt<C: VendorClient, U: Clone + Display + 'static>(
        &mut self,
        session: &Session<C>,
        outcomes: &mut Outcomes<U>,
    ) {
        outcomes.stop();
        session.client.stop();
        self.report_ready(outcomes);
        outcomes.abandon("interrupted");
        self.report_ready(outcomes);
        self.summary.not_begun = outcomes.remaining();
        if self.summary.not_begun > 0 {
            self.worst = self.worst.max(Ending::TryLater);
        }
    }

    fn report_ready<U: Display>(
        &mut self,
        outcomes: &mut (impl Stream<Item = Outcome<U>> + Unpin),
    ) {
        while let Some(Some(outcome)) = futures_util::StreamExt::next(outcomes).now_or_never() {
            self.report(&outcome);
        }
    }

    fn finish(mut self) -> (u8, Hint) {
        drop(self.progress);
        if self.last_dry_run.is_none() {
            self.summary
                .print(self.endpoint, self.format, &mut self.writer);
        }
        (self.writer.exit_code(self.worst), self.hint)
    }
}
