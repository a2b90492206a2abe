//! Settings from environment variables.

use std::env::{self, VarError};

use seats_transport::secrecy::SecretString;

use crate::error::Error;

/// Returns a variable's value; none if it is not set or empty.
pub(crate) fn variable(name: &str) -> Result<Option<String>, Error> {
    Ok(set_variable(name)?.filter(|value| !value.is_empty()))
}

/// Returns a variable's value, also if it is empty.
pub(crate) fn set_variable(name: &str) -> Result<Option<String>, Error> {
    match env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Error::invalid_secret(name, "must be UTF-8")),
    }
}

/// Returns a secret's value; none if it is not set or empty.
pub(crate) fn secret(name: &str) -> Result<Option<SecretString>, Error> {
    Ok(variable(name)?.map(SecretString::from))
}
