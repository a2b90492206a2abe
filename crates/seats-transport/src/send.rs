//! Sending: the attempts of one call, and what is read of each answer.

use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use futures_util::stream;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use reqwest::ResponseBuilderExt;
use tokio::time::Instant;
use tracing::{Instrument, Span, debug, field};

use crate::exchange::{Answer, End, KEPT_BODY};
use crate::messages;
use crate::operation::Operation;
use crate::redact::redact;
use crate::retry::Fate;
use crate::route;
use crate::server_wait;
use crate::transport::Transport;

/// How much of a success is read: no answer of these services is nearly as long.
const READ_BODY: usize = 8 * 1024 * 1024;

/// Why a call ended without an attempt.
const NO_TURN: &str = "the vendor's rate limit leaves it no turn before the deadline";

/// What one attempt came to.
type Outcome = reqwest::Result<reqwest::Response>;

impl Transport {
    /// Sends a request that [`prepare`](Self::prepare) let pass, as often as it is safe and worth it,
    /// and reads its answer.
    ///
    /// # Errors
    /// No answer came.
    pub async fn send(
        &self,
        request: reqwest::Request,
        operation: Option<&'static Operation>,
    ) -> Outcome {
        let prepared = operation.filter(|operation| self.lets_pass(&request, operation));
        let Some(operation) = prepared else {
            return self.not_sent("the request was not prepared").await;
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
        // The span tells the end of every call. Of one that nobody records, a lost attempt would be
        // forgotten; so that one is not repeated after it.
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
    ) -> Outcome {
        let mut schedule = self
            .shared
            .policy
            .begin(&self.shared.budget, self.deadline());
        let mut last: Option<Outcome> = None;
        let mut renewed = false;
        loop {
            let again = request.try_clone();
            let turn = match self.shared.pacer.turn(schedule.deadline()).await {
                Ok(turn) => turn,
                Err(opens) => {
                    let wait = opens.saturating_duration_since(Instant::now());
                    self.note(|exchange| exchange.next_window = Some(wait));
                    return self.out_of_time(last, NO_TURN).await;
                }
            };
            let Some(timeout) = schedule.begin_attempt() else {
                return self.out_of_time(last, "the deadline has passed").await;
            };
            let (outcome, fate) = self.attempt(request, operation, timeout, turn).await;
            let Some(next) = again else { return outcome };
            request = next;
            let deadline = schedule.deadline();
            let wait =
                if is_unauthorized(fate) && !renewed && self.renew(&mut request, deadline).await {
                    renewed = true;
                    Some(Duration::ZERO)
                } else if fate.may_have_happened() && !operation.is_read() && !is_recorded {
                    None
                } else {
                    schedule.after(operation, fate)
                };
            self.tell_attempt(&outcome, fate, wait);
            match wait {
                None => {
                    self.tell_end();
                    return outcome;
                }
                Some(wait) => {
                    if fate.may_have_happened() && !operation.is_read() {
                        self.note(|exchange| exchange.may_have_happened = true);
                    }
                    last = Some(outcome);
                    tokio::time::sleep(wait).await;
                }
            }
        }
    }

    /// Whether a request is one that [`prepare`](Self::prepare) would let pass.
    fn lets_pass(&self, request: &reqwest::Request, operation: &Operation) -> bool {
        !self.is_dry_run()
            && route::check(
                &self.shared.base,
                operation,
                request.method(),
                request.url(),
            )
            .is_ok()
    }

    /// The end of a call for which there is no time: what the last attempt came to, or none at all.
    async fn out_of_time(&self, last: Option<Outcome>, reason: &'static str) -> Outcome {
        debug!(reason, "no attempt");
        match last {
            Some(outcome) => {
                self.tell_end();
                outcome
            }
            None => self.not_sent(reason).await,
        }
    }

    /// The end of a call of which nothing was sent.
    async fn not_sent(&self, reason: &'static str) -> Outcome {
        self.note(|exchange| {
            exchange.end = End::NotSent;
            exchange.reason = Some(reason);
        });
        self.tell_end();
        // Nobody but reqwest makes its errors. A request to no URL is one, and cannot be sent.
        let nowhere = self.shared.http.get("").build()?;
        self.shared.http.execute(nowhere).await
    }

    async fn attempt(
        &self,
        mut request: reqwest::Request,
        operation: &Operation,
        timeout: Duration,
        turn: crate::pacing::Turn<'_>,
    ) -> (Outcome, Fate) {
        self.note(|exchange| exchange.attempts += 1);
        *request.timeout_mut() = Some(timeout);
        let secrets = Secrets::of(&request);
        match self.shared.http.execute(request).await {
            Ok(response) => {
                turn.finish(server_wait::rate_limit(response.headers()));
                let wait = server_wait::retry_after(response.headers(), SystemTime::now());
                let status = response.status();
                let (response, broke_off) = self.read(response, wait, &secrets).await;
                // What was to be read did not come; what was to be done is done all the same.
                let fate = if broke_off && operation.is_read() && status.is_success() {
                    Fate::Lost
                } else {
                    Fate::Answered(status, wait)
                };
                (Ok(response), fate)
            }
            Err(error) => {
                turn.finish(None);
                let (end, fate) = if error.is_builder() {
                    (End::NotSent, Fate::Impossible)
                } else if error.is_connect() {
                    (End::NotSent, Fate::NotSent)
                } else {
                    (End::Lost, Fate::Lost)
                };
                self.note(|exchange| exchange.end = end);
                (Err(error), fate)
            }
        }
    }

    /// Reads the body, remembers the answer, and hands it on with its body in memory; also, whether the
    /// connection broke off before its end.
    async fn read(
        &self,
        mut response: reqwest::Response,
        wait: Option<Duration>,
        secrets: &Secrets,
    ) -> (reqwest::Response, bool) {
        let limit = if response.status().is_success() {
            READ_BODY
        } else {
            KEPT_BODY
        };
        let mut body = BytesMut::new();
        let mut broke_off = false;
        let mut is_too_long = false;
        let failure = loop {
            match response.chunk().await {
                Ok(Some(chunk)) => {
                    let room = limit - body.len();
                    body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
                    if chunk.len() > room {
                        is_too_long = true;
                        break Some(std::io::Error::other("the answer is too long"));
                    }
                }
                Ok(None) => break None,
                Err(error) => {
                    broke_off = true;
                    break Some(std::io::Error::other(error));
                }
            }
        };
        let body = Bytes::from(secrets.redact(body.into()));
        let headers = secrets.redact_headers(response.headers());
        let messages = messages_of(response.status(), &headers, &body);
        let answer = Answer {
            status: response.status(),
            headers: headers.clone(),
            body: body.clone(),
            is_too_long,
            messages,
            retry_after: wait,
        };
        self.note(|exchange| exchange.end = End::Answered(answer));
        (rebuild(&response, headers, body, failure), broke_off)
    }

    /// One event an attempt: what came of it, and whether there is to be another.
    fn tell_attempt(&self, outcome: &Outcome, fate: Fate, wait: Option<Duration>) {
        let error = outcome
            .as_ref()
            .err()
            .map(|error| field::display(chain(error)));
        let attempt = self.exchange().map(|exchange| exchange.attempts);
        let status = match fate {
            Fate::Answered(status, _) => Some(status.as_u16()),
            _ => None,
        };
        let fate = match fate {
            Fate::Impossible => "cannot be sent",
            Fate::NotSent => "not sent",
            Fate::Lost => "no answer",
            Fate::Answered(..) => "answered",
        };
        match wait {
            Some(wait) => debug!(
                attempt,
                http.response.status_code = status,
                fate,
                error,
                ?wait,
                "attempt, to be repeated"
            ),
            None => debug!(
                attempt,
                http.response.status_code = status,
                fate,
                error,
                "attempt"
            ),
        }
    }

    fn tell_end(&self) {
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

/// The secrets that a request carried: a server may say them again, in a redirection for one.
struct Secrets(Vec<HeaderValue>);

impl Secrets {
    fn of(request: &reqwest::Request) -> Self {
        Self(
            request
                .headers()
                .values()
                .filter(|value| value.is_sensitive())
                .cloned()
                .collect(),
        )
    }

    fn redact(&self, text: Vec<u8>) -> Vec<u8> {
        self.0.iter().fold(text, |text, value| {
            let secret = value.as_bytes();
            redact(text, secret.strip_prefix(b"Bearer ").unwrap_or(secret))
        })
    }

    fn redact_headers(&self, headers: &HeaderMap) -> HeaderMap {
        let clean = |value: &HeaderValue| {
            HeaderValue::from_maybe_shared(Bytes::from(self.redact(value.as_bytes().to_vec()))).ok()
        };
        headers
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), clean(value)?)))
            .collect()
    }
}

/// What an answer that is no success says.
fn messages_of(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Vec<String> {
    if status.is_success() {
        return Vec::new();
    }
    let header = |name: HeaderName| headers.get(name)?.to_str().ok();
    match header(CONTENT_ENCODING).filter(|name| *name != "identity") {
        Some(encoding) => {
            let encoding = messages::one_line(encoding);
            vec![format!(
                "a body of {} bytes that is encoded as {encoding}",
                body.len()
            )]
        }
        None => messages::of_body(header(CONTENT_TYPE), body),
    }
}

fn is_unauthorized(fate: Fate) -> bool {
    matches!(fate, Fate::Answered(StatusCode::UNAUTHORIZED, _))
}

/// An error with its causes; `reqwest` keeps what matters inside, and its URL holds no secret.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

/// The answer once more, from what was read of it. Where reading failed, reading it again fails too.
fn rebuild(
    response: &reqwest::Response,
    headers: HeaderMap,
    body: Bytes,
    failure: Option<std::io::Error>,
) -> reqwest::Response {
    let body = match failure {
        None => reqwest::Body::from(body),
        Some(error) => reqwest::Body::wrap_stream(stream::iter([Ok(body), Err(error)])),
    };
    let mut rebuilt = http::Response::new(body);
    *rebuilt.status_mut() = response.status();
    *rebuilt.headers_mut() = headers;
    let url = http::Response::builder().url(response.url().clone());
    if let Some(extensions) = url.extensions_ref() {
        *rebuilt.extensions_mut() = extensions.clone();
    }
    rebuilt.into()
}
