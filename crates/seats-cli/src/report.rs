//! What happened, as JSON or in words, and as an exit code.

use std::io::{self, Write};

use seats::{Done, Effect, Error, ErrorKind, RequestRecord};
use serde::Serialize;
use serde_json::Value;

use crate::arguments::Output;
use crate::calls::Call;
use crate::curl;
use crate::interruption;
use crate::many;
use crate::printable;

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
    /// What became of its users; none where no call was made.
    #[serde(skip)]
    fate: Option<&'static str>,
    #[serde(skip)]
    exit_code: u8,
}

/// Whose seats the call was about.
#[derive(Debug, Default, Serialize)]
pub struct Subject {
    /// The seat that the Store answered with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seat: Option<Value>,
    /// The users whose seats it was about, at Datadog.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub users: Option<Vec<String>>,
    /// The user whose seat it was about, at the Store.
    #[serde(skip)]
    pub user: Option<String>,
    /// The users whom the answer should name, and does not.
    #[serde(skip)]
    pub unnamed: Vec<String>,
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

impl Report {
    /// A call that is done.
    pub fn done<T>(call: Call, done: &Done<T>, line: String) -> Self {
        Self {
            operation: Some(call.operation.id),
            vendor: Some(call.vendor),
            effect: Effect::Done.as_str(),
            status: done.status(),
            messages: Vec::new(),
            request_id: done.request_id().map(str::to_owned),
            retry_after: None,
            subject: Subject::default(),
            request: None,
            line: format!("done: {line}"),
            notes: Vec::new(),
            fate: Some(fate(Effect::Done)),
            exit_code: 0,
        }
    }

    /// A call that did not end as done; a dry run is one.
    pub fn error(call: Call, error: &Error) -> Self {
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
            subject: Subject::default(),
            request: error.request().filter(|_| dry_run).map(Request::new),
            line,
            notes: Vec::new(),
            fate: error.operation().map(|_| fate(error.effect())),
            exit_code: exit_code(error),
        }
    }

    /// What would have been sent, where the error is that of a dry run.
    pub fn dry_run(call: Call, error: &Error) -> Option<Self> {
        (error.kind() == ErrorKind::DryRun).then(|| Self::error(call, error))
    }

    /// A read that was answered, and found nothing.
    pub fn absent(call: Call, message: String) -> Self {
        Self {
            effect: Effect::Refused.as_str(),
            status: Some(404),
            exit_code: 1,
            ..Self::unacceptable(Some(call), message)
        }
    }

    /// Input that did not come as far as a call.
    pub fn unacceptable(call: Option<Call>, message: String) -> Self {
        Self {
            operation: call.map(|call| call.operation.id),
            vendor: call.map(|call| call.vendor),
            effect: Effect::NotSent.as_str(),
            status: None,
            line: format!("error: {message}"),
            messages: vec![message],
            request_id: None,
            retry_after: None,
            subject: Subject::default(),
            request: None,
            notes: Vec::new(),
            fate: None,
            exit_code: 2,
        }
    }

    /// A call that was under way when somebody ended the command.
    pub fn interrupted(call: Call) -> Self {
        let (effect, message) = if call.operation.is_read() {
            (Effect::TryLater, "interrupted: nothing changed")
        } else {
            (Effect::Unknown, "interrupted: it may have happened")
        };
        Self {
            effect: effect.as_str(),
            line: format!("error: {}: {message}", call.operation.id),
            fate: Some(fate(effect)),
            exit_code: interruption::exit_code(call),
            ..Self::unacceptable(Some(call), message.to_owned())
        }
    }

    /// The report, with whose seats it is about.
    pub fn about(mut self, subject: Subject) -> Self {
        self.subject = subject;
        self
    }

    /// A call that is done, with something to say of its answer.
    pub fn with_message(mut self, message: String) -> Self {
        self.line = format!("{} ({message})", self.line);
        self.messages.push(message);
        self
    }

    /// A call that is done, in an answer that does not name all of its users.
    pub fn with_unnamed(mut self, unnamed: Vec<String>) -> Self {
        if !unnamed.is_empty() {
            let message = format!("the answer does not name {}", unnamed.join(", "));
            self.effect = Effect::Unknown.as_str();
            self.line = format!("unknown: {message}; look before trying again");
            self.messages.push(message);
            self.exit_code = 3;
            self.subject.unnamed = unnamed;
        }
        self
    }

    /// The report, with something more for a person.
    pub fn with_notes(mut self, notes: Vec<String>) -> Self {
        self.notes = notes;
        self
    }

    /// Whether both are a dry run of the same request.
    pub fn shows_the_same(&self, other: &Self) -> bool {
        match (&self.request, &other.request) {
            (Some(one), Some(other)) => one.text == other.text,
            _ => false,
        }
    }

    /// Says it, and gives the exit code.
    pub fn print(&self, output: Output) -> u8 {
        let said = match (output, &self.request) {
            (_, Some(request)) => self.dry_run_of(request, output, true),
            (Output::Json, None) => self.json(),
            (Output::Csv, None) => self.csv(),
            (Output::Text, None) => Ok(String::new()),
        };
        // A reader that has gone away changes nothing of what happened to the seat.
        drop(match said {
            Ok(said) if said.is_empty() && self.exit_code == 0 => {
                writeln!(io::stdout(), "{}", self.line)
            }
            Ok(said) if said.is_empty() => writeln!(io::stderr(), "{}", self.line),
            said => said.and_then(|said| io::stdout().write_all(said.as_bytes())),
        });
        for note in &self.notes {
            drop(writeln!(io::stderr(), "{note}"));
        }
        self.exit_code
    }

    /// Prints what would have been sent; nothing where this is not the report of a dry run.
    pub fn print_dry_run(&self, output: Output, is_first: bool) {
        if let Some(request) = &self.request {
            let said = self.dry_run_of(request, output, is_first);
            drop(said.and_then(|said| io::stdout().write_all(said.as_bytes())));
        }
    }

    fn dry_run_of(&self, request: &Request, output: Output, is_first: bool) -> io::Result<String> {
        match output {
            Output::Text if is_first => Ok(request.text.clone()),
            Output::Text => Ok(format!("\n{}", request.text)),
            Output::Json => self.json(),
            Output::Csv => {
                let body = request.body.as_ref().map(ToString::to_string);
                let body = body.unwrap_or_default();
                let cells = [&request.method, &request.url, &body, &request.curl];
                let heading = match is_first {
                    true => printable::csv(["method", "url", "body", "curl"])?,
                    false => String::new(),
                };
                Ok(heading + &printable::csv(cells)?)
            }
        }
    }

    fn json(&self) -> io::Result<String> {
        printable::json(self).map(|line| line + "\n")
    }

    /// A row for each user of the call; nothing where there was no call, or it was about nobody.
    fn csv(&self) -> io::Result<String> {
        let users = self.subject.users.iter().flatten();
        let users: Vec<&String> = users.chain(&self.subject.user).collect();
        let Some(fate) = self.fate.filter(|_| !users.is_empty()) else {
            return Ok(String::new());
        };
        let status = self.status.map(|status| status.to_string());
        let status = status.unwrap_or_default();
        let reason = match self.line.strip_prefix("error: ") {
            Some(error) => error.lines().next().unwrap_or_default().to_owned(),
            None => self.messages.join("; "),
        };
        let mut lines = printable::csv(many::HEADING)?;
        for user in users {
            let is_unnamed = self.subject.unnamed.contains(user);
            let (fate, reason) = match (is_unnamed, self.subject.unnamed.is_empty()) {
                (true, _) => ("unknown", "the answer does not name the user"),
                (false, false) => (fate, ""),
                (false, true) => (fate, reason.as_str()),
            };
            lines.push_str(&printable::csv([user, fate, &status, reason])?);
        }
        Ok(lines)
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
            text: format!("{record}\n{curl}\n"),
            curl,
        }
    }
}

/// The word for what became of a user by the effect of the call for them.
pub fn fate(effect: Effect) -> &'static str {
    match effect {
        Effect::Done => "done",
        Effect::Unknown => "unknown",
        Effect::Refused | Effect::TryLater | Effect::NotSent => "failed",
    }
}

/// The exit code of a call that did not end as done.
pub fn exit_code(error: &Error) -> u8 {
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
