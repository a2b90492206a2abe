//! JSON Schemas of a document, and what is wrong with a value.

use std::fmt;

use jsonschema::error::ValidationErrorKind;
use jsonschema::paths::LocationSegment;
use jsonschema::{Draft, ValidationError, Validator};
use serde_json::{Value, json};
use uuid::Uuid;

use super::document::{Document, SpecError};

/// A field of a request that breaks a rule. Its text is a sentence: "user_uuids is required".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation {
    pub(crate) field: String,
    pub(crate) rule: Rule,
}

/// The rule that a field breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Rule {
    /// The field is missing or empty.
    Required,
    /// Another rule, as the predicate of a sentence.
    Other(String),
}

impl Violation {
    pub(crate) fn required(field: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            rule: Rule::Required,
        }
    }

    pub(crate) fn new(field: impl Into<String>, rule: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            rule: Rule::Other(rule.into()),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.rule {
            Rule::Required => write!(f, "{} is required", self.field),
            Rule::Other(rule) => write!(f, "{} {rule}", self.field),
        }
    }
}

/// A compiled schema.
#[derive(Debug)]
pub(crate) struct Schema {
    /// The schema together with the document's components, which its references point to.
    root: Value,
    validator: Validator,
}

impl Schema {
    pub(crate) fn compile(
        document: &Document<'_>,
        place: &str,
        schema: &Value,
    ) -> Result<Self, SpecError> {
        let components = document.root.get("components");
        let root = json!({"components": components, "allOf": [schema]});
        // Draft 4 is what the schemas of OpenAPI 3.0 come closest to. It has no format for UUIDs
        // yet, so that one is added.
        let validator = jsonschema::options()
            .with_draft(Draft::Draft4)
            .should_validate_formats(true)
            .with_format("uuid", is_uuid)
            .build(&root)
            .map_err(|error| document.error(place, error))?;
        Ok(Self { root, validator })
    }

    /// Returns what is wrong with a value, at most one violation a field; `name` is what the value
    /// itself is called.
    pub(crate) fn violations(&self, name: &str, value: &Value) -> Vec<Violation> {
        let mut violations: Vec<Violation> = Vec::new();
        for error in self.validator.iter_errors(value) {
            let violation = self.violation(name, &error);
            if !violations
                .iter()
                .any(|known| known.field == violation.field)
            {
                violations.push(violation);
            }
        }
        violations
    }

    fn violation(&self, name: &str, error: &ValidationError<'_>) -> Violation {
        let field = field_name(name, error);
        match error.kind() {
            ValidationErrorKind::Required {
                property: Value::String(property),
            } => Violation::required(property),
            // Recorded responses say this of an empty value as well.
            ValidationErrorKind::MinItems { .. } | ValidationErrorKind::MinLength { .. }
                if is_empty(error.instance()) =>
            {
                Violation::required(field)
            }
            _ => match self.rule(error) {
                Some(rule) => Violation::new(field, rule),
                None => Violation::new(field, format!("is not acceptable: {error}")),
            },
        }
    }

    /// Returns the document's own text for a rule, which stands beside the keyword that failed.
    fn rule(&self, error: &ValidationError<'_>) -> Option<&str> {
        let (schema, _keyword) = error.schema_path().as_str().rsplit_once('/')?;
        self.root.pointer(schema)?.get("x-rule")?.as_str()
    }
}

/// Returns the name of the field without the path to it, as recorded responses have it, with its
/// index if it is an item of a list.
fn field_name(root: &str, error: &ValidationError<'_>) -> String {
    let mut field = root.to_owned();
    for segment in error.instance_path().segments() {
        match segment {
            LocationSegment::Property(name) => field = name.into_owned(),
            LocationSegment::Index(index) => field = format!("{field}[{index}]"),
        }
    }
    field
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

/// Whether a text is a UUID in the hyphenated form; `uuid` parses braces and URNs as well.
fn is_uuid(text: &str) -> bool {
    text.len() == uuid::fmt::Hyphenated::LENGTH && Uuid::try_parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_hyphenated_form_is_a_uuid() {
        assert!(is_uuid("626A4E8E-64bd-409d-b80e-428f08ac0b62"));
        for other in [
            "626a4e8e64bd409db80e428f08ac0b62",
            "{626a4e8e-64bd-409d-b80e-428f08ac0b62}",
            "urn:uuid:626a4e8e-64bd-409d-b80e-428f08ac0b62",
            "ada@contoso.example",
            "",
        ] {
            assert!(!is_uuid(other), "{other}");
        }
    }
}
