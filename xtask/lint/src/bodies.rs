//! Every body is of a kind that the generator can send or read.

use spec::{Diagnostic, Key, Node, OperationNode, Rule, Source};

/// The media types that a generated method can send.
const SENT: [&str; 5] = [
    "application/json",
    "application/octet-stream",
    "application/x-www-form-urlencoded",
    "text/plain",
    "text/x-markdown",
];

pub(super) fn check(source: &Source) -> Vec<Diagnostic> {
    source
        .operations()
        .into_iter()
        .flat_map(|operation| {
            let mut found = request(source, operation);
            found.extend(optional(source, operation));
            found.extend(responses(source, operation));
            found
        })
        .collect()
}

fn request(source: &Source, operation: OperationNode<'_>) -> Vec<Diagnostic> {
    let Some(content) = operation
        .node
        .get("requestBody")
        .and_then(|body| source.resolve(body))
        .and_then(|body| body.get("content"))
    else {
        return Vec::new();
    };
    let error = |place, message: String, help: &str| {
        vec![
            source
                .error(Rule::RequestMediaType, place, message)
                .help(help),
        ]
    };
    match content.entries() {
        [] => Vec::new(),
        [(media_type, body)] => {
            let name = essence(media_type);
            if !SENT.contains(&name) {
                let message = format!("a request body of `{name}` cannot be generated");
                return error(
                    &media_type.place,
                    message,
                    "declare `application/json`, with a comment where the vendor says another type",
                );
            }
            if body.get("schema").is_none() {
                let message = "the request body has no schema".to_owned();
                return error(&body.place, message, "describe the body with `schema`");
            }
            if let Some(encoding) = body.get("encoding") {
                let message = "the request body has an `encoding`".to_owned();
                return error(
                    &encoding.place,
                    message,
                    "leave `encoding` out; the generator does not know it",
                );
            }
            Vec::new()
        }
        [_, (second, _), ..] => {
            let message = "the request body has more than one media type".to_owned();
            error(&second.place, message, "keep the one that is to be sent")
        }
    }
}

/// The generated method takes a body and sends it, whatever `required` says.
fn optional(source: &Source, operation: OperationNode<'_>) -> Option<Diagnostic> {
    let body = source.resolve(operation.node.get("requestBody")?)?;
    if body.get("required").is_some_and(Node::is_true) {
        return None;
    }
    let (key, _) = body.entry("required").or_else(|| body.entry("content"))?;
    Some(
        source
            .error(Rule::RequestBodyOptional, &key.place, "the request body may be left out, and is always sent")
            .help("add `required: true`; a call without the body is an operation that cannot be generated"),
    )
}

fn essence(media_type: &Key) -> &str {
    media_type.name.split(';').next().unwrap_or_default().trim()
}

/// What the generator makes of an answer.
#[derive(Clone, PartialEq)]
enum Kind {
    Nothing,
    Typed(serde_json::Value),
}

struct Answer<'a> {
    status: &'a Key,
    kind: Kind,
}

fn responses(source: &Source, operation: OperationNode<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut answers = Vec::new();
    for (status, response) in operation
        .node
        .get("responses")
        .map(Node::entries)
        .unwrap_or_default()
    {
        if status.name.starts_with("x-") {
            continue;
        }
        let Some(response) = source.resolve(response) else {
            continue;
        };
        match kind(source, response) {
            Ok(kind) => answers.push(Answer { status, kind }),
            Err(diagnostic) => found.push(*diagnostic),
        }
    }
    let is_success =
        |status: &str| status.starts_with('2') || status == "101" || status == "default";
    let is_error = |status: &str| status.starts_with(['4', '5']) || status == "default";
    // A range of successes leaves nothing for a default to be.
    let all_successes = answers
        .iter()
        .any(|answer| answer.status.name.eq_ignore_ascii_case("2XX"));
    let successes: Vec<&Answer<'_>> = answers
        .iter()
        .filter(|answer| is_success(&answer.status.name))
        .filter(|answer| !(all_successes && answer.status.name == "default"))
        .collect();
    let errors: Vec<&Answer<'_>> = answers
        .iter()
        .filter(|answer| is_error(&answer.status.name))
        .collect();
    let key = operation.node.entry("responses").map(|(key, _)| key);
    if let Some(key) = key
        && successes.is_empty()
        && found.is_empty()
    {
        found.push(
            source
                .error(Rule::ResponseSuccess, &key.place, "the operation has no success")
                .help("add the 2xx answer that the reference has; without one the generator makes an untyped stream"),
        );
    }
    found.extend(one_type(source, "success", &successes));
    found.extend(one_type(source, "error", &errors));
    found.extend(one_name(source, &successes, &errors));
    found
}

/// A body without a named schema is named after its operation, whether it is a success or an error:
/// one of two such types would silently take the other's place.
fn one_name(
    source: &Source,
    successes: &[&Answer<'_>],
    errors: &[&Answer<'_>],
) -> Option<Diagnostic> {
    let is_unnamed = |answer: &&&Answer<'_>| match &answer.kind {
        Kind::Nothing => false,
        Kind::Typed(schema) => schema.get("$ref").is_none(),
    };
    let success = successes.iter().find(is_unnamed)?;
    let error = errors
        .iter()
        .filter(is_unnamed)
        .find(|error| error.kind != success.kind)?;
    let message = format!(
        "the bodies of {} and {} have no name and would become one type",
        success.status.name, error.status.name
    );
    Some(
        source
            .error(Rule::ResponseTypes, &error.status.place, message)
            .help("name them: put each schema under `components/schemas` and refer to it"),
    )
}

fn kind(source: &Source, response: &Node) -> Result<Kind, Box<Diagnostic>> {
    let entries = response
        .get("content")
        .map(Node::entries)
        .unwrap_or_default();
    let Some((first, _)) = entries.first() else {
        return Ok(Kind::Nothing);
    };
    let Some((media_type, body)) = entries
        .iter()
        .find(|(key, _)| essence(key) == "application/json")
    else {
        let message = format!(
            "an answer of `{}` would become an untyped stream",
            first.name
        );
        return Err(Box::new(
            source
                .error(Rule::ResponseMediaType, &first.place, message)
                .help("declare `application/json`, with a comment where the vendor says another type; the decoder does not look at it"),
        ));
    };
    match body.get("schema") {
        Some(schema) => Ok(Kind::Typed(without_words(schema.to_json()))),
        None => Err(Box::new(
            source
                .error(
                    Rule::ResponseMediaType,
                    &media_type.place,
                    "the answer's body has no schema",
                )
                .help(
                    "describe the body with `schema`, or take `content` away where there is none",
                ),
        )),
    }
}

/// Two schemas that differ in words alone are one type.
fn without_words(mut schema: serde_json::Value) -> serde_json::Value {
    if let Some(object) = schema.as_object_mut() {
        object.retain(|key, _| !matches!(key.as_str(), "description" | "example" | "externalDocs"));
    }
    schema
}

fn one_type(source: &Source, what: &str, answers: &[&Answer<'_>]) -> Option<Diagnostic> {
    let (first, others) = answers.split_first()?;
    let other = others.iter().find(|answer| answer.kind != first.kind)?;
    let say = |kind: &Kind| match kind {
        Kind::Nothing => "no body".to_owned(),
        Kind::Typed(schema) => schema
            .get("$ref")
            .and_then(serde_json::Value::as_str)
            .and_then(|reference| reference.rsplit('/').next())
            .map_or_else(
                || "a body of its own".to_owned(),
                |name| format!("`{name}`"),
            ),
    };
    let message = format!(
        "the operation has several types of {what}: {} for {} and {} for {}",
        say(&first.kind),
        first.status.name,
        say(&other.kind),
        other.status.name
    );
    Some(
        source
            .error(Rule::ResponseTypes, &other.status.place, message)
            .help(format!(
                "give every {what} the same schema; `oneOf` inside it can tell the forms apart"
            )),
    )
}
