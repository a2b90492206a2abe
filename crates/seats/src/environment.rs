//! Settings from environment variables.

use std::env::{self, VarError};

use seats_transport::secrecy::SecretString;
use seats_transport::{BaseUrl, Credential, SecurityScheme, Transport};

use crate::error::Error;

/// A variable's value; none where it is not set or empty.
pub(crate) fn variable(name: &str) -> Result<Option<String>, Error> {
    match env::var(name) {
        Ok(value) if value.is_empty() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Error::invalid_secret(name, "must be UTF-8")),
    }
}

/// A secret's value; none where it is not set or empty.
pub(crate) fn secret(name: &str) -> Result<Option<SecretString>, Error> {
    Ok(variable(name)?.map(SecretString::from))
}

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
