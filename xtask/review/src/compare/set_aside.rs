//! Rules that are set aside: a reviewer has to see each, wherever it stands.

use std::collections::{BTreeMap, BTreeSet};

use super::super::finding::{Direction, Finding, Site, Words, say};
use super::{Pair, Walk, references, shown};
use spec::Rule;
use spec::{Content, Node, OperationNode, Source};

pub(super) const KEY: &str = "x-lint-allow";

/// Where a rule is set aside: the site, the place within it, and the rule.
type Aside = (Site, String, String);

/// Compares what is set aside in the two documents, part by part.
pub(super) fn compare(walk: &mut Walk<'_, '_>) {
    let before = all(walk, walk.old, |pair| pair.old);
    let after = all(walk, walk.new, |pair| pair.new);
    for (aside, reason) in &after {
        let says = match before.get(aside) {
            None => say("the rule {} is set aside here: {}", &[&aside.2, reason]),
            Some(known) if known != reason => say(
                "the rule {} is set aside for another reason: {}",
                &[&aside.2, reason],
            ),
            Some(_) => continue,
        };
        let finding = finding(walk, aside, says);
        walk.add(finding);
    }
    for aside in before.keys().filter(|aside| !after.contains_key(*aside)) {
        // With the operation all that was said of it is gone.
        if matches!(aside.0, Site::Operation(number) if walk.operations.get(number).is_some_and(|pair| pair.new.is_none()))
        {
            continue;
        }
        let says = say("the rule {} is no longer set aside", &[&aside.2]);
        let finding = finding(walk, aside, says);
        walk.add(finding);
    }
}

fn finding(walk: &Walk<'_, '_>, (site, place, rule): &Aside, says: Words) -> Finding {
    let place = if place.is_empty() {
        Words::default()
    } else {
        say("at {}", &[place])
    };
    // The generated crate is the same with it.
    let mut finding = Finding::new(site.clone(), place, says).documentation();
    finding.security = is_security(rule);
    if let Site::Component(kind, name) = site {
        finding.reach = reach(walk, kind, name);
    }
    finding
}

/// Whether what the rule guards is a matter of security: credentials, paths, and answers that are
/// not understood or look empty. Whatever is no rule is looked into as well.
fn is_security(rule: &str) -> bool {
    !matches!(
        Rule::named(rule),
        Some(
            Rule::EvidenceRequired
                | Rule::OperationEvidence
                | Rule::OperationExample
                | Rule::OperationReference
                | Rule::OperationTag
                | Rule::OperationErrors
                | Rule::ComponentUnused
                | Rule::ExtensionUnknown
                | Rule::ServerMissing
        )
    )
}

/// Which operation of a pair is meant.
type OfSide = for<'p, 'a> fn(&'p Pair<'a>) -> Option<OperationNode<'a>>;

/// Every rule that is set aside, with the reason.
fn all(walk: &Walk<'_, '_>, source: &Source, of_side: OfSide) -> BTreeMap<Aside, String> {
    let mut found = BTreeMap::new();
    collect(&source.root, &mut Vec::new(), &mut |steps, rule, reason| {
        let (site, place) = site(walk, of_side, steps);
        found.insert((site, place.join(", "), rule.to_owned()), reason);
    });
    found
}

fn collect(node: &Node, steps: &mut Vec<String>, found: &mut impl FnMut(&[String], &str, String)) {
    match &node.content {
        Content::Scalar(_) => {}
        Content::Sequence(items) => {
            for (n, item) in items.iter().enumerate() {
                // Its place in the list is nothing of what it is.
                let name = ["name", "$ref"]
                    .iter()
                    .find_map(|key| item.get(key)?.as_str());
                steps.push(name.map_or_else(|| n.to_string(), str::to_owned));
                collect(item, steps, found);
                steps.pop();
            }
        }
        Content::Mapping(entries) => {
            for (key, value) in entries {
                if key.name == KEY {
                    for (rule, reason) in value.entries() {
                        found(steps, &rule.name, shown(Some(reason)));
                    }
                    continue;
                }
                steps.push(key.name.clone());
                collect(value, steps, found);
                steps.pop();
            }
        }
    }
}

/// Whose part stands at these steps, and where in it.
fn site<'s>(walk: &Walk<'_, '_>, of_side: OfSide, steps: &'s [String]) -> (Site, &'s [String]) {
    match steps {
        [paths, path, method, rest @ ..] if paths == "paths" => {
            let is_it = |pair: &Pair<'_>| {
                of_side(pair).is_some_and(|operation| {
                    operation.path.name == *path && operation.method.name == *method
                })
            };
            match walk.operations.iter().position(is_it) {
                Some(number) => (Site::Operation(number), rest),
                None => (Site::Document, steps),
            }
        }
        [components, kind, name, rest @ ..] if components == "components" => {
            let heir = walk.schemas.get(name).filter(|_| kind == "schemas");
            let name = heir.unwrap_or(name).clone();
            (Site::Component(references::kind(kind), name), rest)
        }
        _ => (Site::Document, steps),
    }
}

/// The operations that lead to a component.
fn reach(walk: &Walk<'_, '_>, kind: &str, name: &str) -> BTreeSet<(usize, Direction)> {
    let mut reach = BTreeSet::new();
    for (number, pair) in walk.operations.iter().enumerate() {
        for (source, operation) in [(walk.old, pair.old), (walk.new, pair.new)] {
            let Some(operation) = operation else { continue };
            let answers = operation.node.get("responses");
            let sent = ["parameters", "requestBody"].map(|key| operation.node.get(key));
            let sent = sent.into_iter().chain([operation.item.get("parameters")]);
            let ways = sent
                .map(|node| (node, Direction::Sent))
                .chain([(answers, Direction::Read)]);
            for (node, direction) in ways {
                let leads = node
                    .is_some_and(|node| leads_to(source, node, kind, name, &mut BTreeSet::new()));
                if leads {
                    reach.insert((number, direction));
                }
            }
        }
    }
    reach
}

fn leads_to(
    source: &Source,
    node: &Node,
    kind: &str,
    name: &str,
    seen: &mut BTreeSet<String>,
) -> bool {
    if let Some((found, target)) = references::component(node) {
        let reference = format!("{found}/{target}");
        if references::kind(found) == kind && target == name {
            return true;
        }
        return seen.insert(reference)
            && source
                .root
                .at(["components", found, target])
                .is_some_and(|target| leads_to(source, target, kind, name, seen));
    }
    let mut inner = node
        .items()
        .iter()
        .chain(node.entries().iter().map(|(_, value)| value));
    inner.any(|inner| leads_to(source, inner, kind, name, seen))
}
