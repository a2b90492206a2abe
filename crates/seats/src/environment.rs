//! Settings from environment variables.

use std::env::{self, VarError};

use seats_transport::secrecy::SecretString;

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
