//! Parses arguments into ids; a bad one is named with its argument, its value and the rule.

use std::fmt::Display;
use std::str::FromStr;

use seats::{BaseUrl, without_userinfo};

use crate::output::printable::quoted;

/// Parses the text into an id.
///
/// # Errors
/// A sentence that names the argument, the value and the id's own rule.
pub fn parse<T: FromStr<Err: Display>>(argument: &str, text: &str) -> Result<T, String> {
    text.parse()
        .map_err(|rule| format!("{argument} {}: {rule}", quoted(text)))
}

/// Parses the text into an id, and describes a failure by `rule`.
///
/// # Errors
/// A sentence that names the argument, the value and the rule.
pub fn parse_as<T: FromStr>(argument: &str, text: &str, rule: &str) -> Result<T, String> {
    text.parse()
        .map_err(|_| format!("{argument} {}: {rule}", quoted(text)))
}

/// Parses a base URL; a password in a bad one is not shown.
///
/// # Errors
/// A sentence that names the argument, the value and the rule.
pub fn base_url(argument: &str, text: &str) -> Result<BaseUrl, String> {
    BaseUrl::parse(text)
        .map_err(|rule| format!("{argument} {}: {rule}", quoted(&without_userinfo(text))))
}
