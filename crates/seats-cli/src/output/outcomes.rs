//! Writes what became of users, which must not get lost: what stdout does not take goes to stderr.

use std::io;

use super::format::Format;
use super::{csv, printable, streams};
use crate::outcome::{Ending, UserOutcome};

/// The heading of outcomes in CSV.
pub const HEADING: [&str; 4] = ["user", "fate", "status", "reason"];

/// Writes outcomes to stdout, or to stderr after stdout has failed.
pub struct OutcomeWriter {
    has_failed: bool,
}

impl OutcomeWriter {
    /// Returns a writer to stdout.
    pub fn new() -> Self {
        Self { has_failed: false }
    }

    /// Writes the text.
    pub fn write(&mut self, text: io::Result<String>) {
        let text = match text {
            Ok(text) => text,
            Err(error) => return self.fail(&error),
        };
        if !self.has_failed {
            match streams::stdout(&text) {
                Ok(()) => return,
                Err(error) => self.fail(&error),
            }
        }
        streams::stderr(&text);
    }

    /// Writes a request that a dry run shows. A reader that has gone has read enough.
    pub fn show(&mut self, request: io::Result<String>) {
        match request.and_then(|request| streams::stdout(&request)) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe && !self.has_failed => {
                self.has_failed = true;
                streams::unwritten("the request", &error);
            }
            _ => {}
        }
    }

    fn fail(&mut self, error: &io::Error) {
        self.has_failed = true;
        streams::unwritten("the outcome", error);
    }

    /// Returns the exit code: that of the ending, but not 0 if an outcome could not be written.
    pub fn exit_code(&self, ending: Ending) -> u8 {
        match ending.exit_code() {
            0 if self.has_failed => Ending::Refused.exit_code(),
            code => code,
        }
    }
}

/// Returns the line of a user, after the heading if it is the first.
///
/// # Errors
/// It cannot be written in this format.
pub fn line(outcome: &UserOutcome, format: Format, is_first: bool) -> io::Result<String> {
    match format {
        Format::Json => printable::json(outcome).map(|line| line + "\n"),
        Format::Csv { raw } => {
            let heading = match is_first {
                true => csv::line(HEADING, raw)?,
                false => String::new(),
            };
            let status = outcome.status.map(|status| status.to_string());
            let cells = [
                outcome.user.as_str(),
                outcome.ending.fate(),
                &status.unwrap_or_default(),
                outcome.reason.as_deref().unwrap_or_default(),
            ];
            Ok(heading + &csv::line(cells, raw)?)
        }
        Format::Text => {
            let user = printable::text(&outcome.user);
            let reason = outcome.reason.as_deref().map(printable::text);
            let reason = reason.map(|reason| format!(": {reason}"));
            let reason = reason.unwrap_or_default();
            let fate = outcome.ending.fate().replace('_', " ");
            Ok(format!("{fate:<7}  {user}{reason}\n"))
        }
    }
}
