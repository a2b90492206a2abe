//! A document as OpenAPI 3.0 has it, or where and why it is not built so.
//!
//! `openapiv3` reads through untagged enums, which lose the place and the reason. So each part is
//! read again by itself, the innermost first, until one fails with nothing failing inside it.

use openapiv3::{OpenAPI, Operation, Parameter, PathItem, RequestBody, Response, Schema};
use serde::de::DeserializeOwned;

use crate::diagnostic::Diagnostic;
use crate::node::Node;
use crate::rule::Rule;
use crate::source::{METHODS, Source};

/// A spec that was read as OpenAPI 3.0.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The text it came from.
    pub source: Source,
    /// The document as the generator takes it.
    pub openapi: OpenAPI,
}

impl Spec {
    /// Reads a tree as an OpenAPI 3.0 document.
    ///
    /// # Errors
    /// The document is not built as OpenAPI 3.0 has it.
    pub fn from_source(source: Source) -> Result<Self, Vec<Diagnostic>> {
        match serde_json::from_value(source.root.to_json()) {
            Ok(openapi) => Ok(Self { source, openapi }),
            Err(_) => Err(explain(&source)),
        }
    }
}

/// Every fault of a document that `openapiv3` refuses.
fn explain(source: &Source) -> Vec<Diagnostic> {
    let root = &source.root;
    let mut faults = paths(root);
    faults.extend(components(root));
    let faults = or_else(faults, || check::<OpenAPI>(root, "document"));
    let diagnostics: Vec<Diagnostic> = faults
        .into_iter()
        .map(|Fault { node, message }| {
            source
                .error(Rule::OpenapiStructure, &node.place, message)
                .help("see https://spec.openapis.org/oas/v3.0.3 for what may stand here")
        })
        .collect();
    if diagnostics.is_empty() {
        let message = "this is not an OpenAPI 3.0 document";
        return vec![source.error(Rule::OpenapiStructure, &root.place, message)];
    }
    diagnostics
}

struct Fault<'a> {
    node: &'a Node,
    message: String,
}

type Faults<'a> = Vec<Fault<'a>>;

/// The faults of the parts, or else those of the whole: a broken part breaks the whole as well.
fn or_else<'a>(parts: Faults<'a>, whole: impl FnOnce() -> Faults<'a>) -> Faults<'a> {
    if parts.is_empty() { whole() } else { parts }
}

/// Reads one part as `T`; the fault is where serde stopped.
fn check<'a, T: DeserializeOwned>(node: &'a Node, what: &str) -> Faults<'a> {
    if node.get("$ref").is_some() {
        return Vec::new();
    }
    let Err(error) = serde_path_to_error::deserialize::<_, T>(node.to_json()) else {
        return Vec::new();
    };
    let steps: Vec<String> = error.path().iter().map(|step| step.to_string()).collect();
    // The path may lead on through names that serde made up; stop where the document does.
    let place = (0..=steps.len())
        .rev()
        .find_map(|n| node.at(steps.get(..n)?.iter().map(String::as_str)))
        .unwrap_or(node);
    vec![Fault {
        node: place,
        message: format!("not a valid {what}: {}", error.inner()),
    }]
}

fn each<'a>(parent: &'a Node, key: &str, inspect: impl Fn(&'a Node) -> Faults<'a>) -> Faults<'a> {
    let entries = parent.get(key).map(Node::entries).unwrap_or_default();
    entries
        .iter()
        .filter(|(key, _)| !key.name.starts_with("x-"))
        .flat_map(|(_, node)| inspect(node))
        .collect()
}

fn paths(root: &Node) -> Faults<'_> {
    each(root, "paths", |item| {
        let mut faults = parameters(item);
        let operations = item
            .entries()
            .iter()
            .filter(|(key, _)| METHODS.contains(&key.name.as_str()));
        faults.extend(operations.flat_map(|(_, node)| operation(node)));
        or_else(faults, || check::<PathItem>(item, "path item"))
    })
}

fn components(root: &Node) -> Faults<'_> {
    let Some(components) = root.get("components") else {
        return Vec::new();
    };
    let mut faults = each(components, "schemas", schema);
    faults.extend(each(components, "parameters", parameter));
    faults.extend(each(components, "responses", response));
    faults.extend(each(components, "requestBodies", request_body));
    faults
}

fn operation(node: &Node) -> Faults<'_> {
    let mut faults = parameters(node);
    faults.extend(node.get("requestBody").into_iter().flat_map(request_body));
    faults.extend(each(node, "responses", response));
    or_else(faults, || check::<Operation>(node, "operation"))
}

fn parameters(node: &Node) -> Faults<'_> {
    let parameters = node.get("parameters").map(Node::items).unwrap_or_default();
    parameters.iter().flat_map(parameter).collect()
}

fn parameter(node: &Node) -> Faults<'_> {
    let faults = node.get("schema").into_iter().flat_map(schema).collect();
    or_else(faults, || check::<Parameter>(node, "parameter"))
}

fn request_body(node: &Node) -> Faults<'_> {
    or_else(content(node), || check::<RequestBody>(node, "request body"))
}

fn response(node: &Node) -> Faults<'_> {
    or_else(content(node), || check::<Response>(node, "response"))
}

fn content(node: &Node) -> Faults<'_> {
    each(node, "content", |media| {
        media.get("schema").into_iter().flat_map(schema).collect()
    })
}

fn schema(node: &Node) -> Faults<'_> {
    let single = ["items", "additionalProperties", "not"]
        .into_iter()
        .filter_map(|key| node.get(key))
        .filter(|inner| !inner.entries().is_empty());
    let listed = ["allOf", "oneOf", "anyOf"]
        .into_iter()
        .filter_map(|key| node.get(key))
        .flat_map(Node::items);
    let mut faults: Faults<'_> = single.chain(listed).flat_map(schema).collect();
    faults.extend(each(node, "properties", schema));
    or_else(faults, || check::<Schema>(node, "schema"))
}
