//! The outcome of one call, or why there was none.

use seats::{Done, Effect, Error, ErrorKind, RequestRecord};
use serde_json::Value;

use super::ending::Ending;
use super::endpoint::Endpoint;

/// The outcome of one call, or why there was none.
#[derive(Debug)]
pub struct Report {
    /// What was to be called, if the arguments say.
    pub endpoint: Option<Endpoint>,
    pub ending: Ending,
    pub effect: Effect,
    pub status: Option<u16>,
    pub messages: Vec<String>,
    pub request_id: Option<String>,
    /// Seconds after which the vendor asks to try again.
    pub retry_after: Option<u64>,
    pub subject: Subject,
    /// The request that a dry run would have sent.
    pub dry_run: Option<RequestRecord>,
    /// The outcome as one line of text.
    pub sentence: String,
    /// Lines for a person after that, on stderr in every format.
    pub hints: Vec<String>,
    /// Whether it came to a call, so that the users have an outcome.
    pub was_called: bool,
}

/// What an interruption does to a call that waits to be sent.
const STOPPED: &str = "interrupted: the request was not sent";

/// The most users that a message names.
const NAMED_LIMIT: usize = 20;

/// Whose seats a call was about.
#[derive(Debug, Default)]
pub struct Subject {
    /// The seat in the Store's response.
    pub seat: Option<Value>,
    /// The users of a call to Datadog.
    pub users: Option<Vec<String>>,
    /// The user of a call to the Store.
    pub user: Option<String>,
    /// The users that are missing from the response.
    pub unnamed: Vec<String>,
}

impl Report {
    /// Returns the report of a call that reached its aim.
    pub fn done<T>(endpoint: Endpoint, done: &Done<T>, sentence: String) -> Self {
        Self {
            endpoint: Some(endpoint),
            ending: Ending::of_done(done),
            effect: done.effect(),
            status: done.status(),
            messages: match done.is_already_free() {
                true => done.messages(),
                false => Vec::new(),
            },
            request_id: done.request_id().map(str::to_owned),
            retry_after: None,
            subject: Subject::default(),
            dry_run: None,
            sentence,
            hints: Vec::new(),
            was_called: true,
        }
    }

    /// Returns the report of a call that is not done, or of a dry run.
    pub fn error(endpoint: Endpoint, error: &Error) -> Self {
        let is_dry_run = error.kind() == ErrorKind::DryRun;
        Self {
            endpoint: Some(endpoint),
            ending: Ending::of_error(error),
            effect: error.effect(),
            status: error.status(),
            messages: match error.kind() {
                ErrorKind::DryRun => Vec::new(),
                ErrorKind::Stopped => vec![STOPPED.to_owned()],
                _ => error.messages(),
            },
            request_id: error.request_id().map(str::to_owned),
            retry_after: error
                .retry_after()
                .map(|wait| wait.as_secs_f64().ceil() as u64),
            subject: Subject::default(),
            dry_run: error.request().filter(|_| is_dry_run).cloned(),
            sentence: describe(error),
            hints: Vec::new(),
            was_called: error.operation().is_some(),
        }
    }

    /// Returns the report of a dry run, if the error is that of one.
    pub fn dry_run(endpoint: Endpoint, error: &Error) -> Option<Self> {
        (error.kind() == ErrorKind::DryRun).then(|| Self::error(endpoint, error))
    }

    /// Returns the report of input that did not come to a call.
    pub fn invalid_input(endpoint: Option<Endpoint>, message: String) -> Self {
        Self {
            endpoint,
            ending: Ending::InvalidInput,
            effect: Effect::NotSent,
            status: None,
            sentence: message.clone(),
            messages: vec![message],
            request_id: None,
            retry_after: None,
            subject: Subject::default(),
            dry_run: None,
            hints: Vec::new(),
            was_called: false,
        }
    }

    /// Returns the report of a call that was in flight when the command was interrupted.
    pub fn interrupted(endpoint: Endpoint) -> Self {
        let ending = Ending::of_interrupted(endpoint);
        let (effect, message) = match ending {
            Ending::Unknown => (Effect::Unknown, "interrupted: it may have happened"),
            _ => (Effect::TryLater, "interrupted: nothing changed"),
        };
        Self {
            ending,
            effect,
            sentence: format!("{}: {message}", endpoint.operation.id),
            was_called: true,
            ..Self::invalid_input(Some(endpoint), message.to_owned())
        }
    }

    /// Adds whose seats the call was about.
    pub fn about(mut self, subject: Subject) -> Self {
        self.subject = subject;
        self
    }

    /// Adds a message about the response of a call that is done.
    pub fn with_message(mut self, message: String) -> Self {
        self.sentence = format!("{} ({message})", self.sentence);
        self.messages.push(message);
        self
    }

    /// Makes a call unknown whose response does not name all of its users.
    pub fn with_unnamed(mut self, unnamed: Vec<String>) -> Self {
        if !unnamed.is_empty() {
            let message = format!("the response does not name {}", names(&unnamed));
            self.ending = Ending::Unknown;
            self.effect = Effect::Unknown;
            self.sentence = format!("{message}; check before trying again");
            self.messages.push(message);
            self.subject.unnamed = unnamed;
        }
        self
    }

    /// Adds lines for a person.
    pub fn with_hints(mut self, hints: Vec<String>) -> Self {
        self.hints = hints;
        self
    }

    /// Whether both are dry runs of the same request.
    pub fn shows_the_same_request(&self, other: &Self) -> bool {
        match (&self.dry_run, &other.dry_run) {
            (Some(one), Some(other)) => one.to_string() == other.to_string(),
            _ => false,
        }
    }
}

/// Returns the error on one line.
pub fn describe(error: &Error) -> String {
    match (error.kind(), error.operation()) {
        // If an earlier attempt may have been applied, the error says so.
        (ErrorKind::Stopped, Some(operation)) if error.effect() == Effect::NotSent => {
            format!("{}: {STOPPED}", operation.id)
        }
        _ => error.to_string(),
    }
}

/// Returns the users for a message, not all of them if they are many.
fn names(users: &[String]) -> String {
    let named = users.get(..NAMED_LIMIT).unwrap_or(users).join(", ");
    match users.len().saturating_sub(NAMED_LIMIT) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}
