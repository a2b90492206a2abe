//! The rules for credentials: they can be sent, and no two tenants share one.

use std::collections::HashMap;

use serde_saphyr::{Location, Spanned};

use super::field::FieldPath;
use crate::input::error::InputError;

/// The credentials of the tenants so far, by field and value.
#[derive(Default)]
pub(super) struct Credentials(HashMap<(String, String), Location>);

impl Credentials {
    /// Checks a credential, and returns it.
    pub(super) fn add(
        &mut self,
        path: &FieldPath<'_>,
        field: &str,
        value: &Spanned<String>,
    ) -> Result<String, InputError> {
        let is_printable = |c: char| c.is_ascii_graphic();
        if value.value.is_empty() || !value.value.chars().all(is_printable) {
            let rule = "must be printable ASCII without spaces, and not empty";
            return Err(path.error(field, value, rule));
        }
        let key = (field.to_owned(), value.value.to_ascii_lowercase());
        match self.0.insert(key, value.referenced) {
            None => Ok(value.value.clone()),
            Some(first) => {
                let line = first.line();
                let problem = format!("another tenant has the same, on line {line}");
                Err(path.error(field, value, problem))
            }
        }
    }
}
