//! What the rest of a generated crate knows of each operation, read from the spec.

use super::amend::Method;
use spec::{Node, OperationNode, Spec, security};

/// One operation, and the generated method that carries it out.
pub(super) struct Operation {
    pub id: String,
    pub method: Method,
    pub http_method: String,
    /// The path template.
    pub path: String,
    pub summary: String,
    pub idempotent: bool,
    pub permissions: Vec<String>,
    pub reference: Option<String>,
    pub examples: Vec<Example>,
    /// The headers, in lower case, of the credentials that it does not ask for.
    pub unasked: Vec<String>,
    /// Whether the request's body is JSON.
    pub is_json: bool,
}

/// An example of a body of an operation.
pub(super) struct Example {
    pub role: Role,
    /// Where it stands, in words: `request oneUser`, `404 seat`.
    pub title: String,
    pub value: serde_json::Value,
    /// The schema of the body, in which the required fields stand.
    pub required: Vec<Vec<String>>,
}

/// Which of the types of an operation an example is of.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Role {
    Request,
    Success,
    Error,
}

/// Pairs the spec's operations with the generated methods; both are in the same order.
pub(super) fn read(spec: &Spec, methods: &[Method]) -> Vec<Operation> {
    spec.source
        .operations()
        .into_iter()
        .zip(methods)
        .map(|(operation, method)| Operation {
            id: operation.id().unwrap_or_default().to_owned(),
            method: method.clone(),
            unasked: security::unasked_headers(&spec.source, operation.node),
            is_json: is_json(spec, operation),
            http_method: operation.method.name.to_uppercase(),
            path: operation.path.name.clone(),
            summary: operation
                .node
                .get("summary")
                .and_then(Node::as_str)
                .unwrap_or_default()
                .to_owned(),
            idempotent: idempotent(operation),
            permissions: permissions(operation),
            reference: operation
                .node
                .at(["externalDocs", "url"])
                .and_then(Node::as_str)
                .map(str::to_owned),
            examples: examples(spec, operation),
        })
        .collect()
}

fn is_json(spec: &Spec, operation: OperationNode<'_>) -> bool {
    let body = operation.node.get("requestBody");
    let content = body.and_then(|body| spec.source.resolve(body)?.get("content"));
    content.is_some_and(|content| content.get("application/json").is_some())
}

/// `x-idempotent`, or else what RFC 9110, section 9.2.2 says of the method.
fn idempotent(operation: OperationNode<'_>) -> bool {
    operation.node.get("x-idempotent").map_or_else(
        || !matches!(operation.method.name.as_str(), "post" | "patch"),
        Node::is_true,
    )
}

/// `x-permission`: any one of the permissions is enough.
fn permissions(operation: OperationNode<'_>) -> Vec<String> {
    operation
        .node
        .at(["x-permission", "permissions"])
        .map(Node::items)
        .unwrap_or_default()
        .iter()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect()
}

fn examples(spec: &Spec, operation: OperationNode<'_>) -> Vec<Example> {
    let source = &spec.source;
    let mut examples = Vec::new();
    if let Some(body) = operation
        .node
        .get("requestBody")
        .and_then(|body| source.resolve(body))
    {
        collect(spec, body, Role::Request, "request", &mut examples);
    }
    for (status, response) in operation
        .node
        .get("responses")
        .map(Node::entries)
        .unwrap_or_default()
    {
        let role = if status.name.starts_with('2') {
            Role::Success
        } else {
            Role::Error
        };
        if let Some(response) = source.resolve(response) {
            collect(spec, response, role, &status.name, &mut examples);
        }
    }
    examples
}

/// The examples of a body's JSON, both the single and the named ones.
fn collect(spec: &Spec, body: &Node, role: Role, title: &str, examples: &mut Vec<Example>) {
    let Some((_, media)) = body
        .get("content")
        .map(Node::entries)
        .unwrap_or_default()
        .iter()
        .find(|(key, _)| key.name.starts_with("application/json"))
    else {
        return;
    };
    let single = media.get("example").map(|node| (title.to_owned(), node));
    let named = media
        .get("examples")
        .map(Node::entries)
        .unwrap_or_default()
        .iter()
        .filter_map(|(key, node)| {
            let value = spec.source.resolve(node)?.get("value")?;
            Some((format!("{title} {}", key.name), value))
        });
    for (title, node) in single.into_iter().chain(named) {
        let value = node.to_json();
        let mut required = Vec::new();
        if let Some(schema) = media.get("schema") {
            required_fields(spec, schema, &value, &mut Vec::new(), &mut required);
        }
        examples.push(Example {
            role,
            title,
            value,
            required,
        });
    }
}

/// The paths of the required fields that an example has, as its schema states them.
fn required_fields(
    spec: &Spec,
    schema: &Node,
    value: &serde_json::Value,
    path: &mut Vec<String>,
    found: &mut Vec<Vec<String>>,
) {
    let (Some(schema), Some(object)) = (spec.source.resolve(schema), value.as_object()) else {
        return;
    };
    for name in schema
        .get("required")
        .map(Node::items)
        .unwrap_or_default()
        .iter()
        .filter_map(Node::as_str)
    {
        found.push(path.iter().cloned().chain([name.to_owned()]).collect());
    }
    for (key, property) in schema
        .get("properties")
        .map(Node::entries)
        .unwrap_or_default()
    {
        if let Some(inner) = object.get(&key.name) {
            path.push(key.name.clone());
            required_fields(spec, property, inner, path, found);
            path.pop();
        }
    }
}
