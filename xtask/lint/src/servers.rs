//! The document names its servers, at the top, and each is one that the transport takes.

use std::net::Ipv4Addr;

use spec::{Diagnostic, Node, Rule, Source};

pub(super) fn check(source: &Source) -> Vec<Diagnostic> {
    let mut found = of_a_part(source);
    let servers = source
        .root
        .get("servers")
        .map(Node::items)
        .unwrap_or_default();
    for server in servers {
        let url = server.get("url");
        if let Some(url) = url
            && let Some(fault) = fault(url.as_str().unwrap_or_default())
        {
            let text = url.as_str().unwrap_or_default();
            found.push(
                source
                    .error(Rule::ServerUrl, &url.place, format!("the server `{text}` {fault}"))
                    .help("write an absolute address, such as https://api.example.com/v1; plain http is for this machine only (127.0.0.1, [::1], localhost)"),
            );
        }
    }
    found
}

/// A server of a path or an operation would be another place than the one that the client was given.
fn of_a_part(source: &Source) -> Vec<Diagnostic> {
    source
        .operations()
        .into_iter()
        .flat_map(|operation| [operation.item, operation.node])
        .filter_map(|owner| owner.entry("servers"))
        .map(|(key, _)| {
            source
                .error(Rule::Servers, &key.place, "a server of its own for a part of the document")
                .help("list the servers at the top; put what has other servers into a spec of its own")
        })
        .collect()
}

/// Why the transport would refuse the address, or send elsewhere.
fn fault(url: &str) -> Option<&'static str> {
    let Some((scheme, rest)) = url.split_once("://") else {
        return Some("is no absolute address");
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    // The colons of `[::1]` begin no port.
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let is_loopback = matches!(host, "localhost" | "[::1]")
        || host.parse().is_ok_and(|host: Ipv4Addr| host.is_loopback());
    if url.contains(|c: char| c.is_whitespace() || c.is_control()) {
        Some("has a space or a control character in it")
    } else if url.contains(['{', '}']) {
        Some("has a variable, which nobody fills")
    } else if authority.contains('@') {
        Some("has a user in it")
    } else if path.contains(['?', '#']) {
        Some("has a query or a fragment")
    } else if !is_plain(host) && !is_loopback {
        Some("names no host")
    } else if port.is_some_and(|port| !is_port(port)) {
        Some("has a port that is none")
    } else if path
        .split('/')
        .skip(1)
        .any(|part| matches!(part, "." | ".."))
        || path.trim_end_matches('/').contains("//")
        || path.contains('\\')
    {
        Some("has an empty, \".\" or \"..\" part in its path")
    } else if !scheme.eq_ignore_ascii_case(if is_loopback { "http" } else { "https" })
        && !scheme.eq_ignore_ascii_case("https")
    {
        Some("is not https; the credentials would travel in the clear")
    } else {
        None
    }
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit()) && text.parse().is_ok_and(|port: u16| port > 0)
}

fn is_plain(host: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    host.split('.').all(is_part)
}
