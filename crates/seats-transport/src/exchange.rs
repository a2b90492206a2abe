//! What is remembered of one call: what was asked, what came back, and what follows from it.

use std::time::Duration;

use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderMap, StatusCode};
use tokio::time::Instant;

use crate::effect::Effect;
use crate::messages;
use crate::operation::Operation;
use crate::request_record::RequestRecord;
use crate::token::TokenError;

/// How many bytes of the body are kept of an answer that is no success.
pub const KEPT_BODY: usize = 64 * 1024;

/// Where vendors put the id by which their support finds a request.
const REQUEST_IDS: [&str; 6] = [
    "x-request-id",
    "dd-request-id",
    "ms-cv",
    "request-id",
    "x-ms-request-id",
    "x-amzn-requestid",
];

/// One call: its request, its attempts and how it ended.
#[derive(Clone, Debug, Default)]
pub struct Exchange {
    pub(crate) operation: Option<&'static Operation>,
    pub(crate) request: Option<RequestRecord>,
    pub(crate) attempts: u32,
    /// Whether an attempt before the last one may have been carried out.
    pub(crate) may_have_happened: bool,
    /// Why nothing was sent, where no error of the network says it.
    pub(crate) reason: Option<&'static str>,
    /// When the call has to be over; set when it begins.
    pub(crate) deadline: Option<Instant>,
    /// How long the vendor's rate limit leaves no turn, where that is why nothing was sent.
    pub(crate) next_window: Option<Duration>,
    /// Why there was no token to sign with.
    pub(crate) token_error: Option<TokenError>,
    pub(crate) end: End,
    /// What somebody who knows the vendor made of the end.
    pub(crate) settled: Option<Effect>,
}

/// How a call ended.
#[derive(Clone, Debug, Default)]
pub(crate) enum End {
    /// Nothing has left: the request was refused here, or there was no connection.
    #[default]
    NotSent,
    /// Something may have left, and no answer came.
    Lost,
    /// The vendor answered.
    Answered(Answer),
}

/// The vendor's answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// What was read of the body, without our own secrets.
    pub body: Bytes,
    /// Whether there was more of it than is read.
    pub is_too_long: bool,
    /// What the body says, in words, without our own secrets.
    pub messages: Vec<String>,
    /// The time after which to try again, where the answer names one.
    pub retry_after: Option<Duration>,
}

impl Exchange {
    /// The operation, where the call came as far as naming one.
    pub fn operation(&self) -> Option<&'static Operation> {
        self.operation
    }

    /// The request as it was sent last, or as it would be sent in a dry run.
    pub fn request(&self) -> Option<&RequestRecord> {
        self.request.as_ref()
    }

    /// How often the request was sent, or tried to be.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// What is known of what the call changed.
    ///
    /// Where an earlier attempt may have happened, only a success of the last one settles it: a
    /// refusal may be of what has been done already. An operation that reads changes nothing, so its
    /// effect is never *unknown*: what a later call may mend is *try later*, the rest is *refused*.
    pub fn effect(&self) -> Effect {
        if let Some(effect) = self.settled {
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
            End::NotSent => Effect::NotSent,
            End::Lost => Effect::Unknown,
            End::Answered(answer) => Effect::of_status(answer.status),
        };
        if self.may_have_happened && last != Effect::Done {
            Effect::Unknown
        } else {
            last
        }
    }

    /// The exchange with the effect that somebody who knows the vendor reads in its end.
    #[must_use]
    pub fn settle(mut self, effect: Effect) -> Self {
        self.settled = Some(effect);
        self
    }

    /// Whether an attempt before the last one may have been carried out.
    pub fn may_have_happened_before(&self) -> bool {
        self.may_have_happened
    }

    /// Why there was no token to sign with, where that is why nothing was sent.
    pub fn token_error(&self) -> Option<&TokenError> {
        self.token_error.as_ref()
    }

    /// Why nothing was sent, where no error of the network says it.
    pub fn reason(&self) -> Option<&'static str> {
        self.reason
    }

    /// The status of the answer, where one came.
    pub fn status(&self) -> Option<StatusCode> {
        self.answer().map(|answer| answer.status)
    }

    /// The body as it came, of a refusal up to [`KEPT_BODY`] bytes; empty where none came.
    pub fn body(&self) -> &[u8] {
        self.answer().map_or(&[], |answer| &answer.body)
    }

    /// Whether the body was longer than what is read of one: 8 MiB of a success, [`KEPT_BODY`] of a
    /// refusal.
    pub fn is_too_long(&self) -> bool {
        self.answer().is_some_and(|answer| answer.is_too_long)
    }

    /// The vendor's id of the request, where the answer has one.
    pub fn request_id(&self) -> Option<&str> {
        // A longer one is no id, but something to fill a terminal with.
        REQUEST_IDS
            .iter()
            .find_map(|name| self.header(name))
            .filter(|id| id.len() <= 200)
    }

    /// How long after the answer to try again, where the vendor says so.
    pub fn retry_after(&self) -> Option<Duration> {
        self.next_window.or_else(|| self.answer()?.retry_after)
    }

    /// Where a redirection points. It is never followed.
    pub fn location(&self) -> Option<&str> {
        self.status().filter(StatusCode::is_redirection)?;
        // It may hold more than ASCII, though it should not.
        let place = self.answer()?.headers.get(LOCATION)?.as_bytes();
        std::str::from_utf8(place)
            .ok()
            .filter(|place| !place.is_empty())
    }

    /// What the vendor says, in words; empty where it says nothing.
    pub fn messages(&self) -> Vec<String> {
        let mut messages = Vec::new();
        if let Some(location) = self.location() {
            let location = messages::one_line(location);
            messages.push(format!(
                "the answer points to {location}; nothing was sent there"
            ));
        }
        let Some(answer) = self.answer() else {
            return messages;
        };
        messages.extend(answer.messages.iter().cloned());
        // The vendor refused the token, and no other was to be had.
        messages.extend(self.token_error.as_ref().map(ToString::to_string));
        messages
    }

    fn answer(&self) -> Option<&Answer> {
        match &self.end {
            End::Answered(answer) => Some(answer),
            _ => None,
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.answer()?
            .headers
            .get(name)?
            .to_str()
            .ok()
            .filter(|value| !value.is_empty())
    }
}
