//! What is said of an operation itself.

use spec::{Node, OperationNode};

use super::walk::{At, Walk, texts};
use super::{bodies, parameters, security};
use crate::finding::{Direction, Finding, Wire};
use crate::pairs::{Pair, bare_route, names_in, route};
use crate::words::{Words, say};

pub(super) fn compare(walk: &mut Walk<'_, '_>, number: usize) {
    let Some(pair) = walk.operations.get(number).copied() else {
        return;
    };
    let at = At::operation(number, Direction::Sent);
    match (pair.old, pair.new) {
        (Some(old), Some(new)) => {
            identity(walk, pair, old, new, &at);
            parameters::compare(walk, old, new, &at);
            bodies::request(walk, old.node, new.node, &at);
            bodies::answers(walk, old.node, new.node, number);
            security::requirement(walk, old.node, new.node, &at);
            repeats(walk, old, new, &at);
            permission(walk, old.node, new.node, &at);
            walk.others(old.node, new.node, &KNOWN, &at);
        }
        (None, Some(new)) => {
            let finding = new_one(walk, new, &at);
            walk.add(finding);
            parameters::added(walk, new, &at);
        }
        (Some(_), None) => {
            let finding = walk.finding(&at, "the operation was removed", &[]);
            walk.add(finding.wire(Wire {
                requests: true,
                answers: true,
            }));
        }
        (None, None) => {}
    }
}

/// What an operation that is new does, and what it asks for.
fn new_one(walk: &Walk<'_, '_>, new: OperationNode<'_>, at: &At) -> Finding {
    let mut finding = walk.finding(at, "", &[]);
    let repeats = if is_repeated(new) {
        "the operation is new: a {} that is sent again where it was lost; "
    } else {
        "the operation is new: a {} that is not sent again where it was lost; "
    };
    let method = new.method.name.to_uppercase();
    let mut says = say(repeats, &[&method]);
    let permissions = permissions(new.node);
    says = match permissions.as_slice() {
        [] => says.then(&say("it names no permission", &[])),
        names => says
            .then(&say("enough is any one of ", &[]))
            .then(&Words::list(names)),
    };
    let asks = security::asked(walk, new.node);
    finding.says = says.then(&say("; it asks for the credentials {}", &[&asks.in_words]));
    if asks.is_open {
        finding.says = finding.says.then(&say(": for none at all", &[]));
    } else if asks.is_less {
        finding.says = finding
            .says
            .then(&say(": for fewer than the document", &[]));
    }
    finding.security = asks.is_open || asks.is_less;
    finding
}

const KNOWN: [&str; 8] = [
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "security",
    "x-idempotent",
    "x-permission",
    "servers",
];

fn identity(
    walk: &mut Walk<'_, '_>,
    pair: Pair<'_>,
    old: OperationNode<'_>,
    new: OperationNode<'_>,
    at: &At,
) {
    if pair.old_id() != pair.new_id() {
        let says = "renamed: the `operationId` was {} and is {}";
        let finding = walk.finding(at, says, &[pair.old_id(), pair.new_id()]);
        walk.add(finding);
    }
    if bare_route(old) != bare_route(new) {
        let finding = walk.finding(at, "moved: {} is now {}", &[&route(old), &route(new)]);
        walk.add(finding.wire(Wire::REQUESTS));
    } else if change_places(old, new) {
        let says = "the parameters of the path changed places: {} is now {}; a value may be taken for another one";
        let finding = walk.finding(at, says, &[&route(old), &route(new)]);
        walk.add(finding.wire(Wire::REQUESTS).security());
    }
}

/// Whether a parameter of the path stands where another one stood.
fn change_places(old: OperationNode<'_>, new: OperationNode<'_>) -> bool {
    let before = names_in(&old.path.name);
    let after = names_in(&new.path.name);
    let mut places = before.iter().zip(&after);
    places.any(|(was, is)| was != is && before.contains(is))
}

/// Whether a request that was lost is sent again: as the spec says, or else RFC 9110, section 9.2.2.
fn is_repeated(operation: OperationNode<'_>) -> bool {
    let by_method = !matches!(operation.method.name.as_str(), "post" | "patch");
    operation
        .node
        .get("x-idempotent")
        .map_or(by_method, Node::is_true)
}

fn repeats(walk: &mut Walk<'_, '_>, old: OperationNode<'_>, new: OperationNode<'_>, at: &At) {
    let finding = match (is_repeated(old), is_repeated(new)) {
        (false, true) => walk
            .finding(
                at,
                "{}: a request that was lost will now be sent again; is twice the same as once?",
                &["x-idempotent"],
            )
            .security(),
        (true, false) => walk.finding(
            at,
            "{}: a request that was lost is no longer sent again",
            &["x-idempotent"],
        ),
        _ => return,
    };
    walk.add(finding);
}

fn permission(walk: &mut Walk<'_, '_>, old: &Node, new: &Node, at: &At) {
    let key = "x-permission";
    if super::walk::same(old.get(key), new.get(key)) {
        return;
    }
    let names = |node: &Node| {
        let names = permissions(node);
        if names.is_empty() {
            say("none", &[])
        } else {
            Words::list(&names)
        }
    };
    let mut finding = walk.finding(at, "", &[]).security();
    finding.says = say("{}: enough was any one of ", &[key])
        .then(&names(old))
        .then(&say("; now it is any one of ", &[]))
        .then(&names(new));
    walk.add(finding);
}

fn permissions(node: &Node) -> Vec<String> {
    texts(
        node.get("x-permission")
            .and_then(|node| node.get("permissions")),
    )
}
