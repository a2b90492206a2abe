//! How a client reaches its vendor: what both builders have in common.

use std::time::Duration;

use reqwest::header::HeaderValue;
use seats_transport::secrecy::SecretString;
use seats_transport::{
    BaseUrl, ClientCredentials, Credential, RetryPolicy, SecurityScheme, Transport,
};

use crate::environment;
use crate::error::Error;

/// A setting, and the name by which its owner knows it: an argument's or a variable's.
#[derive(Clone, Debug)]
pub(crate) struct Named<T> {
    pub name: &'static str,
    pub value: T,
}

/// What both vendors' builders have in common.
#[derive(Debug, Default)]
pub(crate) struct Connection {
    pub base_url: Option<Named<String>>,
    pub http: Option<reqwest::ClientBuilder>,
    pub retry: Retry,
    pub user_agent: Option<String>,
    pub dry_run: bool,
}

/// What was set of a [`RetryPolicy`].
#[derive(Debug, Default)]
pub(crate) struct Retry {
    pub max_attempts: Option<u32>,
    pub attempt_timeout: Option<Duration>,
    pub timeout: Option<Duration>,
    pub backoff: Option<Duration>,
}

impl Retry {
    fn policy(&self) -> Result<RetryPolicy, Error> {
        let mut policy = RetryPolicy::new();
        if let Some(attempts) = self.max_attempts {
            if attempts == 0 {
                return Err(Error::invalid_input(
                    "max_attempts",
                    "0",
                    "must be at least 1",
                ));
            }
            policy = policy.max_attempts(attempts);
        }
        for (name, time) in [
            ("attempt_timeout", self.attempt_timeout),
            ("timeout", self.timeout),
        ] {
            if time.is_some_and(|time| time.is_zero()) {
                return Err(Error::invalid_input(
                    name,
                    "0s",
                    "must be longer than nothing",
                ));
            }
        }
        if let Some(timeout) = self.attempt_timeout {
            policy = policy.attempt_timeout(timeout);
        }
        if let Some(timeout) = self.timeout {
            policy = policy.timeout(timeout);
        }
        if let Some(backoff) = self.backoff {
            policy = policy.backoff(backoff);
        }
        Ok(policy)
    }
}

/// A scheme of a spec, the secret for it, and what that is in words.
pub(crate) struct Signature {
    pub scheme: SecurityScheme,
    pub secret: Option<SecretString>,
    pub what: &'static str,
    /// What gets the secret, where it is a token that is not given.
    pub client_credentials: Option<ClientCredentials>,
}

impl Connection {
    /// What the environment says: the base URL, where `url_variable` has one.
    pub(crate) fn from_env(url_variable: &'static str) -> Result<Self, Error> {
        let base_url = environment::set_variable(url_variable)?.map(|value| Named {
            name: url_variable,
            value,
        });
        Ok(Self {
            base_url,
            ..Self::default()
        })
    }

    /// The transport to `base_url`, or to `default` where none was set.
    pub(crate) fn transport(
        self,
        default: impl FnOnce() -> Result<BaseUrl, Error>,
        signatures: impl IntoIterator<Item = Signature>,
    ) -> Result<Transport, Error> {
        let base = match self.base_url {
            Some(Named { name, value }) => {
                BaseUrl::parse(&value).map_err(|error| match error.holds_secret() {
                    true => Error::invalid_secret(name, error),
                    false => Error::invalid_input(name, &value, error),
                })?
            }
            None => default()?,
        };
        let signatures: Vec<Signature> = signatures.into_iter().collect();
        // A dry run shows a placeholder for each secret, and needs none.
        let missing: Vec<(&str, &str)> = signatures
            .iter()
            .filter(|signature| {
                signature.secret.is_none() && signature.client_credentials.is_none()
            })
            .filter(|_| !self.dry_run)
            .map(|signature| (signature.what, signature.scheme.variable))
            .collect();
        if !missing.is_empty() {
            return Err(Error::missing_credentials(&missing));
        }
        let mut builder = Transport::builder(base)
            .dry_run(self.dry_run)
            .retry(self.retry.policy()?);
        if let Some(agent) = &self.user_agent {
            let agent = HeaderValue::from_str(agent)
                .map_err(|_| Error::invalid_input("user_agent", agent, "must be visible ASCII"))?;
            builder = builder.user_agent(agent);
        }
        for Signature {
            scheme,
            secret,
            client_credentials,
            ..
        } in signatures
        {
            if let (None, Some(credentials)) = (&secret, client_credentials) {
                builder = builder.client_credentials(credentials);
            }
            let credential = Credential::new(scheme, secret)
                .map_err(|error| Error::invalid_secret(scheme.variable, error.reason()))?;
            builder = builder.credential(credential);
        }
        if let Some(http) = self.http {
            builder = builder.http(http);
        }
        builder.build().map_err(Error::http_client)
    }
}

/// The methods of a builder that has a `connection: Connection`.
macro_rules! connection_methods {
    () => {
        /// The API's base URL in place of the vendor's own, for a sandbox or a gateway.
        ///
        /// It is `https`, or plain `http` on this machine; it has no query. For the Store it includes
        /// the `/V1`.
        #[must_use]
        pub fn base_url(self, url: impl Into<String>) -> Self {
            self.base_url_named("base_url", url)
        }

        /// As [`base_url`](Self::base_url), for a setting that its owner knows by another name, such
        /// as `--base-url`; an error names it so.
        #[must_use]
        pub fn base_url_named(mut self, name: &'static str, url: impl Into<String>) -> Self {
            self.connection.base_url = Some($crate::connection::Named {
                name,
                value: url.into(),
            });
            self
        }

        /// How often a request is sent at most; 4 where it is not set.
        ///
        /// It is sent again only where that is safe: where nothing has left, where the vendor refused
        /// for now, or where it may have happened and twice is as once.
        #[must_use]
        pub fn max_attempts(mut self, attempts: u32) -> Self {
            self.connection.retry.max_attempts = Some(attempts);
            self
        }

        /// How long one attempt may take, from connecting to the last byte of the answer; 30 seconds
        /// where it is not set.
        #[must_use]
        pub fn attempt_timeout(mut self, timeout: std::time::Duration) -> Self {
            self.connection.retry.attempt_timeout = Some(timeout);
            self
        }

        /// How long a call may take, over all its attempts and the waits between them; two minutes
        /// where it is not set. A wait that would pass this deadline is not begun.
        #[must_use]
        pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
            self.connection.retry.timeout = Some(timeout);
            self
        }

        /// How long the first wait before another attempt is at most, where the vendor names no time;
        /// 200 milliseconds where it is not set. Each further one is at most twice the one before.
        #[must_use]
        pub fn backoff(mut self, backoff: std::time::Duration) -> Self {
            self.connection.retry.backoff = Some(backoff);
            self
        }

        /// What the `user-agent` of each request says after `seats/<version>`, such as
        /// `offboarding/1.2`.
        #[must_use]
        pub fn user_agent(mut self, agent: impl Into<String>) -> Self {
            self.connection.user_agent = Some(agent.into());
            self
        }

        /// The HTTP client to build, with its proxies and roots.
        ///
        /// Without it the proxies of the environment are used; `reqwest::Client::builder().no_proxy()`
        /// turns them off. Redirections are never followed, whatever the builder says, and the times
        /// are those that are set here.
        #[must_use]
        pub fn http(mut self, http: reqwest::ClientBuilder) -> Self {
            self.connection.http = Some(http);
            self
        }

        /// Makes each call end as an error of the kind [`DryRun`](crate::ErrorKind::DryRun) that holds
        /// the request. Nothing is sent, and no credentials are needed.
        #[must_use]
        pub fn dry_run(mut self, dry_run: bool) -> Self {
            self.connection.dry_run = dry_run;
            self
        }
    };
}
pub(crate) use connection_methods;
