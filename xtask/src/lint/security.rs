//! Every credential that an operation asks for can be signed with, and goes to the one server.

use crate::diagnostic::{Diagnostic, Rule};
use crate::generate::security;
use crate::spec::{Node, Source};

pub(super) fn check(source: &Source) -> Vec<Diagnostic> {
    let mut found = servers(source);
    let owners = std::iter::once(&source.root).chain(
        source
            .operations()
            .into_iter()
            .map(|operation| operation.node),
    );
    for requirement in owners
        .filter_map(|owner| owner.get("security"))
        .flat_map(Node::items)
    {
        for (key, _) in requirement.entries() {
            found.extend(requirement_trouble(source, &key.name, &key.place));
        }
    }
    found.dedup_by(|a, b| a.message == b.message);
    found
}

fn requirement_trouble(
    source: &Source,
    name: &str,
    place: &crate::spec::Place,
) -> Option<Diagnostic> {
    let Some(scheme) = source
        .root
        .at(["components", "securitySchemes", name])
        .and_then(|node| source.resolve(node))
    else {
        return Some(
            source
                .error(
                    Rule::SecurityScheme,
                    place,
                    format!("there is no security scheme `{name}`"),
                )
                .help("add it under `components/securitySchemes`"),
        );
    };
    let is_header_name = |header: &str| {
        !header.is_empty()
            && header
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
    };
    match security::header(scheme) {
        Some((header, _)) if is_header_name(header) => None,
        Some((header, _)) => Some(
            source
                .error(Rule::SecurityScheme, &scheme.place, format!("`{header}` is no name of a header"))
                .help("give the header that carries the credential"),
        ),
        None => Some(
            source
                .error(Rule::SecurityScheme, &scheme.place, format!("requests cannot be signed with `{name}`"))
                .help("the transport signs with a key in a header or with a bearer token; a key in a query would stand in logs"),
        ),
    }
}

/// A server of a path or an operation would be another place than the one that the client was given.
fn servers(source: &Source) -> Vec<Diagnostic> {
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
