//! Bearer tokens: cached, renewed ahead of expiry, fetched once for all waiting calls.

mod credentials;
mod error;
mod provider;
mod request;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;

pub use credentials::{ClientCredentials, InvalidClientCredentials};
pub use error::TokenError;
pub use provider::{BearerToken, TokenProvider};

/// How long before its expiry a token is renewed, at most.
const RENEWED_AHEAD: Duration = Duration::from_secs(5 * 60);
/// How long a token that has not expired is used without asking again, after renewing it failed.
const RENEWAL_PAUSE: Duration = Duration::from_secs(30);
/// No token is trusted for longer: adding an unbounded time to the clock would overflow.
const LONGEST_LIFE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A bearer token. Cheap to clone; `Debug` does not show it.
#[derive(Clone)]
pub struct Token(Arc<Held>);

struct Held {
    secret: SecretString,
    header: HeaderValue,
    renew_at: Instant,
    expires_at: Instant,
}

impl Token {
    /// Returns none if the text cannot stand in a header.
    fn new(secret: SecretString, asked_at: Instant, lifetime: Duration) -> Option<Self> {
        let text = secret.expose_secret();
        if text.is_empty() || !text.chars().all(|c| c.is_ascii_graphic()) {
            return None;
        }
        let mut header = HeaderValue::from_str(&format!("Bearer {text}")).ok()?;
        header.set_sensitive(true);
        let lifetime = lifetime.min(LONGEST_LIFE);
        let ahead = (lifetime / 10).min(RENEWED_AHEAD);
        Some(Self(Arc::new(Held {
            secret,
            header,
            renew_at: asked_at + (lifetime - ahead),
            expires_at: asked_at + lifetime,
        })))
    }

    /// Returns the value of the `Authorization` header: `Bearer` and the token, marked as sensitive.
    pub fn header_value(&self) -> HeaderValue {
        self.0.header.clone()
    }

    /// Returns the token itself.
    pub fn secret(&self) -> &SecretString {
        &self.0.secret
    }

    fn is_same(&self, other: &Self) -> bool {
        self.0.secret.expose_secret() == other.0.secret.expose_secret()
    }

    fn is_valid(&self) -> bool {
        Instant::now() < self.0.expires_at
    }

    fn is_fresh(&self) -> bool {
        Instant::now() < self.0.renew_at
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

/// Source of tokens: a supplier of new ones, and the last one that it gave.
///
/// Cheap to clone; the clones share the token. A token is fetched when it is first needed and again
/// shortly before it expires: when less than a tenth of its lifetime, or five minutes, is left.
///
/// ```no_run
/// use seats_transport::{BaseUrl, ClientCredentials, TokenSource, Transport};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let endpoint = BaseUrl::parse("https://login.example.com/oauth2/token")?;
/// let credentials = ClientCredentials::new(endpoint, "a-client-id", "a-secret".into())?;
/// let transport = Transport::builder(BaseUrl::parse("https://api.example.com")?).build()?;
/// let tokens = TokenSource::client_credentials(credentials, transport.http_client());
///
/// let token = tokens.token().await?;
/// assert!(token.header_value().is_sensitive());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct TokenSource(Arc<Shared>);

struct Shared {
    supplier: Supplier,
    /// Held by the one call that fetches a token. A call that is dropped releases it, and the next one
    /// in the queue fetches in its place.
    flight: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

/// What gives a new token.
enum Supplier {
    ClientCredentials {
        credentials: ClientCredentials,
        http: reqwest::Client,
    },
    Provider(TokenProvider),
}

impl Supplier {
    async fn fetch(&self) -> Result<Token, TokenError> {
        match self {
            Self::ClientCredentials { credentials, http } => {
                request::fetch(credentials, http).await
            }
            Self::Provider(provider) => {
                let error = |kind| TokenError::new("the token provider", kind);
                let given = provider
                    .provide()
                    .await
                    .map_err(|source| error(error::Kind::Provider { source }))?;
                // The provider counts from the moment at which it made the token, which is now.
                Token::new(given.secret, Instant::now(), given.lifetime)
                    .ok_or_else(|| error(error::Kind::UnusableToken))
            }
        }
    }
}

#[derive(Default)]
struct State {
    cached: Option<Token>,
    /// Until then, a valid token is not renewed ahead of its expiry: that failed a moment ago.
    renewal_pauses_until: Option<Instant>,
    /// How many fetches have ended, and the result of the last one. A call that queued during a fetch
    /// finds another number, and takes that result, good or bad, for its own.
    fetches: u64,
    last: Option<Result<Token, TokenError>>,
}

/// What the cache has for a call.
enum Cached {
    Fresh(Token),
    /// Valid, and due to be renewed.
    Due(Token),
    Nothing,
}

impl Cached {
    fn valid(self) -> Option<Token> {
        match self {
            Self::Fresh(token) | Self::Due(token) => Some(token),
            Self::Nothing => None,
        }
    }
}

impl TokenSource {
    /// Creates a source that asks a token endpoint with these credentials, by this HTTP client.
    ///
    /// The client must follow no redirect, and if the endpoint is plain `http` it must use no proxy:
    /// either would carry the secret elsewhere.
    /// [`Transport::http_client`](crate::Transport::http_client) gives one that follows none, and uses no
    /// proxy if the transport's own base URL is plain `http`.
    pub fn client_credentials(credentials: ClientCredentials, http: reqwest::Client) -> Self {
        Self::new(Supplier::ClientCredentials { credentials, http })
    }

    /// Creates a source that asks a caller's own provider.
    pub fn provider(provider: TokenProvider) -> Self {
        Self::new(Supplier::Provider(provider))
    }

    fn new(supplier: Supplier) -> Self {
        Self(Arc::new(Shared {
            supplier,
            flight: tokio::sync::Mutex::new(()),
            state: Mutex::default(),
        }))
    }

    /// Returns the token to sign with: the cached one, or a new one.
    ///
    /// However many calls wait for it, one token is fetched, and they share the result. While one call
    /// renews a token that is still valid, the others use it; if renewing it ahead of its expiry fails,
    /// so does that call.
    ///
    /// # Errors
    /// There is no valid token, and none could be fetched.
    pub async fn token(&self) -> Result<Token, TokenError> {
        let (seen, cached) = self.look();
        match cached {
            Cached::Fresh(token) => Ok(token),
            Cached::Due(token) => {
                let Ok(_flight) = self.0.flight.try_lock() else {
                    return Ok(token);
                };
                let renewed = self.outcome_after(seen).await;
                renewed.or_else(|error| {
                    if token.is_valid() {
                        Ok(token)
                    } else {
                        Err(error)
                    }
                })
            }
            Cached::Nothing => {
                let _flight = self.0.flight.lock().await;
                self.outcome_after(seen).await
            }
        }
    }

    /// Returns a token in place of one that the vendor refused.
    ///
    /// However many calls bring the same token, one new token is fetched; if another has come meanwhile,
    /// that one is returned. The refused token is not handed out any more.
    ///
    /// # Errors
    /// No other token could be fetched.
    pub async fn renew(&self, stale: &Token) -> Result<Token, TokenError> {
        self.forget(stale);
        // What is cached now is another token.
        let (seen, cached) = self.look();
        if let Some(token) = cached.valid() {
            return Ok(token);
        }
        let _flight = self.0.flight.lock().await;
        self.outcome_after(seen).await
    }

    /// Fetches a token, unless a fetch has ended since `seen`. The flight must be held.
    async fn outcome_after(&self, seen: u64) -> Result<Token, TokenError> {
        if let Some(outcome) = self.with_state(|state| {
            let has_ended = state.fetches != seen;
            state.last.clone().filter(|_| has_ended)
        }) {
            return outcome;
        }
        let outcome = self.0.supplier.fetch().await;
        self.with_state(|state| {
            state.fetches += 1;
            state.last = Some(outcome.clone());
            match &outcome {
                Ok(token) => {
                    state.cached = Some(token.clone());
                    state.renewal_pauses_until = None;
                }
                Err(_) => state.renewal_pauses_until = Some(Instant::now() + RENEWAL_PAUSE),
            }
        });
        outcome
    }

    /// Returns what is cached, and how many fetches have ended.
    fn look(&self) -> (u64, Cached) {
        self.with_state(|state| {
            let pauses = state
                .renewal_pauses_until
                .is_some_and(|until| Instant::now() < until);
            let cached = match &state.cached {
                Some(token) if token.is_fresh() => Cached::Fresh(token.clone()),
                Some(token) if token.is_valid() && pauses => Cached::Fresh(token.clone()),
                Some(token) if token.is_valid() => Cached::Due(token.clone()),
                _ => Cached::Nothing,
            };
            (state.fetches, cached)
        })
    }

    fn forget(&self, stale: &Token) {
        self.with_state(|state| {
            if state.cached.as_ref().is_some_and(|it| it.is_same(stale)) {
                state.cached = None;
            }
        });
    }

    fn with_state<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.0.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let supplier: &dyn fmt::Debug = match &self.0.supplier {
            Supplier::ClientCredentials { credentials, .. } => credentials,
            Supplier::Provider(provider) => provider,
        };
        f.debug_struct("TokenSource")
            .field("supplier", supplier)
            .finish_non_exhaustive()
    }
}
