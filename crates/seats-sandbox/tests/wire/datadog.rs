//! Datadog: the seats over several calls.

use seats_sandbox::{Sandbox, Seed};

use crate::wire::{exchange, get, keys, request, with_body};

pub const PATH: &str = "/api/v2/seats/users";

/// The holders of `incident_response`.
pub const USERS: [&str; 3] = [
    "626a4e8e-64bd-409d-b80e-428f08ac0b62",
    "9d1c2f60-0f6e-4c5a-8b3e-7f1d2a4c6e80",
    "c3b5a7d2-41f8-4e0b-9c66-5a0d8e2f7b13",
];

/// Unassigns the first of them.
pub const DELETE_BODY: &str = r#"{"data":{"type":"seat-assignments","id":"any","attributes":{"product_code":"incident_response","user_uuids":["626a4e8e-64bd-409d-b80e-428f08ac0b62"]}}}"#;

/// A request that unassigns the seats of `incident_response` from these users.
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
async fn the_responses_are_these_bytes() {
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

/// Recorded: a request with several mistakes is answered with one error, about the product if its
/// product is one of them.
#[tokio::test]
async fn of_several_mistakes_one_is_named() {
    let sandbox = Sandbox::start().await.expect("it starts");
    for (product, detail) in [
        ("", "product_code is required"),
        (
            r#""product_code":"on_call","#,
            r#"user_uuids[0] is not acceptable: "a" is not a "uuid""#,
        ),
    ] {
        let body = format!(
            r#"{{"data":{{"type":"seat-assignments","attributes":{{{product}"user_uuids":["a","{}","b"]}}}}}}"#,
            USERS[0]
        );
        let request = with_body("DELETE", PATH, &keys(), "application/json", &body);
        let reply = exchange(&sandbox, request.as_bytes()).await;
        let errors = serde_json::json!({"errors": [{"title": "Generic Error", "detail": detail}]});
        assert_eq!((reply.status(), reply.body), (422, errors.to_string()));
    }
}

/// Recorded: the list of a product without users is empty, and has no `meta`.
#[tokio::test]
async fn a_list_without_users_has_no_meta() {
    let sandbox = Sandbox::start().await.expect("it starts");
    exchange(&sandbox, unassign(&USERS).as_bytes()).await;
    let list = get(&format!("{PATH}?product_code=incident_response"), &keys());
    let reply = exchange(&sandbox, list.as_bytes()).await;
    assert_eq!(
        (reply.status(), reply.body.as_str()),
        (200, r#"{"data":[]}"#)
    );
}

/// The specification names the permissions of each operation; any one of them is enough.
#[tokio::test]
async fn keys_without_a_permission_are_refused() {
    let status = async |permissions: &str, request: String| {
        let seed = include_str!("limited.yaml").replace(
            "rate_limit: {limit: 1, period: 60}",
            &format!("permissions: {permissions}"),
        );
        let seed = Seed::from_yaml(&seed).expect("a seed");
        let sandbox = Sandbox::builder().seed(seed).start().await;
        let sandbox = sandbox.expect("it starts");
        let reply = exchange(&sandbox, request.as_bytes()).await;
        if reply.status() == 403 {
            assert_eq!(reply.body, r#"{"errors":["Forbidden"]}"#);
        }
        reply.status()
    };
    let list = || get(&format!("{PATH}?product_code=on_call"), &keys());
    let change = || unassign(&[USERS[0]]);
    let assign = || change().replace("DELETE", "POST");
    for read in ["billing_read", "incident_read", "on_call_read"] {
        let permissions = format!("[{read}]");
        assert_eq!(status(&permissions, list()).await, 200);
        assert_eq!(status(&permissions, change()).await, 403);
        assert_eq!(status(&permissions, assign()).await, 403);
    }
    for edit in ["billing_edit", "incident_write", "on_call_write"] {
        let permissions = format!("[other, {edit}]");
        assert_eq!(status(&permissions, list()).await, 403);
        assert_eq!(status(&permissions, change()).await, 422);
        assert_eq!(status(&permissions, assign()).await, 422);
    }
    assert_eq!(status("[]", list()).await, 403);
}
