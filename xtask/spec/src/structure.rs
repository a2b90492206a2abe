//! A document as OpenAPI 3.0 has it, or where and why it is not built so.

use std::sync::LazyLock;

use jsonschema::error::{ValidationError, ValidationErrorKind};
use jsonschema::paths::LocationSegment;
use jsonschema::{Draft, Validator};
use openapiv3::OpenAPI;
use serde_json::Value;

use crate::diagnostic::Diagnostic;
use crate::node::{Node, Place};
use crate::rule::{Rule, closest};
use crate::source::Source;

/// A spec that was read as OpenAPI 3.0.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The text it came from.
    pub source: Source,
    /// The document as the generator takes it.
    pub openapi: OpenAPI,
}

impl Spec {
    /// Reads a tree as an OpenAPI 3.0 document.
    ///
    /// # Errors
    /// The document is not built as OpenAPI 3.0 has it.
    pub fn from_source(source: Source) -> Result<Self, Vec<Diagnostic>> {
        let faults = faults(&source);
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut document = source.root.to_json();
        write_out_inner_references(&source, &mut document, 0);
        match serde_path_to_error::deserialize(document) {
            Ok(openapi) => Ok(Self { source, openapi }),
            Err(error) => {
                let steps: Vec<String> = error.path().iter().map(ToString::to_string).collect();
                let (_, place) = find(&source.root, &steps);
                let message = format!("this is not as OpenAPI has it: {}", error.inner());
                Err(vec![fault(&source, place, message)])
            }
        }
    }
}

/// The generator follows a reference to a whole component alone: what leads into one is written out.
fn write_out_inner_references(source: &Source, value: &mut Value, depth: usize) {
    let target = value.get("$ref").and_then(Value::as_str);
    let is_inner = |target: &&str| {
        target.starts_with("#/components/") && target.matches('/').count() > 3 && depth < 64
    };
    if let Some(target) = target.filter(is_inner)
        && let Some(node) = source.at_pointer(target.trim_start_matches('#'))
    {
        *value = node.to_json();
        return write_out_inner_references(source, value, depth + 1);
    }
    match value {
        Value::Array(items) => {
            for item in items {
                write_out_inner_references(source, item, depth);
            }
        }
        Value::Object(members) => {
            for (_, member) in members.iter_mut().filter(|(key, _)| *key != "example") {
                write_out_inner_references(source, member, depth);
            }
        }
        _ => {}
    }
}

/// The OpenAPI Initiative's own schema of such documents.
static OPENAPI: LazyLock<Option<(Validator, Vec<String>)>> = LazyLock::new(|| {
    let schema: Value = serde_json::from_str(include_str!("../schemas/openapi-3.0.json")).ok()?;
    let mut fields = Vec::new();
    for definition in schema.get("definitions")?.as_object()?.values() {
        let properties = definition.get("properties").and_then(Value::as_object);
        fields.extend(
            properties
                .into_iter()
                .flatten()
                .map(|(name, _)| name.clone()),
        );
    }
    // Formats have rules of their own.
    let validator = jsonschema::options()
        .with_draft(Draft::Draft4)
        .should_validate_formats(false)
        .build(&schema);
    Some((validator.ok()?, fields))
});

fn faults(source: &Source) -> Vec<Diagnostic> {
    let Some((validator, fields)) = OPENAPI.as_ref() else {
        return Vec::new();
    };
    let document = source.root.to_json();
    let mut faults = Vec::new();
    for error in validator.iter_errors(&document) {
        explain(source, &error, fields, &mut faults);
    }
    faults
}

/// What is wrong at the bottom: of several forms, that which comes closest.
fn explain(
    source: &Source,
    error: &ValidationError<'_>,
    fields: &[String],
    faults: &mut Vec<Diagnostic>,
) {
    match error.kind() {
        ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => {
            let is_reference = |form: &&Vec<ValidationError<'_>>| {
                let mut wanted = form.iter().map(ValidationError::kind);
                wanted.any(|kind| matches!(kind, ValidationErrorKind::Required { property } if property == "$ref"))
            };
            let forms = context.iter().filter(|form| !is_reference(form));
            for inner in forms
                .min_by_key(|form| distance(form))
                .into_iter()
                .flatten()
            {
                explain(source, inner, fields, faults);
            }
        }
        _ => faults.extend(in_words(source, error, fields)),
    }
}

/// How far a document is from a form: another `type`, `in` or `scheme` is another form altogether.
fn distance(form: &[ValidationError<'_>]) -> usize {
    let weight = |error: &ValidationError<'_>| match error.kind() {
        ValidationErrorKind::Enum { .. } | ValidationErrorKind::Not { .. } => 100,
        _ => 1,
    };
    form.iter().map(weight).sum()
}

fn in_words(source: &Source, error: &ValidationError<'_>, fields: &[String]) -> Vec<Diagnostic> {
    let steps: Vec<String> = error
        .instance_path()
        .segments()
        .map(|segment| match segment {
            LocationSegment::Property(name) => name.into_owned(),
            LocationSegment::Index(index) => index.to_string(),
        })
        .collect();
    let (node, place) = find(&source.root, &steps);
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .map(|name| {
                let place = node.entry(name).map_or(place, |(key, _)| &key.place);
                let message = format!("OpenAPI has no `{name}` here; nobody would read it");
                let found = fault(source, place, message);
                match closest(name, fields.iter().map(String::as_str)) {
                    Some(meant) if meant != name => {
                        found.help(format!("write `{meant}` if that is meant"))
                    }
                    _ => found,
                }
            })
            .collect(),
        ValidationErrorKind::Required { property } => {
            let message = format!("there is no {}", property.to_string().replace('"', "`"));
            vec![fault(source, place, message)]
        }
        _ => vec![fault(source, place, error.masked_with("this").to_string())],
    }
}

fn fault(source: &Source, place: &Place, message: String) -> Diagnostic {
    source
        .error(Rule::OpenapiStructure, place, message)
        .help("see https://spec.openapis.org/oas/v3.0.3 for what may stand here")
}

/// The node at the end of the steps, or the last one before they leave the document, and its place:
/// that of the key which holds it, where it is a mapping.
fn find<'a>(root: &'a Node, steps: &[String]) -> (&'a Node, &'a Place) {
    let mut found = (root, &root.place);
    for step in steps {
        let Some(node) = found.0.at([step.as_str()]) else {
            break;
        };
        let key = found.0.entry(step).map(|(key, _)| &key.place);
        let place = key.filter(|_| !node.entries().is_empty());
        found = (node, place.unwrap_or(&node.place));
    }
    found
}
