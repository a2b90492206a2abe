//! Reports the outcome of each of many users as it comes.

use futures_util::{Stream, StreamExt};

use super::interruption::{Interrupted, Interruption};
use super::progress::Progress;
use super::sandbox::Hint;
use crate::outcome::{Ending, Endpoint, Report, UserOutcome};
use crate::output::{Format, OutcomeWriter, Summary, dry_run, line};

/// The users of a run, in the order in which they are called for.
pub struct Users {
    /// Each of them once.
    pub names: Vec<String>,
    /// How many of them share a call.
    pub per_call: usize,
}

/// Reports each outcome as it comes; returns the worst exit code, and the hint that fits.
///
/// A closed output pipe does not stop the run. A signal does: users of a call in flight are unknown,
/// and the rest are not begun. So does a response that denies the caller, as it would for every other
/// user.
pub async fn report_each(
    endpoint: Endpoint,
    mut outcomes: impl Stream<Item = UserOutcome> + Unpin,
    users: &Users,
    format: Format,
    interruption: &Interruption,
) -> (u8, Hint) {
    let mut run = Run::start(endpoint, users, format);
    loop {
        let is_between_calls = run.reported.is_multiple_of(users.per_call);
        if is_between_calls && run.reported < users.names.len() {
            if interruption.has_come() {
                run.interrupt(0);
                break;
            }
            if let Some(denial) = run.denial.take() {
                run.give_up(&denial);
                break;
            }
        }
        match interruption.during(outcomes.next()).await {
            Ok(Some(outcome)) => run.report(outcome),
            Ok(None) => break,
            Err(Interrupted) => {
                run.interrupt(users.per_call);
                break;
            }
        }
    }
    run.finish()
}

/// Reports all users as unknown, because the only call for them was interrupted.
pub fn report_interrupted(endpoint: Endpoint, users: &Users, format: Format) -> (u8, Hint) {
    let mut run = Run::start(endpoint, users, format);
    run.interrupt(users.names.len());
    run.finish()
}

/// The state of a run.
struct Run<'u> {
    endpoint: Endpoint,
    users: &'u Users,
    format: Format,
    writer: OutcomeWriter,
    progress: Progress,
    /// How many users have been reported.
    reported: usize,
    summary: Summary,
    worst: Ending,
    hint: Hint,
    /// Why the vendor denies the caller.
    denial: Option<String>,
    /// The last request of a dry run: a call for many users comes once for each of them.
    last_dry_run: Option<Report>,
}

impl<'u> Run<'u> {
    fn start(endpoint: Endpoint, users: &'u Users, format: Format) -> Self {
        Self {
            endpoint,
            users,
            format,
            writer: OutcomeWriter::new(),
            progress: Progress::of_users(users.names.len()),
            reported: 0,
            summary: Summary::default(),
            worst: Ending::DryRun,
            hint: Hint::None,
            denial: None,
            last_dry_run: None,
        }
    }

    fn report(&mut self, mut outcome: UserOutcome) {
        let is_first = self.reported == 0;
        self.reported += 1;
        self.progress.add(1);
        self.worst = self.worst.max(outcome.ending);
        self.hint = self.hint.max(Hint::after(outcome.ending, outcome.status));
        if let Some(report) = outcome.dry_run.take() {
            self.show(report);
            return;
        }
        self.summary.count(outcome.ending);
        self.writer.write(line(&outcome, self.format, is_first));
        if outcome.denies_the_caller {
            self.denial = outcome.reason;
        }
    }

    /// Shows the request of a dry run, once.
    fn show(&mut self, report: Report) {
        let last = self.last_dry_run.as_ref();
        if !last.is_some_and(|last| report.shows_the_same_request(last)) {
            self.writer
                .write(dry_run(&report, self.format, last.is_none()));
            self.last_dry_run = Some(report);
        }
    }

    /// Ends the run: the next `in_flight` users are unknown, and the rest are not begun.
    fn interrupt(&mut self, in_flight: usize) {
        let left = self.users.names.get(self.reported..).unwrap_or_default();
        let (unknown, rest) = left.split_at(in_flight.min(left.len()));
        for user in unknown {
            let ending = Ending::Unknown;
            self.report(UserOutcome::without_response(user, ending, "interrupted"));
        }
        self.summary.not_begun = rest.len();
        if !rest.is_empty() {
            self.worst = self.worst.max(Ending::TryLater);
        }
    }

    /// Ends the run: the remaining users fail for the same reason.
    fn give_up(&mut self, denial: &str) {
        let reason = format!("not begun: {denial}");
        for user in self.users.names.iter().skip(self.reported) {
            let ending = Ending::Denied;
            self.report(UserOutcome::without_response(user, ending, &reason));
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
