//! The one error of this crate.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use seats_transport::{Effect, Exchange, Operation, RequestRecord, TokenError};

/// Why a call, or the making of a client, did not end well; and what it did all the same.
///
/// Its `Display` is one line that a person can act on, and holds no secret.
///
/// ```
/// let error = seats::datadog::Client::builder().build().unwrap_err();
/// assert_eq!(error.to_string(), "no credentials: the API key is missing; set DD_API_KEY, and the application key is missing; set DD_APP_KEY");
/// assert_eq!(error.effect(), seats::Effect::NotSent);
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    /// The line that `Display` shows, without what the exchange can say better.
    message: String,
    operation: Option<&'static Operation>,
    exchange: Exchange,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What an [`Error`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument or a setting is not acceptable. Nothing was sent.
    InvalidInput,
    /// There are no credentials to sign with. Nothing was sent.
    MissingCredentials,
    /// The HTTP client could not be built. Nothing was sent.
    HttpClient,
    /// The client is for a dry run: [`Error::request`] is what would have been sent.
    DryRun,
    /// There was no token to sign with: the authority refused the credentials, or was not reached.
    /// Nothing was sent; [`source`](StdError::source) is a [`TokenError`].
    Token,
    /// No connection came about: refused, no such name, TLS. Nothing was sent.
    NotConnected,
    /// The deadline left no time for an attempt, in a queue for the vendor's rate limit for one.
    /// Nothing was sent.
    Deadline,
    /// The request may have left, and no answer came.
    Lost,
    /// The vendor answered, with a status that is no success.
    Status,
    /// The vendor's answer to an operation that reads could not be read.
    UnreadableAnswer,
}

impl Error {
    pub(crate) fn invalid_input(argument: &str, value: &str, rule: impl fmt::Display) -> Self {
        Self::before_sending(
            ErrorKind::InvalidInput,
            format!("{argument} {value:?}: {rule}"),
        )
    }

    /// A call for many users that names none.
    pub(crate) fn no_users() -> Self {
        Self::invalid_input("users", "", "must name at least one user")
    }

    /// As [`invalid_input`](Self::invalid_input), of a value that is not to be shown.
    pub(crate) fn invalid_secret(argument: &str, rule: impl fmt::Display) -> Self {
        Self::before_sending(
            ErrorKind::InvalidInput,
            format!("{argument} (not shown): {rule}"),
        )
    }

    /// `missing` holds what each credential is, and the variable that would have it.
    pub(crate) fn missing_credentials(missing: &[(&str, &str)]) -> Self {
        let each: Vec<String> = missing
            .iter()
            .map(|(what, variable)| format!("{what} is missing; set {variable}"))
            .collect();
        Self::before_sending(
            ErrorKind::MissingCredentials,
            format!("no credentials: {}", each.join(", and ")),
        )
    }

    pub(crate) fn http_client(source: reqwest::Error) -> Self {
        let mut error = Self::before_sending(
            ErrorKind::HttpClient,
            "cannot build the HTTP client".to_owned(),
        );
        error.0.message = format!("{}: {}", error.0.message, causes(&source));
        error.0.source = Some(Box::new(source));
        error
    }

    fn before_sending(kind: ErrorKind, message: String) -> Self {
        Self(Box::new(Inner {
            kind,
            message,
            operation: None,
            exchange: Exchange::default(),
            source: None,
        }))
    }

    /// The exchange of the call.
    pub(crate) fn exchange(&self) -> &Exchange {
        &self.0.exchange
    }

    /// The error with another effect.
    pub(crate) fn settle(mut self, effect: Effect) -> Self {
        self.0.exchange = self.0.exchange.settle(effect);
        self
    }

    pub(crate) fn of_call(
        operation: &'static Operation,
        kind: ErrorKind,
        message: String,
        exchange: Exchange,
        source: Option<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self(Box::new(Inner {
            kind,
            message,
            operation: Some(operation),
            exchange,
            source,
        }))
    }

    /// What the error is about.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What is known of what the call changed.
    ///
    /// *Unknown* means that it may have happened: look before trying again. After *try later*,
    /// [`retry_after`](Self::retry_after) says when. Of an operation that reads it is never *unknown*.
    pub fn effect(&self) -> Effect {
        self.0.exchange.effect()
    }

    /// The operation, where the error is about a call.
    pub fn operation(&self) -> Option<&'static Operation> {
        self.0.operation
    }

    /// The status of the answer, where one came.
    pub fn status(&self) -> Option<u16> {
        self.0.exchange.status().map(|status| status.as_u16())
    }

    /// What went wrong, in words: what the vendor says, each message on one line, or where it says
    /// nothing or never answered, what is known here.
    pub fn messages(&self) -> Vec<String> {
        let mut messages = self.0.exchange.messages();
        if messages.is_empty() {
            messages.push(self.0.message.clone());
        }
        messages
    }

    /// The vendor's id of the request, where it gave one.
    pub fn request_id(&self) -> Option<&str> {
        self.0.exchange.request_id()
    }

    /// How long after the answer to try again, where the vendor says so.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.exchange.retry_after()
    }

    /// Where the answer points to, where it is a redirection. Nothing was sent there.
    pub fn location(&self) -> Option<&str> {
        self.0.exchange.location()
    }

    /// The body as it came, of a refusal up to 64 KiB; empty where none came.
    pub fn body(&self) -> &[u8] {
        self.0.exchange.body()
    }

    /// How often the request was sent, or tried to be.
    pub fn attempts(&self) -> u32 {
        self.0.exchange.attempts()
    }

    /// The request as it was sent, or would have been in a dry run, without its secrets.
    pub fn request(&self) -> Option<&RequestRecord> {
        self.0.exchange.request()
    }

    /// Whether the vendor does not know the caller, or does not let them: 401, 403, or no
    /// credentials to begin with.
    pub fn is_unauthorized(&self) -> bool {
        self.kind() == ErrorKind::MissingCredentials
            || matches!(self.status(), Some(401 | 403))
            || self
                .0
                .exchange
                .token_error()
                .is_some_and(TokenError::is_refused)
    }

    /// Whether the same call may be made again, later: nothing changed and the reason may pass, or it
    /// may have happened and twice is as once.
    pub fn is_retryable(&self) -> bool {
        match self.effect() {
            Effect::TryLater => true,
            Effect::NotSent => match self.0.exchange.token_error() {
                Some(error) => !error.is_refused(),
                None => matches!(self.kind(), ErrorKind::NotConnected | ErrorKind::Deadline),
            },
            Effect::Unknown => self
                .operation()
                .is_some_and(|operation| operation.idempotent),
            Effect::Done | Effect::Refused => false,
        }
    }

    /// Whether no answer came within the time that an attempt has, or no attempt could be made within
    /// that of the call.
    pub fn is_timeout(&self) -> bool {
        let source = self
            .0
            .source
            .as_deref()
            .and_then(|source| source.downcast_ref::<reqwest::Error>());
        self.kind() == ErrorKind::Deadline || source.is_some_and(reqwest::Error::is_timeout)
    }

    /// Whether the call only read, so that there is nothing that could have changed.
    fn is_of_a_read(&self) -> bool {
        self.operation().is_some_and(Operation::is_read)
    }

    /// Whether the vendor answered 404.
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404)
    }

    /// Whether the vendor answered 429.
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(429)
    }

    /// What a person could do about a refusal, where the spec knows.
    fn advice(&self) -> Option<String> {
        let operation = self.operation()?;
        match self.status()? {
            403 if !operation.permissions.is_empty() => Some(format!(
                "needs one of the permissions {}",
                operation.permissions.join(", ")
            )),
            408 | 429 | 503 => Some(match self.retry_after() {
                Some(wait) => format!("try again in {} s", wait.as_secs_f64().ceil()),
                None => "try again later".to_owned(),
            }),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.operation() {
            write!(f, "{}: ", operation.id)?;
        }
        f.write_str(&self.0.message)?;
        if self.0.kind == ErrorKind::Status {
            for (n, message) in self.0.exchange.messages().iter().enumerate() {
                write!(f, "{}{message}", if n == 0 { ": " } else { "; " })?;
            }
        }
        if let Some(advice) = self.advice() {
            write!(f, " ({advice})")?;
        }
        match self.effect() {
            Effect::Unknown if self.0.exchange.may_have_happened_before() => {
                f.write_str("; an earlier attempt may have been carried out")
            }
            Effect::Unknown => f.write_str("; it may have happened"),
            Effect::Refused | Effect::TryLater if !self.is_of_a_read() => {
                f.write_str("; nothing changed")
            }
            Effect::Refused | Effect::TryLater | Effect::Done | Effect::NotSent => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("effect", &self.effect())
            .field("status", &self.status())
            .field("message", &self.to_string())
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}

/// An error's causes on one line, from the inside: the outermost repeats the URL and says little.
pub(crate) fn causes(error: &(dyn StdError + 'static)) -> String {
    let mut texts: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        texts.push(error.to_string());
        next = error.source();
    }
    if texts.len() > 1 {
        texts.remove(0);
    }
    texts.dedup();
    texts.join(": ")
}
