//! Every `$ref` leads somewhere within its own document.

use super::walk::{Kind, walk};
use spec::Diagnostic;
use spec::Rule;
use spec::{Content, Node, Source};

pub(super) fn check(source: &Source) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    visit(source, &source.root, &mut found);
    found.extend(circles(source));
    found.extend(siblings(source));
    for (path, item) in source
        .root
        .get("paths")
        .map(Node::entries)
        .unwrap_or_default()
    {
        if item.get("$ref").is_some() {
            let message = format!("the path item of `{}` stands elsewhere", path.name);
            found.push(
                source
                    .error(Rule::ReferenceUnresolved, &item.place, message)
                    .help("write the operations of the path here; the generator does not follow this reference"),
            );
        }
    }
    found
}

/// OpenAPI 3.0 reads nothing beside a `$ref`: a pattern that stands there does not hold.
fn siblings(source: &Source) -> Vec<Diagnostic> {
    walk(source)
        .objects
        .into_iter()
        .filter(|object| object.kind != Kind::PathItem && is_reference(object.node))
        .flat_map(|object| object.node.entries())
        .filter(|(key, _)| key.name != "$ref")
        .map(|(key, _)| {
            let message = format!("`{}` stands beside a `$ref`, and is not read", key.name);
            source
                .error(Rule::ReferenceSibling, &key.place, message)
                .help("put it into what is referred to, or write `allOf: [{$ref: ..}]` beside it")
        })
        .collect()
}

fn is_reference(node: &Node) -> bool {
    node.get("$ref").is_some_and(|node| node.as_str().is_some())
}

fn visit(source: &Source, node: &Node, found: &mut Vec<Diagnostic>) {
    match &node.content {
        Content::Scalar(_) => {}
        Content::Sequence(items) => items.iter().for_each(|item| visit(source, item, found)),
        Content::Mapping(entries) => {
            if let Some(reference) = node.get("$ref") {
                found.extend(reference_trouble(source, node, reference));
            }
            for (key, value) in entries {
                // An example is the vendor's data; a "$ref" in it would be data too.
                if !matches!(key.name.as_str(), "example" | "examples") {
                    visit(source, value, found);
                }
            }
        }
    }
}

fn reference_trouble(source: &Source, node: &Node, reference: &Node) -> Option<Diagnostic> {
    let Some(target) = reference.as_str() else {
        // A schema may have a property of this name; its value is then no string.
        return None;
    };
    if !target.starts_with("#/components/") {
        let message = format!("`{target}` does not stand under this document's components");
        return Some(
            source
                .error(Rule::ReferenceUnresolved, &reference.place, message)
                .help("refer to `#/components/...` of the same file; the generator follows nothing else"),
        );
    }
    if source.resolve(node).is_none() {
        let message = format!("`{target}` leads nowhere, or in a circle");
        return Some(
            source
                .error(Rule::ReferenceUnresolved, &reference.place, message)
                .help("check the spelling, or add what it refers to under `components`"),
        );
    }
    None
}

/// Schemas that are made of themselves. One that has itself as a property is fine.
fn circles(source: &Source) -> Vec<Diagnostic> {
    let schemas = source
        .root
        .at(["components", "schemas"])
        .map(Node::entries)
        .unwrap_or_default();
    let is_circle = |schema: &Node| {
        let mut seen = Vec::new();
        let mut next = parts(source, schema);
        while let Some(part) = next.pop() {
            if std::ptr::eq(part, schema) {
                return true;
            }
            if !seen.iter().any(|&seen| std::ptr::eq(seen, part)) {
                seen.push(part);
                next.extend(parts(source, part));
            }
        }
        false
    };
    schemas
        .iter()
        .filter(|(_, schema)| is_circle(schema))
        .map(|(key, _)| {
            source
                .error(Rule::SchemaCircle, &key.place, format!("the schema `{}` is made of itself", key.name))
                .help("take it out of its own `allOf`, `oneOf`, `anyOf` or `not`; a property may hold it")
        })
        .collect()
}

/// What a schema is made of, without what it only holds.
fn parts<'a>(source: &'a Source, schema: &'a Node) -> Vec<&'a Node> {
    let lists = ["allOf", "oneOf", "anyOf"]
        .into_iter()
        .filter_map(|key| schema.get(key))
        .flat_map(Node::items);
    lists
        .chain(schema.get("not"))
        .filter_map(|part| source.resolve(part))
        .collect()
}
