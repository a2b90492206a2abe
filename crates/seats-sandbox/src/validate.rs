//! Holds values against the specification's schemas and says what is wrong.

use jsonschema::error::ValidationErrorKind;
use jsonschema::paths::LocationSegment;
use jsonschema::{Draft, ValidationError, Validator};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::spec::{Document, SpecError};
use crate::vendor::Flaw;

/// A compiled schema of the specification.
#[derive(Debug)]
pub(crate) struct Schema {
    /// The schema together with the document's components, where its
    /// references lead.
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
        // Draft 4 is what the schemas of OpenAPI 3.0 come closest to. It has no
        // format for UUIDs yet, so that one is brought along.
        let validator = jsonschema::options()
            .with_draft(Draft::Draft4)
            .should_validate_formats(true)
            .with_format("uuid", is_uuid)
            .build(&root)
            .map_err(|error| document.error(place, error))?;
        Ok(Self { root, validator })
    }

    /// What is wrong with a value, one flaw a field; `name` is what the value
    /// itself is called.
    pub(crate) fn flaws(&self, name: &str, value: &Value) -> Vec<Flaw> {
        let mut flaws: Vec<Flaw> = Vec::new();
        for error in self.validator.iter_errors(value) {
            let flaw = self.flaw(name, &error);
            if !flaws.iter().any(|known| known.field == flaw.field) {
                flaws.push(flaw);
            }
        }
        flaws
    }

    fn flaw(&self, name: &str, error: &ValidationError<'_>) -> Flaw {
        let field = field_name(name, error);
        match error.kind() {
            ValidationErrorKind::Required {
                property: Value::String(property),
            } => Flaw::new(property, "is required"),
            // Recorded answers say this of an empty value too.
            ValidationErrorKind::MinItems { .. } | ValidationErrorKind::MinLength { .. }
                if is_empty(error.instance()) =>
            {
                Flaw::new(field, "is required")
            }
            _ => match self.rule(error) {
                Some(rule) => Flaw::new(field, rule),
                None => Flaw::new(field, format!("is not acceptable: {error}")),
            },
        }
    }

    /// The specification's own words for what a schema asks for, which stand
    /// beside the keyword that failed.
    fn rule(&self, error: &ValidationError<'_>) -> Option<&str> {
        let (schema, _keyword) = error.schema_path().as_str().rsplit_once('/')?;
        self.root.pointer(schema)?.get("x-rule")?.as_str()
    }
}

/// The field at fault: its own name without the way to it, as recorded answers
/// have it, with its place if it stands in a list.
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

/// The hyphenated form only: `uuid` reads braces and URNs as well, a service
/// need not.
fn is_uuid(text: &str) -> bool {
    text.len() == uuid::fmt::Hyphenated::LENGTH && Uuid::try_parse(text).is_ok()
}

/// Turns OpenAPI 3.0's `nullable: true` into JSON Schema's list of types,
/// everywhere in a document.
pub(crate) fn nullable_to_type_list(node: &mut Value) {
    match node {
        Value::Array(items) => items.iter_mut().for_each(nullable_to_type_list),
        Value::Object(members) => {
            let nullable = members.get("nullable") == Some(&Value::Bool(true));
            if let (true, Some(Value::String(kind))) = (nullable, members.get("type")) {
                let kinds = json!([kind, "null"]);
                members.insert("type".to_owned(), kinds);
            }
            members.values_mut().for_each(nullable_to_type_list);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nullable_becomes_a_list_of_types_and_only_that() {
        let mut document = json!({"properties": {
            "a": {"type": "string", "nullable": true},
            "b": {"type": "string", "nullable": false},
            "nullable": {"type": "boolean"},
        }, "items": [{"type": "object", "nullable": true}]});
        nullable_to_type_list(&mut document);
        assert_eq!(
            document,
            json!({"properties": {
                "a": {"type": ["string", "null"], "nullable": true},
                "b": {"type": "string", "nullable": false},
                "nullable": {"type": "boolean"},
            }, "items": [{"type": ["object", "null"], "nullable": true}]})
        );
    }

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
