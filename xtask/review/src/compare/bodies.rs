//! The body of a request, and the answers by their status.

use super::super::finding::{Direction, Wire, say};
use super::operations::part;
use super::{At, Walk, keys, same};
use spec::Node;

pub(super) fn request(walk: &mut Walk<'_, '_>, old: &Node, new: &Node, at: &At) {
    let mut at = at.inside("request body", &[]);
    at.touch = part(&at, "body");
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
    walk.documentation(old, new, &["description"], &at);
    walk.others(old, new, &["content", "required", "description"], &at);
}

pub(super) fn answers(walk: &mut Walk<'_, '_>, old: &Node, new: &Node, number: usize) {
    let (Some(before), Some(after)) = (old.get("responses"), new.get("responses")) else {
        return;
    };
    let mut every = At::operation(number, Direction::Read);
    every.touch = part(&every, "returns");
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

fn answer(walk: &mut Walk<'_, '_>, old: &Node, new: &Node, at: &At) {
    let at = &walk.shared(old, new, at).unwrap_or_else(|| at.clone());
    let (Some(old), Some(new)) = (walk.old.resolve(old), walk.new.resolve(new)) else {
        return;
    };
    content(walk, old, new, at);
    // Generated code reads no headers; the transport knows the few that it obeys.
    walk.documentation(old, new, &["description", "headers", "links"], at);
    walk.others(
        old,
        new,
        &["content", "description", "headers", "links"],
        at,
    );
}

fn content(walk: &mut Walk<'_, '_>, old: &Node, new: &Node, at: &At) {
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
    walk.documentation(old, new, &["example", "examples"], at);
    walk.others(old, new, &["schema", "example", "examples"], at);
    if let (Some(before), Some(after)) = (before, after) {
        others_beside(walk, (before, old_type), (after, new_type), at);
    }
}

/// The media types that the generated code does not look at.
fn others_beside(
    walk: &mut Walk<'_, '_>,
    (before, old_type): (&Node, &str),
    (after, new_type): (&Node, &str),
    at: &At,
) {
    for name in keys(before, after) {
        let (was, is) = (before.get(name), after.get(name));
        let says = match (was, is) {
            // Of what is taken, or was, everything is said already.
            _ if name == old_type || name == new_type => continue,
            (None, Some(_)) => "the media type {} is new",
            (Some(_), None) => "the media type {} was removed",
            _ if same(was, is) => continue,
            _ => "the media type {} changed",
        };
        let mut finding = walk.finding(at, says, &[name]).documentation();
        finding.says = finding.says.then(&say(
            "; nothing is generated of it, {} is taken",
            &[new_type],
        ));
        finding.touches.clear();
        walk.add(finding);
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
