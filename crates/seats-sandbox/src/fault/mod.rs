//! Faults on demand: what goes wrong, at which operation, at which call.

mod file;
mod injure;

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::time::Duration;

use crate::file::{File, InputError};

pub(crate) use injure::{Injury, injure};

/// Something that goes wrong with calls of one operation.
///
/// Say what goes wrong, of which operation, and at which of its calls:
///
/// ```
/// use seats_sandbox::{Fault, Sandbox};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), seats_sandbox::StartError> {
/// let sandbox = Sandbox::builder()
///     // The first answer is lost, although the seat is gone.
///     .fault(Fault::lost().on("reclaim_seat_from_user").call(1))
///     // Nobody gets a token before the third call.
///     .fault(Fault::unavailable().on("token").calls([1, 2]))
///     .start()
///     .await?;
/// # drop(sandbox);
/// # Ok(())
/// # }
/// ```
///
/// An operation is named by its `operationId`, the request for a token at Entra ID is `token`. Calls
/// are counted from 1 as they arrive, an operation's own, of all tenants together, whatever becomes
/// of them. Where several faults are meant for one call, the first one counts.
///
/// Whether the request is acted out:
///
/// | fault | acted out |
/// |---|---|
/// | [`delay`](Self::delay), [`lost`](Self::lost), [`cut`](Self::cut), [`cut_body`](Self::cut_body), [`content_type`](Self::content_type) | yes, before anything goes wrong |
/// | [`closed`](Self::closed) | no |
/// | [`server_error`](Self::server_error), [`bad_gateway`](Self::bad_gateway) | yes, which is the harder case; see [`acted`](Self::acted) |
/// | [`too_many_requests`](Self::too_many_requests), [`unavailable`](Self::unavailable), [`redirect`](Self::redirect) | no; see [`acted`](Self::acted) |
#[derive(Clone, Debug)]
pub struct Fault {
    kind: Kind,
    operation: Option<String>,
    calls: Vec<Calls>,
    acted: Option<bool>,
    delay: Option<Duration>,
    retry_after: Option<u64>,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Delay,
    TooManyRequests,
    ServerError,
    BadGateway,
    Unavailable,
    Cut { bytes: usize, of_body: bool },
    Lost,
    Closed,
    ContentType(String),
    Redirect(String),
}

/// Calls, from the first to the last; without a last one, all from the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Calls {
    pub(crate) first: u64,
    pub(crate) last: Option<u64>,
}

impl Calls {
    pub(crate) const EVERY: Self = Self {
        first: 1,
        last: None,
    };

    pub(crate) fn one(call: u64) -> Self {
        Self {
            first: call,
            last: Some(call),
        }
    }

    fn has(self, call: u64) -> bool {
        self.first <= call && self.last.is_none_or(|last| call <= last)
    }

    fn is_possible(self) -> bool {
        self.first > 0 && self.last.is_none_or(|last| self.first <= last)
    }
}

impl fmt::Display for Calls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.last {
            Some(last) if last == self.first => write!(f, "{last}"),
            Some(last) => write!(f, "{}-{last}", self.first),
            None => write!(f, "{}-", self.first),
        }
    }
}

impl Fault {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            operation: None,
            calls: Vec::new(),
            acted: None,
            delay: None,
            retry_after: None,
        }
    }

    /// The answer comes late. The request is acted out as soon as it has arrived.
    #[must_use]
    pub fn delay(time: Duration) -> Self {
        Self::new(Kind::Delay).after(time)
    }

    /// 429, and how many seconds to stay away: Datadog's `X-RateLimit-*` headers, or `Retry-After`.
    #[must_use]
    pub fn too_many_requests(seconds: u64) -> Self {
        Self::new(Kind::TooManyRequests).retry_after(seconds)
    }

    /// 500, with an error in the vendor's form.
    #[must_use]
    pub fn server_error() -> Self {
        Self::new(Kind::ServerError)
    }

    /// 502, with a page of HTML.
    #[must_use]
    pub fn bad_gateway() -> Self {
        Self::new(Kind::BadGateway)
    }

    /// 503, without a body.
    #[must_use]
    pub fn unavailable() -> Self {
        Self::new(Kind::Unavailable)
    }

    /// The connection is cut after so many bytes of the answer, its head counted in.
    #[must_use]
    pub fn cut(bytes: usize) -> Self {
        let of_body = false;
        Self::new(Kind::Cut { bytes, of_body })
    }

    /// The connection is cut after the head of the answer and so many bytes of its body.
    #[must_use]
    pub fn cut_body(bytes: usize) -> Self {
        let of_body = true;
        Self::new(Kind::Cut { bytes, of_body })
    }

    /// The request is acted out, and the connection closed without a byte of an answer.
    #[must_use]
    pub fn lost() -> Self {
        Self::new(Kind::Lost)
    }

    /// The connection is closed, and the request is not acted out.
    #[must_use]
    pub fn closed() -> Self {
        Self::new(Kind::Closed)
    }

    /// The answer is labelled as something else, such as `text/html`.
    #[must_use]
    pub fn content_type(media_type: impl Into<String>) -> Self {
        Self::new(Kind::ContentType(media_type.into()))
    }

    /// 303, and this in its `Location`.
    #[must_use]
    pub fn redirect(location: impl Into<String>) -> Self {
        Self::new(Kind::Redirect(location.into()))
    }

    /// Of which operation.
    #[must_use]
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// At this call, counted from 1; may be said of several.
    #[must_use]
    pub fn call(self, call: u64) -> Self {
        self.at(Calls::one(call))
    }

    /// At these calls, such as `[1, 3]` or `2..=4`.
    #[must_use]
    pub fn calls(self, calls: impl IntoIterator<Item = u64>) -> Self {
        calls.into_iter().fold(self, Self::call)
    }

    /// At this call and every later one.
    #[must_use]
    pub fn from_call(self, first: u64) -> Self {
        self.at(Calls { first, last: None })
    }

    /// At every call.
    #[must_use]
    pub fn every_call(self) -> Self {
        self.at(Calls::EVERY)
    }

    fn at(mut self, calls: Calls) -> Self {
        self.calls.push(calls);
        self
    }

    /// Whether the request is acted out all the same. For faults that answer with a status.
    #[must_use]
    pub fn acted(mut self, acted: bool) -> Self {
        self.acted = Some(acted);
        self
    }

    /// How long to wait before that.
    #[must_use]
    pub fn after(mut self, time: Duration) -> Self {
        self.delay = Some(time);
        self
    }

    /// How many seconds to stay away, in the headers of a 429 or a 503.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    pub(crate) fn is_acted_out(&self) -> bool {
        self.kind
            .is_acted_out()
            .unwrap_or_else(|default| self.acted.unwrap_or(default))
    }
}

impl Kind {
    /// Whether the request is acted out; as an error, where that can be said otherwise.
    fn is_acted_out(&self) -> Result<bool, bool> {
        match self {
            Self::Delay | Self::Cut { .. } | Self::Lost | Self::ContentType(_) => Ok(true),
            Self::Closed => Ok(false),
            Self::ServerError | Self::BadGateway => Err(true),
            Self::TooManyRequests | Self::Unavailable | Self::Redirect(_) => Err(false),
        }
    }
}

/// What is wrong with a fault, and the field that says so.
pub(crate) struct Flaw {
    pub(crate) field: &'static str,
    pub(crate) problem: String,
}

impl Fault {
    /// Whether it makes sense, for these operations.
    pub(crate) fn check(&self, operations: &[&str]) -> Result<(), Flaw> {
        let flaw = |field, problem: String| Err(Flaw { field, problem });
        let Some(operation) = &self.operation else {
            return flaw(
                "on",
                format!("must name an operation: {}", operations.join(", ")),
            );
        };
        if !operations.contains(&&**operation) {
            let known = operations.join(", ");
            return flaw(
                "on",
                format!("{operation:?} is no operation; there are {known}"),
            );
        }
        if self.calls.is_empty() {
            return flaw("calls", "must name a call".to_owned());
        }
        if let Some(calls) = self.calls.iter().find(|calls| !calls.is_possible()) {
            let rule = "must be a call counted from 1, or a range from an earlier to a later one";
            return flaw("calls", format!("{calls} {rule}"));
        }
        if let (Some(acted), Ok(always)) = (self.acted, self.kind.is_acted_out())
            && acted != always
        {
            let never = if always { "always" } else { "never" };
            return flaw(
                "acted",
                format!("with this fault a request is {never} acted out"),
            );
        }
        if self.retry_after.is_some()
            && !matches!(self.kind, Kind::TooManyRequests | Kind::Unavailable)
        {
            let words = "is for too_many_requests and unavailable alone";
            return flaw("retry_after", words.to_owned());
        }
        match &self.kind {
            Kind::ContentType(text) | Kind::Redirect(text)
                if http::HeaderValue::from_str(text).is_err() =>
            {
                let field = if matches!(self.kind, Kind::Redirect(_)) {
                    "location"
                } else {
                    "content_type"
                };
                flaw(field, "must be printable ASCII".to_owned())
            }
            _ => Ok(()),
        }
    }
}

/// A script of faults, in the order in which they count.
///
/// As a file:
///
/// ```
/// let faults = seats_sandbox::Faults::from_yaml("
/// faults:
///   - {on: reclaim_seat_from_user, calls: 1, fault: lost}
///   - {on: get_seats, calls: [2, 4-6], fault: server_error, acted: false}
///   - {on: get_seats_users, calls: 9-, fault: too_many_requests, retry_after: 3}
///   - {on: token, calls: every, fault: delay, delay: 200ms}
/// ");
/// assert!(faults.is_ok());
/// ```
///
/// | field | meaning |
/// |---|---|
/// | `on` | the `operationId`, or `token` |
/// | `calls` | a number, a range (`2-4`, or `9-` for the ninth and all later ones), a list of both, or `every` |
/// | `fault` | `delay`, `too_many_requests`, `server_error`, `bad_gateway`, `unavailable`, `cut`, `lost`, `closed`, `content_type` or `redirect`: the functions of [`Fault`] |
/// | `acted` | `true` or `false`: see [`Fault::acted`] |
/// | `delay` | a time to wait before, such as `200ms` |
/// | `retry_after` | seconds, for `too_many_requests` (1 where it is not set) and `unavailable` |
/// | `bytes` or `body_bytes` | how many to send, for `cut` |
/// | `content_type` | the label, for `content_type` |
/// | `location` | where to, for `redirect` |
#[derive(Clone, Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Reads a script.
    ///
    /// # Errors
    /// The text is no script of faults; the error says where, and why.
    pub fn from_yaml(text: &str) -> Result<Self, InputError> {
        file::read(&File::named("faults"), text)
    }

    /// Reads a script from a file.
    ///
    /// # Errors
    /// The file cannot be read, or is no script of faults; the error says where, and why.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, InputError> {
        let (file, text) = File::open(path.as_ref())?;
        file::read(&file, &text)
    }

    pub(crate) fn push(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(crate) fn extend(&mut self, faults: Self) {
        self.0.extend(faults.0);
    }

    /// Whether they all make sense.
    pub(crate) fn check(&self, operations: &[&str]) -> Result<(), InputError> {
        for (index, fault) in self.0.iter().enumerate() {
            fault.check(operations).map_err(|flaw| InputError {
                file: "faults".to_owned(),
                line: 0,
                column: 0,
                field: format!("faults[{index}].{}", flaw.field),
                problem: flaw.problem,
            })?;
        }
        Ok(())
    }
}

/// The script as it is played: which call of an operation comes next.
#[derive(Debug)]
pub(crate) struct Play {
    faults: Faults,
    calls: HashMap<String, u64>,
}

impl Play {
    pub(crate) fn new(faults: Faults) -> Self {
        Self {
            faults,
            calls: HashMap::new(),
        }
    }

    /// Counts a call; its number, and what goes wrong with it.
    pub(crate) fn call(&mut self, operation: &str) -> (u64, Option<Fault>) {
        let calls = self.calls.entry(operation.to_owned()).or_default();
        *calls += 1;
        let fault = self.faults.0.iter().find(|fault| {
            fault.operation.as_deref() == Some(operation)
                && fault.calls.iter().any(|these| these.has(*calls))
        });
        (*calls, fault.cloned())
    }
}
