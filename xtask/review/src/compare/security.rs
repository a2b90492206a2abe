//! Credentials: which ones there are, where they travel, and which operation asks for them.

use super::super::finding::{Direction, Finding, Site, Touch, Wire, Words};
use super::{At, Walk, keys, same, shown};
use spec::Node;

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

fn place(name: &str) -> At {
    At {
        site: Site::Document,
        place: Words::default(),
        operation: None,
        direction: Direction::Sent,
        touch: Some(Touch::Scheme(name.to_owned())),
        is_parameter: false,
    }
}

fn about(walk: &Walk<'_, '_>, name: &str, says: &str) -> Finding {
    walk.finding(&place(name), says, &[name]).security()
}

fn scheme(walk: &mut Walk<'_, '_>, name: &str, old: &Node, new: &Node) {
    let (Some(old), Some(new)) = (walk.old.resolve(old), walk.new.resolve(new)) else {
        return;
    };
    let at = place(name).inside("security scheme {}", &[name]);
    let says = [
        ("name", "the header was {} and is {}"),
        ("type", "the type was {} and is {}"),
        ("scheme", "the HTTP scheme was {} and is {}"),
        ("in", "the credential was in {} and is in {}"),
        ("flows", "the flows were {} and are {}"),
        (
            "openIdConnectUrl",
            "the address for OpenID Connect was {} and is {}",
        ),
    ];
    for (key, says) in says {
        let (before, after) = (old.get(key), new.get(key));
        if !same(before, after) {
            let wire = if matches!(key, "flows" | "openIdConnectUrl") {
                Wire::SAME
            } else {
                Wire::REQUESTS
            };
            let finding = walk
                .finding(&at, says, &[&shown(before), &shown(after)])
                .wire(wire)
                .security();
            walk.add(finding);
        }
    }
    if !same(old.get("x-env"), new.get("x-env")) {
        let finding = walk
            .finding(
                &at,
                "the credential is looked for in the environment variable {}, and was in {}",
                &[&shown(new.get("x-env")), &shown(old.get("x-env"))],
            )
            .security();
        walk.add(finding);
    }
    walk.documentation(old, new, &["description", "bearerFormat"], &at);
    let known = [
        "name",
        "type",
        "scheme",
        "in",
        "flows",
        "openIdConnectUrl",
        "x-env",
        "description",
        "bearerFormat",
    ];
    walk.others(old, new, &known, &at);
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
    let mut finding = walk
        .finding(&at, says, &[&in_words(&asked), &in_words(&asks)])
        .wire(Wire::REQUESTS)
        .security();
    finding.touches.clear();
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
                    _ => format!("{} with {}", key.name, super::texts(Some(scopes)).join(" ")),
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
