//! Error from building a client or making a call.

mod kind;

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use reqwest::StatusCode;
use seats_transport::{
    BodyEnd, Effect, End, Exchange, NotSent, Operation, RequestRecord, ResponseRecord, TokenError,
    causes,
};

pub use kind::ErrorKind;

/// How many characters of a value are shown in a message about it.
const SHOWN_VALUE: usize = 100;

/// Error from building a client or making a call, with what is known about its [`Effect`].
///
/// `Display` is one line that a person can act on, and holds no secret.
///
/// ```
/// # #[cfg(feature = "datadog")] {
/// let error = seats::datadog::Client::builder().build().unwrap_err();
/// assert_eq!(error.to_string(), "no credentials: the API key is missing; set DD_API_KEY, and the application key is missing; set DD_APP_KEY");
/// assert_eq!(error.effect(), seats::Effect::NotSent);
/// # }
/// ```
///
/// Code that uses this crate can build one for its own tests:
///
/// ```
/// use seats::{Effect, Error, ErrorKind};
///
/// let error = Error::new(ErrorKind::Status, "the vendor answered 429").with_status(429);
/// assert!(error.is_rate_limited());
/// assert_eq!(error.effect(), Effect::TryLater);
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    cause: Cause,
    operation: Option<&'static Operation>,
    /// How the call ended; a call that did not begin if the error is from before.
    exchange: Exchange,
}

/// Where the error arose.
enum Cause {
    Input {
        argument: String,
        /// None if the value is not to be shown.
        value: Option<String>,
        rule: String,
    },
    /// What each missing credential is, and the variable that would hold it.
    MissingCredentials(Vec<(&'static str, &'static str)>),
    HttpClient(reqwest::Error),
    /// The exchange tells.
    Call,
    /// The vendor's response to an operation that reads makes no sense, for this reason.
    Unreadable(String),
    /// A caller's own test made it.
    Given(ErrorKind, String),
}

impl Error {
    /// Creates an error that no call had, for tests of code that uses this crate.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let exchange = Exchange::default().with_effect(kind.effect());
        Self::with(Cause::Given(kind, message.into()), None, exchange)
    }

    /// Sets the status of an error that was built for a test, and the effect that follows from it. A
    /// number that is not an HTTP status is ignored.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        if let Ok(status) = StatusCode::from_u16(status) {
            self.0.exchange = Exchange::new(End::Responded(ResponseRecord::new(status)));
        }
        self
    }

    fn with(cause: Cause, operation: Option<&'static Operation>, exchange: Exchange) -> Self {
        Self(Box::new(Inner {
            cause,
            operation,
            exchange,
        }))
    }

    fn before_call(cause: Cause) -> Self {
        Self::with(cause, None, Exchange::default())
    }

    pub(crate) fn invalid_input(argument: &str, value: &str, rule: impl fmt::Display) -> Self {
        let mut shown: String = value.chars().take(SHOWN_VALUE).collect();
        if shown.len() < value.len() {
            shown.push('…');
        }
        Self::before_call(Cause::Input {
            argument: argument.to_owned(),
            value: Some(shown),
            rule: rule.to_string(),
        })
    }

    /// As [`invalid_input`](Self::invalid_input), for a value that is not to be shown.
    pub(crate) fn invalid_secret(argument: &str, rule: impl fmt::Display) -> Self {
        Self::before_call(Cause::Input {
            argument: argument.to_owned(),
            value: None,
            rule: rule.to_string(),
        })
    }

    /// A call for many users that names none.
    pub(crate) fn no_users() -> Self {
        Self::invalid_input("users", "", "must name at least one user")
    }

    /// `missing` holds what each credential is, and the variable that would hold it.
    pub(crate) fn missing_credentials(missing: Vec<(&'static str, &'static str)>) -> Self {
        Self::before_call(Cause::MissingCredentials(missing))
    }

    pub(crate) fn http_client(source: reqwest::Error) -> Self {
        Self::before_call(Cause::HttpClient(source))
    }

    /// The error of a call that did not end as done.
    pub(crate) fn of_call(operation: &'static Operation, exchange: Exchange) -> Self {
        Self::with(Cause::Call, Some(operation), exchange)
    }

    /// The error of an operation that reads, whose response makes no sense.
    pub(crate) fn unreadable(
        operation: &'static Operation,
        exchange: Exchange,
        reason: String,
    ) -> Self {
        let exchange = exchange.with_effect(Effect::Refused);
        Self::with(Cause::Unreadable(reason), Some(operation), exchange)
    }

    pub(crate) fn exchange(&self) -> &Exchange {
        &self.0.exchange
    }

    pub(crate) fn into_exchange(self) -> Exchange {
        self.0.exchange
    }

    /// Returns the error with another effect, which vendor-specific code read in the response.
    pub(crate) fn with_effect(mut self, effect: Effect) -> Self {
        self.0.exchange = self.0.exchange.with_effect(effect);
        self
    }

    /// Returns what the error is about.
    pub fn kind(&self) -> ErrorKind {
        match &self.0.cause {
            Cause::Input { .. } => ErrorKind::InvalidInput,
            Cause::MissingCredentials(_) => ErrorKind::MissingCredentials,
            Cause::HttpClient(_) => ErrorKind::HttpClient,
            Cause::Call => ErrorKind::of_call(&self.0.exchange),
            Cause::Unreadable(_) => ErrorKind::UnreadableResponse,
            Cause::Given(kind, _) => *kind,
        }
    }

    /// Returns what is known about the change that the call asked for.
    ///
    /// *Unknown* means that it may have been made: look before trying again. After *try later*,
    /// [`retry_after`](Self::retry_after) says when. For an operation that reads it is never *unknown*.
    pub fn effect(&self) -> Effect {
        self.0.exchange.effect()
    }

    /// Returns the operation, if the error is about a call.
    pub fn operation(&self) -> Option<&'static Operation> {
        self.0.operation
    }

    /// Returns the status of the response, if one came.
    pub fn status(&self) -> Option<u16> {
        self.0.exchange.status().map(|status| status.as_u16())
    }

    /// Returns what went wrong, each message on one line: what the vendor says or, if it says nothing or
    /// did not respond, what is known here; and for a 403 which permissions the operation needs.
    pub fn messages(&self) -> Vec<String> {
        let mut messages = self.0.exchange.messages();
        if messages.is_empty() {
            messages.push(self.message());
        }
        messages.extend(self.needed_permissions());
        messages
    }

    /// Returns the vendor's id of the request.
    pub fn request_id(&self) -> Option<&str> {
        self.0.exchange.request_id()
    }

    /// Returns how long to wait before the next call, if the vendor says so.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.exchange.retry_after()
    }

    /// Returns where a redirect points. Nothing was sent there.
    pub fn location(&self) -> Option<&str> {
        self.0.exchange.location()
    }

    /// Returns the body as it came, up to 64 KiB unless it is a success; empty if no response came.
    pub fn body(&self) -> &[u8] {
        self.0.exchange.body()
    }

    /// Returns how many attempts were made.
    pub fn attempts(&self) -> u32 {
        self.0.exchange.attempts()
    }

    /// Returns the request as it was sent, or as a dry run would send it, without its secrets.
    pub fn request(&self) -> Option<&RequestRecord> {
        self.0.exchange.request()
    }

    /// Returns whether the caller is not authenticated or not allowed: 401, 403, no credentials, or
    /// credentials for which the authority gives no token. The next call would be refused as well.
    pub fn is_access_denied(&self) -> bool {
        self.kind() == ErrorKind::MissingCredentials
            || matches!(self.status(), Some(401 | 403))
            || self
                .0
                .exchange
                .token_error()
                .is_some_and(TokenError::is_refused)
    }

    /// Returns whether the same call may be made again later: nothing changed and the reason may pass, or
    /// it may have been applied and is idempotent.
    pub fn is_retryable(&self) -> bool {
        match self.effect() {
            Effect::TryLater => true,
            Effect::NotSent => match self.kind() {
                ErrorKind::Token => !self.is_access_denied(),
                ErrorKind::NotConnected | ErrorKind::Deadline | ErrorKind::Stopped => true,
                _ => false,
            },
            Effect::Unknown => self
                .operation()
                .is_some_and(|operation| operation.idempotent),
            _ => false,
        }
    }

    /// Returns whether an attempt, or the call, ran out of time.
    pub fn is_timeout(&self) -> bool {
        match self.0.exchange.end() {
            End::NotSent(NotSent::NotConnected { is_timeout, .. })
            | End::NoResponse { is_timeout, .. } => *is_timeout,
            _ => self.kind() == ErrorKind::Deadline,
        }
    }

    /// Returns whether the vendor answered 404.
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404)
    }

    /// Returns whether the vendor answered 429.
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(429)
    }

    /// What went wrong, without what the vendor says about it.
    fn message(&self) -> String {
        match &self.0.cause {
            Cause::Input {
                argument,
                value: Some(value),
                rule,
            } => format!("{argument} {value:?}: {rule}"),
            Cause::Input { argument, rule, .. } => format!("{argument} (not shown): {rule}"),
            Cause::MissingCredentials(missing) => {
                let each: Vec<String> = missing
                    .iter()
                    .map(|(what, variable)| format!("{what} is missing; set {variable}"))
                    .collect();
                format!("no credentials: {}", each.join(", and "))
            }
            Cause::HttpClient(source) => {
                format!("cannot build the HTTP client: {}", causes(source))
            }
            Cause::Call => end_of(&self.0.exchange),
            Cause::Unreadable(reason) | Cause::Given(_, reason) => reason.clone(),
        }
    }

    /// What a person could do about a refusal.
    fn advice(&self) -> Option<String> {
        match self.status()? {
            403 => self.needed_permissions(),
            408 | 429 | 503 => Some(match self.retry_after() {
                Some(wait) => format!("try again in {} s", wait.as_secs_f64().ceil()),
                None => "try again later".to_owned(),
            }),
            _ => None,
        }
    }

    /// Which permissions a 403 may be for want of, if the spec knows.
    fn needed_permissions(&self) -> Option<String> {
        let permissions = self.operation()?.permissions;
        (self.status() == Some(403) && !permissions.is_empty())
            .then(|| format!("needs one of the permissions {}", permissions.join(", ")))
    }

    fn is_of_read(&self) -> bool {
        self.operation().is_some_and(Operation::is_read)
    }
}

/// How a call ended, in words.
fn end_of(exchange: &Exchange) -> String {
    match exchange.end() {
        End::NotSent(reason) => reason.to_string(),
        End::Responded(response) => match &response.body_end {
            BodyEnd::BrokenOff { cause } if response.status.is_success() => {
                format!("the answer ({}) broke off: {cause}", response.status)
            }
            _ => format!("the vendor answered {}", response.status),
        },
        End::NoResponse { cause, is_timeout } => {
            let in_time = if *is_timeout { " in time" } else { "" };
            format!("no answer came{in_time}: {cause}")
        }
        _ => "no answer came".to_owned(),
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.operation() {
            write!(f, "{}: ", operation.id)?;
        }
        f.write_str(&self.message())?;
        if matches!(self.0.cause, Cause::Call) && self.kind() == ErrorKind::Status {
            for (n, message) in self.0.exchange.messages().iter().enumerate() {
                write!(f, "{}{message}", if n == 0 { ": " } else { "; " })?;
            }
        }
        if let Some(advice) = self.advice() {
            write!(f, " ({advice})")?;
        }
        match self.effect() {
            Effect::Unknown if self.0.exchange.may_have_been_applied_before() => {
                f.write_str("; an earlier attempt may have been carried out")
            }
            Effect::Unknown => f.write_str("; it may have happened"),
            Effect::Refused | Effect::TryLater if !self.is_of_read() => {
                f.write_str("; nothing changed")
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.kind())
            .field("effect", &self.effect())
            .field("status", &self.status())
            .field("message", &self.to_string())
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.cause {
            Cause::HttpClient(source) => Some(source),
            _ => {
                let error = self.0.exchange.token_error()?;
                Some(error)
            }
        }
    }
}
