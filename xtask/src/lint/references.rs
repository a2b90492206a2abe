//! Every `$ref` leads somewhere within its own document.

use crate::diagnostic::{Diagnostic, Rule};
use crate::spec::{Content, Node, Source};

pub(super) fn check(source: &Source) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    visit(source, &source.root, &mut found);
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
        let message = format!("`{target}` leads nowhere");
        return Some(
            source
                .error(Rule::ReferenceUnresolved, &reference.place, message)
                .help("check the spelling, or add what it refers to under `components`"),
        );
    }
    None
}
