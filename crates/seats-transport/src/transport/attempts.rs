//! Sends a prepared request: the attempts of one call and the waits between them.

use std::time::{Duration, SystemTime};

use http::header::AUTHORIZATION;
use http::{HeaderValue, StatusCode};
use tokio::time::Instant;
use tracing::{Instrument, Span, debug, field};

use super::Transport;
use super::response::{self, Use};
use crate::causes::causes;
use crate::exchange::{BodyEnd, End, NotSent};
use crate::operation::Operation;
use crate::pacing::Turn;
use crate::rate_limit_headers;
use crate::retry::{AttemptResult, Schedule};
use crate::route::{self, RouteMismatch};
use crate::signing::Secrets;

/// What it takes to send a request again.
enum Again {
    /// The record of the call has the request, but for the token that signed it.
    FromRecord { token: Option<HeaderValue> },
    /// There is no record; none if the body is a stream.
    Clone(Option<Box<reqwest::Request>>),
}

/// What the HTTP client returned for one attempt.
type Returned = reqwest::Result<reqwest::Response>;

impl Transport {
    /// Sends a request that [`prepare`](Self::prepare) accepted, as often as that is safe and worth it,
    /// and reads the response.
    ///
    /// # Errors
    /// No response came.
    pub async fn send(
        &self,
        request: reqwest::Request,
        operation: Option<&'static Operation>,
    ) -> Returned {
        let prepared = operation.filter(|operation| self.is_prepared(&request, operation));
        let Some(operation) = prepared else {
            return self.not_sent(RouteMismatch::NotPrepared.into()).await;
        };
        let span = tracing::info_span!(
            "seats.call",
            otel.name = operation.id,
            otel.kind = "client",
            operation = operation.id,
            http.request.method = operation.method,
            url.template = operation.path,
            server.address = request.url().host_str(),
            http.response.status_code = field::Empty,
            attempts = field::Empty,
            effect = field::Empty,
        );
        // The span states the end of every call. If nobody else records a call, an attempt that may have
        // been applied would be forgotten; so no other attempt follows it.
        let recorded = if self.is_recorded() {
            self.clone()
        } else {
            self.recorded().0
        };
        recorded
            .attempts(request, operation, self.is_recorded())
            .instrument(span)
            .await
    }

    async fn attempts(
        &self,
        mut request: reqwest::Request,
        operation: &'static Operation,
        is_recorded: bool,
    ) -> Returned {
        let shared = &*self.shared;
        let then = if is_recorded {
            Use::Record
        } else {
            Use::Decode
        };
        let mut schedule = shared.policy.begin(&shared.budget, self.deadline());
        let mut last: Option<Returned> = None;
        let mut renewed = false;
        loop {
            let again = self.again(&request);
            let (turn, timeout) = match self.begin_attempt(&mut schedule).await {
                Ok(begun) => begun,
                Err(reason) => return self.end_without_attempt(last, reason).await,
            };
            let (returned, result) = self.attempt(request, operation, timeout, turn, then).await;
            let is_last =
                matches!(result, AttemptResult::Responded(status, _) if status.is_success());
            if is_last {
                self.log_attempt(&returned, result, None);
                self.log_end();
                return returned;
            }
            let Some(next) = self.request_again(again) else {
                return returned;
            };
            request = next;
            let deadline = schedule.deadline();
            let may_renew = is_unauthorized(result) && !renewed && schedule.has_attempts_left();
            let is_change_in_doubt = result.may_have_been_applied() && !operation.is_read();
            let wait = if may_renew && self.renew(&mut request, deadline).await {
                renewed = true;
                Some(Duration::ZERO)
            } else if is_change_in_doubt && !is_recorded {
                None
            } else {
                schedule.after(operation, result)
            };
            self.log_attempt(&returned, result, wait);
            let Some(wait) = wait else {
                self.log_end();
                return returned;
            };
            if is_change_in_doubt {
                self.note(|exchange| exchange.may_have_been_applied = true);
            }
            if !self.wait(wait).await {
                self.log_end();
                return returned;
            }
            last = Some(returned);
        }
    }

    /// Waits before the next attempt; returns false if the transport is stopped meanwhile.
    async fn wait(&self, wait: Duration) -> bool {
        let until = Instant::now() + wait;
        {
            let mut waits_until = self.waits_until();
            *waits_until = (*waits_until).max(Some(until));
        }
        let waiting = tokio::time::sleep_until(until);
        self.unless_stopped(waiting).await.is_some()
    }

    /// Keeps what it takes to send a request again. The record of a call has most of it.
    fn again(&self, request: &reqwest::Request) -> Again {
        if self
            .exchange()
            .is_some_and(|exchange| exchange.request.is_some())
        {
            let token = request.headers().get(AUTHORIZATION).cloned();
            Again::FromRecord { token }
        } else {
            Again::Clone(request.try_clone().map(Box::new))
        }
    }

    /// Makes the request again, signed as before.
    fn request_again(&self, again: Again) -> Option<reqwest::Request> {
        match again {
            Again::Clone(request) => request.map(|request| *request),
            Again::FromRecord { token } => {
                let mut request = self.exchange()?.request.as_ref()?.to_request();
                self.sign(&mut request, token);
                Some(request)
            }
        }
    }

    /// Returns whether a request is one that [`prepare`](Self::prepare) would accept.
    fn is_prepared(&self, request: &reqwest::Request, operation: &Operation) -> bool {
        if self.is_dry_run() {
            return false;
        }
        // The record has the URL that was checked.
        let is_recorded = self.exchange().is_some_and(|exchange| {
            exchange.request.as_ref().is_some_and(|record| {
                record.method() == request.method().as_str()
                    && record.url() == request.url().as_str()
            })
        });
        let base = &self.shared.base;
        is_recorded || route::check(base, operation, request.method(), request.url()).is_ok()
    }

    /// Waits for the vendor's rate limit. Returns how long the attempt may take.
    async fn begin_attempt(
        &self,
        schedule: &mut Schedule<'_>,
    ) -> Result<(Turn<'_>, Duration), NotSent> {
        let waiting = self.shared.pacer.turn(schedule.deadline());
        let turn = self.unless_stopped(waiting).await.ok_or(NotSent::Stopped)?;
        let turn = turn.map_err(|opens| NotSent::NoTurn {
            opens_in: opens.saturating_duration_since(Instant::now()),
        })?;
        let timeout = schedule.begin_attempt().ok_or(NotSent::Deadline)?;
        Ok((turn, timeout))
    }

    /// Ends a call that has no further attempt: with the result of the last one, or as not sent.
    async fn end_without_attempt(&self, last: Option<Returned>, reason: NotSent) -> Returned {
        debug!(%reason, "no attempt");
        match last {
            Some(returned) => {
                self.log_end();
                returned
            }
            None => self.not_sent(reason).await,
        }
    }

    /// Ends a call of which nothing was sent.
    async fn not_sent(&self, reason: NotSent) -> Returned {
        self.note(|exchange| exchange.end = End::NotSent(reason));
        self.log_end();
        // Only reqwest can make its errors. A request to no URL is one, and cannot be sent.
        let nowhere = self.shared.http.get("").build()?;
        self.shared.http.execute(nowhere).await
    }

    async fn attempt(
        &self,
        mut request: reqwest::Request,
        operation: &Operation,
        timeout: Duration,
        turn: Turn<'_>,
        then: Use,
    ) -> (Returned, AttemptResult) {
        self.note(|exchange| exchange.attempts += 1);
        *request.timeout_mut() = Some(timeout);
        let secrets = Secrets::of_request(&request);
        let error = match self.shared.http.execute(request).await {
            Ok(response) => {
                turn.finish(rate_limit_headers::rate_limit(response.headers()));
                let (response, result) = self.read(response, operation, &secrets, then).await;
                return (Ok(response), result);
            }
            Err(error) => error,
        };
        turn.finish(None);
        let (cause, is_timeout) = (causes(&error), error.is_timeout());
        let (end, result) = if error.is_builder() {
            let reason = NotSent::Unbuildable(cause);
            (End::NotSent(reason), AttemptResult::Impossible)
        } else if error.is_connect() {
            let reason = NotSent::NotConnected { cause, is_timeout };
            (End::NotSent(reason), AttemptResult::NotSent)
        } else {
            let end = End::NoResponse { cause, is_timeout };
            (end, AttemptResult::NoResponse)
        };
        self.note(|exchange| exchange.end = end);
        (Err(error), result)
    }

    /// Reads a response and records it.
    async fn read(
        &self,
        response: reqwest::Response,
        operation: &Operation,
        secrets: &Secrets,
        then: Use,
    ) -> (reqwest::Response, AttemptResult) {
        let wait = if response.status().is_success() {
            None
        } else {
            rate_limit_headers::retry_after(response.headers(), SystemTime::now())
        };
        let format = &self.shared.response_format;
        let (record, response) = response::read(response, wait, secrets, format, then).await;
        let status = record.status;
        // What was to be read did not come; what was to be changed was changed all the same.
        let is_lost_read = operation.is_read()
            && status.is_success()
            && matches!(record.body_end, BodyEnd::BrokenOff { .. });
        self.note(|exchange| exchange.end = End::Responded(record));
        let result = if is_lost_read {
            AttemptResult::NoResponse
        } else {
            AttemptResult::Responded(status, wait)
        };
        (response, result)
    }

    /// Logs one event an attempt: its result, and whether another one follows.
    fn log_attempt(&self, returned: &Returned, result: AttemptResult, wait: Option<Duration>) {
        let error = returned
            .as_ref()
            .err()
            .map(|error| field::display(causes(error)));
        let attempt = self.exchange().map(|exchange| exchange.attempts);
        let status = match result {
            AttemptResult::Responded(status, _) => Some(status.as_u16()),
            _ => None,
        };
        let result = match result {
            AttemptResult::Impossible => "cannot be sent",
            AttemptResult::NotSent => "not sent",
            AttemptResult::NoResponse => "no answer",
            AttemptResult::Responded(..) => "answered",
        };
        match wait {
            Some(wait) => debug!(
                attempt,
                http.response.status_code = status,
                result,
                error,
                ?wait,
                "attempt, to be repeated"
            ),
            None => debug!(
                attempt,
                http.response.status_code = status,
                result,
                error,
                "attempt"
            ),
        }
    }

    fn log_end(&self) {
        let Some(exchange) = self.exchange() else {
            return;
        };
        let span = Span::current();
        span.record("attempts", exchange.attempts);
        span.record("effect", exchange.effect().as_str());
        if let Some(status) = exchange.status() {
            span.record("http.response.status_code", status.as_u16());
        }
    }
}

fn is_unauthorized(result: AttemptResult) -> bool {
    matches!(
        result,
        AttemptResult::Responded(StatusCode::UNAUTHORIZED, _)
    )
}
