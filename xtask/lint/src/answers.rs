//! What would make an answer unreadable, or read it as less than it says.

use spec::{Content, Diagnostic, Key, Node, Rule, Source};

pub(super) fn check(source: &Source) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut schemas = Schemas {
        source,
        seen: Vec::new(),
        found: Vec::new(),
    };
    for operation in source.operations() {
        let responses = operation.node.get("responses").map(Node::entries);
        for (status, response) in responses.unwrap_or_default() {
            for schema in bodies(source, response) {
                schemas.visit("the body", schema);
                if operation.method.name == "get" && status.name.starts_with('2') {
                    found.extend(optional_lists(source, schema));
                }
            }
        }
    }
    found.extend(schemas.found);
    found
}

/// The schemas of a response's body.
fn bodies<'a>(source: &'a Source, response: &'a Node) -> impl Iterator<Item = &'a Node> {
    let content = source
        .resolve(response)
        .and_then(|node| node.get("content"));
    let media_types = content.map(Node::entries).unwrap_or_default().iter();
    media_types.filter_map(|(_, media)| media.get("schema"))
}

/// Walks through what an answer is made of.
struct Schemas<'a> {
    source: &'a Source,
    /// Schemas may hold themselves.
    seen: Vec<*const Node>,
    found: Vec<Diagnostic>,
}

impl<'a> Schemas<'a> {
    fn visit(&mut self, name: &'a str, schema: &'a Node) {
        let reference = schema.get("$ref").and_then(Node::as_str);
        let name = reference
            .and_then(|reference| reference.rsplit('/').next())
            .unwrap_or(name);
        let Some(schema) = self.source.resolve(schema) else {
            return;
        };
        if self.seen.contains(&std::ptr::from_ref(schema)) {
            return;
        }
        self.seen.push(schema);
        self.constraints(name, schema);
        for (key, property) in schema
            .get("properties")
            .map(Node::entries)
            .unwrap_or_default()
        {
            self.visit(&key.name, property);
        }
        let inner = ["items", "additionalProperties"];
        for inner in inner.iter().filter_map(|key| schema.get(key)) {
            self.visit(name, inner);
        }
        for part in schema.parts() {
            self.visit(name, part);
        }
    }

    /// What the generated type refuses, where the vendor has the last word.
    fn constraints(&mut self, name: &str, schema: &Node) {
        let keys: Vec<&Key> = schema
            .entries()
            .iter()
            .filter(|(key, value)| is_constraint(schema, &key.name, value))
            .map(|(key, _)| key)
            .collect();
        let Some(first) = keys.first() else { return };
        let names: Vec<String> = keys.iter().map(|key| format!("`{}`", key.name)).collect();
        let what = match name {
            "the body" => name.to_owned(),
            name => format!("`{name}`"),
        };
        let message = format!(
            "{what} has {} and stands in an answer: one that breaks it cannot be read at all",
            names.join(", ")
        );
        let help = match first.name.as_str() {
            "enum" => {
                "write `x-extensible-enum` in place of `enum`, with a schema of its own for requests"
            }
            "additionalProperties" => {
                "leave `additionalProperties: false` out of what answers hold"
            }
            _ => "leave it out of what answers hold, with a schema of its own for requests",
        };
        let help = format!(
            "{help}; `x-lint-allow` at the top of the document sets it aside for all of it"
        );
        let found = self
            .source
            .error(Rule::AnswerConstraint, &first.place, message);
        self.found.push(found.help(help));
    }
}

fn is_constraint(schema: &Node, key: &str, value: &Node) -> bool {
    match key {
        "enum" | "pattern" | "minLength" | "maxLength" => true,
        // Other numbers are read whatever their limits.
        "minimum" | "maximum" => schema.get("type").and_then(Node::as_str) == Some("integer"),
        "additionalProperties" => {
            matches!(
                value.content,
                Content::Scalar(serde_json::Value::Bool(false))
            )
        }
        _ => false,
    }
}

/// The lists at the top of an answer that need not be there.
fn optional_lists(source: &Source, schema: &Node) -> Vec<Diagnostic> {
    let flat = source.flatten(schema);
    let required = flat.iter().filter_map(|schema| schema.get("required"));
    let required: Vec<&str> = required
        .flat_map(Node::items)
        .filter_map(Node::as_str)
        .collect();
    let properties = flat.iter().filter_map(|schema| schema.get("properties"));
    properties
        .flat_map(Node::entries)
        .filter(|(key, node)| !required.contains(&key.name.as_str()) && is_list(source, node))
        .map(|(key, _)| {
            let name = &key.name;
            let message = format!("the list `{name}` may be missing, and would be read as empty");
            source
                .error(Rule::ListNotRequired, &key.place, message)
                .help(format!("add `{name}` to `required` where the vendor always sends it: an answer without it can then not be read; where it may be missing, say in an `x-lint-allow` of the list who tells missing from empty"))
        })
        .collect()
}

fn is_list(source: &Source, schema: &Node) -> bool {
    let flat = source.flatten(schema);
    flat.iter()
        .any(|schema| schema.get("type").and_then(Node::as_str) == Some("array"))
}
