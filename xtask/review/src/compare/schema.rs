//! A schema: its type, its values, what they have to obey, and what an object holds.

use std::cmp::Ordering;

use spec::accepts::{Accepts, NATIVE};
use spec::{Node, Source, segment};

use super::walk::{At, Walk, both_shown, same, shown, text, texts, without};
use crate::finding::{Direction, Wire};
use crate::pairs::bare;
use crate::words::{Words, say};

/// What the rules here look at; the rest is words for people, or shows in the generated crates.
const KNOWN: [&str; 25] = [
    "$ref",
    "type",
    "format",
    "nullable",
    "enum",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "items",
    "properties",
    "required",
    "additionalProperties",
    "allOf",
    "oneOf",
    "anyOf",
    "default",
    "x-rule",
];

impl<'a> Walk<'_, 'a> {
    /// Compares two schemas, or what they refer to.
    pub fn schema(&mut self, old: &'a Node, new: &'a Node, at: &At) {
        let at = &self.shared(old, new, at).unwrap_or_else(|| at.clone());
        let (Some(old), Some(new)) = (self.old.resolve(old), self.new.resolve(new)) else {
            return;
        };
        // A schema may hold itself. The same pair at another place says the same again.
        let address = |node: &Node| std::ptr::from_ref(node).addr();
        let key = (address(old), address(new), at.operation, at.direction);
        if !self.seen.insert(key) {
            return;
        }
        let (before, after) = (Whole::of(self.old, old), Whole::of(self.new, new));
        kind(self, &before, &after, at);
        values(self, &before, &after, at);
        texts_taken(self, old, new, &before, &after, at);
        bounds(self, &before, &after, at);
        properties(self, &before, &after, at);
        match (before.get("items"), after.get("items")) {
            (Some(old), Some(new)) => self.schema(old, new, &at.inside("each item", &[])),
            (None, None) => {}
            _ => {
                let says = "the schema of the items appeared or went";
                let finding = self.finding(at, says, &[]);
                self.add(finding.wire(Wire::of(at.direction)));
            }
        }
        for key in ["oneOf", "anyOf"] {
            forms(self, key, &before, &after, at);
        }
        default(self, &before, &after, at);
        self.others(old, new, &KNOWN, at);
    }
}

/// What a schema amounts to with all parts of its `allOf`.
struct Whole<'a> {
    parts: Vec<&'a Node>,
}

impl<'a> Whole<'a> {
    fn of(source: &'a Source, schema: &'a Node) -> Self {
        let mut parts: Vec<&Node> = Vec::new();
        let mut next = vec![schema];
        while let Some(part) = next.pop() {
            let Some(part) = source.resolve(part) else {
                continue;
            };
            if !parts.iter().any(|&known| std::ptr::eq(known, part)) {
                parts.push(part);
                next.extend(
                    part.get("allOf")
                        .map(Node::items)
                        .unwrap_or_default()
                        .iter()
                        .rev(),
                );
            }
        }
        Self { parts }
    }

    fn get(&self, key: &str) -> Option<&'a Node> {
        self.parts.iter().find_map(|part| part.get(key))
    }

    fn is_true(&self, key: &str) -> bool {
        self.get(key).is_some_and(Node::is_true)
    }

    fn properties(&self) -> Vec<(&'a str, &'a Node)> {
        let all = self.parts.iter().filter_map(|part| part.get("properties"));
        let mut found: Vec<(&str, &Node)> = Vec::new();
        for (key, node) in all.flat_map(Node::entries) {
            if !found.iter().any(|(name, _)| *name == key.name) {
                found.push((&key.name, node));
            }
        }
        found
    }

    fn requires(&self, name: &str) -> bool {
        let lists = self.parts.iter().filter_map(|part| part.get("required"));
        let mut names = lists.flat_map(Node::items);
        names.any(|one| one.as_str() == Some(name))
    }

    /// Whether properties are right that nobody has named.
    fn is_open(&self) -> bool {
        self.get("additionalProperties")
            .is_none_or(|node| !node.is_bool(false))
    }
}

fn was_and_is(
    walk: &mut Walk<'_, '_>,
    key: &str,
    old: &Whole<'_>,
    new: &Whole<'_>,
    at: &At,
    wire: Wire,
) {
    let [before, after] = both_shown(old.get(key), new.get(key));
    let finding = walk.finding(at, "{} was {} and is {}", &[key, &before, &after]);
    walk.add(finding.wire(wire));
}

fn kind(walk: &mut Walk<'_, '_>, old: &Whole<'_>, new: &Whole<'_>, at: &At) {
    let changed = |key: &str| !same(old.get(key), new.get(key));
    if changed("type") {
        was_and_is(walk, "type", old, new, at, Wire::of(at.direction));
    } else if changed("format") {
        let format = new.get("format").and_then(Node::as_str).unwrap_or_default();
        let is_narrower = NATIVE.contains(&format) || format == "int32";
        let wire = Wire::breaks_if(is_narrower, at.direction);
        was_and_is(walk, "format", old, new, at, wire);
    }
    match (old.is_true("nullable"), new.is_true("nullable")) {
        (true, false) => {
            let finding = walk.finding(at, "may no longer be null", &[]);
            walk.add(finding.wire(Wire::of(at.direction)));
        }
        (false, true) => {
            let finding = walk.finding(at, "may be null now", &[]);
            walk.add(finding);
        }
        _ => {}
    }
    if changed("x-rule") {
        was_and_is(walk, "x-rule", old, new, at, Wire::SAME);
    }
}

fn values(walk: &mut Walk<'_, '_>, old: &Whole<'_>, new: &Whole<'_>, at: &At) {
    let (before, after) = (old.get("enum"), new.get("enum"));
    let (was, is) = (texts(before), texts(after));
    let (gone, added) = (without(&was, &is), without(&is, &was));
    let mut tell = |says: &str, names: &[String], breaks: bool| {
        if !names.is_empty() {
            let mut finding = walk.finding(at, "", &[]);
            finding.says = say(says, &[]).then(&Words::list(names));
            walk.add(finding.wire(Wire::breaks_if(breaks, at.direction)));
        }
    };
    match (before, after) {
        (Some(_), Some(_)) => {
            tell("values were removed: ", &gone, true);
            tell("values were added: ", &added, false);
        }
        (None, Some(_)) => tell("only these values are left: ", &is, true),
        (Some(_), None) => tell("any value is taken, where there was a list: ", &was, false),
        (None, None) => {}
    }
}

/// What a text has to be like. Of two patterns nobody can tell in general which is the stricter: so
/// values that could be right are tried.
fn texts_taken<'a>(
    walk: &mut Walk<'_, 'a>,
    old: &'a Node,
    new: &'a Node,
    before: &Whole<'a>,
    after: &Whole<'a>,
    at: &At,
) {
    let changed = ["pattern", "minLength", "maxLength"];
    let changed = changed
        .iter()
        .filter(|key| !same(before.get(key), after.get(key)));
    let changed: Vec<&str> = changed.copied().collect();
    if changed.is_empty() {
        return;
    }
    let takes = (
        Accepts::new(walk.old, old, 0),
        Accepts::new(walk.new, new, 0),
    );
    let refused = match &takes {
        (Some(was), Some(is)) => {
            let known = [(walk.old, old), (walk.new, new)];
            let known = known.map(|(source, schema)| segment::known(source, schema, schema));
            segment::refused(was, is, &known.concat())
        }
        _ => None,
    };
    for key in changed {
        let wire = Wire::breaks_if(refused.is_some(), at.direction);
        was_and_is(walk, key, before, after, at, wire);
    }
    if let Some(value) = refused {
        let finding = walk.finding(at, "{} was taken and is refused now", &[&value]);
        walk.add(finding.wire(Wire::of(at.direction)));
    }
}

/// The limits of numbers and lists: more of these keys takes less, of those more.
fn bounds(walk: &mut Walk<'_, '_>, old: &Whole<'_>, new: &Whole<'_>, at: &At) {
    let lower = [
        "minimum",
        "minItems",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "uniqueItems",
    ];
    let upper = ["maximum", "maxItems"];
    for (key, is_lower) in lower
        .map(|key| (key, true))
        .into_iter()
        .chain(upper.map(|key| (key, false)))
    {
        let (before, after) = (old.get(key), new.get(key));
        if same(before, after) {
            continue;
        }
        let number = |node: Option<&Node>| node.and_then(|node| node.to_json().as_f64());
        let order = match (number(before), number(after)) {
            (Some(before), Some(after)) => before.partial_cmp(&after),
            _ => None,
        };
        let wider = if is_lower {
            Ordering::Greater
        } else {
            Ordering::Less
        };
        let is_tighter = after.is_some_and(|node| !node.is_bool(false)) && order != Some(wider);
        // Answers are read whatever stands there, but for what chooses another type in Rust.
        let breaks = is_tighter && at.direction == Direction::Sent;
        was_and_is(
            walk,
            key,
            old,
            new,
            at,
            Wire::breaks_if(breaks, at.direction),
        );
    }
}

fn properties<'a>(walk: &mut Walk<'_, 'a>, old: &Whole<'a>, new: &Whole<'a>, at: &At) {
    let key = "additionalProperties";
    match (old.get(key), new.get(key)) {
        (Some(old), Some(new)) if !old.entries().is_empty() && !new.entries().is_empty() => {
            walk.schema(old, new, &at.inside("each further property", &[]));
        }
        (before, after) if same(before, after) => {}
        _ => {
            let closes = old.is_open() && !new.is_open();
            let wire = Wire::breaks_if(closes, at.direction);
            was_and_is(walk, key, old, new, at, wire);
        }
    }
    let (before, after) = (old.properties(), new.properties());
    let find = |list: &[(&'a str, &'a Node)], name: &str| {
        list.iter()
            .find(|(known, _)| *known == name)
            .map(|(_, node)| *node)
    };
    let respelt = |name: &str, list: &[(&'a str, &'a Node)], others: &[(&'a str, &'a Node)]| {
        let mut heirs = list.iter().filter(|(heir, _)| find(others, heir).is_none());
        heirs.find(|(heir, _)| bare(heir) == bare(name)).copied()
    };
    for (name, property) in &before {
        let at = &at.inside("property {}", &[name]);
        match find(&after, name) {
            Some(next) => {
                need(walk, (old, new), name, next, at);
                walk.schema(property, next, at);
            }
            // One field in Rust, and another on the wire.
            None if respelt(name, &after, &before).is_some() => {
                let heir = respelt(name, &after, &before).map_or("", |(heir, _)| heir);
                let finding = walk.finding(at, "is written {} now", &[heir]);
                walk.add(finding.wire(Wire::of(at.direction)));
            }
            // What is no longer read is missed by callers alone; what is no longer sent, by the vendor too.
            None => {
                let finding = walk.finding(at, "was removed", &[]);
                walk.add(finding.wire(Wire::breaks_if(
                    at.direction == Direction::Sent,
                    at.direction,
                )));
            }
        }
    }
    let is_new =
        |name: &str| find(&before, name).is_none() && respelt(name, &before, &after).is_none();
    for (name, _) in after.iter().filter(|(name, _)| is_new(name)) {
        let is_required = new.requires(name);
        let says = if is_required {
            "is new and required"
        } else {
            "is new and optional"
        };
        let finding = walk.finding(&at.inside("property {}", &[name]), says, &[]);
        walk.add(finding.wire(Wire::breaks_if(is_required, at.direction)));
    }
}

fn need(
    walk: &mut Walk<'_, '_>,
    (old, new): (&Whole<'_>, &Whole<'_>),
    name: &str,
    node: &Node,
    at: &At,
) {
    let is_list = || {
        let schema = walk.new.resolve(node);
        schema.is_some_and(|schema| text(schema, "type") == "array")
    };
    let finding = match (old.requires(name), new.requires(name)) {
        (false, true) => walk
            .finding(at, "was optional and is required", &[])
            .wire(Wire::of(at.direction)),
        (true, false) if at.direction == Direction::Read && is_list() => walk
            .finding(
                at,
                "was required and is optional: a list that is missing is read as empty",
                &[],
            )
            .wire(Wire::ANSWERS),
        (true, false) => walk.finding(at, "was required and is optional", &[]),
        _ => return,
    };
    walk.add(finding);
}

/// The forms of a `oneOf` or `anyOf`: the same one is found wherever it stands.
fn forms<'a>(walk: &mut Walk<'_, 'a>, key: &str, old: &Whole<'a>, new: &Whole<'a>, at: &At) {
    let list = |whole: &Whole<'a>| whole.get(key).map(Node::items).unwrap_or_default();
    let mut before: Vec<&'a Node> = list(old).iter().collect();
    let mut after: Vec<&'a Node> = list(new).iter().collect();
    after.retain(|new| {
        let refers = |node: &Node| node.get("$ref").map(Node::to_json);
        let is_it = |old: &&Node| {
            refers(old) == refers(new) && (refers(new).is_some() || same(Some(old), Some(new)))
        };
        let found = before.iter().position(is_it);
        if let Some(at_old) = found {
            let old = before.remove(at_old);
            walk.schema(old, new, &at.inside("a form of {}", &[key]));
        }
        found.is_none()
    });
    if before.len() == after.len() {
        for (old, new) in before.into_iter().zip(after) {
            walk.schema(old, new, &at.inside("a form of {}", &[key]));
        }
        return;
    }
    for (forms, says, breaks) in [
        (before, "{} has lost the form {}", true),
        (after, "{} has a new form {}", false),
    ] {
        for form in forms {
            let finding = walk.finding(at, says, &[key, &shown(Some(form))]);
            walk.add(finding.wire(Wire::breaks_if(breaks, at.direction)));
        }
    }
}

/// A default is filled in where a body leaves the value out.
fn default(walk: &mut Walk<'_, '_>, old: &Whole<'_>, new: &Whole<'_>, at: &At) {
    if !same(old.get("default"), new.get("default")) {
        let wire = Wire::breaks_if(!at.is_parameter, at.direction);
        was_and_is(walk, "default", old, new, at, wire);
    }
}
