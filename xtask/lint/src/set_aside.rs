//! `x-lint-allow`: a rule that is set aside for one place, or at the top for the whole document, with
//! the reason.

use super::walk::{Kind, Object, walk};
use spec::{Content, Diagnostic, Key, Node, Place, Rule, Source};

const NAME: &str = "x-lint-allow";

/// Takes away what is set aside, and adds what is wrong with the set-asides.
pub(super) fn apply(source: &Source, mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut troubles = Vec::new();
    for object in walk(source).objects {
        let Some(asides) = object.node.get(NAME) else {
            continue;
        };
        if !matches!(asides.content, Content::Mapping(_)) {
            troubles.push(
                source
                    .error(
                        Rule::SetAside,
                        &asides.place,
                        "`x-lint-allow` is no mapping",
                    )
                    .help("write `x-lint-allow: {rule: reason}`"),
            );
        }
        if matches!(&asides.content, Content::Mapping(entries) if entries.is_empty()) {
            let message = "`x-lint-allow` names no rule";
            troubles.push(
                source
                    .error(Rule::SetAsideUnused, &asides.place, message)
                    .help("take it away, or write `x-lint-allow: {rule: reason}`"),
            );
        }
        for (key, reason) in asides.entries() {
            match rule(source, key, reason) {
                Ok(rule) => {
                    let places = places(object);
                    let before = found.len();
                    let is_covered =
                        |place: &Place| object.kind == Kind::Document || places.contains(&place);
                    found.retain(|found| found.rule != rule || !is_covered(&found.place));
                    if found.len() == before {
                        troubles.push(unused(source, key));
                    }
                }
                Err(trouble) => troubles.push(*trouble),
            }
        }
    }
    found.extend(troubles);
    found
}

/// The rule that is set aside, where that can be done and has a reason.
fn rule(source: &Source, key: &Key, reason: &Node) -> Result<Rule, Box<Diagnostic>> {
    let error = |place: &Place, message: String, help: &str| {
        Err(Box::new(
            source.error(Rule::SetAside, place, message).help(help),
        ))
    };
    let Some(rule) = Rule::named(&key.name) else {
        let message = format!("there is no rule `{}` to set aside", key.name);
        let help = Rule::closest(&key.name).map_or_else(
            || "`cargo xtask lint --rules` lists the rules".to_owned(),
            |rule| {
                format!(
                    "write `{}` if that is meant; `cargo xtask lint --rules` lists the rules",
                    rule.name()
                )
            },
        );
        return error(&key.place, message, &help);
    };
    if !rule.can_be_set_aside() {
        let message = format!("the rule `{}` cannot be set aside", key.name);
        let help = format!("`cargo xtask lint --explain {}` says why", key.name);
        return error(&key.place, message, &help);
    }
    if reason
        .as_str()
        .is_none_or(|reason| !reason.contains(char::is_alphabetic))
    {
        let message = format!("the rule `{}` is set aside without a reason", key.name);
        return error(&reason.place, message, "say why it does not hold here");
    }
    Ok(rule)
}

fn unused(source: &Source, key: &Key) -> Diagnostic {
    let message = format!("nothing here breaks the rule `{}`", key.name);
    source
        .error(Rule::SetAsideUnused, &key.place, message)
        .help("take this line away, or move it into the object that the diagnostic points at")
}

/// The places that an object's set-aside covers: the key that holds it, the object, its keys, and
/// those of its values that are no objects themselves.
fn places(object: Object<'_>) -> Vec<&Place> {
    let own = object
        .key
        .map(|key| &key.place)
        .into_iter()
        .chain([&object.node.place]);
    let members = object.node.entries().iter().flat_map(|(key, value)| {
        let is_mapping = matches!(value.content, Content::Mapping(_));
        [Some(&key.place), (!is_mapping).then_some(&value.place)]
    });
    own.chain(members.flatten()).collect()
}
