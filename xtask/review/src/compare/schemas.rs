//! A schema: its type, its values, and what it is made of.

use super::super::finding::{Direction, Wire, Words, say};
use super::{At, Walk, bounds, constraints, properties, same, shown, texts, without};
use spec::Node;

const KNOWN: [&str; 31] = [
    "$ref",
    "type",
    "format",
    "nullable",
    "enum",
    "x-extensible-enum",
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
    "minProperties",
    "maxProperties",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "default",
    "x-rule",
    "title",
    "description",
];

const WORDS: [&str; 8] = [
    "title",
    "description",
    "example",
    "externalDocs",
    "deprecated",
    "readOnly",
    "writeOnly",
    "xml",
];

impl Walk<'_, '_> {
    /// Compares two schemas, or what they refer to.
    pub(super) fn schema(&mut self, old: &Node, new: &Node, at: &At) {
        let at = &self.shared(old, new, at).unwrap_or_else(|| at.clone());
        let (Some(old), Some(new)) = (self.old.resolve(old), self.new.resolve(new)) else {
            return;
        };
        // A schema may hold itself. The same pair at another place says the same again.
        let address = |node: &Node| std::ptr::from_ref(node).addr();
        if !self.seen.insert((
            address(old),
            address(new),
            at.operation,
            at.direction,
            at.is_parameter,
        )) {
            return;
        }
        kind(self, old, new, at);
        values(self, old, new, at);
        constraints::compare(self, old, new, at);
        bounds::compare(self, old, new, at);
        properties::compare(self, old, new, at);
        items(self, old, new, at);
        for key in ["allOf", "oneOf", "anyOf"] {
            parts(self, key, old, new, at);
        }
        default(self, old, new, at);
        rule(self, old, new, at);
        discriminator(self, old, new, at);
        self.documentation(old, new, &WORDS, at);
        let known: Vec<&str> = KNOWN
            .iter()
            .chain(&WORDS)
            .copied()
            .chain(["discriminator"])
            .filter(|key| *key != "not")
            .collect();
        self.others(old, new, &known, at);
    }
}

fn kind(walk: &mut Walk<'_, '_>, old: &Node, new: &Node, at: &At) {
    let changed = |key: &str| !same(old.get(key), new.get(key));
    let in_words = |key: &str| [shown(old.get(key)), shown(new.get(key))];
    if changed("type") {
        let [before, after] = in_words("type");
        let finding = walk
            .finding(at, "the type was {} and is {}", &[&before, &after])
            .wire(Wire::of(at.direction));
        walk.add(finding);
    } else if changed("format") {
        let [before, after] = in_words("format");
        // What was right still is, where more is right than was.
        let is_wider = new.get("format").is_none()
            || matches!(
                (before.as_str(), after.as_str()),
                ("int32", "int64") | ("float", "double")
            );
        let wire = if is_wider {
            Wire::SAME
        } else {
            Wire::of(at.direction)
        };
        let finding = walk
            .finding(at, "the format was {} and is {}", &[&before, &after])
            .wire(wire);
        walk.add(finding);
    }
    let nullable = |node: &Node| node.get("nullable").is_some_and(Node::is_true);
    if nullable(old) != nullable(new) {
        // Null was right and no longer is; the other way, more is right than was.
        let wire = if nullable(old) {
            Wire::of(at.direction)
        } else {
            Wire::SAME
        };
        let says = if nullable(new) {
            "may be null now"
        } else {
            "may no longer be null"
        };
        let finding = walk.finding(at, says, &[]).wire(wire);
        walk.add(finding);
    }
}

fn rule(walk: &mut Walk<'_, '_>, old: &Node, new: &Node, at: &At) {
    let key = "x-rule";
    if same(old.get(key), new.get(key)) {
        return;
    }
    let mut finding = match new.get(key) {
        Some(rule) => walk.finding(at, "{}: an error now says {}", &[key, &shown(Some(rule))]),
        None => walk.finding(at, "{} was removed: an error says no more why", &[key]),
    };
    finding.touches.clear();
    walk.add(finding);
}

/// The generator tries each part in turn; the crates tell where that makes another type.
fn discriminator(walk: &mut Walk<'_, '_>, old: &Node, new: &Node, at: &At) {
    let key = "discriminator";
    let (before, after) = (old.get(key), new.get(key));
    if !same(before, after) {
        let says = "{} was {} and is {}; the generated code does not look at it";
        let finding = walk
            .finding(at, says, &[key, &shown(before), &shown(after)])
            .documentation();
        walk.add(finding);
    }
}

fn values(walk: &mut Walk<'_, '_>, old: &Node, new: &Node, at: &At) {
    let (before, after) = (old.get("enum"), new.get("enum"));
    let (was, is) = (texts(before), texts(after));
    match (before, after) {
        (Some(_), Some(_)) => {
            let gone = without(&was, &is);
            if !gone.is_empty() {
                let mut finding = walk.finding(at, "", &[]).wire(Wire::of(at.direction));
                finding.says = say("values were removed: ", &[]).then(&Words::list(&gone));
                walk.add(finding);
            }
            let added = without(&is, &was);
            if !added.is_empty() {
                let mut finding = walk.finding(at, "", &[]);
                finding.says = say("values were added: ", &[]).then(&Words::list(&added));
                walk.add(finding);
            }
        }
        (None, Some(_)) => {
            let mut finding = walk.finding(at, "", &[]).wire(Wire::of(at.direction));
            finding.says = say("only these values are left: ", &[]).then(&Words::list(&is));
            walk.add(finding);
        }
        (Some(_), None) => {
            let finding = walk.finding(at, "any value is taken, where there was a list", &[]);
            walk.add(finding);
        }
        (None, None) => {}
    }
    if before.is_some() || after.is_some() {
        return;
    }
    let key = "x-extensible-enum";
    let (was, is) = (texts(old.get(key)), texts(new.get(key)));
    let (gone, added) = (without(&was, &is), without(&is, &was));
    for (names, says) in [
        (added, "values are known of now: "),
        (gone, "values are no longer known of: "),
    ] {
        if !names.is_empty() {
            let mut finding = walk.finding(at, "", &[]).documentation();
            finding.says = say(says, &[]).then(&Words::list(&names));
            finding.touches.clear();
            walk.add(finding);
        }
    }
}

fn items(walk: &mut Walk<'_, '_>, old: &Node, new: &Node, at: &At) {
    match (old.get("items"), new.get("items")) {
        (Some(old), Some(new)) => {
            let at = at.inside("each item", &[]);
            walk.schema(old, new, &at);
        }
        (before, after) if !same(before, after) && before.is_some() != after.is_some() => {
            let finding = walk
                .finding(at, "the schema of the items appeared or went", &[])
                .wire(Wire::of(at.direction));
            walk.add(finding);
        }
        _ => {}
    }
}

/// The parts of a schema, each with the one that stands in its place, or that it equals.
fn parts(walk: &mut Walk<'_, '_>, key: &str, old: &Node, new: &Node, at: &At) {
    let (before, after) = (old.get(key), new.get(key));
    let (was, is) = (
        before.map(Node::items).unwrap_or_default(),
        after.map(Node::items).unwrap_or_default(),
    );
    if was.len() == is.len() {
        for (n, (old, new)) in was.iter().zip(is).enumerate() {
            let at = at.inside("part {} of {}", &[&(n + 1).to_string(), key]);
            walk.schema(old, new, &at);
        }
        return;
    }
    let is_in =
        |part: &Node, parts: &[Node]| parts.iter().any(|other| same(Some(part), Some(other)));
    // More forms than before take all that was taken; of `allOf`, any change means more or less.
    let gone = was.iter().filter(|part| !is_in(part, is));
    let added = is.iter().filter(|part| !is_in(part, was));
    for part in gone {
        let finding = walk
            .finding(at, "{} has lost the part {}", &[key, &shown(Some(part))])
            .wire(Wire::of(at.direction));
        walk.add(finding);
    }
    for part in added {
        let wire = if key == "allOf" {
            Wire::of(at.direction)
        } else {
            Wire::SAME
        };
        let finding = walk
            .finding(at, "{} has a new part {}", &[key, &shown(Some(part))])
            .wire(wire);
        walk.add(finding);
    }
}

/// A default is filled in where a body leaves the value out; a parameter is just not sent.
fn default(walk: &mut Walk<'_, '_>, old: &Node, new: &Node, at: &At) {
    let (before, after) = (old.get("default"), new.get("default"));
    if same(before, after) {
        return;
    }
    let (was, is) = (shown(before), shown(after));
    let finding = if at.is_parameter {
        walk.finding(
            at,
            "the default was {} and is {}; who leaves the value out sends nothing",
            &[&was, &is],
        )
        .documentation()
    } else {
        let says = match at.direction {
            Direction::Sent => {
                "the default was {} and is {}: who leaves the value out sends another"
            }
            Direction::Read => {
                "the default was {} and is {}: where the value is left out, another is read"
            }
        };
        walk.finding(at, says, &[&was, &is])
            .wire(Wire::of(at.direction))
    };
    walk.add(finding);
}
