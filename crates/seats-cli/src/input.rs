//! Arguments into ids; what is not acceptable is named with its value and the rule.

use std::fmt::Display;
use std::str::FromStr;

/// The id in `text`.
///
/// # Errors
/// A line that names the argument, the value and the id's own rule.
pub fn parse<T: FromStr<Err: Display>>(argument: &str, text: &str) -> Result<T, String> {
    text.parse()
        .map_err(|rule| format!("{argument} {text:?}: {rule}"))
}

/// As [`parse`], with the rule in our words.
///
/// # Errors
/// A line that names the argument, the value and `rule`.
pub fn parse_as<T: FromStr>(argument: &str, text: &str, rule: &str) -> Result<T, String> {
    text.parse()
        .map_err(|_| format!("{argument} {text:?}: {rule}"))
}
