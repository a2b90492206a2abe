//! Rules that are set aside: a reviewer has to see each, wherever it stands.

use std::collections::BTreeMap;

use spec::{Content, Node, OperationNode, Rule, Source};

use super::components;
use super::walk::{Walk, shown};
use crate::finding::{Finding, Site};
use crate::pairs::Pair;
use crate::words::{Words, say};

pub(super) const KEY: &str = "x-lint-allow";

/// Where a rule is set aside: the site, the place within it, and the rule.
type Aside = (Site, String, String);

/// Compares what is set aside in the two documents, part by part.
pub(super) fn compare(walk: &mut Walk<'_, '_>) {
    let before = all(walk, walk.old, |pair| pair.old);
    let after = all(walk, walk.new, |pair| pair.new);
    for (aside, reason) in &after {
        let says = match before.get(aside) {
            None => "the rule {} is set aside here: {}",
            Some(known) if known != reason => "the rule {} is set aside for another reason: {}",
            Some(_) => continue,
        };
        walk.add(finding(aside, say(says, &[&aside.2, reason])));
    }
    for aside in before.keys().filter(|aside| !after.contains_key(*aside)) {
        walk.add(finding(
            aside,
            say("the rule {} is no longer set aside", &[&aside.2]),
        ));
    }
}

/// The generated crate is the same with it. What the rule guards may be a matter of security:
/// credentials, paths, and answers that are not understood or look empty.
fn finding((site, place, rule): &Aside, says: Words) -> Finding {
    let place = match place.as_str() {
        "" => Words::default(),
        place => say("at {}", &[place]),
    };
    let mut finding = Finding::new(site.clone(), place, says).documentation();
    finding.security = !matches!(
        Rule::named(rule),
        Some(
            Rule::EvidenceRequired
                | Rule::OperationExample
                | Rule::ExtensionUnknown
                | Rule::RequestBodyOptional
        )
    );
    finding
}

/// Which operation of a pair is meant.
type OfSide = for<'p, 'a> fn(&'p Pair<'a>) -> Option<OperationNode<'a>>;

/// Every rule that is set aside, with the reason.
fn all(walk: &Walk<'_, '_>, source: &Source, of_side: OfSide) -> BTreeMap<Aside, String> {
    let mut found = BTreeMap::new();
    collect(&source.root, &mut Vec::new(), &mut |steps, rule, reason| {
        if let Some((site, place)) = site(walk, of_side, steps) {
            found.insert((site, place.join(", "), rule.to_owned()), reason);
        }
    });
    found
}

fn collect(node: &Node, steps: &mut Vec<String>, found: &mut impl FnMut(&[String], &str, String)) {
    for (n, item) in node.items().iter().enumerate() {
        // Its place in the list is nothing of what it is.
        let mut names = ["name", "$ref"].iter();
        let name = names.find_map(|key| item.get(key)?.as_str());
        steps.push(name.map_or_else(|| n.to_string(), str::to_owned));
        collect(item, steps, found);
        steps.pop();
    }
    let Content::Mapping(entries) = &node.content else {
        return;
    };
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

/// Whose part stands at these steps, and where in it; None of an operation that one side alone has.
fn site<'s>(
    walk: &Walk<'_, '_>,
    of_side: OfSide,
    steps: &'s [String],
) -> Option<(Site, &'s [String])> {
    match steps {
        [paths, path, method, rest @ ..] if paths == "paths" => {
            let is_it = |pair: &Pair<'_>| {
                let operation = of_side(pair);
                operation.is_some_and(|one| one.path.name == *path && one.method.name == *method)
            };
            match walk
                .operations
                .iter()
                .enumerate()
                .find(|(_, pair)| is_it(pair))
            {
                Some((_, pair)) if pair.new.is_none() => None,
                Some((number, _)) => Some((Site::Operation(number), rest)),
                None => Some((Site::Document, steps)),
            }
        }
        [components, kind, name, rest @ ..] if components == "components" => {
            let heir = walk.schemas.get(name).filter(|_| kind == "schemas");
            let name = heir.unwrap_or(name).clone();
            Some((Site::Component(components::kind(kind), name), rest))
        }
        _ => Some((Site::Document, steps)),
    }
}
