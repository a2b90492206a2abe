//! Which operation became which, and what is said of an operation itself.

use super::super::finding::{Direction, Finding, Rust, Touch, Wire, Words, say};
use super::{At, Walk, bodies, parameters, security, texts};
use spec::{Node, OperationNode, Source};

/// An operation before and after; one of the two may be missing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair<'a> {
    pub old: Option<OperationNode<'a>>,
    pub new: Option<OperationNode<'a>>,
}

impl<'a> Pair<'a> {
    /// The operation as it is now, or as it last was.
    pub fn latest(&self) -> Option<OperationNode<'a>> {
        self.new.or(self.old)
    }

    pub fn old_id(&self) -> &'a str {
        self.old
            .and_then(|operation| operation.id())
            .unwrap_or_default()
    }

    pub fn new_id(&self) -> &'a str {
        self.new
            .and_then(|operation| operation.id())
            .unwrap_or_default()
    }

    pub fn id(&self) -> &'a str {
        self.latest()
            .and_then(|operation| operation.id())
            .unwrap_or_default()
    }
}

/// `DELETE /seats/{id}`
pub(crate) fn route(operation: OperationNode<'_>) -> String {
    format!(
        "{} {}",
        operation.method.name.to_uppercase(),
        operation.path.name
    )
}

/// The route without the names of its parameters, which nobody sees on the wire.
fn bare_route(operation: OperationNode<'_>) -> String {
    let mut bare = format!("{}/", operation.method.name);
    let mut rest = operation.path.name.as_str();
    while let Some((before, name)) = rest.split_once('{') {
        bare.push_str(before);
        bare.push_str("{}");
        rest = name.split_once('}').map_or("", |(_, rest)| rest);
    }
    bare + rest
}

/// The names of the parameters in a path, in their order.
fn names_in(path: &str) -> Vec<&str> {
    let parts = path.split('{').skip(1);
    parts
        .filter_map(|part| Some(part.split_once('}')?.0))
        .collect()
}

/// The same id is the same operation, wherever it went; of the rest, the same route is.
pub(super) fn pairs<'a>(old: &'a Source, new: &'a Source) -> Vec<Pair<'a>> {
    let mut before: Vec<OperationNode<'a>> = old.operations();
    let mut pairs: Vec<Pair<'a>> = new
        .operations()
        .into_iter()
        .map(|operation| Pair {
            old: None,
            new: Some(operation),
        })
        .collect();
    let is_same: [fn(OperationNode<'_>, OperationNode<'_>) -> bool; 2] = [
        |a, b| a.id() == b.id(),
        |a, b| bare_route(a) == bare_route(b),
    ];
    for is_same in is_same {
        for pair in &mut pairs {
            let (None, Some(new)) = (pair.old, pair.new) else {
                continue;
            };
            if let Some(at) = before.iter().position(|old| is_same(*old, new)) {
                pair.old = Some(before.remove(at));
            }
        }
    }
    pairs.extend(before.into_iter().map(|operation| Pair {
        old: Some(operation),
        new: None,
    }));
    pairs
}

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
            let words = [
                "summary",
                "description",
                "tags",
                "externalDocs",
                "deprecated",
            ];
            walk.documentation(old.node, new.node, &words, &at);
            walk.others(old.node, new.node, &KNOWN, &at);
            walk.documentation(old.item, new.item, &["summary", "description"], &at);
        }
        (None, Some(new)) => {
            let finding = new_one(walk, new, &at);
            walk.add(finding);
            parameters::added(walk, new, &at);
        }
        (Some(_), None) => {
            let mut finding = walk
                .finding(&at, "the operation was removed", &[])
                .wire(Wire {
                    requests: true,
                    answers: true,
                });
            finding.rust = Rust::Breaks;
            walk.add(finding);
        }
        (None, None) => {}
    }
}

/// What an operation that is new does, and what it asks for.
fn new_one(walk: &Walk<'_, '_>, new: OperationNode<'_>, at: &At) -> Finding {
    let mut finding = walk.finding(at, "", &[]);
    finding.rust = Rust::Adds;
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

const KNOWN: [&str; 13] = [
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "security",
    "x-idempotent",
    "x-permission",
    "summary",
    "description",
    "tags",
    "externalDocs",
    "deprecated",
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
        let mut finding = walk
            .finding(at, "moved: {} is now {}", &[&route(old), &route(new)])
            .wire(Wire::REQUESTS);
        // Arguments may change places; the rest is said of each parameter.
        finding.touches = part(at, "").into_iter().collect();
        walk.add(finding);
    } else if change_places(old, new) {
        let says = "the parameters of the path changed places: {} is now {}; a value may be taken for another one";
        let mut finding = walk
            .finding(at, says, &[&route(old), &route(new)])
            .wire(Wire::REQUESTS)
            .security();
        finding.touches = part(at, "").into_iter().collect();
        walk.add(finding);
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
    let mut finding = match (is_repeated(old), is_repeated(new)) {
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
    finding.touches.clear();
    walk.add(finding);
}

fn permission(walk: &mut Walk<'_, '_>, old: &Node, new: &Node, at: &At) {
    let key = "x-permission";
    if super::same(old.get(key), new.get(key)) {
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
    finding.touches.clear();
    walk.add(finding);
}

fn permissions(node: &Node) -> Vec<String> {
    texts(
        node.get("x-permission")
            .and_then(|node| node.get("permissions")),
    )
}

/// The touch of one argument of an operation, or of what it returns.
pub(super) fn part(at: &At, name: &str) -> Option<Touch> {
    at.operation
        .map(|number| Touch::Part(number, name.to_owned()))
}
