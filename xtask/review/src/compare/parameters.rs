//! The parameters of an operation: those of its path item, and its own.

use spec::accepts::Accepts;
use spec::{Node, OperationNode, Source, segment};

use super::walk::{At, Walk, same, text};
use crate::finding::{Finding, Wire};
use crate::words::{Words, say};

/// One parameter, and the component that it stands in.
#[derive(Clone, Copy)]
struct Parameter<'a> {
    /// As it is listed; maybe a reference.
    listed: &'a Node,
    node: &'a Node,
}

impl<'a> Parameter<'a> {
    fn place(self) -> &'a str {
        text(self.node, "in")
    }

    fn name(self) -> &'a str {
        text(self.node, "name")
    }

    fn is_required(self) -> bool {
        self.place() == "path" || self.node.get("required").is_some_and(Node::is_true)
    }

    fn is_same_as(self, other: Self) -> bool {
        self.place() == other.place()
            && match self.place() {
                "header" => self.name().eq_ignore_ascii_case(other.name()),
                _ => self.name() == other.name(),
            }
    }
}

/// All parameters; an operation's own stand for those of its path item.
fn list<'a>(source: &'a Source, operation: OperationNode<'a>) -> Vec<Parameter<'a>> {
    let mut found: Vec<Parameter<'a>> = Vec::new();
    for owner in [operation.item, operation.node] {
        for listed in owner.get("parameters").map(Node::items).unwrap_or_default() {
            let Some(node) = source.resolve(listed) else {
                continue;
            };
            let parameter = Parameter { listed, node };
            found.retain(|known| !known.is_same_as(parameter));
            found.push(parameter);
        }
    }
    found
}

pub(super) fn compare<'a>(
    walk: &mut Walk<'_, 'a>,
    old: OperationNode<'a>,
    new: OperationNode<'a>,
    at: &At,
) {
    let mut before = list(walk.old, old);
    let mut after = list(walk.new, new);
    let mut both = Vec::new();
    after.retain(|new| {
        let found = before.iter().position(|old| old.is_same_as(*new));
        if let Some(index) = found {
            both.push((before.remove(index), *new));
        }
        found.is_none()
    });
    for (old, new) in renamed(&mut before, &mut after, (&old.path.name, &new.path.name)) {
        rename(walk, old, new, at);
        both.push((old, new));
    }
    for (old, new) in both {
        one(walk, old, new, at);
    }
    for parameter in before {
        let finding = about(walk, parameter, at, "was removed").wire(Wire::REQUESTS);
        walk.add(finding);
    }
    for parameter in after {
        new_one(walk, parameter, at);
    }
}

/// Those of an operation that is new itself: only what is a matter of security is said.
pub(super) fn added(walk: &mut Walk<'_, '_>, operation: OperationNode<'_>, at: &At) {
    for parameter in list(walk.new, operation) {
        unsafe_path(walk, parameter, at);
    }
}

fn about(walk: &Walk<'_, '_>, parameter: Parameter<'_>, at: &At, says: &str) -> Finding {
    let at = within(parameter, at);
    let mut finding = walk.finding(
        &at,
        &format!("the {} parameter {{}} {says}", parameter.place()),
        &[parameter.name()],
    );
    finding.place = Words::default();
    finding
}

/// The place of a parameter in its operation.
fn within(parameter: Parameter<'_>, at: &At) -> At {
    let mut at = at.inside(
        &format!("{} parameter {{}}", parameter.place()),
        &[parameter.name()],
    );
    at.is_parameter = true;
    at
}

fn new_one(walk: &mut Walk<'_, '_>, parameter: Parameter<'_>, at: &At) {
    let finding = if parameter.is_required() {
        about(walk, parameter, at, "is new and required").wire(Wire::REQUESTS)
    } else {
        about(walk, parameter, at, "is new and optional")
    };
    walk.add(finding);
    unsafe_path(walk, parameter, at);
}

/// A value that leaves its segment of the path makes another request of this one.
fn unsafe_path(walk: &mut Walk<'_, '_>, parameter: Parameter<'_>, at: &At) {
    let (source, node) = (walk.new, parameter.node);
    let Some(schema) = node.get("schema").filter(|_| parameter.place() == "path") else {
        return;
    };
    let tried = Accepts::new(source, schema, 0)
        .and_then(|accepts| segment::in_time(accepts, segment::known(source, node, schema)));
    let accepted = tried.map(|tried| tried.leaving).unwrap_or_default();
    if !accepted.is_empty() {
        let mut finding = walk.finding(&within(parameter, at), "", &[]).security();
        finding.says =
            say("lets values through that change the path: ", &[]).then(&Words::list(&accepted));
        walk.add(finding);
    }
}

/// Tries on both sides what must not stand in a path; where nothing shows, says that it proves nothing.
fn path_security(walk: &mut Walk<'_, '_>, old: &Node, new: &Node, at: &At) {
    let (Some(old_schema), Some(new_schema)) = (old.get("schema"), new.get("schema")) else {
        return;
    };
    let [before, after] = [(walk.old, old_schema), (walk.new, new_schema)]
        .map(|(source, schema)| Accepts::new(source, schema, 0));
    let (Some(before), Some(after)) = (before, after) else {
        return;
    };
    let mut known = segment::known(walk.old, old, old_schema);
    known.extend(segment::known(walk.new, new, new_schema));
    let let_through = segment::let_through(&before, &after, &known);
    let mut finding = walk.finding(at, "", &[]).security();
    finding.says = if !let_through.is_empty() {
        let shown: Vec<String> = let_through
            .iter()
            .take(6)
            .map(|value| readable(value))
            .collect();
        say(
            "loosened: lets values through that it refused and that can change the path, such as ",
            &[],
        )
        .then(&Words::list(&shown))
    } else if before.asks().0 != after.asks().0 && !after.is_safe_by_type() {
        say(
            "the pattern changed: none of the dangerous values that were tried gets through, but it cannot be shown to be as strict",
            &[],
        )
    } else {
        // The same pattern refuses the same; a length alone lets nothing out of its segment.
        return;
    };
    walk.add(finding);
}

fn readable(value: &str) -> String {
    match value {
        "" => "\"\"".to_owned(),
        value => value.escape_debug().to_string().replace("\\\\", "\\"),
    }
}

/// What is gone and what is new in the same place, where there is but one of each, or the same
/// segment of the path.
fn renamed<'a>(
    before: &mut Vec<Parameter<'a>>,
    after: &mut Vec<Parameter<'a>>,
    paths: (&str, &str),
) -> Vec<(Parameter<'a>, Parameter<'a>)> {
    let mut pairs = Vec::new();
    for (old, new) in paths.0.split('/').zip(paths.1.split('/')) {
        let is_at = |segment: &str, parameter: &Parameter<'_>| {
            parameter.place() == "path" && segment == format!("{{{}}}", parameter.name())
        };
        let found = (
            before.iter().position(|parameter| is_at(old, parameter)),
            after.iter().position(|parameter| is_at(new, parameter)),
        );
        if let (Some(old), Some(new)) = found {
            pairs.push((before.remove(old), after.remove(new)));
        }
    }
    for place in ["query", "header"] {
        let only = |list: &[Parameter<'_>]| {
            let mut found = list
                .iter()
                .enumerate()
                .filter(|(_, one)| one.place() == place);
            match (found.next(), found.next()) {
                (Some((index, _)), None) => Some(index),
                _ => None,
            }
        };
        if let (Some(old), Some(new)) = (only(before), only(after))
            && let (Some(one), Some(other)) = (before.get(old), after.get(new))
            && same(one.node.get("schema"), other.node.get("schema"))
        {
            pairs.push((before.remove(old), after.remove(new)));
        }
    }
    pairs
}

fn rename(walk: &mut Walk<'_, '_>, old: Parameter<'_>, new: Parameter<'_>, at: &At) {
    // The name of a part of the path is nowhere on the wire.
    let wire = if new.place() == "path" {
        Wire::SAME
    } else {
        Wire::REQUESTS
    };
    let at = within(new, at);
    let mut finding = walk
        .finding(
            &at,
            &format!(
                "renamed: the {} parameter was {{}} and is {{}}",
                new.place()
            ),
            &[old.name(), new.name()],
        )
        .wire(wire);
    finding.place = Words::default();
    walk.add(finding);
}

fn one<'a>(walk: &mut Walk<'_, 'a>, old: Parameter<'a>, new: Parameter<'a>, at: &At) {
    let mut at = within(new, at);
    if let Some(shared) = walk.shared(old.listed, new.listed, &at) {
        at = shared;
    }
    let finding = match (old.is_required(), new.is_required()) {
        (false, true) => Some(
            walk.finding(&at, "was optional and is required", &[])
                .wire(Wire::REQUESTS),
        ),
        (true, false) => Some(walk.finding(&at, "was required and is optional", &[])),
        _ => None,
    };
    finding.into_iter().for_each(|finding| walk.add(finding));
    if let (Some(old_schema), Some(new_schema)) = (old.node.get("schema"), new.node.get("schema")) {
        if new.place() == "path" {
            path_security(walk, old.node, new.node, &at);
        }
        walk.schema(old_schema, new_schema, &at);
    }
    walk.others(
        old.node,
        new.node,
        &["name", "in", "required", "schema"],
        &at,
    );
}
