//! A caller's own source of bearer tokens.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

/// A bearer token and how long it lives, as a [`TokenProvider`] gives it.
///
/// `Debug` does not show the token.
///
/// ```
/// use std::time::Duration;
/// use seats_transport::BearerToken;
///
/// let token = BearerToken::new("a-bearer-token", Duration::from_secs(3600));
/// assert!(!format!("{token:?}").contains("a-bearer-token"));
/// ```
#[derive(Clone, Debug)]
pub struct BearerToken {
    pub(super) secret: SecretString,
    pub(super) lifetime: Duration,
}

impl BearerToken {
    /// Creates a token that expires after `lifetime`, counted from now.
    pub fn new(token: impl Into<SecretString>, lifetime: Duration) -> Self {
        Self {
            secret: token.into(),
            lifetime,
        }
    }
}

type Provided = Result<BearerToken, Box<dyn Error + Send + Sync>>;

/// An async function that gives a bearer token and its lifetime: from a vault, a managed identity, or a
/// cache that other programs share.
///
/// It is called when a token is first needed, shortly before the last one expires, and when the vendor
/// refuses the last one; however many calls wait, it is called once at a time.
#[derive(Clone)]
pub struct TokenProvider(
    Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Provided> + Send>> + Send + Sync>,
);

impl TokenProvider {
    /// Creates a provider from an async function or closure.
    ///
    /// ```
    /// use std::time::Duration;
    /// use seats_transport::{BearerToken, TokenProvider};
    ///
    /// let provider = TokenProvider::new(|| async {
    ///     // Ask the vault here.
    ///     Ok::<_, std::io::Error>(BearerToken::new("a-token", Duration::from_secs(600)))
    /// });
    /// ```
    pub fn new<F, Fut, E>(provide: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<BearerToken, E>> + Send + 'static,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        Self(Arc::new(move || {
            let token = provide();
            Box::pin(async move { token.await.map_err(Into::into) })
        }))
    }

    pub(super) async fn provide(&self) -> Provided {
        (self.0)().await
    }
}

impl fmt::Debug for TokenProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenProvider(..)")
    }
}
