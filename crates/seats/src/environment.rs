//! Settings from environment variables.

use std::env::{self, VarError};

use seats_transport::secrecy::SecretString;

use crate::error::Error;

/// A variable's value; none where it is not set or empty.
pub(crate) fn variable(name: &str) -> Result<Option<String>, Error> {
    Ok(set_variable(name)?.filter(|value| !value.is_empty()))
}

/// A variable's value, also where it is empty. For what would otherwise be the real vendor's place: a
/// variable that was meant to hold another one, and came out empty, is a mistake.
pub(crate) fn set_variable(name: &str) -> Result<Option<String>, Error> {
    match env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Error::invalid_secret(name, "must be UTF-8")),
    }
}

/// A secret's value; none where it is not set or empty.
pub(crate) fn secret(name: &str) -> Result<Option<SecretString>, Error> {
    Ok(variable(name)?.map(SecretString::from))
}
