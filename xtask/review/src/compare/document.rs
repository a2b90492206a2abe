//! What stands at the top of a document: its words, its version, its servers.

use spec::{Node, version};

use super::walk::{At, Walk, both_shown, same, text};
use crate::finding::Wire;
use crate::words::{Words, say};

pub(super) fn compare(walk: &mut Walk<'_, '_>) {
    let (old, new) = (&walk.old.root, &walk.new.root);
    let at = At::document();
    if let (Some(old), Some(new)) = (old.get("info"), new.get("info")) {
        let at = at.inside("{}", &["info"]);
        walk.others(old, new, &[version::KEY], &at);
    }
    servers(walk, old, new, &at);
    let known = ["info", "servers", "security", "paths", "components"];
    walk.others(old, new, &known, &at);
}

/// Credentials go to whatever stands here; the first one is where calls go by default.
fn servers(walk: &mut Walk<'_, '_>, old: &Node, new: &Node, at: &At) {
    let list = |root: &'_ Node| {
        root.get("servers")
            .map(Node::items)
            .unwrap_or_default()
            .to_vec()
    };
    let (old, new) = (list(old), list(new));
    let urls = |servers: &[Node]| -> Vec<String> {
        servers
            .iter()
            .map(|server| text(server, "url").to_owned())
            .collect()
    };
    let (old_urls, new_urls) = (urls(&old), urls(&new));
    for url in new_urls.iter().filter(|url| !old_urls.contains(url)) {
        let says = if is_plain(url) {
            "the server {} is new and has no TLS: credentials would go there in the clear"
        } else {
            "the server {} is new: credentials may be sent there"
        };
        let finding = walk.finding(at, says, &[url]).security();
        walk.add(finding);
    }
    for url in old_urls.iter().filter(|url| !new_urls.contains(url)) {
        let finding = walk
            .finding(at, "the server {} was removed", &[url])
            .wire(Wire::REQUESTS)
            .security();
        walk.add(finding);
    }
    if let (Some(before), Some(after)) = (old_urls.first(), new_urls.first())
        && before != after
    {
        let finding = walk
            .finding(
                at,
                "the first server was {} and is {}: calls go there by default",
                &[before, after],
            )
            .wire(Wire::REQUESTS)
            .security();
        walk.add(finding);
    } else {
        order(walk, &old_urls, &new_urls, at);
    }
    for (after, url) in new.iter().zip(&new_urls) {
        if let Some(before) = old.iter().find(|server| text(server, "url") == url) {
            server(walk, url, before, after, at);
        }
    }
}

/// Whoever takes a server by its place in the list takes another one.
fn order(walk: &mut Walk<'_, '_>, old: &[String], new: &[String], at: &At) {
    let stayed = |these: &[String], those: &[String]| -> Vec<String> {
        let stayed = these.iter().filter(|url| those.contains(url));
        stayed.cloned().collect()
    };
    let after = stayed(new, old);
    if stayed(old, new) != after {
        let mut finding = walk.finding(at, "", &[]);
        finding.says = say("the servers stand in another order: ", &[]).then(&Words::list(&after));
        walk.add(finding);
    }
}

/// A server that stayed.
fn server(walk: &mut Walk<'_, '_>, url: &str, old: &Node, new: &Node, at: &At) {
    let (before, after) = (old.get("variables"), new.get("variables"));
    if !same(before, after) {
        let says = "the variables of the server {} were {} and are {}";
        let [before, after] = both_shown(before, after);
        let finding = walk
            .finding(at, says, &[url, &before, &after])
            .wire(Wire::REQUESTS)
            .security();
        walk.add(finding);
    }
    let at = at.inside("server {}", &[url]);
    walk.others(old, new, &["url", "variables"], &at);
}

fn is_plain(url: &str) -> bool {
    url.get(..7)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://"))
}
