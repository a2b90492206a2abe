//! The body of a request, and the answers by their status.

use spec::Node;

use super::walk::{At, Walk, keys, same};
use crate::finding::{Direction, Wire};

pub(super) fn request<'a>(walk: &mut Walk<'_, 'a>, old: &'a Node, new: &'a Node, at: &At) {
    let at = at.inside("request body", &[]);
    let (old, new) = match (old.get("requestBody"), new.get("requestBody")) {
        (Some(old), Some(new)) => (old, new),
        (None, None) => return,
        (before, _) => {
            let says = if before.is_some() {
                "was removed"
            } else {
                "is new"
            };
            let finding = walk.finding(&at, says, &[]).wire(Wire::REQUESTS);
            walk.add(finding);
            return;
        }
    };
    let at = walk.shared(old, new, &at).unwrap_or(at);
    let (Some(old), Some(new)) = (walk.old.resolve(old), walk.new.resolve(new)) else {
        return;
    };
    let required = |body: &Node| body.get("required").is_some_and(Node::is_true);
    if !required(old) && required(new) {
        let finding = walk
            .finding(&at, "was optional and is required", &[])
            .wire(Wire::REQUESTS);
        walk.add(finding);
    } else if required(old) && !required(new) {
        let finding = walk.finding(&at, "was required and is optional", &[]);
        walk.add(finding);
    }
    content(walk, old, new, &at);
    walk.others(old, new, &["content", "required"], &at);
}

pub(super) fn answers<'a>(walk: &mut Walk<'_, 'a>, old: &'a Node, new: &'a Node, number: usize) {
    let (Some(before), Some(after)) = (old.get("responses"), new.get("responses")) else {
        return;
    };
    let every = At::operation(number, Direction::Read);
    for status in keys(before, after) {
        if status.starts_with("x-") {
            continue;
        }
        let at = every.inside("answer {}", &[status]);
        match (before.get(status), after.get(status)) {
            (Some(old), Some(new)) => answer(walk, old, new, &at),
            (None, Some(_)) => {
                let finding = walk.finding(&every, "the answer {} is new", &[status]);
                walk.add(finding);
            }
            (Some(_), None) => removed(walk, after, status, &every),
            (None, None) => {}
        }
    }
}

/// An answer that nobody describes any more is none that is understood, unless a range has it.
fn removed(walk: &mut Walk<'_, '_>, after: &Node, status: &str, every: &At) {
    let range = format!("{}XX", status.get(..1).unwrap_or_default());
    let heir = [range.as_str(), "default"]
        .into_iter()
        .find(|heir| *heir != status && after.get(heir).is_some());
    let finding = match heir {
        Some(heir) => walk.finding(
            every,
            "the answer {} was removed; {} stands for it",
            &[status, heir],
        ),
        None => walk
            .finding(
                every,
                "the answer {} was removed: one that comes is unexpected",
                &[status],
            )
            .wire(Wire::ANSWERS),
    };
    walk.add(finding);
}

fn answer<'a>(walk: &mut Walk<'_, 'a>, old: &'a Node, new: &'a Node, at: &At) {
    let at = &walk.shared(old, new, at).unwrap_or_else(|| at.clone());
    let (Some(old), Some(new)) = (walk.old.resolve(old), walk.new.resolve(new)) else {
        return;
    };
    content(walk, old, new, at);
    // Generated code reads no headers; the transport knows the few that it obeys.
    walk.others(old, new, &["content"], at);
}

fn content<'a>(walk: &mut Walk<'_, 'a>, old: &'a Node, new: &'a Node, at: &At) {
    let (before, after) = (old.get("content"), new.get("content"));
    let is_request = at.direction == Direction::Sent;
    let (Some((old_type, old)), Some((new_type, new))) =
        (body(before, is_request), body(after, is_request))
    else {
        return gone_or_new(
            walk,
            body(before, is_request).is_some(),
            body(after, is_request).is_some(),
            at,
        );
    };
    if old_type != new_type {
        let finding = walk
            .finding(at, "the media type was {} and is {}", &[old_type, new_type])
            .wire(if is_request {
                Wire::REQUESTS
            } else {
                Wire::SAME
            });
        walk.add(finding);
    }
    match (old.get("schema"), new.get("schema")) {
        (Some(old), Some(new)) => walk.schema(old, new, at),
        (before, after) if !same(before, after) => {
            let finding = walk
                .finding(at, "the schema appeared or went", &[])
                .wire(Wire::of(at.direction));
            walk.add(finding);
        }
        _ => {}
    }
    walk.others(old, new, &["schema"], at);
    if let (Some(before), Some(after)) = (before, after) {
        // The media types that the generated code does not look at.
        walk.others(before, after, &[old_type, new_type], at);
    }
}

fn gone_or_new(walk: &mut Walk<'_, '_>, before: bool, after: bool, at: &At) {
    let (says, wire) = match (before, after) {
        (true, false) => ("the body was removed", Wire::SAME),
        (false, true) => (
            "a body is expected: an answer without it is not understood",
            Wire::ANSWERS,
        ),
        _ => return,
    };
    let wire = if at.direction == Direction::Sent {
        Wire::REQUESTS
    } else {
        wire
    };
    let finding = walk.finding(at, says, &[]).wire(wire);
    walk.add(finding);
}

/// The body that the generated code takes: the one of a request, and the JSON of an answer.
fn body(content: Option<&Node>, is_request: bool) -> Option<(&str, &Node)> {
    let entries = content?.entries();
    let json = entries.iter().find(|(key, _)| {
        !is_request
            && key
                .name
                .split(';')
                .next()
                .is_some_and(|name| name.trim() == "application/json")
    });
    json.or(entries.first())
        .map(|(key, node)| (key.name.as_str(), node))
}
