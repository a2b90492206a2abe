//! Every parameter of an operation has a name of its own, which the generator can use and send.

use std::collections::HashMap;

use heck::ToSnakeCase;

use super::parameters::text;
use spec::{Diagnostic, Node, OperationNode, Rule, Source};

/// A variable of every generated method.
const TAKEN: &str = "header_map";

/// Headers that the generator or the transport writes, or HTTP itself.
const WRITTEN: [&str; 7] = [
    "accept",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "host",
    "transfer-encoding",
];

pub(super) fn check(source: &Source) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for operation in source.operations() {
        let parameters = all(source, operation);
        found.extend(twins(source, operation, &parameters));
        found.extend(parameters.iter().filter_map(|node| name(source, node)));
    }
    found
}

/// The parameters of an operation, and those of its path item that it does not override; one that
/// stands there twice is there twice.
fn all<'a>(source: &'a Source, operation: OperationNode<'a>) -> Vec<&'a Node> {
    let of = |owner: &'a Node| -> Vec<&'a Node> {
        let items = owner.get("parameters").map(Node::items).unwrap_or_default();
        items
            .iter()
            .filter_map(|item| source.resolve(item))
            .collect()
    };
    let identity = |node: &Node| (text(node, "in").to_owned(), text(node, "name").to_owned());
    let own = of(operation.node);
    let is_overridden = |node: &Node| own.iter().any(|own| identity(own) == identity(node));
    let mut parameters = of(operation.item);
    parameters.retain(|node| !is_overridden(node));
    parameters.extend(own);
    parameters
}

/// Of two parameters with one name in Rust, the generator sends one alone, or fails.
fn twins(source: &Source, operation: OperationNode<'_>, parameters: &[&Node]) -> Vec<Diagnostic> {
    let mut seen: HashMap<String, &Node> = HashMap::new();
    let mut found = Vec::new();
    for parameter in parameters {
        let name = text(parameter, "name");
        let at = parameter.get("name").unwrap_or(parameter);
        let in_rust = in_rust(name);
        if in_rust == "body" && operation.node.get("requestBody").is_some() {
            let message = format!("`{name}` has the name that the request's body gets");
            found.push(
                source
                    .error(Rule::ParameterDuplicate, &at.place, message)
                    .help("the generated method calls the body `body`; this parameter cannot be had beside it"),
            );
        }
        let Some(first) = seen.insert(in_rust, parameter) else {
            continue;
        };
        let what = format!(
            "{} {}",
            operation.method.name.to_uppercase(),
            operation.path.name
        );
        let message = format!(
            "the {} parameter `{name}` of {what} has the name of the {} parameter `{}` on line {}",
            text(parameter, "in"),
            text(first, "in"),
            text(first, "name"),
            first.get("name").unwrap_or(first).place.line
        );
        found.push(
            source
                .error(Rule::ParameterDuplicate, &at.place, message)
                .help("leave one of them out: the generator sends one of a name, wherever it stands; case and punctuation do not count"),
        );
    }
    found
}

/// The name as the generator writes it, but for what it adds to a keyword or before a digit.
fn in_rust(name: &str) -> String {
    name.replace('\'', "").to_snake_case()
}

fn name(source: &Source, parameter: &Node) -> Option<Diagnostic> {
    let name = text(parameter, "name");
    let at = parameter.get("name").unwrap_or(parameter);
    let error = |message: String, help: &str| {
        Some(
            source
                .error(Rule::ParameterKind, &at.place, message)
                .help(help),
        )
    };
    if in_rust(name) == TAKEN {
        let message = format!("`{name}` has the name of a variable of the generated method");
        return error(
            message,
            "the generated code does not compile with it; leave the parameter out",
        );
    }
    if text(parameter, "in") != "header" {
        return None;
    }
    if !is_header_name(name) {
        let message = format!("`{name}` is no name of a header");
        return error(message, "write it with ASCII letters, digits and `-`");
    }
    let is_written = WRITTEN.contains(&name.to_ascii_lowercase().as_str());
    is_written
        .then(|| {
            let message = format!("the header `{name}` is written by the client itself");
            error(message, "leave the parameter out; a credential is described under `components/securitySchemes`, and a media type under `content`")
        })
        .flatten()
}

/// RFC 9110, section 5.6.2: a token.
pub(super) fn is_header_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}
