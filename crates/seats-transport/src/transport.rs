//! The transport: what every request of a generated client goes through.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::header::{AUTHORIZATION, CONTENT_LENGTH, USER_AGENT};
use http::{HeaderValue, Method};
use tokio::time::Instant;
use tracing::debug;

use crate::base_url::BaseUrl;
use crate::credential::Credential;
use crate::exchange::Exchange;
use crate::operation::Operation;
use crate::pacing::Pacer;
use crate::request_record::RequestRecord;
use crate::retry::{RetryBudget, RetryPolicy};
use crate::route;
use crate::token::{ClientCredentials, Token, TokenError, TokenSource};

/// How requests name their sender.
const AGENT: &str = concat!("seats/", env!("CARGO_PKG_VERSION"));

/// Guards, signs and sends the requests of one vendor's client, and remembers what came of them.
///
/// It is cheap to clone; the clones share their connections. `Debug` shows no secret.
#[derive(Clone)]
pub struct Transport {
    pub(crate) shared: Arc<Shared>,
    exchange: Option<Arc<Mutex<Exchange>>>,
}

pub(crate) struct Shared {
    pub(crate) base: BaseUrl,
    credentials: Vec<Credential>,
    /// Who gets the bearer token, where it is not given.
    tokens: Option<TokenSource>,
    pub(crate) http: reqwest::Client,
    user_agent: HeaderValue,
    pub(crate) policy: RetryPolicy,
    pub(crate) budget: RetryBudget,
    pub(crate) pacer: Pacer,
    dry_run: bool,
}

/// Makes a [`Transport`].
#[derive(Debug)]
pub struct TransportBuilder {
    base: BaseUrl,
    credentials: Vec<Credential>,
    client_credentials: Option<ClientCredentials>,
    http: Option<reqwest::ClientBuilder>,
    user_agent: Option<HeaderValue>,
    policy: RetryPolicy,
    dry_run: bool,
}

impl TransportBuilder {
    /// Signs each request with this credential.
    #[must_use]
    pub fn credential(mut self, credential: Credential) -> Self {
        self.credentials.push(credential);
        self
    }

    /// Signs each request with a bearer token that these credentials get.
    #[must_use]
    pub fn client_credentials(mut self, credentials: ClientCredentials) -> Self {
        self.client_credentials = Some(credentials);
        self
    }

    /// How often and for how long a call is tried.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// What the requests name besides this library, such as `offboarding/1.2`.
    #[must_use]
    pub fn user_agent(mut self, agent: HeaderValue) -> Self {
        self.user_agent = Some(agent);
        self
    }

    /// The HTTP client to build, with its proxies and roots. The times are those of the policy.
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
        #[cfg(feature = "rustls")]
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = self
            .http
            .unwrap_or_else(|| own_http(self.base.is_plain() || self.dry_run));
        let http = safe_http(http, &self.base, &self.policy).build()?;
        let tokens = match self.client_credentials {
            Some(credentials) => Some(token_source(credentials, &self.base, &http, &self.policy)?),
            None => None,
        };
        let shared = Shared {
            base: self.base,
            credentials: self.credentials,
            tokens,
            http,
            user_agent: agent(self.user_agent.as_ref()),
            policy: self.policy,
            budget: RetryBudget::default(),
            pacer: Pacer::default(),
            dry_run: self.dry_run,
        };
        Ok(Transport {
            shared: Arc::new(shared),
            exchange: None,
        })
    }
}

/// Where tokens come from. The vendor's HTTP client serves for the authority as well, unless one of
/// them speaks plain `http` and the other does not: then their proxies and certificates differ.
fn token_source(
    credentials: ClientCredentials,
    base: &BaseUrl,
    http: &reqwest::Client,
    policy: &RetryPolicy,
) -> Result<TokenSource, reqwest::Error> {
    let authority = credentials.authority_url();
    let http = if authority.is_plain() == base.is_plain() {
        http.clone()
    } else {
        safe_http(own_http(authority.is_plain()), authority, policy).build()?
    };
    Ok(TokenSource::new(credentials, http))
}

/// The HTTP client where the caller brings none; `untrusting` where it will speak no TLS.
fn own_http(untrusting: bool) -> reqwest::ClientBuilder {
    let http = reqwest::Client::builder();
    // Nobody's certificates are needed then, and a machine without any will do.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    let http = if untrusting {
        http.tls_certs_only([])
    } else {
        http
    };
    let _ = untrusting;
    http
}

/// Takes from any HTTP client what would break a promise.
fn safe_http(
    http: reqwest::ClientBuilder,
    base: &BaseUrl,
    policy: &RetryPolicy,
) -> reqwest::ClientBuilder {
    let http = http
        .connect_timeout(policy.connecting())
        // No redirection is right for these calls: the keys would travel with it.
        .redirect(reqwest::redirect::Policy::none())
        // Its own retries would not be counted.
        .retry(reqwest::retry::never())
        // It would write the keys into the log.
        .connection_verbose(false);
    // A proxy would read the keys, and carry them off this machine.
    if base.is_plain() {
        http.no_proxy()
    } else {
        http
    }
}

/// This library's name and version, and then what the caller has to add.
fn agent(more: Option<&HeaderValue>) -> HeaderValue {
    let ours = HeaderValue::from_static(AGENT);
    let Some(more) = more else { return ours };
    let both = [ours.as_bytes(), b" ", more.as_bytes()].concat();
    HeaderValue::from_bytes(&both).unwrap_or(ours)
}

/// A server may wait for a body, or refuse the request with a 411, where a method that usually has one
/// comes without it and does not say so (RFC 9110, section 8.6).
fn say_that_there_is_no_body(request: &mut reqwest::Request) {
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
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The request would land somewhere else than its operation says.
    #[error("the request was not sent: {0}")]
    Route(String),
    /// The client was made for a dry run.
    #[error("the request was not sent: this is a dry run")]
    DryRun,
    /// There is no token to sign it with.
    #[error("the request was not sent: {0}")]
    Token(#[from] TokenError),
    /// No token came before the call's deadline.
    #[error("the request was not sent: no token came before the deadline")]
    NoTokenInTime,
}

impl Transport {
    /// Begins a transport to one vendor.
    pub fn builder(base: BaseUrl) -> TransportBuilder {
        TransportBuilder {
            base,
            credentials: Vec::new(),
            client_credentials: None,
            http: None,
            user_agent: None,
            policy: RetryPolicy::default(),
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
        let exchange = Exchange {
            deadline: Some(self.shared.policy.deadline()),
            ..Exchange::default()
        };
        let exchange = Arc::new(Mutex::new(exchange));
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
        request
            .headers_mut()
            .insert(USER_AGENT, self.shared.user_agent.clone());
        say_that_there_is_no_body(request);
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
        if let Some(tokens) = &self.shared.tokens {
            let token = self.token(tokens).await?;
            request
                .headers_mut()
                .insert(AUTHORIZATION, token.header_value());
        }
        Ok(())
    }

    async fn token(&self, tokens: &TokenSource) -> Result<Token, Refusal> {
        let waited = tokio::time::timeout_at(self.deadline(), tokens.token()).await;
        let Ok(outcome) = waited else {
            self.note(|exchange| exchange.reason = Some("no token came before it"));
            return Err(Refusal::NoTokenInTime);
        };
        outcome.map_err(|error| {
            debug!(%error, "no token");
            self.note(|exchange| exchange.token_error = Some(error.clone()));
            Refusal::Token(error)
        })
    }

    /// Gets a new token into a request whose old one was refused; false where there is none to get, or
    /// not in time.
    pub(crate) async fn renew(&self, request: &mut reqwest::Request, deadline: Instant) -> bool {
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
        match tokio::time::timeout_at(deadline, renewal).await {
            Ok(Ok(token)) => {
                request
                    .headers_mut()
                    .insert(AUTHORIZATION, token.header_value());
                true
            }
            Ok(Err(error)) => {
                debug!(%error, "no other token");
                self.note(|exchange| exchange.token_error = Some(error));
                false
            }
            Err(_) => false,
        }
    }

    /// When the call has to be over.
    pub(crate) fn deadline(&self) -> Instant {
        let begun = self.exchange().and_then(|exchange| exchange.deadline);
        begun.unwrap_or_else(|| self.shared.policy.deadline())
    }

    /// Whether somebody will ask what became of the call.
    pub(crate) fn is_recorded(&self) -> bool {
        self.exchange.is_some()
    }

    pub(crate) fn exchange(&self) -> Option<MutexGuard<'_, Exchange>> {
        let exchange = self.exchange.as_ref()?;
        Some(exchange.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn note(&self, change: impl FnOnce(&mut Exchange)) {
        if let Some(mut exchange) = self.exchange() {
            change(&mut exchange);
        }
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
