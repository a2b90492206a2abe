//! The sandbox's responses conform to the specifications, and each declared status has a case. The
//! specifications are read independently here, so as not to share the sandbox's mistakes.

use std::collections::BTreeSet;

use jsonschema::Draft;
use serde_json::{Value, json};

use crate::cases::{self, Case};
use crate::wire::exchange;

const DATADOG: &str = include_str!("../../../../specs/datadog-seats.yaml");
const STORE: &str = include_str!("../../../../specs/store-for-business.yaml");

fn read(text: &str) -> Value {
    serde_saphyr::from_str(text).expect("YAML")
}

fn resolved<'d>(document: &'d Value, node: &'d Value) -> &'d Value {
    match node["$ref"].as_str() {
        Some(reference) => {
            let pointer = reference.strip_prefix('#').expect("in the document");
            document.pointer(pointer).expect("it leads somewhere")
        }
        None => node,
    }
}

/// The operation that a case's request is for, if it is for one.
fn operation_of<'d>(document: &'d Value, case: &Case) -> Option<&'d Value> {
    let mut line = case.request.split(' ');
    let method = line.next()?.to_lowercase();
    let target = line.next()?;
    let path = target.split('?').next()?;
    let path = if case.store {
        path.strip_prefix("/V1")?
    } else {
        path
    };
    let fits = |template: &str| {
        let (template, path) = (template.split('/'), path.split('/'));
        template.clone().count() == path.clone().count()
            && template
                .zip(path)
                .all(|(known, sent)| known == sent || known.starts_with('{'))
    };
    let paths = document["paths"].as_object().expect("paths");
    let (_, item) = paths.iter().find(|(template, _)| fits(template))?;
    item.get(&method)
}

/// The response that an operation declares for a status.
fn declared<'d>(document: &'d Value, operation: &'d Value, status: u16) -> Option<&'d Value> {
    let responses = &operation["responses"];
    let node = responses
        .get(status.to_string())
        .or_else(|| responses.get(format!("{}XX", status / 100)))?;
    Some(resolved(document, node))
}

fn fits(document: &Value, schema: &Value, body: &Value) -> Result<(), String> {
    let root = json!({"components": document["components"], "allOf": [schema]});
    jsonschema::options()
        .with_draft(Draft::Draft4)
        .build(&nullable(root))
        .expect("a schema")
        .validate(body)
        .map_err(|error| error.to_string())
}

/// OpenAPI's `nullable` as JSON Schema has it.
fn nullable(node: Value) -> Value {
    match node {
        Value::Object(mut members) => {
            if members.get("nullable") == Some(&Value::Bool(true)) {
                let kind = members["type"].clone();
                members.insert("type".to_owned(), json!([kind, "null"]));
            }
            let members = members.into_iter();
            Value::Object(members.map(|(name, it)| (name, nullable(it))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(nullable).collect()),
        other => other,
    }
}

#[tokio::test]
async fn every_response_is_one_that_the_specification_declares() {
    let (datadog, store) = (read(DATADOG), read(STORE));
    let mut other_statuses = BTreeSet::new();
    for case in cases::all() {
        let sandbox = case.sandbox().await;
        let reply = exchange(&sandbox, case.request.as_bytes()).await;
        let document = if case.store { &store } else { &datadog };
        let operation = operation_of(document, &case);
        let response = operation.and_then(|it| declared(document, it, reply.status()));
        // An undeclared status has the vendor's error form.
        let response = response.unwrap_or_else(|| {
            other_statuses.insert((case.store, reply.status()));
            &document["components"]["responses"]["BadRequest"]
        });
        if response.get("content").is_none() {
            assert_eq!(reply.body, "", "{}", case.name);
            continue;
        }
        let label = reply.header("content-type").expect("a label");
        let schema = &response["content"][label]["schema"];
        assert!(schema.is_object(), "{}: {label} is not declared", case.name);
        let body = serde_json::from_str(&reply.body).expect("JSON");
        assert_eq!(fits(document, schema, &body), Ok(()), "{}", case.name);
    }
    let (datadog, store) = ([404, 405, 413], [404, 405, 413]);
    let others = datadog.map(|status| (false, status)).into_iter();
    assert_eq!(
        other_statuses.into_iter().collect::<Vec<_>>(),
        others
            .chain(store.map(|status| (true, status)))
            .collect::<Vec<_>>()
    );
}

/// A new status in a specification needs a case.
#[test]
fn every_status_that_is_declared_has_a_case() {
    for (text, is_store) in [(DATADOG, false), (STORE, true)] {
        let document = read(text);
        let mut declared = BTreeSet::new();
        for item in document["paths"].as_object().expect("paths").values() {
            for operation in item.as_object().expect("a path item").values() {
                let id = operation["operationId"].as_str().expect("an id");
                let responses = operation["responses"]
                    .as_object()
                    .expect("responses")
                    .keys();
                for status in responses.filter(|key| !key.starts_with("x-")) {
                    declared.insert((id.to_owned(), status.replace("2XX", "200")));
                }
            }
        }
        let shown: BTreeSet<_> = cases::all()
            .iter()
            .filter(|case| case.store == is_store)
            .filter_map(|case| {
                let operation = operation_of(&document, case)?;
                let id = operation["operationId"].as_str()?.to_owned();
                Some((id, case.status.to_string()))
            })
            .collect();
        let missing: Vec<_> = declared.difference(&shown).collect();
        assert_eq!(missing, Vec::<&(String, String)>::new());
    }
}
