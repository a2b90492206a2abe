//! What became of each of many users, told as it comes; and how it ended for all of them.

use std::io::{self, Write};

use futures_util::{Stream, StreamExt};
use seats::{Done, Effect, Error, Fate, Outcome};
use serde::Serialize;

use crate::arguments::Output;
use crate::calls::Call;
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
            status: error.and_then(Error::status),
            reason: reason.map(ToString::to_string),
            request_id: error.and_then(Error::request_id).map(str::to_owned),
            exit_code,
            answered,
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
                dry_run: Report::dry_run(call, &error),
            },
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

/// How it ended for all of the users.
#[derive(Debug, Default, Serialize)]
struct Summary {
    done: usize,
    failed: usize,
    unknown: usize,
}

/// Tells each outcome as it comes, and gives the worst exit code and how the vendor answered.
///
/// A reader that goes away does not stop it: the users that are left were meant as well.
pub async fn print(
    call: Call,
    mut told: impl Stream<Item = Told> + Unpin,
    users: usize,
    output: Output,
) -> (u8, Answered) {
    let progress = Progress::of_users(users);
    let mut summary = Summary::default();
    let mut worst = 0;
    let mut answered = Answered::Otherwise;
    let mut dry_runs = Vec::new();
    let mut has_heading = false;
    while let Some(mut told) = told.next().await {
        progress.more(1);
        worst = worse(worst, told.exit_code);
        answered = answered.max(told.answered);
        if let Some(report) = told.dry_run.take() {
            dry_runs.push(report);
            continue;
        }
        match told.fate {
            "done" => summary.done += 1,
            "failed" => summary.failed += 1,
            _ => summary.unknown += 1,
        }
        if output == Output::Csv && !has_heading {
            say(printable::csv(HEADING));
            has_heading = true;
        }
        say(told.line(output));
    }
    drop(progress);
    if dry_runs.is_empty() {
        summary.print(call, output);
    } else {
        // A call for many users comes once for each of them.
        dry_runs.dedup_by(|later, earlier| later.shows_the_same(earlier));
        report::print_dry_runs(&dry_runs, output);
    }
    (worst, answered)
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
        match output {
            Output::Text => drop(writeln!(io::stderr(), "{}", self.words())),
            Output::Json => say(printable::json(&last).map(|line| line + "\n")),
            Output::Csv => {}
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
