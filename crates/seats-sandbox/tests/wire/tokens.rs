//! Tokens of Entra ID: requests, refusals and lifetimes.

use std::time::Duration;

use seats_sandbox::{CLIENT_ID, CLIENT_SECRET, Clock, Sandbox, Seed, TENANT_ID};
use serde_json::json;

use crate::wire::{entra, entra_form, exchange, get};

const ISSUED: &str = r#"{"token_type":"Bearer","expires_in":"3599","resource":"https://onestore.microsoft.com","access_token":"sandbox-issued-token-1"}"#;

async fn with_clock(seed: Seed) -> (Sandbox, Clock) {
    let clock = Clock::manual();
    let sandbox = Sandbox::builder().seed(seed).clock(clock.clone()).start();
    (sandbox.await.expect("it starts"), clock)
}

async fn inventory_with(sandbox: &Sandbox, token: &str) -> (u16, String) {
    let header = format!("authorization: Bearer {token}\r\n");
    let reply = exchange(sandbox, get("/V1/Inventory", &header).as_bytes()).await;
    (reply.status(), reply.body)
}

#[tokio::test]
async fn the_response_is_these_bytes() {
    let sandbox = Sandbox::start().await.expect("it starts");
    let reply = exchange(&sandbox, entra("").as_bytes()).await;
    assert_eq!(
        reply.head,
        "HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\n\
         cache-control: no-store, no-cache\r\nx-ms-request-id: sandbox-1\r\n\
         connection: close\r\ncontent-length: 127"
    );
    assert_eq!(reply.body, ISSUED);
    assert_eq!(sandbox.authority_url(), sandbox.datadog_url());
}

#[tokio::test]
async fn a_token_is_its_tenants_until_it_expires() {
    let (sandbox, clock) = with_clock(Seed::default()).await;
    assert_eq!(exchange(&sandbox, entra("").as_bytes()).await.status(), 200);
    let other_tenant = "grant_type=client_credentials&client_id=39D8F5A7-4e1c-4b06-a2f9-e85b7c60d412&client_secret=fabrikam-client-secret&resource=https%3A%2F%2Fonestore.microsoft.com";
    let other_tenant = entra_form("7C4E2B90-d1a8-4f63-b5e7-0a9c8d6f1324", other_tenant);
    assert_eq!(
        exchange(&sandbox, other_tenant.as_bytes()).await.status(),
        200
    );

    let (status, ours) = inventory_with(&sandbox, "sandbox-issued-token-1").await;
    assert_eq!((status, ours.matches("seatCapacity").count()), (200, 2));
    let (status, theirs) = inventory_with(&sandbox, "sandbox-issued-token-2").await;
    assert_eq!((status, theirs.matches("seatCapacity").count()), (200, 1));

    let refused = r#"{"code":"Unauthorized","message":"The bearer token is not accepted"}"#;
    let refused = (401, refused.to_owned());
    assert_eq!(
        inventory_with(&sandbox, "sandbox-issued-token-3").await,
        refused
    );
    clock.advance(Duration::from_millis(3_598_999));
    assert_eq!(
        inventory_with(&sandbox, "sandbox-issued-token-1").await.0,
        200
    );
    clock.advance(Duration::from_millis(1));
    assert_eq!(
        inventory_with(&sandbox, "sandbox-issued-token-1").await,
        refused
    );
    assert_eq!(inventory_with(&sandbox, "sandbox-store-token").await.0, 200);
}

#[tokio::test]
async fn a_seed_says_how_long_tokens_live() {
    let seed = include_str!("limited.yaml").replace("token: ", "token_lifetime: 5\n      token: ");
    let (sandbox, clock) = with_clock(Seed::from_yaml(&seed).expect("a seed")).await;
    let form = "grant_type=client_credentials&client_id=an-application&client_secret=a-client-secret&resource=https://onestore.microsoft.com";
    let reply = exchange(&sandbox, entra_form("contoso.example", form).as_bytes()).await;
    assert_eq!(reply.body, ISSUED.replace("3599", "5"));
    clock.advance(Duration::from_secs(5));
    assert_eq!(
        inventory_with(&sandbox, "sandbox-issued-token-1").await.0,
        401
    );
}

/// A full form, with one field changed or left out.
fn form(changed: &str, value: Option<&str>) -> String {
    let full = [
        ("grant_type", "client_credentials"),
        ("client_id", CLIENT_ID),
        ("client_secret", CLIENT_SECRET),
        ("resource", "https%3A%2F%2Fonestore.microsoft.com"),
    ];
    let fields = full.into_iter().filter_map(|(name, usual)| {
        let value = if name == changed { value } else { Some(usual) };
        Some(format!("{name}={}", value?))
    });
    entra_form(TENANT_ID, &fields.collect::<Vec<_>>().join("&"))
}

/// A request and its refusal: status, error, Microsoft's number and the description.
type Refused = (String, u16, &'static str, u32, String);

async fn each_is_refused(cases: Vec<Refused>) {
    let sandbox = Sandbox::start().await.expect("it starts");
    for (request, status, error, number, description) in cases {
        let reply = exchange(&sandbox, request.as_bytes()).await;
        let body = json!({
            "error": error,
            "error_description": format!("AADSTS{number}: {description}"),
            "error_codes": [number],
            "error_uri": format!("https://login.microsoftonline.com/error?code={number}"),
        });
        let response = (reply.status(), reply.body.as_str());
        assert_eq!(response, (status, &*body.to_string()), "{request}");
        let allowed = (status == 405).then_some("POST");
        assert_eq!(reply.header("allow"), allowed);
    }
    assert!(sandbox.log().iter().all(|entry| !entry.changed));
}

fn lacks(name: &str) -> String {
    format!("The request body must contain the following parameter: '{name}'.")
}

#[tokio::test]
async fn a_field_that_is_missing_is_named() {
    let lacking = |name: &str, value| {
        let description = lacks(name);
        (
            form(name, value),
            400,
            "invalid_request",
            900_144,
            description,
        )
    };
    let secret = lacks("client_assertion' or 'client_secret");
    each_is_refused(vec![
        lacking("grant_type", None),
        lacking("client_id", None),
        lacking("resource", None),
        lacking("resource", Some("")),
        (
            form("client_secret", None),
            401,
            "invalid_client",
            7_000_218,
            secret,
        ),
    ])
    .await;
}

#[tokio::test]
async fn a_field_that_is_wrong_has_microsofts_number() {
    let somebody = format!(
        "Application with identifier 'somebody' was not found in the directory '{TENANT_ID}'."
    );
    let secret = format!(
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{CLIENT_ID}'."
    );
    let resource = format!(
        "The resource principal named https://graph.microsoft.com was not found in the tenant named {TENANT_ID}."
    );
    let grant = "The app requested an unsupported grant type 'password'.".to_owned();
    let tenant = "Tenant 'contoso.example' not found.".to_owned();
    let password = form("grant_type", Some("password"));
    let graph = form("resource", Some("https://graph.microsoft.com"));
    let elsewhere = entra("").replace(TENANT_ID, "contoso.example");
    each_is_refused(vec![
        (password, 400, "unsupported_grant_type", 70_003, grant),
        (
            form("client_id", Some("somebody")),
            400,
            "unauthorized_client",
            700_016,
            somebody,
        ),
        (
            form("client_secret", Some("guess")),
            401,
            "invalid_client",
            7_000_215,
            secret,
        ),
        (graph, 400, "invalid_resource", 500_011, resource),
        (elsewhere, 400, "invalid_request", 90_002, tenant),
    ])
    .await;
}

#[tokio::test]
async fn a_body_that_is_no_form_is_refused() {
    let twice = "A field of the form is duplicated.".to_owned();
    let unread = "The body is not a form.".to_owned();
    let method = "The endpoint only accepts POST requests. Received a GET request.".to_owned();
    let json = entra("").replace("x-www-form-urlencoded", "json");
    let get = get("/common/oauth2/token", "");
    each_is_refused(vec![
        (
            entra("&client_id=other"),
            400,
            "invalid_request",
            900_023,
            twice,
        ),
        (entra("&%"), 400, "invalid_request", 900_023, unread),
        (json, 400, "invalid_request", 900_144, lacks("grant_type")),
        (get, 405, "invalid_request", 900_561, method),
    ])
    .await;
}
