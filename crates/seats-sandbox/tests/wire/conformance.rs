//! Whether the sandbox's answers are answers that the specifications allow. Reads
//! the specifications on its own, so as not to share the sandbox's mistakes.

use std::collections::BTreeSet;

use jsonschema::Draft;
use seats_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::cases;
use crate::wire::exchange;

const DATADOG: &str = include_str!("../../../../specs/datadog-seats.yaml");
const STORE: &str = include_str!("../../../../specs/store-for-business.yaml");

/// The answer that the path's DELETE declares for a status.
fn declared<'d>(document: &'d Value, path: &str, status: u16) -> Option<&'d Value> {
    let responses = &document["paths"][path]["delete"]["responses"];
    responses
        .get(status.to_string())
        .or_else(|| responses.get(format!("{}XX", status / 100)))
}

fn fits(document: &Value, schema: &Value, body: &Value) -> Result<(), String> {
    let root = json!({"components": document["components"], "allOf": [schema]});
    jsonschema::options()
        .with_draft(Draft::Draft4)
        .build(&root)
        .expect("a schema")
        .validate(body)
        .map_err(|error| error.to_string())
}

#[tokio::test]
async fn every_answer_is_one_that_the_specification_declares() {
    let datadog: Value = serde_saphyr::from_str(DATADOG).expect("YAML");
    let store: Value = serde_saphyr::from_str(STORE).expect("YAML");
    let mut declared_statuses = BTreeSet::new();
    let mut other_statuses = BTreeSet::new();
    for case in cases::all() {
        let sandbox = Sandbox::start().await.expect("it starts");
        let reply = exchange(&sandbox, case.request.as_bytes()).await;
        let (vendor, document, path) = if case.store {
            let path = "/Inventory/{productId}/{skuId}/Seats/{username}";
            ("Store", &store, path)
        } else {
            ("Datadog", &datadog, "/api/v2/seats/users")
        };
        let schema = match declared(document, path, reply.status()) {
            Some(answer) => {
                declared_statuses.insert((vendor, reply.status()));
                answer
            }
            // What the operation does not declare still has the vendor's form.
            None => {
                other_statuses.insert((vendor, reply.status()));
                declared(document, path, 400).expect("both declare it")
            }
        };
        let schema = &schema["content"]["application/json"]["schema"];
        if schema.is_null() {
            assert_eq!(reply.body, "", "{}", case.name);
            continue;
        }
        let body = serde_json::from_str(&reply.body).expect("JSON");
        assert_eq!(fits(document, schema, &body), Ok(()), "{}", case.name);
    }
    let datadog = [204, 400, 401, 403, 422].map(|status| ("Datadog", status));
    let store = [200, 400, 401, 404, 409].map(|status| ("Store", status));
    assert_eq!(
        declared_statuses.into_iter().collect::<Vec<_>>(),
        [datadog, store].concat()
    );
    assert_eq!(
        other_statuses.into_iter().collect::<Vec<_>>(),
        [
            ("Datadog", 404),
            ("Datadog", 405),
            ("Datadog", 413),
            ("Store", 405),
            ("Store", 413)
        ]
    );
}
