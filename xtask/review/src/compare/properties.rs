//! The properties of an object: which there are, and which have to be there.

use super::super::finding::{Direction, Site, Touch, Wire};
use super::{At, Walk, keys, same, shown, texts};
use spec::Node;

pub(super) fn compare(walk: &mut Walk<'_, '_>, old: &Node, new: &Node, at: &At) {
    additional(walk, old, new, at);
    let nothing = Node {
        content: spec::Content::Mapping(Vec::new()),
        place: spec::Place::default(),
    };
    let before = old.get("properties").unwrap_or(&nothing);
    let after = new.get("properties").unwrap_or(&nothing);
    let (was, is) = (texts(old.get("required")), texts(new.get("required")));
    let required = |names: &[String], name: &str| names.iter().any(|one| one == name);
    let mut renamed = Vec::new();
    for (old_name, new_name) in respelt(before, after) {
        respell(walk, old_name, new_name, at);
        renamed.extend([old_name, new_name]);
        if let (Some(old), Some(new)) = (before.get(old_name), after.get(new_name)) {
            let at = within(new_name, at);
            need(walk, required(&was, old_name), required(&is, new_name), &at);
            walk.schema(old, new, &at);
        }
    }
    for name in keys(before, after) {
        if renamed.contains(&name) {
            continue;
        }
        let at = within(name, at);
        match (before.get(name), after.get(name)) {
            (Some(old), Some(new)) => {
                need(walk, required(&was, name), required(&is, name), &at);
                walk.schema(old, new, &at);
            }
            (None, Some(_)) => added(walk, required(&is, name), &at),
            (Some(_), None) => removed(walk, &at),
            (None, None) => {}
        }
    }
}

fn within(name: &str, at: &At) -> At {
    let inner = at.inside("property {}", &[name]);
    match &at.site {
        Site::Component("schema", schema) if !matches!(at.touch, Some(Touch::Property(..))) => {
            inner.touching(Touch::Property(schema.clone(), name.to_owned()))
        }
        _ => inner,
    }
}

fn added(walk: &mut Walk<'_, '_>, is_required: bool, at: &At) {
    let (says, wire) = match (is_required, at.direction) {
        (false, _) => ("is new and optional", Wire::SAME),
        (true, Direction::Sent) => ("is new and required", Wire::REQUESTS),
        (true, Direction::Read) => ("is new and required", Wire::ANSWERS),
    };
    let finding = walk.finding(at, says, &[]).wire(wire);
    walk.add(finding);
}

/// What is no longer read is missed by callers alone; what is no longer sent, by the vendor too.
fn removed(walk: &mut Walk<'_, '_>, at: &At) {
    let wire = match at.direction {
        Direction::Sent => Wire::REQUESTS,
        Direction::Read => Wire::SAME,
    };
    let finding = walk.finding(at, "was removed", &[]).wire(wire);
    walk.add(finding);
}

fn need(walk: &mut Walk<'_, '_>, was: bool, is: bool, at: &At) {
    let finding = match (was, is) {
        (false, true) => walk
            .finding(at, "was optional and is required", &[])
            .wire(Wire::of(at.direction)),
        (true, false) => walk.finding(at, "was required and is optional", &[]),
        _ => return,
    };
    walk.add(finding);
}

/// Names that differ in case and punctuation alone: one field in Rust, and another on the wire.
fn respelt<'a>(before: &'a Node, after: &'a Node) -> Vec<(&'a str, &'a str)> {
    let bare = |name: &str| -> String {
        name.chars()
            .filter(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_lowercase()
    };
    let gone = keys(before, before)
        .into_iter()
        .filter(|name| after.get(name).is_none());
    gone.filter_map(|old| {
        let new = keys(after, after)
            .into_iter()
            .find(|new| before.get(new).is_none() && bare(new) == bare(old))?;
        Some((old, new))
    })
    .collect()
}

fn respell(walk: &mut Walk<'_, '_>, old: &str, new: &str, at: &At) {
    let at = within(new, at);
    let mut finding = walk
        .finding(&at, "renamed: the property was {} and is {}", &[old, new])
        .wire(Wire::of(at.direction));
    finding.place = super::Words::default();
    walk.add(finding);
}

fn additional(walk: &mut Walk<'_, '_>, old: &Node, new: &Node, at: &At) {
    let key = "additionalProperties";
    let (before, after) = (old.get(key), new.get(key));
    if let (Some(before), Some(after)) = (before, after)
        && !before.entries().is_empty()
        && !after.entries().is_empty()
    {
        let at = at.inside("each further property", &[]);
        return walk.schema(before, after, &at);
    }
    if same(before, after) {
        return;
    }
    // Any property is right where nothing stands.
    let is_closed = after.is_some_and(|node| node.to_json() != serde_json::Value::Bool(true));
    let wire = if is_closed {
        Wire::of(at.direction)
    } else {
        Wire::SAME
    };
    let finding = walk
        .finding(
            at,
            "{} was {} and is {}",
            &[key, &shown(before), &shown(after)],
        )
        .wire(wire);
    walk.add(finding);
}
