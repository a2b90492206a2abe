//! The transport: what every request of a generated client goes through.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::stream;
use http::HeaderMap;
use reqwest::ResponseBuilderExt;

use crate::base_url::BaseUrl;
use crate::credential::Credential;
use crate::exchange::{Answer, End, Exchange, KEPT_BODY};
use crate::operation::Operation;
use crate::request_record::RequestRecord;
use crate::route;

/// How long making a connection may take, with the transport's own HTTP client.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long one attempt may take, with the transport's own HTTP client.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(60);
/// How much of an answer is read: no answer of these services is nearly as long.
const READ_BODY: usize = 8 * 1024 * 1024;

/// Guards, signs and sends the requests of one vendor's client, and remembers what came of them.
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
    http: reqwest::Client,
    dry_run: bool,
}

/// Makes a [`Transport`].
#[derive(Debug)]
pub struct TransportBuilder {
    base: BaseUrl,
    credentials: Vec<Credential>,
    http: Option<reqwest::ClientBuilder>,
    dry_run: bool,
}

impl TransportBuilder {
    /// Signs each request with this credential.
    #[must_use]
    pub fn credential(mut self, credential: Credential) -> Self {
        self.credentials.push(credential);
        self
    }

    /// The HTTP client to build, with its proxies, roots and timeouts.
    ///
    /// It comes as a builder because a finished client may follow redirects, and does not tell.
    /// Redirects and retries of its own are switched off; where the base URL is plain `http`, its
    /// proxies are too.
    #[must_use]
    pub fn http(mut self, http: reqwest::ClientBuilder) -> Self {
        self.http = Some(http);
        self
    }

    /// Whether requests are made and recorded, and not sent.
    #[must_use]
    pub fn dry_run(mut self, dry_run: bool) -> Self {
        self.dry_run = dry_run;
        self
    }

    /// The transport.
    ///
    /// # Errors
    /// The HTTP client cannot be built, for want of a system's certificates or a valid proxy.
    pub fn build(self) -> Result<Transport, reqwest::Error> {
        // Where the program has chosen a provider already, that one stays.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = self.http.unwrap_or_else(|| {
            reqwest::Client::builder()
                .connect_timeout(CONNECT_TIMEOUT)
                .timeout(ATTEMPT_TIMEOUT)
        });
        // No redirect is right for these calls: the keys would travel with it.
        let http = http
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never());
        // A proxy would read the keys, and carry them off this machine.
        let http = if self.base.is_plain() {
            http.no_proxy()
        } else {
            http
        };
        let shared = Shared {
            base: self.base,
            credentials: self.credentials,
            http: http.build()?,
            dry_run: self.dry_run,
        };
        Ok(Transport {
            shared: Arc::new(shared),
            exchange: None,
        })
    }
}

/// What is kept of the call that a [`Transport::recorded`] transport is used for.
#[derive(Debug)]
pub struct Recording(Arc<Mutex<Exchange>>);

impl Recording {
    /// What came of the call.
    pub fn finish(self) -> Exchange {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Why a request was not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The request would land somewhere else than its operation says.
    #[error("the request was not sent: {0}")]
    Route(String),
    /// The client was made for a dry run.
    #[error("the request was not sent: this is a dry run")]
    DryRun,
}

impl Transport {
    /// Begins a transport to one vendor.
    pub fn builder(base: BaseUrl) -> TransportBuilder {
        TransportBuilder {
            base,
            credentials: Vec::new(),
            http: None,
            dry_run: false,
        }
    }

    /// The base URL as text, without a slash at its end.
    pub fn base_url(&self) -> &str {
        self.shared.base.as_str()
    }

    /// A client to build requests with; what it would send by itself goes unsigned.
    pub fn http_client(&self) -> reqwest::Client {
        self.shared.http.clone()
    }

    /// Whether requests are made and recorded, and not sent.
    pub fn is_dry_run(&self) -> bool {
        self.shared.dry_run
    }

    /// This transport for one call, and what will be remembered of that call.
    pub fn recorded(&self) -> (Self, Recording) {
        let exchange = Arc::new(Mutex::new(Exchange::default()));
        let transport = Self {
            shared: Arc::clone(&self.shared),
            exchange: Some(Arc::clone(&exchange)),
        };
        (transport, Recording(exchange))
    }

    /// Lets a finished request pass, and signs it, where it goes to the route of its operation.
    ///
    /// # Errors
    /// The request is not to be sent. It is not signed then.
    pub async fn prepare(
        &self,
        request: &mut reqwest::Request,
        operation: Option<&'static Operation>,
    ) -> Result<(), Refusal> {
        let operation = operation
            .ok_or_else(|| Refusal::Route("it is for no operation of the spec".to_owned()))?;
        self.note(|exchange| exchange.operation = Some(operation));
        route::check(
            &self.shared.base,
            operation,
            request.method(),
            request.url(),
        )
        .map_err(Refusal::Route)?;
        route::encode_parameters(&self.shared.base, operation, request.url_mut());
        let record = RequestRecord::new(request, &self.shared.credentials);
        self.note(|exchange| exchange.request = Some(record));
        if self.shared.dry_run {
            return Err(Refusal::DryRun);
        }
        for credential in &self.shared.credentials {
            if let Some(value) = credential.value() {
                request
                    .headers_mut()
                    .insert(credential.header().clone(), value);
            }
        }
        Ok(())
    }

    /// Sends a request that [`prepare`](Self::prepare) let pass, and reads its answer.
    ///
    /// # Errors
    /// No answer came.
    pub async fn send(&self, request: reqwest::Request) -> reqwest::Result<reqwest::Response> {
        // One attempt. Retries and the deadline over them belong here, around it.
        self.note(|exchange| exchange.attempts += 1);
        match self.shared.http.execute(request).await {
            Ok(response) => Ok(self.read(response).await),
            Err(error) => {
                let left = !(error.is_connect() || error.is_builder());
                self.note(|exchange| exchange.end = if left { End::Lost } else { End::NotSent });
                Err(error)
            }
        }
    }

    /// Reads the body, remembers the answer, and hands it on with its body in memory.
    async fn read(&self, mut response: reqwest::Response) -> reqwest::Response {
        let mut body = BytesMut::new();
        let failure = loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > READ_BODY => {
                    break Some(std::io::Error::other("the answer is longer than 8 MiB"));
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break None,
                Err(error) => break Some(std::io::Error::other(error)),
            }
        };
        let body = self.without_secrets(body.into());
        let headers = self.headers_without_secrets(response.headers());
        let kept = body.slice(..body.len().min(KEPT_BODY));
        let is_whole = failure.is_none() && kept.len() == body.len();
        let answer = Answer {
            status: response.status(),
            headers: headers.clone(),
            body: kept,
            is_whole,
        };
        self.note(|exchange| exchange.end = End::Answered(answer));
        rebuild(&response, headers, body, failure)
    }

    fn without_secrets(&self, body: Vec<u8>) -> Bytes {
        let mut body = body;
        for credential in &self.shared.credentials {
            credential.redact(&mut body);
        }
        body.into()
    }

    /// A server may echo what it was sent, in a redirection for one.
    fn headers_without_secrets(&self, headers: &HeaderMap) -> HeaderMap {
        let clean = |value: &http::HeaderValue| {
            let bytes = self.without_secrets(value.as_bytes().to_vec());
            http::HeaderValue::from_maybe_shared(bytes).ok()
        };
        headers
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), clean(value)?)))
            .collect()
    }

    fn note(&self, change: impl FnOnce(&mut Exchange)) {
        if let Some(exchange) = &self.exchange {
            change(&mut exchange.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }
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
