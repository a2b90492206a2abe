//! What happened, as JSON or in words, and as an exit code.

use std::io::{self, Write};

use seats::{Done, Effect, Error, ErrorKind, Operation, RequestRecord};
use serde::Serialize;
use serde_json::Value;

use crate::arguments::Output;
use crate::curl;

/// Everything that the command says of one call.
#[derive(Debug, Serialize)]
pub struct Report {
    operation: Option<&'static str>,
    vendor: Option<&'static str>,
    effect: &'static str,
    status: Option<u16>,
    messages: Vec<String>,
    request_id: Option<String>,
    /// Seconds after which the vendor says to try again.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
    #[serde(flatten)]
    subject: Subject,
    /// What a dry run would have sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<Request>,
    /// What a person reads.
    #[serde(skip)]
    line: String,
    /// What a person reads after that, on stderr, whatever the output.
    #[serde(skip)]
    notes: Vec<String>,
    #[serde(skip)]
    exit_code: u8,
}

/// Whose seats the call was about.
#[derive(Debug, Default, Serialize)]
pub struct Subject {
    /// The seat that the Store answered with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seat: Option<Value>,
    /// The users whose seats were to go at Datadog.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub users: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
struct Request {
    method: String,
    url: String,
    headers: Value,
    body: Option<Value>,
    curl: String,
    #[serde(skip)]
    text: String,
}

/// The vendor and the operation that a command calls.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// The vendor, as the command names it.
    pub vendor: &'static str,
    /// The operation.
    pub operation: &'static Operation,
}

impl Report {
    /// A call that is done.
    pub fn done<T>(call: Call, done: &Done<T>, line: String, subject: Subject) -> Self {
        Self {
            operation: Some(call.operation.id),
            vendor: Some(call.vendor),
            effect: Effect::Done.as_str(),
            status: done.status(),
            messages: Vec::new(),
            request_id: done.request_id().map(str::to_owned),
            retry_after: None,
            subject,
            request: None,
            line: format!("done: {line}"),
            notes: Vec::new(),
            exit_code: 0,
        }
    }

    /// A call that is done, with something to say of its answer.
    pub fn with_message(mut self, message: String) -> Self {
        self.line = format!("{} ({message})", self.line);
        self.messages.push(message);
        self
    }

    /// The report, with something more for a person.
    pub fn with_notes(mut self, notes: Vec<String>) -> Self {
        self.notes = notes;
        self
    }

    /// A call that did not end as done; a dry run is one.
    pub fn error(call: Call, error: &Error, subject: Subject) -> Self {
        let dry_run = error.kind() == ErrorKind::DryRun;
        let mut line = format!("error: {error}");
        if let Some(id) = error.request_id() {
            line.push_str(&format!("\nrequest id: {id}"));
        }
        Self {
            operation: Some(call.operation.id),
            vendor: Some(call.vendor),
            effect: error.effect().as_str(),
            status: error.status(),
            messages: if dry_run {
                Vec::new()
            } else {
                error.messages()
            },
            request_id: error.request_id().map(str::to_owned),
            retry_after: error
                .retry_after()
                .map(|wait| wait.as_secs_f64().ceil() as u64),
            subject,
            request: error.request().filter(|_| dry_run).map(Request::new),
            line,
            notes: Vec::new(),
            exit_code: exit_code(error),
        }
    }

    /// Input that did not come as far as a call.
    pub fn unacceptable(call: Option<Call>, message: String, subject: Subject) -> Self {
        Self {
            operation: call.map(|call| call.operation.id),
            vendor: call.map(|call| call.vendor),
            effect: Effect::NotSent.as_str(),
            status: None,
            line: format!("error: {message}"),
            messages: vec![message],
            request_id: None,
            retry_after: None,
            subject,
            request: None,
            notes: Vec::new(),
            exit_code: 2,
        }
    }

    /// Says it, and gives the exit code.
    pub fn print(&self, output: Output) -> u8 {
        let spoken = match (output, &self.request) {
            (Output::Json, _) => self
                .json()
                .and_then(|json| writeln!(io::stdout(), "{json}")),
            (Output::Text, Some(request)) => write!(io::stdout(), "{}", request.text),
            (Output::Text, None) if self.exit_code == 0 => writeln!(io::stdout(), "{}", self.line),
            (Output::Text, None) => writeln!(io::stderr(), "{}", self.line),
        };
        // A reader that has gone away changes nothing of what happened to the seat.
        drop(spoken);
        for note in &self.notes {
            drop(writeln!(io::stderr(), "{note}"));
        }
        self.exit_code
    }

    fn json(&self) -> io::Result<String> {
        let json = serde_json::to_string(self).map_err(io::Error::other)?;
        // JSON lets some control characters stand as they are; a terminal takes them for commands.
        let escape = |c: char| match c.is_control() {
            true => format!("\\u{:04x}", u32::from(c)),
            false => c.to_string(),
        };
        Ok(json.chars().map(escape).collect())
    }
}

impl Request {
    fn new(record: &RequestRecord) -> Self {
        let headers = record
            .headers()
            .iter()
            .map(|header| (header.name.clone(), header.value.to_string().into()));
        let body = String::from_utf8_lossy(record.body()).into_owned();
        let curl = curl::line(record);
        Self {
            method: record.method().to_owned(),
            url: record.url().to_owned(),
            headers: Value::Object(headers.collect()),
            body: (!body.is_empty())
                .then(|| serde_json::from_str(&body).unwrap_or(Value::String(body))),
            text: format!(
                "{record}
{curl}
"
            ),
            curl,
        }
    }
}

fn exit_code(error: &Error) -> u8 {
    match error.kind() {
        ErrorKind::DryRun => return 0,
        ErrorKind::InvalidInput => return 2,
        // An attempt before the one that was refused may have been carried out.
        _ if error.effect() == Effect::Unknown => return 3,
        _ if error.is_unauthorized() => return 4,
        _ => {}
    }
    match error.effect() {
        Effect::Done => 0,
        Effect::Refused => 1,
        Effect::Unknown => 3,
        Effect::TryLater | Effect::NotSent => 5,
    }
}
