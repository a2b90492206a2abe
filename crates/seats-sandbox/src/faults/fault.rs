//! One fault: what goes wrong, with which operation, and at which calls.

use std::time::Duration;

use super::calls::Calls;

/// A fault in the calls of one operation.
///
/// A fault has a kind, an operation and the calls at which it occurs:
///
/// ```
/// use seats_sandbox::{Fault, Sandbox};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), seats_sandbox::StartError> {
/// let sandbox = Sandbox::builder()
///     // The first response is lost, although the seat was reclaimed.
///     .fault(Fault::lost().on("reclaim_seat_from_user").call(1))
///     // No token is issued before the third call.
///     .fault(Fault::unavailable().on("token").calls([1, 2]))
///     .start()
///     .await?;
/// # drop(sandbox);
/// # Ok(())
/// # }
/// ```
///
/// Operations are named by their `operationId`. The authority's operations are `token` and
/// `discovery`. Calls are counted from 1 as they arrive, for each operation on its own and over all
/// tenants, and independently of the response. If several faults apply to one call, the first one counts.
///
/// The kind decides whether the operation is executed:
///
/// | fault | executed |
/// |---|---|
/// | [`delay`](Self::delay), [`lost`](Self::lost), [`cut`](Self::cut), [`cut_body`](Self::cut_body), [`content_type`](Self::content_type) | yes, before anything goes wrong |
/// | [`closed`](Self::closed) | no |
/// | [`server_error`](Self::server_error), [`bad_gateway`](Self::bad_gateway) | yes, which is harder for a client; see [`executed`](Self::executed) |
/// | [`too_many_requests`](Self::too_many_requests), [`unavailable`](Self::unavailable), [`redirect`](Self::redirect) | no; see [`executed`](Self::executed) |
#[derive(Clone, Debug)]
#[must_use]
pub struct Fault {
    pub(super) kind: Kind,
    pub(super) operation: Option<String>,
    pub(super) calls: Vec<Calls>,
    pub(super) executed: Option<bool>,
    pub(super) delay: Option<Duration>,
    pub(super) retry_after: Option<u64>,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
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

/// Whether a kind of fault executes the operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Execution {
    Always,
    Never,
    /// Unless the fault says otherwise.
    ByDefault(bool),
}

impl Kind {
    pub(super) fn execution(&self) -> Execution {
        match self {
            Self::Delay | Self::Cut { .. } | Self::Lost | Self::ContentType(_) => Execution::Always,
            Self::Closed => Execution::Never,
            Self::ServerError | Self::BadGateway => Execution::ByDefault(true),
            Self::TooManyRequests | Self::Unavailable | Self::Redirect(_) => {
                Execution::ByDefault(false)
            }
        }
    }
}

impl Fault {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            operation: None,
            calls: Vec::new(),
            executed: None,
            delay: None,
            retry_after: None,
        }
    }

    /// Delays the response. The operation is executed as soon as the request has arrived.
    ///
    /// ```
    /// # use seats_sandbox::Fault;
    /// # use std::time::Duration;
    /// let fault = Fault::delay(Duration::from_millis(200)).on("get_seats").every_call();
    /// ```
    pub fn delay(time: Duration) -> Self {
        Self::new(Kind::Delay).after(time)
    }

    /// Responds with 429 and the number of seconds to wait, in Datadog's `X-RateLimit-*` headers or
    /// in `Retry-After`.
    ///
    /// ```
    /// # use seats_sandbox::Fault;
    /// let fault = Fault::too_many_requests(3).on("get_seats_users").calls([1, 2]);
    /// ```
    pub fn too_many_requests(seconds: u64) -> Self {
        Self::new(Kind::TooManyRequests).retry_after(seconds)
    }

    /// Responds with 500 and an error in the vendor's form.
    ///
    /// ```
    /// # use seats_sandbox::Fault;
    /// let fault = Fault::server_error().on("unassign_seats_user").call(1);
    /// ```
    pub fn server_error() -> Self {
        Self::new(Kind::ServerError)
    }

    /// Responds with 502 and an HTML page.
    ///
    /// ```
    /// # use seats_sandbox::Fault;
    /// let fault = Fault::bad_gateway().on("assign_seat").call(1);
    /// ```
    pub fn bad_gateway() -> Self {
        Self::new(Kind::BadGateway)
    }

    /// Responds with 503 without a body.
    ///
    /// ```
    /// # use seats_sandbox::Fault;
    /// let fault = Fault::unavailable().retry_after(60).on("token").call(1);
    /// ```
    pub fn unavailable() -> Self {
        Self::new(Kind::Unavailable)
    }

    /// Closes the connection after this many bytes of the response, counted from its head.
    ///
    /// ```
    /// # use seats_sandbox::Fault;
    /// let fault = Fault::cut(9).on("get_seat").call(1);
    /// ```
    pub fn cut(bytes: usize) -> Self {
        let of_body = false;
        Self::new(Kind::Cut { bytes, of_body })
    }

    /// Closes the connection after this many bytes of the response's body.
    ///
    /// ```
    /// # use seats_sandbox::Fault;
    /// let fault = Fault::cut_body(100).on("get_seats").call(2);
    /// ```
    pub fn cut_body(bytes: usize) -> Self {
        let of_body = true;
        Self::new(Kind::Cut { bytes, of_body })
    }

    /// Executes the operation, then closes the connection without a response.
    ///
    /// ```
    /// # use seats_sandbox::Fault;
    /// let fault = Fault::lost().on("reclaim_seat_from_user").call(1);
    /// ```
    pub fn lost() -> Self {
        Self::new(Kind::Lost)
    }

    /// Closes the connection without a response; the operation is not executed.
    ///
    /// ```
    /// # use seats_sandbox::Fault;
    /// let fault = Fault::closed().on("reclaim_seat_from_user").call(1);
    /// ```
    pub fn closed() -> Self {
        Self::new(Kind::Closed)
    }

    /// Labels the response with another media type, such as `text/html`.
    ///
    /// ```
    /// # use seats_sandbox::Fault;
    /// let fault = Fault::content_type("text/html").on("get_inventory").call(1);
    /// ```
    pub fn content_type(media_type: impl Into<String>) -> Self {
        Self::new(Kind::ContentType(media_type.into()))
    }

    /// Responds with 303 and this `Location`.
    ///
    /// ```
    /// # use seats_sandbox::Fault;
    /// let fault = Fault::redirect("/login").on("get_seats").call(1);
    /// ```
    pub fn redirect(location: impl Into<String>) -> Self {
        Self::new(Kind::Redirect(location.into()))
    }

    /// Sets the operation.
    ///
    /// ```
    /// # use seats_sandbox::Fault;
    /// let fault = Fault::lost().on("reclaim_seat_from_user").call(1);
    /// ```
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// Adds a call, counted from 1.
    ///
    /// ```
    /// # use seats_sandbox::Fault;
    /// let fault = Fault::lost().on("assign_seat").call(1).call(4);
    /// ```
    pub fn call(self, call: u64) -> Self {
        self.at(Calls::one(call))
    }

    /// Adds these calls.
    ///
    /// ```
    /// # use seats_sandbox::Fault;
    /// let fault = Fault::lost().on("assign_seat").calls([1, 3]);
    /// let fault = Fault::lost().on("assign_seat").calls(2..=4);
    /// ```
    pub fn calls(self, calls: impl IntoIterator<Item = u64>) -> Self {
        calls.into_iter().fold(self, Self::call)
    }

    /// Adds this call and every later one.
    ///
    /// ```
    /// # use seats_sandbox::Fault;
    /// let fault = Fault::unavailable().on("assign_seat").from_call(3);
    /// ```
    pub fn from_call(self, first: u64) -> Self {
        self.at(Calls { first, last: None })
    }

    /// Adds every call.
    ///
    /// ```
    /// # use seats_sandbox::Fault;
    /// let fault = Fault::unavailable().on("assign_seat").every_call();
    /// ```
    pub fn every_call(self) -> Self {
        self.at(Calls::EVERY)
    }

    fn at(mut self, calls: Calls) -> Self {
        self.calls.push(calls);
        self
    }

    /// Sets whether the operation is executed although the response is an error. Only for faults
    /// that respond with a status of their own.
    ///
    /// ```
    /// # use seats_sandbox::Fault;
    /// let fault = Fault::bad_gateway().executed(false).on("assign_seat").call(1);
    /// ```
    pub fn executed(mut self, executed: bool) -> Self {
        self.executed = Some(executed);
        self
    }

    /// Delays the faulty response by this time.
    ///
    /// ```
    /// # use seats_sandbox::Fault;
    /// # use std::time::Duration;
    /// let fault = Fault::lost().after(Duration::from_secs(1)).on("assign_seat").call(1);
    /// ```
    pub fn after(mut self, time: Duration) -> Self {
        self.delay = Some(time);
        self
    }

    /// Sets the number of seconds to wait in the headers of a 429 or a 503.
    ///
    /// ```
    /// # use seats_sandbox::Fault;
    /// let fault = Fault::unavailable().retry_after(7).on("assign_seat").call(1);
    /// ```
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Whether the operation is executed.
    pub(crate) fn executes(&self) -> bool {
        match self.kind.execution() {
            Execution::Always => true,
            Execution::Never => false,
            Execution::ByDefault(default) => self.executed.unwrap_or(default),
        }
    }

    pub(super) fn applies_to(&self, operation: &str, call: u64) -> bool {
        self.operation.as_deref() == Some(operation)
            && self.calls.iter().any(|calls| calls.contains(call))
    }
}
