//! The parameters of an operation: those of its path item, and its own.

use super::super::finding::{Finding, Wire, Words};
use super::operations::part;
use super::{At, Walk, constraints, same, shown, text};
use spec::{Node, OperationNode, Source};

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

pub(super) fn compare(
    walk: &mut Walk<'_, '_>,
    old: OperationNode<'_>,
    new: OperationNode<'_>,
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
    let at = within(parameter, parameter, at);
    let mut finding = walk.finding(
        &at,
        &format!("the {} parameter {{}} {says}", parameter.place()),
        &[parameter.name()],
    );
    finding.place = Words::default();
    finding
}

/// The place of a parameter in its operation.
fn within(old: Parameter<'_>, new: Parameter<'_>, at: &At) -> At {
    let mut at = at.inside(&format!("{} parameter {{}}", new.place()), &[new.name()]);
    at.touch = part(&at, old.name());
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
    if parameter.place() != "path" {
        return;
    }
    let accepted = constraints::Text::of(walk.new, parameter.node.get("schema")).dangers_taken();
    if !accepted.is_empty() {
        let at = within(parameter, parameter, at);
        let mut finding = walk.finding(&at, "", &[]).security();
        finding.says = super::say("lets values through that change the path: ", &[])
            .then(&Words::list(&accepted));
        finding.touches.clear();
        walk.add(finding);
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
    let at = within(old, new, at);
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
    finding.touches.extend(part(&at, new.name()));
    walk.add(finding);
}

fn one(walk: &mut Walk<'_, '_>, old: Parameter<'_>, new: Parameter<'_>, at: &At) {
    let operation = at;
    let mut at = within(old, new, at);
    if let Some(shared) = walk.shared(old.listed, new.listed, &at) {
        at = shared;
        at.touch = part(operation, old.name());
        at.is_parameter = true;
    }
    if old.name() != new.name() && old.is_same_as(new) {
        let says = "{} is written {} now; the names of headers have no case";
        let mut finding = walk.finding(&at, says, &[old.name(), new.name()]);
        finding.touches.clear();
        walk.add(finding);
    }
    match (old.is_required(), new.is_required()) {
        (false, true) => {
            let finding = walk
                .finding(&at, "was optional and is required", &[])
                .wire(Wire::REQUESTS);
            walk.add(finding);
        }
        (true, false) => {
            let finding = walk.finding(&at, "was required and is optional", &[]);
            walk.add(finding);
        }
        _ => {}
    }
    for key in ["style", "explode", "allowReserved", "allowEmptyValue"] {
        let (before, after) = (written(old, key), written(new, key));
        if before != after {
            let mut finding = walk
                .finding(&at, "{} was {} and is {}", &[key, &before, &after])
                .wire(Wire::REQUESTS);
            finding.is_up_to_the_method = true;
            walk.add(finding);
        }
    }
    if let (Some(old_schema), Some(new_schema)) = (old.node.get("schema"), new.node.get("schema")) {
        if new.place() == "path" {
            constraints::path_security(walk, old.node, new.node, &at);
        }
        walk.schema(old_schema, new_schema, &at);
    }
    walk.documentation(
        old.node,
        new.node,
        &["description", "example", "examples", "deprecated"],
        &at,
    );
    let known = [
        "name",
        "in",
        "required",
        "schema",
        "style",
        "explode",
        "allowReserved",
        "allowEmptyValue",
        "description",
        "example",
        "examples",
        "deprecated",
    ];
    walk.others(old.node, new.node, &known, &at);
}

/// How a value is written, with what OpenAPI says where nothing stands.
fn written(parameter: Parameter<'_>, key: &str) -> String {
    let style = parameter
        .node
        .get("style")
        .and_then(Node::as_str)
        .unwrap_or(match parameter.place() {
            "query" | "cookie" => "form",
            _ => "simple",
        });
    match (key, parameter.node.get(key)) {
        ("style", _) => style.to_owned(),
        (_, Some(node)) => shown(Some(node)),
        ("explode", None) => (style == "form").to_string(),
        (_, None) => "false".to_owned(),
    }
}
