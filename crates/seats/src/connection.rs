//! How a client reaches its vendor: what both builders have in common.

use seats_transport::secrecy::SecretString;
use seats_transport::{BaseUrl, Credential, SecurityScheme, Transport};

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
    pub dry_run: bool,
}

/// A scheme of a spec, the secret for it, and what that is in words.
pub(crate) struct Signature {
    pub scheme: SecurityScheme,
    pub secret: Option<SecretString>,
    pub what: &'static str,
}

impl Connection {
    /// What the environment says: the base URL, where `url_variable` has one.
    pub(crate) fn from_env(url_variable: &'static str) -> Result<Self, Error> {
        let base_url = environment::variable(url_variable)?.map(|value| Named {
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
                BaseUrl::parse(&value).map_err(|error| Error::invalid_input(name, &value, error))?
            }
            None => default()?,
        };
        let signatures: Vec<Signature> = signatures.into_iter().collect();
        // A dry run shows a placeholder for each secret, and needs none.
        let missing: Vec<(&str, &str)> = signatures
            .iter()
            .filter(|signature| signature.secret.is_none() && !self.dry_run)
            .map(|signature| (signature.what, signature.scheme.variable))
            .collect();
        if !missing.is_empty() {
            return Err(Error::missing_credentials(&missing));
        }
        let mut builder = Transport::builder(base).dry_run(self.dry_run);
        for Signature { scheme, secret, .. } in signatures {
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

        /// The HTTP client to build, with its proxies, roots and timeouts.
        ///
        /// Without it, a connection may take 10 seconds, an answer 60, and the proxies of the
        /// environment are used; `reqwest::Client::builder().no_proxy()` turns them off. Redirections
        /// are never followed, whatever the builder says.
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
