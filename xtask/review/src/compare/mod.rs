//! The rules: two specs side by side, part by part.
//!
//! They say what was changed and what that means on the wire and for security. What it means for
//! Rust callers is read from the generated crates (`../api.rs`); a rule only names the items that
//! its change may show in.

mod bodies;
mod bounds;
mod constraints;
mod document;
mod operations;
mod parameters;
mod properties;
mod references;
mod schemas;
mod security;
mod set_aside;

use std::collections::HashSet;

use super::finding::{ABSENT, Direction, Finding, Findings, Site, Touch, Words, say};
use spec::{Node, Source};

pub(super) use operations::{Pair, route};
pub(super) use references::Renamed;

/// What the rules found in one spec.
pub(super) struct Compared<'a> {
    pub operations: Vec<Pair<'a>>,
    pub schemas: Renamed,
    pub findings: Vec<Finding>,
}

pub(super) fn compare<'a>(old: &'a Source, new: &'a Source) -> Compared<'a> {
    let operations = operations::pairs(old, new);
    let schemas = references::renamed_schemas(old, new);
    let mut walk = Walk {
        old,
        new,
        schemas: &schemas,
        operations: &operations,
        findings: Findings::default(),
        seen: HashSet::new(),
        visited: HashSet::new(),
    };
    document::compare(&mut walk);
    security::schemes(&mut walk);
    for number in 0..operations.len() {
        operations::compare(&mut walk, number);
    }
    references::unreached(&mut walk);
    set_aside::compare(&mut walk);
    let findings = walk.findings.0;
    Compared {
        operations,
        schemas,
        findings,
    }
}

struct Walk<'w, 'a> {
    old: &'a Source,
    new: &'a Source,
    schemas: &'w Renamed,
    operations: &'w [Pair<'a>],
    findings: Findings,
    seen: HashSet<SeenKey>,
    /// The schemas of `new` that some operation leads to.
    visited: HashSet<String>,
}

/// Two nodes that were compared already, for which operation, which way, and whether in a parameter.
type SeenKey = (usize, usize, Option<usize>, Direction, bool);

/// Where the walk is, and whose part that is.
#[derive(Clone)]
struct At {
    site: Site,
    place: Words,
    operation: Option<usize>,
    direction: Direction,
    touch: Option<Touch>,
    /// A value in a path, a query or a header: it is text, and defaults are not filled in.
    is_parameter: bool,
}

impl At {
    fn operation(number: usize, direction: Direction) -> Self {
        Self {
            site: Site::Operation(number),
            place: Words::default(),
            operation: Some(number),
            direction,
            touch: Some(Touch::Operation(number)),
            is_parameter: false,
        }
    }

    /// A part of what stands here.
    fn inside(&self, template: &str, pieces: &[&str]) -> Self {
        let mut at = self.clone();
        if !at.place.0.is_empty() {
            at.place = at.place.then(&say(", ", &[]));
        }
        at.place = at.place.then(&say(template, pieces));
        at
    }

    fn touching(mut self, touch: Touch) -> Self {
        self.touch = Some(touch);
        self
    }
}

impl Walk<'_, '_> {
    /// A finding at a place, which may show in Rust where that place does.
    fn finding(&self, at: &At, template: &str, pieces: &[&str]) -> Finding {
        let mut finding = Finding::new(at.site.clone(), at.place.clone(), say(template, pieces));
        finding
            .reach
            .extend(at.operation.map(|number| (number, at.direction)));
        finding.touches.extend(at.touch.clone());
        finding
    }

    fn add(&mut self, finding: Finding) {
        self.findings.add(finding);
    }

    /// Reports the keys that are words for people alone.
    fn documentation(&mut self, old: &Node, new: &Node, keys: &[&str], at: &At) {
        let changed: Vec<&str> = keys
            .iter()
            .copied()
            .filter(|key| !same(old.get(key), new.get(key)))
            .collect();
        if !changed.is_empty() {
            let says = Words::list(&changed).then(&say(" changed", &[]));
            let mut finding = self.finding(at, "", &[]).documentation();
            finding.says = says;
            finding.touches.clear();
            self.add(finding);
        }
    }

    /// Reports what no rule knows; nothing is to go by unseen.
    fn others(&mut self, old: &Node, new: &Node, known: &[&str], at: &At) {
        for key in keys(old, new) {
            let is_told = known.contains(&key) || key == set_aside::KEY;
            if is_told || same(old.get(key), new.get(key)) {
                continue;
            }
            let finding = if key == "x-evidence" {
                self.finding(at, "{}: its facts rest on something else", &[key])
                    .documentation()
            } else if key.starts_with("x-") {
                self.finding(
                    at,
                    "the extension {} changed; nothing here reads it",
                    &[key],
                )
                .documentation()
            } else {
                self.finding(at, "{} changed; no rule knows what that means", &[key])
                    .wire(super::finding::Wire::of(at.direction))
            };
            self.add(finding);
        }
    }
}

/// The keys of either mapping, in their order, each once.
fn keys<'a>(old: &'a Node, new: &'a Node) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    for (key, _) in old.entries().iter().chain(new.entries()) {
        if !found.contains(&key.name.as_str()) {
            found.push(&key.name);
        }
    }
    found
}

fn same(old: Option<&Node>, new: Option<&Node>) -> bool {
    old.map(Node::to_json) == new.map(Node::to_json)
}

fn text<'a>(node: &'a Node, key: &str) -> &'a str {
    node.get(key).and_then(Node::as_str).unwrap_or_default()
}

/// A value as a person reads it, shortened where it is long.
fn shown(node: Option<&Node>) -> String {
    const LONGEST: usize = 200;
    let text = match node {
        None => return ABSENT.to_owned(),
        Some(node) => match node.as_str() {
            Some(text) => text.to_owned(),
            None => node.to_json().to_string(),
        },
    };
    if text.chars().count() <= LONGEST {
        return text;
    }
    let start: String = text.chars().take(LONGEST).collect();
    format!("{start}…")
}

/// The texts of a list; what is no text is written as JSON.
fn texts(node: Option<&Node>) -> Vec<String> {
    node.map(Node::items)
        .unwrap_or_default()
        .iter()
        .map(|item| shown(Some(item)))
        .collect()
}

/// What is in the first list and not in the second.
fn without(these: &[String], those: &[String]) -> Vec<String> {
    these
        .iter()
        .filter(|this| !those.contains(this))
        .cloned()
        .collect()
}
