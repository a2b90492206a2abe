//! Every component is used: one that is not may be a misspelt reference.

use std::collections::HashSet;

use spec::Diagnostic;
use spec::Rule;
use spec::{Key, Node, Source};

pub(super) fn check(source: &Source) -> Vec<Diagnostic> {
    let Some(components) = source.root.get("components") else {
        return Vec::new();
    };
    let used = used(source);
    let mut found = Vec::new();
    for (kind, members) in components.entries() {
        if kind.name.starts_with("x-") {
            continue;
        }
        for (key, _) in members.entries() {
            if !used.contains(&format!("#/components/{}/{}", kind.name, key.name)) {
                let message = format!("nothing uses `{}` of `{}`", key.name, kind.name);
                found.push(
                    source
                        .error(Rule::ComponentUnused, &key.place, message)
                        .help("refer to it where it is meant, or take it away"),
                );
            }
        }
    }
    found
}

/// What the document leads to from outside its components, as references.
fn used(source: &Source) -> HashSet<String> {
    let mut used = HashSet::new();
    let mut next = Vec::new();
    for entry in source.root.entries() {
        if entry.0.name != "components" {
            entry_references(entry, &mut next);
        }
    }
    while let Some(reference) = next.pop() {
        if used.insert(reference.clone())
            && let Some(node) = source.at_pointer(reference.trim_start_matches('#'))
        {
            references(node, &mut next);
        }
    }
    used
}

fn references(node: &Node, found: &mut Vec<String>) {
    node.items().iter().for_each(|item| references(item, found));
    node.entries()
        .iter()
        .for_each(|entry| entry_references(entry, found));
}

/// The references in an entry, also those that are written as bare names.
fn entry_references((key, value): &(Key, Node), found: &mut Vec<String>) {
    match key.name.as_str() {
        "$ref" => found.extend(value.as_str().map(decoded)),
        "security" => {
            let schemes = value.items().iter().flat_map(Node::entries);
            found.extend(
                schemes.map(|(key, _)| format!("#/components/securitySchemes/{}", key.name)),
            );
        }
        "mapping" => {
            let targets = value
                .entries()
                .iter()
                .filter_map(|(_, target)| target.as_str());
            found.extend(targets.map(|target| match target.contains('/') {
                true => decoded(target),
                false => format!("#/components/schemas/{target}"),
            }));
        }
        _ => {}
    }
    references(value, found);
}

fn decoded(reference: &str) -> String {
    reference.replace("~1", "/").replace("~0", "~")
}
