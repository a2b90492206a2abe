//! Which schema of one spec became which of the other.

use std::collections::BTreeMap;

use spec::{Content, Node, Source};

/// The schemas that were renamed: from the old name to the new one.
pub(crate) type Renamed = BTreeMap<String, String>;

fn schemas(source: &Source) -> Option<&Node> {
    source.root.at(["components", "schemas"])
}

/// A schema that is gone and one that is new are the same where every reference to the one became
/// one to the other, or where they hold the same and are alone in that.
pub(crate) fn renamed_schemas(old: &Source, new: &Source) -> Renamed {
    let (Some(before), Some(after)) = (schemas(old), schemas(new)) else {
        return Renamed::new();
    };
    let gone: Vec<&str> = names(before)
        .filter(|name| after.get(name).is_none())
        .collect();
    let added: Vec<&str> = names(after)
        .filter(|name| before.get(name).is_none())
        .collect();
    let mut old_references = BTreeMap::new();
    let mut new_references = BTreeMap::new();
    collect(&old.root, String::new(), &mut old_references);
    collect(&new.root, String::new(), &mut new_references);
    let mut renamed = Renamed::new();
    for name in gone {
        let by_reference = heir(&old_references, &new_references, name);
        let same: Vec<&str> = added
            .iter()
            .copied()
            .filter(|heir| content(before, name) == content(after, heir))
            .collect();
        let found = match (by_reference, same.as_slice()) {
            (Some(heir), _) if added.contains(&heir) => Some(heir),
            (None, [heir]) => Some(*heir),
            _ => None,
        };
        if let Some(heir) = found
            && !renamed.values().any(|taken| taken == heir)
        {
            renamed.insert(name.to_owned(), heir.to_owned());
        }
    }
    renamed
}

fn content(schemas: &Node, name: &str) -> Option<String> {
    let own = format!("#/components/schemas/{name}\"");
    schemas
        .get(name)
        .map(|schema| schema.to_json().to_string().replace(&own, "\""))
}

/// Every reference to a schema by the place where it stands.
fn collect<'a>(node: &'a Node, place: String, found: &mut BTreeMap<String, &'a str>) {
    if let Some(name) = component(node).and_then(|(kind, name)| (kind == "schemas").then_some(name))
    {
        found.insert(place, name);
        return;
    }
    match &node.content {
        Content::Scalar(_) => {}
        Content::Sequence(items) => {
            for (n, item) in items.iter().enumerate() {
                collect(item, format!("{place}/{n}"), found);
            }
        }
        Content::Mapping(entries) => {
            for (key, value) in entries {
                collect(value, format!("{place}/{}", key.name), found);
            }
        }
    }
}

/// What every reference to `name` that is still there leads to now.
fn heir<'a>(
    old: &BTreeMap<String, &'a str>,
    new: &BTreeMap<String, &'a str>,
    name: &str,
) -> Option<&'a str> {
    let mut heirs = old
        .iter()
        .filter(|(_, target)| **target == name)
        .filter_map(|(place, _)| new.get(place).copied());
    let first = heirs.next()?;
    heirs.all(|heir| heir == first).then_some(first)
}

/// The kind and name of the component that a node refers to.
pub(crate) fn component(node: &Node) -> Option<(&str, &str)> {
    let reference = node.get("$ref")?.as_str()?;
    reference.strip_prefix("#/components/")?.split_once('/')
}

fn names(mapping: &Node) -> impl Iterator<Item = &str> {
    mapping.entries().iter().map(|(key, _)| key.name.as_str())
}
