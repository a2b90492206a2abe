//! The transport: guards, signs and sends the requests of a generated client.

mod attempts;
mod builder;
mod response;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, USER_AGENT};
use http::{HeaderValue, Method};
use tokio::sync::watch;
use tokio::time::Instant;
use tracing::debug;

use crate::base_url::BaseUrl;
use crate::exchange::{End, Exchange, NotSent, RequestRecord};
use crate::operation::Operation;
use crate::pacing::Pacer;
use crate::response_format::ResponseFormat;
use crate::retry::{RetryBudget, RetryPolicy};
use crate::route::{self, RouteMismatch};
use crate::signing::Credential;
use crate::token::{Token, TokenError, TokenSource};

pub use builder::{BuildError, TransportBuilder};

/// Guards, signs and sends the requests of one vendor's client, and records each call.
///
/// It is cheap to clone; the clones share their connections. `Debug` shows no secret.
#[derive(Clone)]
pub struct Transport {
    shared: Arc<Shared>,
    exchange: Option<Arc<Mutex<Exchange>>>,
}

struct Shared {
    base: BaseUrl,
    credentials: Vec<Credential>,
    /// What gives the bearer token, if it is not given.
    tokens: Option<TokenSource>,
    http: reqwest::Client,
    user_agent: HeaderValue,
    policy: RetryPolicy,
    budget: RetryBudget,
    pacer: Pacer,
    response_format: ResponseFormat,
    dry_run: bool,
    stopped: watch::Sender<bool>,
    /// Until when a call waits for the vendor.
    waits_until: Mutex<Option<Instant>>,
}

/// The record of the call that a [`Transport::recorded`] transport is used for.
#[derive(Debug)]
pub struct Recording(Arc<Mutex<Exchange>>);

impl Recording {
    /// Returns the record of the call.
    pub fn finish(self) -> Exchange {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Transport {
    /// Begins a transport to one vendor.
    pub fn builder(base: BaseUrl) -> TransportBuilder {
        TransportBuilder::new(base)
    }

    /// Returns the base URL as text, without a slash at its end.
    pub fn base_url(&self) -> &str {
        self.shared.base.as_str()
    }

    /// Returns a client to build requests with. What it sends by itself is not signed.
    pub fn http_client(&self) -> reqwest::Client {
        self.shared.http.clone()
    }

    /// Returns whether requests are made and recorded, and not sent.
    pub fn is_dry_run(&self) -> bool {
        self.shared.dry_run
    }

    /// Makes no further attempt, for this transport and its clones: a call that waits for a token, for
    /// the vendor's rate limit or for its next attempt ends now, with what is known by then. A request
    /// that is on its way is not affected.
    pub fn stop(&self) {
        self.shared.stopped.send_replace(true);
    }

    /// Returns how long calls wait for the vendor: until its rate limit's window opens, or for as long as
    /// it asked to wait. None if no call waits.
    pub fn waits_for(&self) -> Option<Duration> {
        let until = *self.waits_until();
        let retry = until.map(|until| until.saturating_duration_since(Instant::now()));
        let window = self.shared.pacer.opens_in();
        retry.max(window).filter(|wait| !wait.is_zero())
    }

    fn waits_until(&self) -> MutexGuard<'_, Option<Instant>> {
        let until = self.shared.waits_until.lock();
        until.unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns this transport for one call, and the record of that call. The record tells how the call
    /// ended: the response that [`send`](Self::send) returns has no body.
    pub fn recorded(&self) -> (Self, Recording) {
        let mut exchange = Exchange::default();
        exchange.deadline = Some(self.shared.policy.deadline());
        let exchange = Arc::new(Mutex::new(exchange));
        let transport = Self {
            shared: Arc::clone(&self.shared),
            exchange: Some(Arc::clone(&exchange)),
        };
        (transport, Recording(exchange))
    }

    /// Checks that a finished request goes to the route of its operation, and signs it.
    ///
    /// # Errors
    /// The request is not to be sent. It is not signed then.
    pub async fn prepare(
        &self,
        request: &mut reqwest::Request,
        operation: Option<&'static Operation>,
    ) -> Result<(), NotSent> {
        let prepared = self.guard_and_sign(request, operation).await;
        if let Err(reason) = &prepared {
            debug!(%reason, "not sent");
            self.note(|exchange| exchange.end = End::NotSent(reason.clone()));
        }
        prepared
    }

    async fn guard_and_sign(
        &self,
        request: &mut reqwest::Request,
        operation: Option<&'static Operation>,
    ) -> Result<(), NotSent> {
        let shared = &*self.shared;
        let operation = operation.ok_or(RouteMismatch::NoOperation)?;
        self.note(|exchange| exchange.operation = Some(operation));
        route::check(&shared.base, operation, request.method(), request.url())?;
        route::encode_parameters(&shared.base, operation, request.url_mut());
        request
            .headers_mut()
            .insert(USER_AGENT, shared.user_agent.clone());
        state_empty_body(request);
        self.note(|exchange| {
            let schemes = shared.credentials.iter().map(|it| *it.scheme()).collect();
            exchange.request = Some(RequestRecord::new(request, schemes));
        });
        if shared.dry_run {
            return Err(NotSent::DryRun);
        }
        let token = match &shared.tokens {
            Some(tokens) => Some(self.token(tokens).await?.header_value()),
            None => None,
        };
        self.sign(request, token);
        Ok(())
    }

    /// Signs a request with the given credentials, and with a token that was fetched.
    fn sign(&self, request: &mut reqwest::Request, token: Option<HeaderValue>) {
        for credential in &self.shared.credentials {
            if let Some(value) = credential.value() {
                request
                    .headers_mut()
                    .insert(credential.header().clone(), value.clone());
            }
        }
        if let Some(token) = token {
            request.headers_mut().insert(AUTHORIZATION, token);
        }
    }

    async fn token(&self, tokens: &TokenSource) -> Result<Token, NotSent> {
        let waiting = tokio::time::timeout_at(self.deadline(), tokens.token());
        match self.unless_stopped(waiting).await {
            None => Err(NotSent::Stopped),
            Some(Err(_)) => Err(NotSent::NoTokenInTime),
            Some(Ok(token)) => Ok(token?),
        }
    }

    /// Puts a new token into a request whose old one was refused; returns false if none can be had, or
    /// not in time.
    async fn renew(&self, request: &mut reqwest::Request, deadline: Instant) -> bool {
        let Some(tokens) = &self.shared.tokens else {
            return false;
        };
        let used = request.headers().get(AUTHORIZATION).cloned();
        let renewal = async {
            let current = tokens.token().await?;
            // Another call may have got a new one since this request was signed.
            if used.as_ref() == Some(&current.header_value()) {
                tokens.renew(&current).await
            } else {
                Ok::<_, TokenError>(current)
            }
        };
        let renewal = tokio::time::timeout_at(deadline, renewal);
        match self.unless_stopped(renewal).await {
            Some(Ok(Ok(token))) => {
                request
                    .headers_mut()
                    .insert(AUTHORIZATION, token.header_value());
                true
            }
            Some(Ok(Err(error))) => {
                debug!(%error, "no other token");
                self.note(|exchange| exchange.renewal_error = Some(error));
                false
            }
            Some(Err(_)) | None => false,
        }
    }

    /// Awaits a future in which nothing is sent to the vendor; returns none if the transport is stopped
    /// first.
    async fn unless_stopped<T>(&self, waiting: impl Future<Output = T>) -> Option<T> {
        if *self.shared.stopped.borrow() {
            return None;
        }
        let mut waiting = std::pin::pin!(waiting);
        // Most of the time there is nothing to wait for.
        if let Some(value) = waiting.as_mut().now_or_never() {
            return Some(value);
        }
        let mut stopped = self.shared.stopped.subscribe();
        tokio::select! {
            biased;
            _ = stopped.wait_for(|stopped| *stopped) => None,
            value = waiting => Some(value),
        }
    }

    /// Returns when the call has to be over.
    fn deadline(&self) -> Instant {
        let begun = self.exchange().and_then(|exchange| exchange.deadline);
        begun.unwrap_or_else(|| self.shared.policy.deadline())
    }

    fn is_recorded(&self) -> bool {
        self.exchange.is_some()
    }

    fn exchange(&self) -> Option<MutexGuard<'_, Exchange>> {
        let exchange = self.exchange.as_ref()?;
        Some(exchange.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, change: impl FnOnce(&mut Exchange)) {
        if let Some(mut exchange) = self.exchange() {
            change(&mut exchange);
        }
    }
}

/// Sets `content-length: 0` on a request without a body whose method usually has one. Otherwise a server
/// may wait for a body, or refuse the request with a 411 (RFC 9110, section 8.6).
fn state_empty_body(request: &mut reqwest::Request) {
    let usually_has_one = matches!(
        *request.method(),
        Method::POST | Method::PUT | Method::PATCH
    );
    if usually_has_one && request.body().is_none() {
        request
            .headers_mut()
            .insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let schemes: Vec<&str> = self
            .shared
            .credentials
            .iter()
            .map(|credential| credential.scheme().id)
            .collect();
        f.debug_struct("Transport")
            .field("base", &self.shared.base)
            .field("credentials", &schemes)
            .field("dry_run", &self.shared.dry_run)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::SecurityScheme;

    static OPERATION: Operation = Operation {
        id: "reclaim",
        method: "DELETE",
        path: "/thing",
        idempotent: true,
        permissions: &[],
        reference: None,
    };

    /// The guard comes before the signature: a request that goes elsewhere never holds a key.
    #[tokio::test]
    async fn a_request_to_another_place_is_not_signed() {
        let scheme = SecurityScheme {
            id: "apiKey",
            header: "DD-API-KEY",
            prefix: "",
            variable: "DD_API_KEY",
        };
        let key = Credential::new(scheme, Some("planted-key".into())).unwrap();
        let base = BaseUrl::parse("http://127.0.0.1:1").unwrap();
        let transport = Transport::builder(base).credential(key).build().unwrap();
        for (url, is_accepted) in [
            ("http://127.0.0.1:1/thing", true),
            ("http://127.0.0.1:2/thing", false),
        ] {
            let mut request = reqwest::Request::new(Method::DELETE, url.parse().unwrap());
            let prepared = transport.prepare(&mut request, Some(&OPERATION)).await;
            assert_eq!(prepared.is_ok(), is_accepted, "{url}");
            assert_eq!(request.headers().contains_key("dd-api-key"), is_accepted);
        }
    }
}
