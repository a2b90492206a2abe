//! What became of each of many users, told as it comes; and how it ended for all of them.

use std::io::{self, Write};

use futures_util::{Stream, StreamExt};
use seats::{Done, Effect, Error, Fate, Outcome};
use serde::Serialize;

use crate::arguments::Output;
use crate::calls::Call;
use crate::interruption::{Interrupted, Interruption};
use crate::printable;
use crate::progress::Progress;
use crate::report::{self, Report};
use crate::sandbox::Answered;

/// The heading of a report in CSV.
pub const HEADING: [&str; 4] = ["user", "fate", "status", "reason"];

/// One user, and what became of them.
#[derive(Debug, Serialize)]
pub struct Told {
    user: String,
    fate: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    #[serde(skip)]
    exit_code: u8,
    #[serde(skip)]
    answered: Answered,
    /// The vendor does not let the caller do it, for whichever user.
    #[serde(skip)]
    is_about_the_caller: bool,
    /// What a dry run would have sent for the user.
    #[serde(skip)]
    dry_run: Option<Report>,
}

impl Told {
    /// What an outcome says of its user.
    pub fn of_outcome<U>(call: Call, outcome: Outcome<U>, name: impl Fn(&U) -> String) -> Self {
        let user = name(&outcome.user);
        let reason = outcome.fate.reason();
        let error = reason.and_then(|reason| reason.error());
        let (exit_code, answered) = match &outcome.fate {
            Fate::Done => (0, Answered::Otherwise),
            Fate::Failed(_) => match error {
                Some(error) => (report::exit_code(error), Answered::by(error)),
                // The call was answered well, and says this of one of its users.
                None => (1, Answered::Refusal),
            },
            _ => (3, error.map_or(Answered::Otherwise, Answered::by)),
        };
        Self {
            user,
            fate: outcome.fate.as_str(),
            status: outcome.status(),
            reason: reason.map(ToString::to_string),
            request_id: outcome.request_id().map(str::to_owned),
            exit_code,
            answered,
            is_about_the_caller: error.is_some_and(Error::is_unauthorized),
            dry_run: error.and_then(|error| Report::dry_run(call, error)),
        }
    }

    /// What a call for this user alone says of them.
    pub fn of_call<T>(
        call: Call,
        user: String,
        outcome: Result<Done<T>, Error>,
        remark: impl Fn(&Done<T>) -> Option<&'static str>,
    ) -> Self {
        match outcome {
            Ok(done) => Self {
                user,
                fate: Effect::Done.as_str(),
                status: done.status(),
                reason: remark(&done).map(str::to_owned),
                request_id: done.request_id().map(str::to_owned),
                exit_code: 0,
                answered: Answered::Otherwise,
                is_about_the_caller: false,
                dry_run: None,
            },
            Err(error) => Self {
                user,
                fate: report::fate(error.effect()),
                status: error.status(),
                reason: Some(error.to_string()),
                request_id: error.request_id().map(str::to_owned),
                exit_code: report::exit_code(&error),
                answered: Answered::by(&error),
                is_about_the_caller: error.is_unauthorized(),
                dry_run: Report::dry_run(call, &error),
            },
        }
    }

    /// A user of whom no answer told.
    fn without_an_answer(user: &str, fate: &'static str, reason: &str, exit_code: u8) -> Self {
        Self {
            user: user.to_owned(),
            fate,
            status: None,
            reason: Some(reason.to_owned()),
            request_id: None,
            exit_code,
            answered: Answered::Otherwise,
            is_about_the_caller: false,
            dry_run: None,
        }
    }

    fn line(&self, output: Output) -> io::Result<String> {
        match output {
            Output::Json => printable::json(self).map(|line| line + "\n"),
            Output::Csv => printable::csv(self.cells()),
            Output::Text => {
                let user = printable::text(&self.user);
                let reason = self.reason.as_deref().map(printable::text);
                let reason = reason.map(|reason| format!(": {reason}"));
                let reason = reason.unwrap_or_default();
                Ok(format!("{:<7}  {user}{reason}\n", self.fate))
            }
        }
    }

    fn cells(&self) -> [String; 4] {
        let status = self.status.map(|status| status.to_string());
        [
            self.user.clone(),
            self.fate.to_owned(),
            status.unwrap_or_default(),
            self.reason.clone().unwrap_or_default(),
        ]
    }
}

/// The users of a run, in the order in which they are called for.
pub struct Users {
    /// Each of them once.
    pub names: Vec<String>,
    /// How many of them a call is for.
    pub per_call: usize,
}

/// How it ended for all of the users.
#[derive(Debug, Default, Serialize)]
struct Summary {
    done: usize,
    failed: usize,
    unknown: usize,
    /// Nothing was sent for these, because somebody ended the command.
    #[serde(skip_serializing_if = "is_zero")]
    not_begun: usize,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// Tells each outcome as it comes, and gives the worst exit code and how the vendor answered.
///
/// A reader that goes away does not stop it: the users that are left were meant as well. A signal
/// does: whoever is in a call that is under way is unknown then, and nobody else is called for. So
/// does a refusal that is about the caller: the next call would be refused as well.
pub async fn print(
    call: Call,
    mut told: impl Stream<Item = Told> + Unpin,
    users: &Users,
    output: Output,
    interruption: &Interruption,
) -> (u8, Answered) {
    let mut report = Telling::begin(call, users, output);
    loop {
        // Its answer is there, or no call is under way.
        let is_between_calls = report.told.is_multiple_of(users.per_call);
        if is_between_calls && report.told < users.names.len() {
            if interruption.has_come() {
                report.cut_off(0);
                break;
            }
            if let Some(refusal) = report.refusal.take() {
                report.give_up(&refusal);
                break;
            }
        }
        match interruption.during(told.next()).await {
            Ok(Some(told)) => report.tell(told),
            Ok(None) => break,
            Err(Interrupted) => {
                report.cut_off(users.per_call);
                break;
            }
        }
    }
    report.end()
}

/// As [`print()`], where the one call for all of the users was interrupted.
pub fn print_interrupted(call: Call, users: &Users, output: Output) -> (u8, Answered) {
    let mut report = Telling::begin(call, users, output);
    report.cut_off(users.names.len());
    report.end()
}

/// What has been told so far.
struct Telling<'u> {
    call: Call,
    users: &'u Users,
    output: Output,
    progress: Progress,
    /// How many users have been told of.
    told: usize,
    summary: Summary,
    worst: u8,
    answered: Answered,
    /// Why every other call would be refused as well.
    refusal: Option<String>,
    /// The last one that was shown: a call for many users comes once for each of them.
    dry_run: Option<Report>,
}

impl<'u> Telling<'u> {
    fn begin(call: Call, users: &'u Users, output: Output) -> Self {
        Self {
            call,
            users,
            output,
            progress: Progress::of_users(users.names.len()),
            told: 0,
            summary: Summary::default(),
            worst: 0,
            answered: Answered::Otherwise,
            refusal: None,
            dry_run: None,
        }
    }

    fn tell(&mut self, mut told: Told) {
        let is_first = self.told == 0;
        self.told += 1;
        self.progress.more(1);
        self.worst = worse(self.worst, told.exit_code);
        self.answered = self.answered.max(told.answered);
        if let Some(report) = told.dry_run.take() {
            let before = self.dry_run.as_ref();
            if !before.is_some_and(|before| report.shows_the_same(before)) {
                report.print_dry_run(self.output, before.is_none());
                self.dry_run = Some(report);
            }
            return;
        }
        match told.fate {
            "done" => self.summary.done += 1,
            "failed" => self.summary.failed += 1,
            _ => self.summary.unknown += 1,
        }
        if self.output == Output::Csv && is_first {
            say(printable::csv(HEADING));
        }
        say(told.line(self.output));
        if told.is_about_the_caller {
            self.refusal = told.reason;
        }
    }

    /// Nobody is called for any more; the next `in_call` users may have been.
    fn cut_off(&mut self, in_call: usize) {
        let left = self.users.names.get(self.told..).unwrap_or_default();
        let (unknown, rest) = left.split_at(in_call.min(left.len()));
        for user in unknown {
            self.tell(Told::without_an_answer(user, "unknown", "interrupted", 3));
        }
        self.summary.not_begun = rest.len();
        if !rest.is_empty() {
            self.worst = worse(self.worst, 5);
        }
    }

    /// Nobody is called for any more, for this reason.
    fn give_up(&mut self, refusal: &str) {
        let reason = format!("not begun: {refusal}");
        for user in self.users.names.iter().skip(self.told) {
            self.tell(Told::without_an_answer(user, "failed", &reason, 4));
        }
    }

    fn end(self) -> (u8, Answered) {
        drop(self.progress);
        if self.dry_run.is_none() {
            self.summary.print(self.call, self.output);
        }
        (self.worst, self.answered)
    }
}

fn say(line: io::Result<String>) {
    drop(line.and_then(|line| io::stdout().write_all(line.as_bytes())));
}

impl Summary {
    fn print(&self, call: Call, output: Output) {
        let last = serde_json::json!({
            "operation": call.operation.id,
            "vendor": call.vendor,
            "summary": self,
        });
        let mut stderr = io::stderr();
        match output {
            Output::Text => drop(writeln!(stderr, "{}", self.words())),
            Output::Json => say(printable::json(&last).map(|line| line + "\n")),
            Output::Csv => {}
        }
        match self.not_begun {
            0 => {}
            1 => drop(writeln!(stderr, "interrupted: 1 user was not begun")),
            users => drop(writeln!(
                stderr,
                "interrupted: {users} users were not begun"
            )),
        }
    }

    fn words(&self) -> String {
        let counts = [
            (self.done, "done"),
            (self.failed, "failed"),
            (self.unknown, "unknown"),
        ];
        let words: Vec<String> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        if words.is_empty() {
            return "nothing was done".to_owned();
        }
        words.join(", ")
    }
}

/// The exit code that tells more of what is wrong: unknown, not authorised, bad input, refused, try
/// later, done.
fn worse(one: u8, other: u8) -> u8 {
    const FROM_GOOD_TO_BAD: [u8; 6] = [0, 5, 1, 2, 4, 3];
    let place = |code| FROM_GOOD_TO_BAD.iter().position(|known| *known == code);
    if place(other) > place(one) {
        other
    } else {
        one
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_exit_code_counts() {
        for (codes, worst) in [
            (&[0, 0][..], 0),
            (&[0, 5, 0], 5),
            (&[5, 1, 0], 1),
            (&[1, 4, 5], 4),
            (&[4, 3, 1], 3),
            (&[3, 4, 1, 5, 0], 3),
        ] {
            for codes in [codes.to_vec(), codes.iter().rev().copied().collect()] {
                assert_eq!(codes.iter().copied().fold(0, worse), worst, "{codes:?}");
            }
        }
    }
}
