//! Credentials: which ones there are, where they travel, and which operation asks for them.

use spec::Node;

use super::walk::{At, Walk, both_shown, keys, same, texts};
use crate::finding::{Finding, Site, Wire};

pub(super) fn schemes(walk: &mut Walk<'_, '_>) {
    let path = ["components", "securitySchemes"];
    let (Some(old), Some(new)) = (walk.old.root.at(path), walk.new.root.at(path)) else {
        let all = walk.old.root.at(path).or(walk.new.root.at(path));
        for (key, _) in all.map(Node::entries).unwrap_or_default() {
            let says = if walk.new.root.at(path).is_some() {
                ADDED
            } else {
                REMOVED
            };
            let finding = about(walk, &key.name, says);
            walk.add(finding);
        }
        return;
    };
    for name in keys(old, new) {
        match (old.get(name), new.get(name)) {
            (Some(old), Some(new)) => scheme(walk, name, old, new),
            (None, Some(_)) => {
                let finding = about(walk, name, ADDED);
                walk.add(finding);
            }
            (Some(_), None) => {
                let finding = about(walk, name, REMOVED).wire(Wire::REQUESTS);
                walk.add(finding);
            }
            (None, None) => {}
        }
    }
}

const ADDED: &str = "the security scheme {} is new";
const REMOVED: &str = "the security scheme {} was removed";

fn about(walk: &Walk<'_, '_>, name: &str, says: &str) -> Finding {
    walk.finding(&At::document(), says, &[name]).security()
}

fn scheme(walk: &mut Walk<'_, '_>, name: &str, old: &Node, new: &Node) {
    let (Some(old), Some(new)) = (walk.old.resolve(old), walk.new.resolve(new)) else {
        return;
    };
    let at = At::document().inside("security scheme {}", &[name]);
    let says = [
        ("name", "the header was {} and is {}"),
        ("type", "the type was {} and is {}"),
        ("scheme", "the HTTP scheme was {} and is {}"),
        ("in", "the credential was in {} and is in {}"),
        (
            "x-prefix",
            "what stands before the credential was {} and is {}",
        ),
        ("flows", "the flows were {} and are {}"),
        (
            "openIdConnectUrl",
            "the address for OpenID Connect was {} and is {}",
        ),
        (
            "x-env",
            "the environment variable of the credential was {} and is {}",
        ),
    ];
    for (key, says) in says {
        if !same(old.get(key), new.get(key)) {
            let [before, after] = both_shown(old.get(key), new.get(key));
            let is_sent = !matches!(key, "flows" | "openIdConnectUrl" | "x-env");
            let finding = walk.finding(&at, says, &[&before, &after]).security();
            walk.add(finding.wire(Wire::breaks_if(is_sent, at.direction)));
        }
    }
    walk.others(old, new, &says.map(|(key, _)| key), &at);
}

/// What an operation asks for: its own list, or else the document's.
pub(super) fn requirement(walk: &mut Walk<'_, '_>, old: &Node, new: &Node, at: &At) {
    let mut at = at.clone();
    if old.get("security").is_none() && new.get("security").is_none() {
        at.site = Site::Document;
    }
    let before = old.get("security").or(walk.old.root.get("security"));
    let after = new.get("security").or(walk.new.root.get("security"));
    let (asked, asks) = (alternatives(before), alternatives(after));
    if asked == asks {
        return;
    }
    let says = if is_open(&asks) && !is_open(&asked) {
        "credentials were asked for ({}) and no longer are ({})"
    } else {
        "the credentials that are asked for were {} and are {}"
    };
    let finding = walk
        .finding(&at, says, &[&in_words(&asked), &in_words(&asks)])
        .wire(Wire::REQUESTS)
        .security();
    walk.add(finding);
}

/// What an operation that is new asks for.
pub(super) struct Asked {
    pub in_words: String,
    /// A request without any credential is enough.
    pub is_open: bool,
    /// What the document asks for where an operation says nothing is more.
    pub is_less: bool,
}

pub(super) fn asked(walk: &Walk<'_, '_>, operation: &Node) -> Asked {
    let all = walk.new.root.get("security");
    let asks = alternatives(operation.get("security").or(all));
    let usual = alternatives(all);
    let is_enough = |names: &Vec<String>| {
        let mut usual = usual.iter();
        usual.any(|needed| needed.iter().all(|name| names.contains(name)))
    };
    Asked {
        in_words: in_words(&asks),
        is_open: is_open(&asks),
        is_less: !usual.is_empty() && !asks.iter().all(is_enough),
    }
}

/// Any one of the outer list is enough; of an inner one, all are needed.
fn alternatives(security: Option<&Node>) -> Vec<Vec<String>> {
    let mut alternatives: Vec<Vec<String>> = security
        .map(Node::items)
        .unwrap_or_default()
        .iter()
        .map(|requirement| {
            let mut names: Vec<String> = requirement
                .entries()
                .iter()
                .map(|(key, scopes)| match scopes.items() {
                    [] => key.name.clone(),
                    _ => format!("{} with {}", key.name, texts(Some(scopes)).join(" ")),
                })
                .collect();
            names.sort();
            names
        })
        .collect();
    alternatives.sort();
    alternatives
}

/// Whether a request without any credential is enough.
fn is_open(alternatives: &[Vec<String>]) -> bool {
    alternatives.is_empty() || alternatives.iter().any(Vec::is_empty)
}

fn in_words(alternatives: &[Vec<String>]) -> String {
    if alternatives.is_empty() {
        return "nothing".to_owned();
    }
    let names: Vec<String> = alternatives
        .iter()
        .map(|names| {
            if names.is_empty() {
                "nothing".to_owned()
            } else {
                names.join(" and ")
            }
        })
        .collect();
    names.join(", or ")
}
