//! The options that both vendors' builders have in common.

use reqwest::header::HeaderValue;
use seats_transport::secrecy::SecretString;
use seats_transport::{
    BaseUrl, BuildError, ClientCredentials, Credential, ResponseFormat, RetryPolicy,
    SecurityScheme, TokenProvider, Transport, without_userinfo,
};

use crate::argument::{Argument, IntoArgument};
use crate::environment;
use crate::error::Error;

/// The options that both vendors' builders have in common.
#[derive(Debug)]
pub(crate) struct Options {
    /// An error is kept until the client is built.
    base_url: Option<Result<BaseUrl, Error>>,
    http: Option<reqwest::ClientBuilder>,
    retry: RetryPolicy,
    user_agent: Option<String>,
    pub(crate) connection_reuse: bool,
    pub(crate) dry_run: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            base_url: None,
            http: None,
            retry: RetryPolicy::default(),
            user_agent: None,
            connection_reuse: true,
            dry_run: false,
        }
    }
}

/// How requests are authenticated: one security scheme of the spec, and what its credential comes from.
pub(crate) struct Auth {
    pub scheme: SecurityScheme,
    pub source: AuthSource,
    /// What the credential is, in words.
    pub what: &'static str,
    /// What to set if it is missing.
    pub variables: &'static str,
}

/// What a credential comes from.
pub(crate) enum AuthSource {
    Missing,
    Secret(SecretString),
    ClientCredentials(ClientCredentials),
    Provider(TokenProvider),
}

impl From<Option<SecretString>> for AuthSource {
    fn from(secret: Option<SecretString>) -> Self {
        secret.map_or(Self::Missing, Self::Secret)
    }
}

impl Argument for BaseUrl {
    const NAME: &'static str = "base_url";

    fn rule(error: Self::Err) -> String {
        error.to_string()
    }

    fn parse(text: &str) -> Result<Self, Error> {
        named_base_url(Self::NAME, text)
    }
}

/// Parses a base URL that its owner knows by this name. A password in it is not shown.
fn named_base_url(name: &str, text: &str) -> Result<BaseUrl, Error> {
    BaseUrl::parse(text).map_err(|error| Error::invalid_input(name, &without_userinfo(text), error))
}

impl Options {
    /// Reads the base URL from `url_variable`, if it is set. A variable that is set and empty is a
    /// mistake: it must not stand for the vendor's own URL.
    pub(crate) fn from_env(url_variable: &'static str) -> Result<Self, Error> {
        let base_url = environment::set_variable(url_variable)?
            .map(|value| named_base_url(url_variable, &value));
        Ok(Self {
            base_url,
            ..Self::default()
        })
    }

    pub(crate) fn set_base_url(&mut self, url: impl IntoArgument<BaseUrl>) {
        self.base_url = Some(url.into_argument());
    }

    pub(crate) fn set_http(&mut self, http: reqwest::ClientBuilder) {
        self.http = Some(http);
    }

    pub(crate) fn set_retry(&mut self, policy: RetryPolicy) {
        self.retry = policy;
    }

    pub(crate) fn set_user_agent(&mut self, agent: String) {
        self.user_agent = Some(agent);
    }

    /// Builds the transport to the base URL, or to `default` if none was set.
    pub(crate) fn transport(
        self,
        default: impl FnOnce() -> Result<BaseUrl, Error>,
        auths: impl IntoIterator<Item = Auth>,
        format: ResponseFormat,
    ) -> Result<Transport, Error> {
        let base = self.base_url.unwrap_or_else(default)?;
        let auths: Vec<Auth> = auths.into_iter().collect();
        // A dry run shows a placeholder for each secret, and needs none.
        let missing: Vec<_> = auths
            .iter()
            .filter(|auth| matches!(auth.source, AuthSource::Missing) && !self.dry_run)
            .map(|auth| (auth.what, auth.variables))
            .collect();
        if !missing.is_empty() {
            return Err(Error::missing_credentials(missing));
        }
        let mut builder = Transport::builder(base)
            .dry_run(self.dry_run)
            .retry(self.retry)
            .connection_reuse(self.connection_reuse)
            .response_format(format);
        if let Some(agent) = &self.user_agent {
            let agent = HeaderValue::from_str(agent)
                .map_err(|_| Error::invalid_input("user_agent", agent, "must be visible ASCII"))?;
            builder = builder.user_agent(agent);
        }
        for Auth { scheme, source, .. } in auths {
            let mut secret = None;
            match source {
                AuthSource::Missing => {}
                AuthSource::Secret(given) => secret = Some(given),
                AuthSource::ClientCredentials(given) => builder = builder.client_credentials(given),
                AuthSource::Provider(given) => builder = builder.token_provider(given),
            }
            let credential = Credential::new(scheme, secret)
                .map_err(|error| Error::invalid_secret(scheme.variable, error.reason()))?;
            builder = builder.credential(credential);
        }
        if let Some(http) = self.http {
            builder = builder.http(http);
        }
        builder.build().map_err(|error| match error {
            BuildError::RetryPolicy(error) => {
                Error::invalid_input(error.setting(), error.value(), "must not be zero")
            }
            BuildError::HttpClient(source) => Error::http_client(source),
            _ => Error::invalid_input("client", "", error),
        })
    }
}

/// The methods of a builder that has `options: Options`.
macro_rules! option_methods {
    ($client:literal) => {
        /// Sets the API's base URL in place of the vendor's own, for a sandbox or a gateway.
        ///
        /// It is `https`, or plain `http` to this machine. For the Store it includes the `/V1`. One that
        /// is not acceptable is an error of [`build`](Self::build).
        ///
        #[doc = concat!("```\nlet builder = ", $client, "::builder().base_url(\"https://gateway.example.com/seats\");\n```")]
        #[must_use]
        pub fn base_url(
            mut self,
            url: impl $crate::IntoArgument<$crate::BaseUrl>,
        ) -> Self {
            self.options.set_base_url(url);
            self
        }

        /// Sets how many attempts a call has, and how much time.
        ///
        /// A request is retried only where that is safe: if nothing was sent, if the vendor refused for
        /// now, or if it may have been applied and is idempotent.
        ///
        #[doc = concat!("```\nuse std::time::Duration;\nuse seats::RetryPolicy;\n\nlet policy = RetryPolicy::new().max_attempts(2).timeout(Duration::from_secs(20));\nlet builder = ", $client, "::builder().retry(policy);\n```")]
        #[must_use]
        pub fn retry(mut self, policy: $crate::RetryPolicy) -> Self {
            self.options.set_retry(policy);
            self
        }

        /// Sets what the `user-agent` header says after `seats/<version>`.
        ///
        #[doc = concat!("```\nlet builder = ", $client, "::builder().user_agent(\"offboarding/1.2\");\n```")]
        #[must_use]
        pub fn user_agent(mut self, agent: impl Into<String>) -> Self {
            self.options.set_user_agent(agent.into());
            self
        }

        /// Sets the HTTP client to build, with its proxies and root certificates.
        ///
        /// Without it, the proxies of the environment are used. Redirects are never followed, whatever the
        /// builder says, and the timeouts are those of the [`RetryPolicy`](crate::RetryPolicy).
        ///
        #[doc = concat!("```\n// Past the proxies of the environment:\nlet http = seats::reqwest::Client::builder().no_proxy();\nlet builder = ", $client, "::builder().http(http);\n```")]
        #[must_use]
        pub fn http(mut self, http: reqwest::ClientBuilder) -> Self {
            self.options.set_http(http);
            self
        }

        /// Sets whether a connection is used for more than one request; it is unless this is called.
        ///
        /// Over HTTP/1.1, a gateway that sends a second response nobody asked for may have it taken as the
        /// response to the next request on that connection. A connection for each request rules that out,
        /// for the price of a TLS handshake each. See SECURITY.md in the repository.
        ///
        #[doc = concat!("```\nlet builder = ", $client, "::builder().connection_reuse(false);\n```")]
        #[must_use]
        pub fn connection_reuse(mut self, reuse: bool) -> Self {
            self.options.connection_reuse = reuse;
            self
        }

        /// Sets whether calls are dry runs: each ends as an error of the kind
        /// [`DryRun`](crate::ErrorKind::DryRun) that holds the request. Nothing is sent, and no
        /// credentials are needed.
        ///
        #[doc = concat!("```\nlet client = ", $client, "::builder().dry_run(true).build()?;\n# Ok::<(), seats::Error>(())\n```")]
        #[must_use]
        pub fn dry_run(mut self, dry_run: bool) -> Self {
            self.options.dry_run = dry_run;
            self
        }
    };
}
pub(crate) use option_methods;
