//! Every operation shows where it comes from, what it looks like, and how it fails.

use spec::Diagnostic;
use spec::Rule;
use spec::{Node, OperationNode, Place, Source};

pub(super) fn check(source: &Source) -> Vec<Diagnostic> {
    source
        .operations()
        .into_iter()
        .flat_map(|operation| {
            let mut found = examples(source, operation);
            found.extend(reference(source, operation));
            found.extend(tag(source, operation));
            found.extend(errors(source, operation));
            found
        })
        .collect()
}

fn name(operation: OperationNode<'_>) -> String {
    operation.id().map_or_else(
        || {
            let method = operation.method.name.to_uppercase();
            format!("{method} {}", operation.path.name)
        },
        |id| format!("`{id}`"),
    )
}

fn examples(source: &Source, operation: OperationNode<'_>) -> Vec<Diagnostic> {
    let request = operation
        .node
        .get("requestBody")
        .map(|body| ("the request body", body));
    let answers = operation
        .node
        .get("responses")
        .map(Node::entries)
        .unwrap_or_default()
        .iter()
        .filter(|(status, _)| status.name.starts_with('2'))
        .map(|(_, answer)| ("the answer", answer));
    let media_types = request.into_iter().chain(answers).flat_map(|(what, body)| {
        let content = source.resolve(body).and_then(|body| body.get("content"));
        let entries = content.map(Node::entries).unwrap_or_default();
        entries.iter().map(move |(key, media)| (what, key, media))
    });
    media_types
        .filter(|(_, _, media)| {
            let named = media.get("examples").map(Node::entries).unwrap_or_default();
            media.get("example").is_none() && named.is_empty()
        })
        .map(|(what, key, _)| {
            let message = format!("{what} of {} has no example", name(operation));
            source
                .error(Rule::OperationExample, &key.place, message)
                .help("add `examples`, as the reference or a recording shows them; each becomes a test of the generated types")
        })
        .collect()
}

fn reference(source: &Source, operation: OperationNode<'_>) -> Option<Diagnostic> {
    let url = operation.node.at(["externalDocs", "url"]);
    if url
        .and_then(Node::as_str)
        .is_some_and(|url| !url.trim().is_empty())
    {
        return None;
    }
    Some(missing(
        source,
        Rule::OperationReference,
        &operation.method.place,
        format!("{} does not say where it is documented", name(operation)),
        "add `externalDocs: {description: .., url: ..}` with the vendor's page of this operation",
    ))
}

fn tag(source: &Source, operation: OperationNode<'_>) -> Option<Diagnostic> {
    if operation
        .node
        .get("tags")
        .is_some_and(|tags| !tags.items().is_empty())
    {
        return None;
    }
    Some(missing(
        source,
        Rule::OperationTag,
        &operation.method.place,
        format!("{} has no tag", name(operation)),
        "add `tags: [..]` with one of the document's tags",
    ))
}

fn errors(source: &Source, operation: OperationNode<'_>) -> Option<Diagnostic> {
    let (key, responses) = operation.node.entry("responses")?;
    let is_error = |status: &str| status.starts_with('4') || status == "default";
    if responses
        .entries()
        .iter()
        .any(|(status, _)| is_error(&status.name))
    {
        return None;
    }
    Some(missing(
        source,
        Rule::OperationErrors,
        &key.place,
        format!("{} documents no error of the caller's", name(operation)),
        "add the 4xx answers that the reference has, or `4XX` with the vendor's form of an error",
    ))
}

fn missing(source: &Source, rule: Rule, place: &Place, message: String, help: &str) -> Diagnostic {
    source.error(rule, place, message).help(help)
}
