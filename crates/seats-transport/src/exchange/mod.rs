//! Record of one call: its request, its attempts and how it ended.

mod not_sent;
mod request_record;
mod response_record;

use std::time::Duration;

use http::StatusCode;
use tokio::time::Instant;

use crate::effect::Effect;
use crate::operation::Operation;
use crate::token::TokenError;

pub use not_sent::NotSent;
pub use request_record::{RecordedHeader, RecordedValue, RequestRecord};
pub use response_record::{BodyEnd, KEPT_BODY, ResponseRecord};

/// One call: its request, its attempts and how it ended.
#[derive(Clone, Debug)]
pub struct Exchange {
    pub(crate) operation: Option<&'static Operation>,
    pub(crate) request: Option<RequestRecord>,
    pub(crate) attempts: u32,
    /// Whether an attempt before the last one may have been applied.
    pub(crate) may_have_been_applied: bool,
    /// When the call has to be over; set when it begins.
    pub(crate) deadline: Option<Instant>,
    /// Why the token that the vendor refused could not be replaced.
    pub(crate) renewal_error: Option<TokenError>,
    pub(crate) end: End,
    effect_override: Option<Effect>,
}

/// How the last attempt of a call ended.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum End {
    /// Nothing left this machine.
    NotSent(NotSent),
    /// Some of the request may have left, and no response came.
    NoResponse {
        /// What the HTTP client reported.
        cause: String,
        /// Whether the attempt ran out of time.
        is_timeout: bool,
    },
    /// The vendor responded.
    Responded(ResponseRecord),
}

impl Default for Exchange {
    /// A call that did not begin.
    fn default() -> Self {
        Self::new(End::NotSent(NotSent::NotBegun))
    }
}

impl Exchange {
    /// Creates the record of a call that ended like this, without an operation or a request.
    pub fn new(end: End) -> Self {
        Self {
            operation: None,
            request: None,
            attempts: 0,
            may_have_been_applied: false,
            deadline: None,
            renewal_error: None,
            end,
            effect_override: None,
        }
    }

    /// Returns the operation; none if the call ended before it was known.
    pub fn operation(&self) -> Option<&'static Operation> {
        self.operation
    }

    /// Returns the request as it was last sent, or as a dry run would send it.
    pub fn request(&self) -> Option<&RequestRecord> {
        self.request.as_ref()
    }

    /// Returns how many attempts were made.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Returns how the last attempt ended.
    pub fn end(&self) -> &End {
        &self.end
    }

    /// Returns what is known about the change that the call asked for.
    ///
    /// If an earlier attempt may have been applied, only a success of the last attempt settles it: a
    /// refusal may refer to what was already applied. An operation that reads changes nothing, so its
    /// effect is never *unknown*: it is *try later* if a later call may succeed, *refused* otherwise.
    pub fn effect(&self) -> Effect {
        if let Some(effect) = self.effect_override {
            return effect;
        }
        let effect = self.effect_of_change();
        if effect != Effect::Unknown || !self.operation.is_some_and(Operation::is_read) {
            return effect;
        }
        match self.status() {
            Some(status) if !status.is_server_error() => Effect::Refused,
            _ => Effect::TryLater,
        }
    }

    fn effect_of_change(&self) -> Effect {
        let last = match &self.end {
            End::NotSent(_) => Effect::NotSent,
            End::NoResponse { .. } => Effect::Unknown,
            End::Responded(response) => Effect::of_status(response.status),
        };
        if self.may_have_been_applied && last != Effect::Done {
            Effect::Unknown
        } else {
            last
        }
    }

    /// Overrides the effect. For vendor-specific code that can tell more from the response.
    #[must_use]
    pub fn with_effect(mut self, effect: Effect) -> Self {
        self.effect_override = Some(effect);
        self
    }

    /// Returns whether an attempt before the last one may have been applied.
    pub fn may_have_been_applied_before(&self) -> bool {
        self.may_have_been_applied
    }

    /// Returns why there was no token, or why the one that the vendor refused could not be replaced.
    pub fn token_error(&self) -> Option<&TokenError> {
        match &self.end {
            End::NotSent(NotSent::Token(error)) => Some(error),
            _ => self.renewal_error.as_ref(),
        }
    }

    /// Returns what is kept of the response.
    pub fn response(&self) -> Option<&ResponseRecord> {
        match &self.end {
            End::Responded(response) => Some(response),
            _ => None,
        }
    }

    /// Returns the status of the response.
    pub fn status(&self) -> Option<StatusCode> {
        self.response().map(|response| response.status)
    }

    /// Returns the body: up to 8 MiB of a success, up to [`KEPT_BODY`] bytes otherwise; empty if no
    /// response came.
    pub fn body(&self) -> &[u8] {
        self.response().map_or(&[], |response| &response.body)
    }

    /// Returns a text of the response's body as it may be shown: withheld if it repeats a credential of the
    /// request, in whatever encoding.
    pub fn shown(&self, text: &str) -> String {
        match self.response() {
            Some(response) => response.secrets.shown(text),
            None => text.to_owned(),
        }
    }

    /// Returns the vendor's id of the request.
    pub fn request_id(&self) -> Option<&str> {
        self.response()?.request_id.as_deref()
    }

    /// Returns how long to wait before the next attempt, if the vendor says so.
    pub fn retry_after(&self) -> Option<Duration> {
        match &self.end {
            End::NotSent(NotSent::NoTurn { opens_in }) => Some(*opens_in),
            End::Responded(response) => response.retry_after,
            _ => None,
        }
    }

    /// Returns where a redirect points. It is never followed.
    pub fn location(&self) -> Option<&str> {
        self.response()?.location.as_deref()
    }

    /// Returns what the vendor says, each message on one line; empty if it says nothing.
    pub fn messages(&self) -> Vec<String> {
        let mut messages = Vec::new();
        if let Some(location) = self.location() {
            messages.push(format!(
                "the answer points to {location}; nothing was sent there"
            ));
        }
        if let Some(response) = self.response() {
            messages.extend(response.messages.iter().cloned());
        }
        messages.extend(self.renewal_error.as_ref().map(ToString::to_string));
        messages
    }
}
