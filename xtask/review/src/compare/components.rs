//! Components: which one became which, which part of a spec they are, and those that nobody uses.

use std::collections::BTreeMap;

use spec::{Content, Node, Source};

use super::walk::{At, Walk, keys};
use crate::finding::Site;
use crate::words::Words;

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
    let gone: Vec<&str> = keys(before, before)
        .into_iter()
        .filter(|name| after.get(name).is_none())
        .collect();
    let added: Vec<&str> = keys(after, after)
        .into_iter()
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
pub(super) fn component(node: &Node) -> Option<(&str, &str)> {
    let reference = node.get("$ref")?.as_str()?;
    reference.strip_prefix("#/components/")?.split_once('/')
}

/// What a component of this kind is called.
pub(super) fn kind(key: &str) -> &'static str {
    match key {
        "schemas" => "schema",
        "parameters" => "parameter",
        "responses" => "answer",
        "requestBodies" => "request body",
        "securitySchemes" => "security scheme",
        _ => "component",
    }
}

impl Walk<'_, '_> {
    /// The component that both nodes refer to, as the place of what is found in it.
    pub(super) fn shared(&mut self, old: &Node, new: &Node, at: &At) -> Option<At> {
        let (before, after) = (component(old), component(new));
        if before.is_none() && after.is_none() {
            return None;
        }
        let (Some((kind, old_name)), Some((new_kind, name))) = (before, after) else {
            let says = if after.is_some() {
                "refers to the component {} now, and said it here"
            } else {
                "says it here now, and referred to the component {}"
            };
            let name = before.or(after).map_or("", |(_, name)| name);
            // Where it makes another type of it, the generated crates tell.
            let finding = self.finding(at, says, &[name]).documentation();
            self.add(finding);
            return None;
        };
        let kind = if kind == new_kind {
            self::kind(kind)
        } else {
            "component"
        };
        let is_renamed = self.schemas.get(old_name).is_some_and(|heir| heir == name);
        if old_name != name && !(kind == "schema" && is_renamed) {
            let finding = self.finding(
                at,
                "refers to {} now, and referred to {}",
                &[name, old_name],
            );
            self.add(finding);
            return None;
        }
        let mut inner = at.clone();
        inner.site = Site::Component(kind, name.to_owned());
        inner.place = Words::default();
        if kind == "schema" && old_name != name {
            let says = "renamed: the schema was {} and is {}";
            let finding = self.finding(&inner, says, &[old_name, name]);
            self.add(finding);
        }
        Some(inner)
    }
}
