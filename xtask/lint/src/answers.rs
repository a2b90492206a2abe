//! What would make an answer unreadable, or read it as less than it says.

use spec::Diagnostic;
use spec::Rule;
use spec::{Key, Node, Source};

pub(super) fn check(source: &Source) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut schemas = Schemas {
        source,
        seen: Vec::new(),
        found: Vec::new(),
    };
    for operation in source.operations() {
        for (status, response) in operation
            .node
            .get("responses")
            .map(Node::entries)
            .unwrap_or_default()
        {
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
    source
        .resolve(response)
        .and_then(|response| response.get("content"))
        .map(Node::entries)
        .unwrap_or_default()
        .iter()
        .filter_map(|(_, media)| media.get("schema"))
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
        self.closed_enum(name, schema);
        self.closed_object(name, schema);
        for (key, property) in properties(schema) {
            self.visit(&key.name, property);
        }
        for inner in ["items", "additionalProperties", "not"] {
            if let Some(inner) = schema.get(inner) {
                self.visit(name, inner);
            }
        }
        for part in parts(schema) {
            self.visit(name, part);
        }
    }

    fn closed_enum(&mut self, name: &str, schema: &Node) {
        if let Some((key, _)) = schema.entry("enum") {
            let message = format!(
                "{} is a closed list of values, and stands in an answer",
                quoted(name)
            );
            self.found.push(
                self.source
                    .error(Rule::ClosedEnum, &key.place, message)
                    .help("write `x-extensible-enum` in place of `enum`: a value that the vendor adds would make the whole answer unreadable; where requests need the list, give them a schema of their own"),
            );
        }
    }

    fn closed_object(&mut self, name: &str, schema: &Node) {
        let Some((key, value)) = schema.entry("additionalProperties") else {
            return;
        };
        let is_false = matches!(
            value.content,
            spec::Content::Scalar(serde_json::Value::Bool(false))
        );
        if is_false {
            let message = format!(
                "{} takes no new field, and stands in an answer",
                quoted(name)
            );
            self.found.push(
                self.source
                    .error(Rule::ClosedObject, &key.place, message)
                    .help("leave `additionalProperties: false` out: a field that the vendor adds would make the whole answer unreadable"),
            );
        }
    }
}

fn quoted(name: &str) -> String {
    if name == "the body" {
        name.to_owned()
    } else {
        format!("`{name}`")
    }
}

fn properties(schema: &Node) -> &[(Key, Node)] {
    schema
        .get("properties")
        .map(Node::entries)
        .unwrap_or_default()
}

fn parts(schema: &Node) -> impl Iterator<Item = &Node> {
    ["allOf", "oneOf", "anyOf"]
        .into_iter()
        .filter_map(|key| schema.get(key))
        .flat_map(Node::items)
}

/// The lists at the top of an answer that need not be there.
fn optional_lists(source: &Source, schema: &Node) -> Vec<Diagnostic> {
    let flat = flatten(source, schema);
    let is_required = |name: &str| {
        flat.iter()
            .filter_map(|schema| schema.get("required"))
            .flat_map(Node::items)
            .any(|required| required.as_str() == Some(name))
    };
    flat.iter()
        .flat_map(|schema| properties(schema))
        .filter(|(key, property)| !is_required(&key.name) && is_list(source, property))
        .map(|(key, _)| {
            let name = &key.name;
            let message = format!("the list `{name}` may be missing, and would be read as empty");
            source
                .error(Rule::ListNotRequired, &key.place, message)
                .help(format!("add `{name}` to `required`; where somebody else makes a missing list an error, name them in an `x-lint-allow` of the list"))
        })
        .collect()
}

fn is_list(source: &Source, schema: &Node) -> bool {
    flatten(source, schema)
        .iter()
        .any(|schema| schema.get("type").and_then(Node::as_str) == Some("array"))
}

/// A schema and all that it is made of.
fn flatten<'a>(source: &'a Source, schema: &'a Node) -> Vec<&'a Node> {
    let mut next = vec![schema];
    let mut flat: Vec<&Node> = Vec::new();
    while let Some(schema) = next.pop().map(|schema| source.resolve(schema)) {
        if let Some(schema) = schema
            && !flat.iter().any(|&seen| std::ptr::eq(seen, schema))
        {
            flat.push(schema);
            next.extend(parts(schema));
        }
    }
    flat
}
