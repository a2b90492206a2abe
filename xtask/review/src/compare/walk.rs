//! Where the comparison of two specs stands, and what it has found.

use std::collections::HashSet;

use spec::{Node, Rule, Source};

use crate::finding::{Direction, Finding, Findings, Site};
use crate::pairs::Pair;
use crate::renames::Renamed;
use crate::words::{ABSENT, Words, say};

/// Where a spec sets rules aside.
pub(super) const SET_ASIDE: &str = "x-lint-allow";

pub(super) struct Walk<'w, 'a> {
    pub old: &'a Source,
    pub new: &'a Source,
    pub schemas: &'w Renamed,
    pub operations: &'w [Pair<'a>],
    pub findings: Findings,
    pub seen: HashSet<SeenKey>,
}

/// Two nodes that were compared already, for which operation, and which way.
type SeenKey = (usize, usize, Option<usize>, Direction);

/// Where the walk is, and whose part that is.
#[derive(Clone)]
pub(super) struct At {
    pub site: Site,
    pub place: Words,
    pub operation: Option<usize>,
    pub direction: Direction,
    /// A value in a path, a query or a header: defaults are not filled in.
    pub is_parameter: bool,
}

impl At {
    pub fn document() -> Self {
        Self {
            site: Site::Document,
            place: Words::default(),
            operation: None,
            direction: Direction::Sent,
            is_parameter: false,
        }
    }

    pub fn operation(number: usize, direction: Direction) -> Self {
        Self {
            site: Site::Operation(number),
            operation: Some(number),
            direction,
            ..Self::document()
        }
    }

    /// A part of what stands here.
    pub fn inside(&self, template: &str, pieces: &[&str]) -> Self {
        let mut at = self.clone();
        if !at.place.0.is_empty() {
            at.place = at.place.then(&say(", ", &[]));
        }
        at.place = at.place.then(&say(template, pieces));
        at
    }
}

impl Walk<'_, '_> {
    /// A finding at a place.
    pub fn finding(&self, at: &At, template: &str, pieces: &[&str]) -> Finding {
        let mut finding = Finding::new(at.site.clone(), at.place.clone(), say(template, pieces));
        let number = at.operation;
        finding
            .reach
            .extend(number.map(|number| (number, at.direction)));
        finding
    }

    pub fn add(&mut self, finding: Finding) {
        self.findings.add(finding);
    }

    /// Reports the keys that no rule is about: words for people, and what the generated crates tell.
    pub fn others(&mut self, old: &Node, new: &Node, known: &[&str], at: &At) {
        self.set_aside(old, new, at);
        let changed: Vec<&str> = keys(old, new)
            .into_iter()
            .filter(|key| !known.contains(key) && *key != SET_ASIDE)
            .filter(|key| !same(old.get(key), new.get(key)))
            .collect();
        if !changed.is_empty() {
            let mut finding = self.finding(at, "", &[]).documentation();
            finding.says = Words::list(&changed).then(&say(" changed", &[]));
            self.add(finding);
        }
    }

    /// A rule that is set aside is something that a reviewer has to see, wherever it stands.
    fn set_aside(&mut self, old: &Node, new: &Node, at: &At) {
        let nothing = Node::empty();
        let [before, after] = [old, new].map(|node| node.get(SET_ASIDE).unwrap_or(&nothing));
        for rule in keys(before, after) {
            let (was, is) = (before.get(rule), after.get(rule));
            let says = match (was, is) {
                _ if same(was, is) => continue,
                (None, _) => "the rule {} is set aside here: {}",
                (Some(_), None) => "the rule {} is no longer set aside",
                _ => "the rule {} is set aside for another reason: {}",
            };
            // The generated crate is the same with it.
            let finding = self.finding(at, says, &[rule, &shown(is)]).documentation();
            self.add(match Rule::named(rule) {
                Some(Rule::EvidenceRequired | Rule::OperationExample | Rule::ExtensionUnknown) => {
                    finding
                }
                _ => finding.security(),
            });
        }
    }
}

/// The keys of either mapping, in their order, each once.
pub(super) fn keys<'a>(old: &'a Node, new: &'a Node) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    for (key, _) in old.entries().iter().chain(new.entries()) {
        if !found.contains(&key.name.as_str()) {
            found.push(&key.name);
        }
    }
    found
}

pub(super) fn same(old: Option<&Node>, new: Option<&Node>) -> bool {
    old.map(Node::to_json) == new.map(Node::to_json)
}

pub(super) fn text<'a>(node: &'a Node, key: &str) -> &'a str {
    node.get(key).and_then(Node::as_str).unwrap_or_default()
}

/// A value as a person reads it, shortened where it is long.
pub(super) fn shown(node: Option<&Node>) -> String {
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

/// Two values as a person tells them apart: where long ones begin alike, from where they differ.
pub(super) fn both_shown(old: Option<&Node>, new: Option<&Node>) -> [String; 2] {
    let (before, after) = (shown(old), shown(new));
    if before != after {
        return [before, after];
    }
    let whole = [old, new].map(|node| {
        node.map(|node| node.to_json().to_string())
            .unwrap_or_default()
    });
    let [a, b] = whole
        .each_ref()
        .map(|text| text.chars().collect::<Vec<_>>());
    let alike = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let from = alike.saturating_sub(20);
    [a, b].map(|text| {
        let rest: String = text.iter().skip(from).take(100).collect();
        format!("…{rest}…")
    })
}

/// The texts of a list; what is no text is written as JSON.
pub(super) fn texts(node: Option<&Node>) -> Vec<String> {
    let items = node.map(Node::items).unwrap_or_default();
    items.iter().map(|item| shown(Some(item))).collect()
}

/// What is in the first list and not in the second.
pub(super) fn without(these: &[String], those: &[String]) -> Vec<String> {
    let missing = these.iter().filter(|this| !those.contains(this));
    missing.cloned().collect()
}
