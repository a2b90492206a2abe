//! The credential schemes of a spec, as the transport can sign with them.

use crate::node::Node;
use crate::source::Source;

/// Where a scheme says what stands before its key in the header.
pub const PREFIX: &str = "x-prefix";

/// A scheme whose credential travels in a header.
pub struct Scheme<'a> {
    /// Its name in the spec.
    pub id: &'a str,
    /// The name of its constant.
    pub constant: String,
    /// The header that carries the credential.
    pub header: &'a str,
    /// What stands before the credential in the header.
    pub prefix: &'a str,
    /// The environment variable that holds it by convention; may be empty.
    pub variable: &'a str,
}

/// The schemes whose credential travels in a header.
pub fn in_headers(source: &Source) -> Vec<Scheme<'_>> {
    let schemes = source
        .root
        .at(["components", "securitySchemes"])
        .map(Node::entries)
        .unwrap_or_default();
    schemes
        .iter()
        .filter_map(|(key, node)| {
            let (header, prefix) = header(source.resolve(node)?)?;
            let constant = constant(&key.name);
            Some(Scheme {
                id: &key.name,
                constant,
                header,
                prefix,
                variable: word(node, "x-env"),
            })
        })
        .collect()
}

/// The schemes that an operation asks for: all of every alternative, its own or the document's.
pub fn asked<'a>(source: &'a Source, operation: &'a Node) -> Vec<Scheme<'a>> {
    let own = operation.get("security");
    let asked = own.or_else(|| source.root.get("security"));
    let alternatives = asked.map(Node::items).unwrap_or_default();
    let mut schemes = in_headers(source);
    schemes.retain(|scheme| alternatives.iter().any(|one| one.get(scheme.id).is_some()));
    schemes
}

/// The headers, in lower case, of the credentials that an operation does not ask for.
pub fn unasked_headers(source: &Source, operation: &Node) -> Vec<String> {
    let asked = asked(source, operation);
    let is_asked = |header: &str| {
        let mut headers = asked.iter().map(|scheme| scheme.header);
        headers.any(|one| one.eq_ignore_ascii_case(header))
    };
    let mut unasked: Vec<String> = in_headers(source)
        .iter()
        .filter(|scheme| !is_asked(scheme.header))
        .map(|scheme| scheme.header.to_ascii_lowercase())
        .collect();
    unasked.sort();
    unasked.dedup();
    unasked
}

/// The header and the prefix of a scheme; None where it is of another kind.
pub fn header(scheme: &Node) -> Option<(&str, &str)> {
    let said = scheme.get(PREFIX).and_then(Node::as_str);
    match (word(scheme, "type"), word(scheme, "in")) {
        ("apiKey", "header") => Some((word(scheme, "name"), said.unwrap_or_default())),
        ("http", _) if word(scheme, "scheme").eq_ignore_ascii_case("bearer") => {
            Some(("Authorization", "Bearer "))
        }
        // The credential is the Base64 of user and password.
        ("http", _) if word(scheme, "scheme").eq_ignore_ascii_case("basic") => {
            Some(("Authorization", "Basic "))
        }
        ("oauth2" | "openIdConnect", _) => Some(("Authorization", "Bearer ")),
        _ => None,
    }
}

/// `applicationKey` as `APPLICATION_KEY`.
fn constant(id: &str) -> String {
    let mut name = String::new();
    for c in id.chars() {
        if c.is_ascii_uppercase() && !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
        name.push(if c.is_ascii_alphanumeric() {
            c.to_ascii_uppercase()
        } else {
            '_'
        });
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        format!("_{name}")
    } else {
        name
    }
}

fn word<'a>(node: &'a Node, name: &str) -> &'a str {
    node.get(name).and_then(Node::as_str).unwrap_or_default()
}
