//! Builds a [`Transport`]: its settings, and an HTTP client without what would break a promise.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use http::HeaderValue;
use tokio::sync::watch;

use super::{Shared, Transport};
use crate::base_url::{BaseUrl, LOCALHOST};
use crate::pacing::Pacer;
use crate::response_format::ResponseFormat;
use crate::retry::{InvalidRetryPolicy, RetryBudget, RetryPolicy};
use crate::signing::Credential;
use crate::token::{ClientCredentials, TokenProvider, TokenSource};

/// How requests name their sender.
const AGENT: &str = concat!("seats/", env!("CARGO_PKG_VERSION"));

/// Builder of a [`Transport`].
#[derive(Debug)]
pub struct TransportBuilder {
    base: BaseUrl,
    credentials: Vec<Credential>,
    tokens: Option<Tokens>,
    http: Option<reqwest::ClientBuilder>,
    user_agent: Option<HeaderValue>,
    policy: RetryPolicy,
    response_format: ResponseFormat,
    connection_reuse: bool,
    dry_run: bool,
}

/// What gives bearer tokens.
#[derive(Debug)]
enum Tokens {
    ClientCredentials(ClientCredentials),
    Provider(TokenProvider),
}

/// Error from [`TransportBuilder::build`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A setting of the retry policy is zero and must not be.
    #[error(transparent)]
    RetryPolicy(#[from] InvalidRetryPolicy),
    /// The HTTP client cannot be built: no usable certificates, or an invalid proxy.
    #[error("cannot build the HTTP client")]
    HttpClient(#[from] reqwest::Error),
}

impl TransportBuilder {
    pub(super) fn new(base: BaseUrl) -> Self {
        Self {
            base,
            credentials: Vec::new(),
            tokens: None,
            http: None,
            user_agent: None,
            policy: RetryPolicy::default(),
            response_format: ResponseFormat::default(),
            connection_reuse: true,
            dry_run: false,
        }
    }

    /// Signs each request with this credential.
    #[must_use]
    pub fn credential(mut self, credential: Credential) -> Self {
        self.credentials.push(credential);
        self
    }

    /// Signs each request with a bearer token that is fetched with these credentials.
    #[must_use]
    pub fn client_credentials(mut self, credentials: ClientCredentials) -> Self {
        self.tokens = Some(Tokens::ClientCredentials(credentials));
        self
    }

    /// Signs each request with a bearer token that this provider gives.
    #[must_use]
    pub fn token_provider(mut self, provider: TokenProvider) -> Self {
        self.tokens = Some(Tokens::Provider(provider));
        self
    }

    /// Sets how many attempts a call has, and how much time.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Sets how the vendor's responses are read.
    #[must_use]
    pub fn response_format(mut self, format: ResponseFormat) -> Self {
        self.response_format = format;
        self
    }

    /// Sets what the `user-agent` header says after this library's name and version, such as
    /// `offboarding/1.2`.
    #[must_use]
    pub fn user_agent(mut self, agent: HeaderValue) -> Self {
        self.user_agent = Some(agent);
        self
    }

    /// Sets the HTTP client to build, with its proxies and root certificates.
    ///
    /// It is a builder because a finished client may follow redirects and does not tell. Redirects and
    /// retries of its own are switched off, its timeouts are those of the policy, and if the base URL is
    /// plain `http` it uses no proxy.
    #[must_use]
    pub fn http(mut self, http: reqwest::ClientBuilder) -> Self {
        self.http = Some(http);
        self
    }

    /// Sets whether a connection is used for more than one request; it is unless this is called.
    ///
    /// Over HTTP/1.1, a gateway that sends a second response nobody asked for may have it taken as the
    /// response to the next request on that connection. A connection for each request rules that out, for
    /// the price of a TLS handshake each.
    #[must_use]
    pub fn connection_reuse(mut self, reuse: bool) -> Self {
        self.connection_reuse = reuse;
        self
    }

    /// Sets whether requests are made and recorded, and not sent.
    #[must_use]
    pub fn dry_run(mut self, dry_run: bool) -> Self {
        self.dry_run = dry_run;
        self
    }

    /// Builds the transport.
    ///
    /// # Errors
    /// The retry policy is not acceptable, or the HTTP client cannot be built.
    pub fn build(self) -> Result<Transport, BuildError> {
        self.policy.check()?;
        // If the program has chosen a provider, that one stays.
        #[cfg(feature = "rustls")]
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = self
            .http
            .unwrap_or_else(|| own_http(self.base.is_plain() || self.dry_run));
        let http = safe_http(http, &self.base, &self.policy);
        let http = if self.connection_reuse {
            http
        } else {
            http.pool_max_idle_per_host(0)
        };
        let http = http.build()?;
        let tokens = match self.tokens {
            Some(Tokens::ClientCredentials(credentials)) => {
                Some(token_source(credentials, &self.base, &http, &self.policy)?)
            }
            Some(Tokens::Provider(provider)) => Some(TokenSource::provider(provider)),
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
            response_format: self.response_format,
            dry_run: self.dry_run,
            stopped: watch::Sender::new(false),
            waits_until: Mutex::default(),
        };
        Ok(Transport {
            shared: Arc::new(shared),
            exchange: None,
        })
    }
}

/// Creates the source of tokens. The vendor's HTTP client serves for the token endpoint as well, unless
/// only one of them is plain `http`: then their proxies and certificates differ.
fn token_source(
    credentials: ClientCredentials,
    base: &BaseUrl,
    http: &reqwest::Client,
    policy: &RetryPolicy,
) -> Result<TokenSource, reqwest::Error> {
    let endpoint = credentials.endpoint();
    let http = if endpoint.is_plain() == base.is_plain() {
        http.clone()
    } else {
        safe_http(own_http(endpoint.is_plain()), endpoint, policy).build()?
    };
    Ok(TokenSource::client_credentials(credentials, http))
}

/// Begins the HTTP client if the caller brings none; `without_tls` if it will make no TLS connection.
fn own_http(without_tls: bool) -> reqwest::ClientBuilder {
    let http = reqwest::Client::builder();
    // No certificates are needed then, and a machine without any will do.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    let http = if without_tls {
        http.tls_certs_only([])
    } else {
        http
    };
    let _ = without_tls;
    http
}

/// Takes from any HTTP client what would break a promise.
fn safe_http(
    http: reqwest::ClientBuilder,
    base: &BaseUrl,
    policy: &RetryPolicy,
) -> reqwest::ClientBuilder {
    // A resolver may say otherwise, and would get the keys. The port is that of the URL.
    let this_machine = [
        SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        SocketAddr::from((Ipv6Addr::LOCALHOST, 0)),
    ];
    let http = http
        .resolve_to_addrs(LOCALHOST, &this_machine)
        .connect_timeout(policy.connecting())
        // No redirect is right for these calls: the keys would travel with it.
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

/// Returns this library's name and version, followed by what the caller adds.
fn agent(more: Option<&HeaderValue>) -> HeaderValue {
    let ours = HeaderValue::from_static(AGENT);
    let Some(more) = more else { return ours };
    let both = [ours.as_bytes(), b" ", more.as_bytes()].concat();
    HeaderValue::from_bytes(&both).unwrap_or(ours)
}
