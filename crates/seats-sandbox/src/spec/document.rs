//! An OpenAPI document as a tree of values.

use serde_json::{Map, Value, json};

/// How many references may follow one another before they count as a cycle.
const MAX_REFERENCES: usize = 16;

/// Error from reading a document.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {problem}")]
pub(crate) struct SpecError {
    place: String,
    problem: String,
}

/// An OpenAPI document, and the name of its file for errors.
pub(crate) struct Document<'f> {
    file: &'f str,
    pub(crate) root: Value,
}

impl<'f> Document<'f> {
    pub(crate) fn parse(file: &'f str, text: &str) -> Result<Self, SpecError> {
        let mut root = serde_saphyr::from_str(text).map_err(|error| SpecError {
            place: file.to_owned(),
            problem: error.to_string(),
        })?;
        nullable_to_type_list(&mut root);
        Ok(Self { file, root })
    }

    pub(crate) fn error(&self, place: &str, problem: impl ToString) -> SpecError {
        SpecError {
            place: format!("{}: {place}", self.file),
            problem: problem.to_string(),
        }
    }

    /// Follows `$ref` to the value itself.
    pub(crate) fn resolve<'v>(&'v self, mut node: &'v Value) -> Result<&'v Value, SpecError> {
        for _ in 0..MAX_REFERENCES {
            let Some(reference) = node.get("$ref").and_then(Value::as_str) else {
                return Ok(node);
            };
            node = reference
                .strip_prefix('#')
                .and_then(|pointer| self.root.pointer(pointer))
                .ok_or_else(|| self.error(reference, "leads nowhere in this document"))?;
        }
        Err(self.error("$ref", "leads in a circle"))
    }

    pub(crate) fn object<'v>(
        &self,
        node: &'v Value,
        name: &str,
    ) -> Result<&'v Map<String, Value>, SpecError> {
        node.get(name)
            .and_then(Value::as_object)
            .ok_or_else(|| self.error(name, "must be there and be an object"))
    }

    pub(crate) fn text<'v>(
        &self,
        node: &'v Value,
        place: &str,
        name: &str,
    ) -> Result<&'v str, SpecError> {
        node.get(name)
            .and_then(Value::as_str)
            .ok_or_else(|| self.error(place, format!("{name} must be there and be a string")))
    }

    /// Returns the path of the first server's URL. It is not read with a URL parser, because the
    /// host may be a template.
    pub(crate) fn prefix(&self) -> Result<String, SpecError> {
        let server = self
            .root
            .pointer("/servers/0")
            .ok_or_else(|| self.error("servers", "must name a server"))?;
        let url = self.text(server, "servers", "url")?;
        let (_scheme, rest) = url
            .split_once("://")
            .ok_or_else(|| self.error("servers", format!("{url} must be an absolute URL")))?;
        let path = rest.find('/').map_or("", |slash| &rest[slash..]);
        Ok(path.trim_end_matches('/').to_owned())
    }
}

/// Turns OpenAPI 3.0's `nullable: true` into JSON Schema's list of types, everywhere below a node.
fn nullable_to_type_list(node: &mut Value) {
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
}
