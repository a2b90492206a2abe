//! Every body has an example, and every example fits its schema.

use jsonschema::paths::LocationSegment;
use jsonschema::{Draft, Validator};
use serde_json::{Value, json};
use spec::{Diagnostic, Node, Rule, Source};

pub(super) fn check(source: &Source) -> Vec<Diagnostic> {
    let components = source.root.get("components").map(Node::to_json);
    let mut components = components.unwrap_or_default();
    as_json_schema(&mut components);
    let mut found = Vec::new();
    let mut seen: Vec<*const Node> = Vec::new();
    for operation in source.operations() {
        let body = operation.node.get("requestBody");
        let responses = operation.node.get("responses").map(Node::entries);
        let answers = responses.unwrap_or_default().iter();
        let bodies = body.into_iter().map(|body| (true, body));
        let answers = answers.map(|(status, node)| (status.name.starts_with('2'), node));
        for (is_wanted, body) in bodies.chain(answers) {
            let Some(body) = source.resolve(body) else {
                continue;
            };
            for (key, media) in body.get("content").map(Node::entries).unwrap_or_default() {
                let examples = examples(source, media);
                if examples.is_empty() && is_wanted {
                    let message = format!("the body `{}` has no example", key.name);
                    found.push(
                        source
                            .error(Rule::OperationExample, &key.place, message)
                            .help("add `examples`, as the reference or a recording shows them; each becomes a test of the generated types"),
                    );
                }
                if !seen.contains(&std::ptr::from_ref(media)) {
                    seen.push(media);
                    found.extend(unfit(source, &components, media, &examples));
                }
            }
        }
        let owners = [operation.item, operation.node];
        let parameters = owners.iter().filter_map(|owner| owner.get("parameters"));
        for parameter in parameters.flat_map(Node::items) {
            if let Some(parameter) = source.resolve(parameter)
                && !seen.contains(&std::ptr::from_ref(parameter))
            {
                seen.push(parameter);
                let examples = examples(source, parameter);
                found.extend(unfit(source, &components, parameter, &examples));
            }
        }
    }
    found
}

/// The examples of a body or a parameter, both the single and the named ones.
fn examples<'a>(source: &'a Source, owner: &'a Node) -> Vec<&'a Node> {
    let named = owner.get("examples").map(Node::entries).unwrap_or_default();
    let named = named
        .iter()
        .filter_map(|(_, example)| source.resolve(example)?.get("value"));
    owner.get("example").into_iter().chain(named).collect()
}

/// What is wrong with the examples, each at its place.
fn unfit(source: &Source, components: &Value, owner: &Node, examples: &[&Node]) -> Vec<Diagnostic> {
    let Some(schema) = owner.get("schema").filter(|_| !examples.is_empty()) else {
        return Vec::new();
    };
    // A schema that is none is told by other rules.
    let Some(validator) = validator(components, schema) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for example in examples {
        let value = example.to_json();
        for error in validator.iter_errors(&value) {
            let steps: Vec<String> = error
                .instance_path()
                .segments()
                .map(|step| match step {
                    LocationSegment::Property(name) => name.into_owned(),
                    LocationSegment::Index(index) => index.to_string(),
                })
                .collect();
            let at = example.at(steps.iter().map(String::as_str));
            let place = &at.unwrap_or(example).place;
            let message = format!("the example does not fit its schema: {error}");
            found.push(
                source
                    .error(Rule::ExampleUnfit, place, message)
                    .help("mend the one of them that is wrong; each example becomes a test of the generated types"),
            );
        }
    }
    found
}

fn validator(components: &Value, schema: &Node) -> Option<Validator> {
    let mut schema = schema.to_json();
    as_json_schema(&mut schema);
    let root = json!({"components": components, "allOf": [schema]});
    jsonschema::options()
        .with_draft(Draft::Draft4)
        .should_validate_formats(true)
        .with_format("uuid", is_uuid)
        .build(&root)
        .ok()
}

fn is_uuid(text: &str) -> bool {
    let parts: Vec<usize> = text.split('-').map(str::len).collect();
    parts == [8, 4, 4, 4, 12] && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}

/// `nullable: true` as a list of types, everywhere.
fn as_json_schema(node: &mut Value) {
    match node {
        Value::Array(items) => items.iter_mut().for_each(as_json_schema),
        Value::Object(members) => {
            if members.get("nullable") == Some(&Value::Bool(true))
                && let Some(kind) = members.get("type").filter(|kind| kind.is_string()).cloned()
            {
                members.insert("type".to_owned(), json!([kind, "null"]));
                if let Some(Value::Array(values)) = members.get_mut("enum") {
                    values.push(Value::Null);
                }
            }
            members.values_mut().for_each(as_json_schema);
        }
        _ => {}
    }
}
