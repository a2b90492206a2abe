//! Bearer tokens by OAuth 2.0 client credentials: cached, renewed ahead of expiry, fetched once.

mod credentials;
mod error;
mod request;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;

pub use credentials::{ClientCredentials, InvalidClientCredentials};
pub use error::TokenError;

/// How long before its end a token is renewed, at most.
const RENEWED_AHEAD: Duration = Duration::from_secs(5 * 60);
/// How long a token that still lives is used without asking again, after renewing it failed.
const RENEWAL_PAUSE: Duration = Duration::from_secs(30);
/// No token is trusted for longer: a clock cannot be added to without end.
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
    /// None where the text cannot stand in a header.
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

    /// The value of the `Authorization` header: `Bearer` and the token, marked as sensitive.
    pub fn header_value(&self) -> HeaderValue {
        self.0.header.clone()
    }

    /// The token itself.
    pub fn secret(&self) -> &SecretString {
        &self.0.secret
    }

    fn is_same(&self, other: &Self) -> bool {
        self.0.secret.expose_secret() == other.0.secret.expose_secret()
    }

    fn is_alive(&self) -> bool {
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

/// Where tokens come from: one client's credentials, and the token that they got last.
///
/// Cheap to clone; the clones share the token. A token is fetched when it is first needed and again
/// shortly before it ends: when less than a tenth of its life, or five minutes, is left.
///
/// ```no_run
/// use seats_transport::{BaseUrl, ClientCredentials, TokenSource, Transport};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let credentials = ClientCredentials::new("example.com", "a-client-id", "a-secret".into())?
///     .resource("https://api.example.com");
/// let transport = Transport::builder(BaseUrl::parse("https://api.example.com")?).build()?;
/// let tokens = TokenSource::new(credentials, transport.http_client());
///
/// let token = tokens.token().await?;
/// assert!(token.header_value().is_sensitive());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct TokenSource(Arc<Shared>);

struct Shared {
    credentials: ClientCredentials,
    http: reqwest::Client,
    /// Held by the one call that asks the authority. A call that is dropped lets go of it, and the
    /// next one in the queue asks in its place.
    flight: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    cached: Option<Token>,
    /// Until then, a token that lives is not renewed ahead: that failed a moment ago.
    renewal_pauses_until: Option<Instant>,
    /// How many times the authority has been asked, and what came of the last time. Who queued while
    /// it was being asked finds another number, and takes the outcome, good or bad, for its own.
    landed: u64,
    outcome: Option<Result<Token, TokenError>>,
}

/// What the cache has for a call.
enum Cached {
    Fresh(Token),
    /// It lives, and is to be renewed.
    Due(Token),
    Nothing,
}

impl Cached {
    fn alive(self) -> Option<Token> {
        match self {
            Self::Fresh(token) | Self::Due(token) => Some(token),
            Self::Nothing => None,
        }
    }
}

impl TokenSource {
    /// A source that asks with these credentials, by this HTTP client.
    ///
    /// The client must follow no redirection, and where [`ClientCredentials::is_plain`] it must go past
    /// any proxy: either would carry the secret elsewhere.
    /// [`Transport::http_client`](crate::Transport::http_client) gives one that follows none, and has no
    /// proxy where the transport's own base URL is plain `http`.
    pub fn new(credentials: ClientCredentials, http: reqwest::Client) -> Self {
        Self(Arc::new(Shared {
            credentials,
            http,
            flight: tokio::sync::Mutex::new(()),
            state: Mutex::default(),
        }))
    }

    /// The token to sign with: the cached one, or a new one.
    ///
    /// However many calls wait for it, the authority is asked once, and they share the answer. While
    /// one call renews a token that still lives, the others go on with it; where renewing it ahead of
    /// its end fails, so does that call.
    ///
    /// # Errors
    /// There is no token that lives, and none could be had.
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
                    if token.is_alive() {
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

    /// A token in place of one that the vendor has refused.
    ///
    /// However many calls bring the same token, the authority is asked once; where another has come
    /// meanwhile, that one is given. The refused token is not handed out any more.
    ///
    /// # Errors
    /// No other token could be had.
    pub async fn renew(&self, stale: &Token) -> Result<Token, TokenError> {
        self.forget(stale);
        // Whatever is cached now is another one.
        let (seen, cached) = self.look();
        if let Some(token) = cached.alive() {
            return Ok(token);
        }
        let _flight = self.0.flight.lock().await;
        self.outcome_after(seen).await
    }

    /// Asks the authority, unless somebody did since `seen`. The flight must be held.
    async fn outcome_after(&self, seen: u64) -> Result<Token, TokenError> {
        if let Some(outcome) = self.with_state(|state| {
            let has_landed = state.landed != seen;
            state.outcome.clone().filter(|_| has_landed)
        }) {
            return outcome;
        }
        let outcome = request::fetch(&self.0.credentials, &self.0.http).await;
        self.with_state(|state| {
            state.landed += 1;
            state.outcome = Some(outcome.clone());
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

    /// What there is, and how many times the authority has been asked by now.
    fn look(&self) -> (u64, Cached) {
        self.with_state(|state| {
            let pauses = state
                .renewal_pauses_until
                .is_some_and(|until| Instant::now() < until);
            let cached = match &state.cached {
                Some(token) if token.is_fresh() => Cached::Fresh(token.clone()),
                Some(token) if token.is_alive() && pauses => Cached::Fresh(token.clone()),
                Some(token) if token.is_alive() => Cached::Due(token.clone()),
                _ => Cached::Nothing,
            };
            (state.landed, cached)
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
        f.debug_struct("TokenSource")
            .field("credentials", &self.0.credentials)
            .finish_non_exhaustive()
    }
}
