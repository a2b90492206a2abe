//! Datadog's side: what becomes of the seats over several calls.

use seats_sandbox::Sandbox;

use crate::wire::{exchange, keys, request, with_body};

pub const PATH: &str = "/api/v2/seats/users";

/// The holders of `incident_response`.
pub const USERS: [&str; 3] = [
    "626a4e8e-64bd-409d-b80e-428f08ac0b62",
    "9d1c2f60-0f6e-4c5a-8b3e-7f1d2a4c6e80",
    "c3b5a7d2-41f8-4e0b-9c66-5a0d8e2f7b13",
];

/// Takes the first of them away.
pub const DELETE_BODY: &str = r#"{"data":{"type":"seat-assignments","id":"any","attributes":{"product_code":"incident_response","user_uuids":["626a4e8e-64bd-409d-b80e-428f08ac0b62"]}}}"#;

/// A request that takes the seats of `incident_response` away from these users.
pub fn unassign(users: &[&str]) -> String {
    let users = users.join("\",\"");
    let body = format!(
        r#"{{"data":{{"type":"seat-assignments","attributes":{{"product_code":"incident_response","user_uuids":["{users}"]}}}}}}"#
    );
    with_body("DELETE", PATH, &keys(), "application/json", &body)
}

fn seats(sandbox: &Sandbox) -> Vec<String> {
    sandbox
        .datadog_seats()
        .iter()
        .map(|seat| format!("{} {}", seat.product_code, seat.user_uuid))
        .collect()
}

#[tokio::test]
async fn the_answers_are_these_bytes() {
    let sandbox = Sandbox::start().await.expect("it starts");
    let done = exchange(&sandbox, unassign(&[USERS[0]]).as_bytes()).await;
    assert_eq!(
        done.head,
        "HTTP/1.1 204 No Content\r\nx-request-id: sandbox-1\r\nconnection: close"
    );
    let allowed = exchange(&sandbox, request("PUT", PATH, "").as_bytes()).await;
    assert_eq!(
        allowed.head,
        "HTTP/1.1 405 Method Not Allowed\r\ncontent-type: application/vnd.api+json\r\n\
         allow: GET, POST, DELETE\r\nx-request-id: sandbox-2\r\nconnection: close\r\ncontent-length: 91"
    );
}

#[tokio::test]
async fn the_named_users_lose_seats_of_the_named_product_once() {
    let sandbox = Sandbox::start().await.expect("it starts");
    // The same user twice, and in capitals: one user.
    let upper = USERS[0].to_uppercase();
    let request = unassign(&[USERS[0], USERS[1], &upper]);
    assert_eq!(exchange(&sandbox, request.as_bytes()).await.status(), 204);
    let left = [
        "incident_response c3b5a7d2-41f8-4e0b-9c66-5a0d8e2f7b13",
        "on_call 626a4e8e-64bd-409d-b80e-428f08ac0b62",
        "on_call 5e7f0a94-2c1b-4d38-8f60-b9a4c7d21e05",
    ];
    assert_eq!(seats(&sandbox), left);

    let again = exchange(&sandbox, unassign(&[USERS[2], USERS[0]]).as_bytes()).await;
    assert_eq!(again.status_line(), "HTTP/1.1 422 Unprocessable Entity");
    assert_eq!(
        again.body,
        r#"{"errors":[{"title":"Generic Error","detail":"user_uuids names users without a seat of incident_response: 626a4e8e-64bd-409d-b80e-428f08ac0b62"}]}"#
    );
    assert_eq!(seats(&sandbox), left);
}

#[tokio::test]
async fn a_product_stays_known_without_seats() {
    let sandbox = Sandbox::start().await.expect("it starts");
    assert_eq!(
        exchange(&sandbox, unassign(&USERS).as_bytes())
            .await
            .status(),
        204
    );
    let again = exchange(&sandbox, unassign(&[USERS[2]]).as_bytes()).await;
    assert_eq!(
        again.body,
        r#"{"errors":[{"title":"Generic Error","detail":"user_uuids names users without a seat of incident_response: c3b5a7d2-41f8-4e0b-9c66-5a0d8e2f7b13"}]}"#
    );
}

#[tokio::test]
async fn every_field_at_fault_is_named() {
    let sandbox = Sandbox::start().await.expect("it starts");
    let body = r#"{"data":{"type":"seats","attributes":{"user_uuids":["a","626a4e8e-64bd-409d-b80e-428f08ac0b62","b"]}}}"#;
    let request = with_body("DELETE", PATH, &keys(), "application/json", body);
    let reply = exchange(&sandbox, request.as_bytes()).await;
    assert_eq!(reply.status(), 422);
    let errors: serde_json::Value = serde_json::from_str(&reply.body).expect("JSON");
    let mut details: Vec<_> = errors["errors"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|error| error["detail"].as_str().expect("a text"))
        .collect();
    details.sort_unstable();
    assert_eq!(
        details,
        [
            "product_code is required",
            r#"type is not acceptable: "seats" is not one of "seat-assignments""#,
            r#"user_uuids[0] is not acceptable: "a" is not a "uuid""#,
            r#"user_uuids[2] is not acceptable: "b" is not a "uuid""#,
        ]
    );
}
