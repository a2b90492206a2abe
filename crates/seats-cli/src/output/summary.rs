//! How a run of many users ended, as counts.

use serde::Serialize;

use super::format::Format;
use super::outcomes::OutcomeWriter;
use super::{printable, streams};
use crate::outcome::{Ending, Endpoint};

/// How many users had which outcome.
#[derive(Debug, Default, Serialize)]
pub struct Summary {
    done: usize,
    already_free: usize,
    failed: usize,
    unknown: usize,
    /// Nothing was sent for these, because the command was interrupted.
    #[serde(skip_serializing_if = "is_zero")]
    pub not_begun: usize,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// The last line of JSON.
#[derive(Serialize)]
struct LastLine<'s> {
    operation: &'static str,
    vendor: &'static str,
    summary: &'s Summary,
}

impl Summary {
    /// Counts a user.
    pub fn count(&mut self, ending: Ending) {
        match ending {
            Ending::Done => self.done += 1,
            Ending::AlreadyFree => self.already_free += 1,
            Ending::Unknown => self.unknown += 1,
            Ending::TryLater | Ending::Refused | Ending::InvalidInput | Ending::Denied => {
                self.failed += 1;
            }
            Ending::DryRun => {}
        }
    }

    /// Prints the counts: for a program on stdout, for a person on stderr.
    pub fn print(&self, endpoint: Endpoint, format: Format, writer: &mut OutcomeWriter) {
        match format {
            Format::Text => streams::note(&self.sentence()),
            Format::Json => {
                let last = LastLine {
                    operation: endpoint.operation.id,
                    vendor: endpoint.vendor,
                    summary: self,
                };
                writer.write(printable::json(&last).map(|line| line + "\n"));
            }
            Format::Csv { .. } => {}
        }
        match self.not_begun {
            0 => {}
            1 => streams::note("interrupted: 1 user was not begun"),
            users => streams::note(&format!("interrupted: {users} users were not begun")),
        }
    }

    fn sentence(&self) -> String {
        let counts = [
            (self.done, "done"),
            (self.already_free, "already free"),
            (self.failed, "failed"),
            (self.unknown, "unknown"),
        ];
        let parts: Vec<String> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        if parts.is_empty() {
            return "nothing was done".to_owned();
        }
        parts.join(", ")
    }
}
