//! Prints the outcome of one call.

use std::collections::HashSet;
use std::io;

use serde::Serialize;
use serde_json::Value;

use super::dry_run::{self, ShownRequest};
use super::format::Format;
use super::outcomes::{HEADING, OutcomeWriter};
use super::{csv, printable, streams};
use crate::outcome::{Ending, Report};

/// A report as JSON shows it.
#[derive(Debug, Serialize)]
struct ShownReport<'r> {
    operation: Option<&'static str>,
    vendor: Option<&'static str>,
    effect: &'static str,
    status: Option<u16>,
    messages: &'r [String],
    request_id: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seat: Option<&'r Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    users: Option<&'r [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<ShownRequest>,
}

/// Prints the report, and returns the exit code.
pub fn print_report(report: &Report, format: Format) -> u8 {
    let mut writer = OutcomeWriter::new();
    if report.dry_run.is_some() {
        writer.show(dry_run(report, format, true));
    } else {
        match in_format(report, format) {
            Ok(text) if text.is_empty() && report.ending.exit_code() == 0 => {
                writer.write(Ok(sentence(report)));
            }
            Ok(text) if text.is_empty() => streams::stderr(&sentence(report)),
            text => writer.write(text),
        }
    }
    for hint in &report.hints {
        streams::note(hint);
    }
    writer.exit_code(report.ending)
}

/// Returns the request that a dry run shows; nothing for other reports.
///
/// # Errors
/// It cannot be written in this format.
pub fn dry_run(report: &Report, format: Format, is_first: bool) -> io::Result<String> {
    match (&report.dry_run, format) {
        (None, _) => Ok(String::new()),
        (Some(request), Format::Text) => Ok(dry_run::text(request, is_first)),
        (Some(_), Format::Json) => json(report),
        (Some(request), Format::Csv { raw }) => ShownRequest::new(request).csv(is_first, raw),
    }
}

/// Returns the report for a program; nothing if a sentence says it.
fn in_format(report: &Report, format: Format) -> io::Result<String> {
    match format {
        Format::Text => Ok(String::new()),
        Format::Json => json(report),
        Format::Csv { raw } => rows(report, raw),
    }
}

fn json(report: &Report) -> io::Result<String> {
    let shown = ShownReport {
        operation: report.endpoint.map(|endpoint| endpoint.operation.id),
        vendor: report.endpoint.map(|endpoint| endpoint.vendor),
        effect: report.effect.as_str(),
        status: report.status,
        messages: &report.messages,
        request_id: report.request_id.as_deref(),
        retry_after: report.retry_after,
        seat: report.subject.seat.as_ref(),
        users: report.subject.users.as_deref(),
        request: report.dry_run.as_ref().map(ShownRequest::new),
    };
    printable::json(&shown).map(|line| line + "\n")
}

/// Returns a row for each user of the call; empty if there was no call, or no user in it.
fn rows(report: &Report, raw: bool) -> io::Result<String> {
    let users = report.subject.users.iter().flatten();
    let users: Vec<&String> = users.chain(&report.subject.user).collect();
    if users.is_empty() || !report.was_called {
        return Ok(String::new());
    }
    let status = report.status.map(|status| status.to_string());
    let status = status.unwrap_or_default();
    let reason = match report.ending {
        Ending::Done | Ending::AlreadyFree => report.messages.join("; "),
        _ => report.sentence.clone(),
    };
    let unnamed: HashSet<&String> = report.subject.unnamed.iter().collect();
    let mut lines = csv::line(HEADING, raw)?;
    for user in users {
        let (ending, reason) = if unnamed.contains(user) {
            (Ending::Unknown, "the response does not name the user")
        } else if unnamed.is_empty() {
            (report.ending, reason.as_str())
        } else {
            (Ending::Done, "")
        };
        let cells = [user.as_str(), ending.fate(), &status, reason];
        lines.push_str(&csv::line(cells, raw)?);
    }
    Ok(lines)
}

/// Returns the report for a person.
fn sentence(report: &Report) -> String {
    let start = match report.ending {
        Ending::Done => "done",
        Ending::AlreadyFree => "already free",
        Ending::Unknown if !report.subject.unnamed.is_empty() => "unknown",
        _ => "error",
    };
    let mut lines = format!("{start}: {}\n", printable::text(&report.sentence));
    if let Some(id) = report.request_id.as_deref().filter(|_| start == "error") {
        lines.push_str(&format!("request id: {}\n", printable::text(id)));
    }
    lines
}
