//! Every `$ref` leads somewhere within its own document.

use spec::{Content, Diagnostic, Node, Rule, Source};

pub(super) fn check(source: &Source) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    visit(source, &source.root, &mut found);
    found.extend(circles(source));
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

/// Schemas that are made of themselves, or that contain each other through `allOf`, which the generator
/// writes out anew each time. One that has itself as a property is fine.
fn circles(source: &Source) -> Vec<Diagnostic> {
    let schemas = source.root.at(["components", "schemas"]);
    let schemas = schemas.map(Node::entries).unwrap_or_default().iter();
    schemas
        .filter_map(|(key, schema)| {
            let name = &key.name;
            let (message, help) = if leads_back(source, schema, made_of) {
                (
                    format!("the schema `{name}` is made of itself"),
                    "take it out of its own `allOf`, `oneOf`, `anyOf` or `not`; a property may hold it",
                )
            } else if leads_back(source, schema, written_out) {
                (
                    format!("the schema `{name}` contains itself through `allOf`: the generator would write it out without end"),
                    "refer to it by a `$ref` alone, without an `allOf` around it",
                )
            } else {
                return None;
            };
            Some(source.error(Rule::SchemaCircle, &key.place, message).help(help))
        })
        .collect()
}

/// Whether the steps from a schema lead to it again.
fn leads_back<'a>(
    source: &'a Source,
    schema: &'a Node,
    steps: fn(&'a Source, &'a Node) -> Vec<&'a Node>,
) -> bool {
    let mut seen: Vec<&Node> = Vec::new();
    let mut next = steps(source, schema);
    while let Some(node) = next.pop() {
        if std::ptr::eq(node, schema) {
            return true;
        }
        if !seen.iter().any(|&seen| std::ptr::eq(seen, node)) {
            seen.push(node);
            next.extend(steps(source, node));
        }
    }
    false
}

/// What a schema is made of, without what it only holds.
fn made_of<'a>(source: &'a Source, schema: &'a Node) -> Vec<&'a Node> {
    let parts = schema.parts().chain(schema.get("not"));
    parts.filter_map(|part| source.resolve(part)).collect()
}

/// What may stand beside the parts of a schema without the generator merging them into one.
const BESIDE: [&str; 12] = [
    "additionalProperties",
    "default",
    "deprecated",
    "description",
    "discriminator",
    "example",
    "externalDocs",
    "nullable",
    "readOnly",
    "title",
    "type",
    "writeOnly",
];

/// The schemas that are written out wherever this one is: those that are merged with something, anywhere
/// within it.
fn written_out<'a>(source: &'a Source, schema: &'a Node) -> Vec<&'a Node> {
    let mut found = Vec::new();
    let mut next = vec![schema];
    while let Some(node) = next.pop() {
        let keys = node.entries().iter().map(|(key, _)| key.name.as_str());
        let mut others = keys.filter(|key| !BESIDE.contains(key) && !key.starts_with("x-"));
        let lists = ["allOf", "oneOf", "anyOf"];
        let is_alone = others.by_ref().all(|key| lists.contains(&key));
        let held = lists.map(|key| node.get(key).map(Node::items).unwrap_or_default().len());
        let is_merged = !is_alone || held[0] > 1 || held.iter().filter(|n| **n > 0).count() > 1;
        let merged = node
            .parts()
            .filter(|part| is_merged && part.get("$ref").is_some());
        found.extend(merged.filter_map(|part| source.resolve(part)));
        let properties = node
            .get("properties")
            .map(Node::entries)
            .unwrap_or_default();
        next.extend(properties.iter().map(|(_, property)| property));
        let inner = ["items", "additionalProperties", "not"];
        next.extend(inner.iter().filter_map(|key| node.get(key)));
        next.extend(node.parts());
    }
    found
}
