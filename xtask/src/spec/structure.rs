//! Says where and why a document is not built as OpenAPI 3.0 has it.
//!
//! `openapiv3` reads through untagged enums, which lose the place and the reason. So each part is
//! read again by itself, the innermost first, until one fails with nothing failing inside it.

use openapiv3::{OpenAPI, Operation, Parameter, PathItem, RequestBody, Response, Schema};
use serde::de::DeserializeOwned;

use super::{Node, Source};
use crate::diagnostic::{Diagnostic, Rule};

/// The first fault of a document that `openapiv3` refuses.
pub(super) fn explain(source: &Source) -> Diagnostic {
    let root = &source.root;
    let fault = paths(root)
        .or_else(|| components(root))
        .or_else(|| check::<OpenAPI>(root, "document"));
    match fault {
        Some(Fault { node, message }) => source
            .error(Rule::OpenapiStructure, &node.place, message)
            .help("see https://spec.openapis.org/oas/v3.0.3 for what may stand here"),
        None => source.error(
            Rule::OpenapiStructure,
            &root.place,
            "this is not an OpenAPI 3.0 document",
        ),
    }
}

struct Fault<'a> {
    node: &'a Node,
    message: String,
}

type Found<'a> = Option<Fault<'a>>;

/// Reads one part as `T`; the fault is where serde stopped.
fn check<'a, T: DeserializeOwned>(node: &'a Node, what: &str) -> Found<'a> {
    if node.get("$ref").is_some() {
        return None;
    }
    let error = serde_path_to_error::deserialize::<_, T>(node.to_json()).err()?;
    let steps: Vec<String> = error.path().iter().map(|step| step.to_string()).collect();
    // The path may lead on through names that serde made up; stop where the document does.
    let place = (0..=steps.len())
        .rev()
        .find_map(|n| node.at(steps.get(..n)?.iter().map(String::as_str)))
        .unwrap_or(node);
    Some(Fault {
        node: place,
        message: format!("not a valid {what}: {}", error.inner()),
    })
}

fn each<'a>(parent: &'a Node, key: &str, inspect: impl FnMut(&'a Node) -> Found<'a>) -> Found<'a> {
    parent
        .get(key)?
        .entries()
        .iter()
        .map(|(_, node)| node)
        .find_map(inspect)
}

fn paths(root: &Node) -> Found<'_> {
    each(root, "paths", |item| {
        parameters(item)
            .or_else(|| {
                item.entries()
                    .iter()
                    .filter(|(key, _)| super::METHODS.contains(&key.name.as_str()))
                    .find_map(|(_, node)| operation(node))
            })
            .or_else(|| check::<PathItem>(item, "path item"))
    })
}

fn components(root: &Node) -> Found<'_> {
    let components = root.get("components")?;
    each(components, "schemas", schema)
        .or_else(|| each(components, "parameters", parameter))
        .or_else(|| each(components, "responses", response))
        .or_else(|| each(components, "requestBodies", request_body))
}

fn operation(node: &Node) -> Found<'_> {
    parameters(node)
        .or_else(|| node.get("requestBody").and_then(request_body))
        .or_else(|| each(node, "responses", response))
        .or_else(|| check::<Operation>(node, "operation"))
}

fn parameters(node: &Node) -> Found<'_> {
    node.get("parameters")?.items().iter().find_map(parameter)
}

fn parameter(node: &Node) -> Found<'_> {
    node.get("schema")
        .and_then(schema)
        .or_else(|| check::<Parameter>(node, "parameter"))
}

fn request_body(node: &Node) -> Found<'_> {
    content(node).or_else(|| check::<RequestBody>(node, "request body"))
}

fn response(node: &Node) -> Found<'_> {
    content(node).or_else(|| check::<Response>(node, "response"))
}

fn content(node: &Node) -> Found<'_> {
    each(node, "content", |media| {
        media.get("schema").and_then(schema)
    })
}

fn schema(node: &Node) -> Found<'_> {
    let inner = ["items", "additionalProperties", "not"]
        .into_iter()
        .find_map(|key| {
            let inner = node.get(key)?;
            (!inner.entries().is_empty())
                .then(|| schema(inner))
                .flatten()
        });
    inner
        .or_else(|| each(node, "properties", schema))
        .or_else(|| {
            ["allOf", "oneOf", "anyOf"]
                .into_iter()
                .find_map(|key| node.get(key)?.items().iter().find_map(schema))
        })
        .or_else(|| check::<Schema>(node, "schema"))
}
