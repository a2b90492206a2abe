//! The token authority beyond its v1 endpoint: the v2 endpoint, discovery, and unknown paths.

use seats_sandbox::{CLIENT_ID, CLIENT_SECRET, Sandbox, TENANT_ID};
use serde_json::{Value, json};

use crate::wire::{Reply, entra, entra_form, exchange, get, request, with_body};

async fn send(sandbox: &Sandbox, request: &str) -> (u16, Value) {
    let reply: Reply = exchange(sandbox, request.as_bytes()).await;
    assert_eq!(
        reply.header("content-type"),
        Some("application/json; charset=utf-8")
    );
    assert!(reply.header("x-ms-request-id").is_some());
    let body = serde_json::from_str(&reply.body).expect("JSON");
    (reply.status(), body)
}

fn refused(error: &str, number: u32, description: &str) -> Value {
    json!({
        "error": error,
        "error_description": format!("AADSTS{number}: {description}"),
        "error_codes": [number],
        "error_uri": format!("https://login.microsoftonline.com/error?code={number}"),
    })
}

/// A request to the v2 endpoint with this scope.
fn v2(scope: &str) -> String {
    let form = format!(
        "grant_type=client_credentials&client_id={CLIENT_ID}&client_secret={CLIENT_SECRET}{scope}"
    );
    entra_form(TENANT_ID, &form).replace("/oauth2/token", "/oauth2/v2.0/token")
}

#[tokio::test]
async fn the_v2_endpoint_issues_tokens_for_a_scope() {
    let sandbox = Sandbox::start().await.expect("it starts");
    let scope = "&scope=https%3A%2F%2Fonestore.microsoft.com%2F.default&client_info=1";
    let issued = json!({
        "token_type": "Bearer",
        "expires_in": 3599,
        "ext_expires_in": 3599,
        "access_token": "sandbox-issued-token-1",
    });
    assert_eq!(send(&sandbox, &v2(scope)).await, (200, issued));
    let bearer = "authorization: Bearer sandbox-issued-token-1\r\n";
    let inventory = exchange(&sandbox, get("/V1/Inventory", bearer).as_bytes()).await;
    assert_eq!(inventory.status(), 200);

    let missing = "The request body must contain the following parameter: 'scope'.";
    for scope in ["", "&resource=https%3A%2F%2Fonestore.microsoft.com"] {
        let error = refused("invalid_request", 900_144, missing);
        assert_eq!(send(&sandbox, &v2(scope)).await, (400, error));
    }
    let invalid = "The provided value for the input parameter 'scope' is not valid. The scope https://graph.microsoft.com/.default is not valid.";
    let graph = "&scope=https://graph.microsoft.com/.default";
    let error = refused("invalid_scope", 70_011, invalid);
    assert_eq!(send(&sandbox, &v2(graph)).await, (400, error));
}

#[tokio::test]
async fn the_discovery_document_leads_to_the_token_endpoint() {
    let sandbox = Sandbox::start().await.expect("it starts");
    let tenant = format!("{}/{TENANT_ID}", sandbox.authority_url());
    for (version, token, issuer) in [
        ("v2.0/", "/oauth2/v2.0/token", "/v2.0"),
        ("", "/oauth2/token", "/"),
    ] {
        let path = format!("/{TENANT_ID}/{version}.well-known/openid-configuration");
        let (status, document) = send(&sandbox, &get(&path, "")).await;
        assert_eq!(status, 200);
        assert_eq!(document["token_endpoint"], format!("{tenant}{token}"));
        assert_eq!(document["issuer"], format!("{tenant}{issuer}"));
        for required in [
            "authorization_endpoint",
            "jwks_uri",
            "response_types_supported",
            "subject_types_supported",
            "id_token_signing_alg_values_supported",
        ] {
            assert!(!document[required].is_null(), "{required}");
        }
    }
    let path = "/nobody.example/v2.0/.well-known/openid-configuration";
    let error = refused(
        "invalid_tenant",
        90_002,
        "Tenant 'nobody.example' not found.",
    );
    assert_eq!(send(&sandbox, &get(path, "")).await, (400, error));
}

#[tokio::test]
async fn instance_discovery_knows_the_sandbox() {
    let sandbox = Sandbox::start().await.expect("it starts");
    let authority = sandbox.authority_url();
    let host = authority.replace("http://", "");
    let path = "/common/discovery/instance?api-version=1.1";
    let endpoint = format!("https%3A%2F%2F{host}%2F{TENANT_ID}%2Foauth2%2Fv2.0%2Fauthorize");
    let asked = get(&format!("{path}&authorization_endpoint={endpoint}"), "");
    let known = json!({
        "tenant_discovery_endpoint":
            format!("{authority}/{TENANT_ID}/v2.0/.well-known/openid-configuration"),
        "api-version": "1.1",
        "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
    });
    assert_eq!(send(&sandbox, &asked).await, (200, known));
    let problem = "The parameter 'authorization_endpoint' is empty or not valid.";
    let error = refused("invalid_request", 90_100, problem);
    for query in ["", "&authorization_endpoint=", "&authorization_endpoint=%"] {
        let asked = get(&format!("{path}{query}"), "");
        assert_eq!(send(&sandbox, &asked).await, (400, error.clone()));
    }
}

#[tokio::test]
async fn an_unknown_path_of_the_authority_has_an_error_of_entra() {
    let sandbox = Sandbox::start().await.expect("it starts");
    let problem = "The authentication service has no endpoint at this path.";
    let error = refused("invalid_request", 90_023, problem);
    for path in [
        "/",
        "/contoso.example",
        "/contoso.example/oauth2/authorize",
        "/contoso.example/oauth2/v1.0/token",
        "/contoso.example/oauth2/token/",
        "//oauth2/token",
        "/V10/Inventory",
    ] {
        assert_eq!(
            send(&sandbox, &get(path, "")).await,
            (404, error.clone()),
            "{path}"
        );
    }
    assert!(sandbox.log().iter().all(|entry| entry.operation.is_none()));
}

#[tokio::test]
async fn each_endpoint_of_the_authority_has_one_method() {
    let sandbox = Sandbox::start().await.expect("it starts");
    let document = format!("/{TENANT_ID}/v2.0/.well-known/openid-configuration");
    let wrong = "The endpoint only accepts GET requests. Received a POST request.";
    let post = with_body("POST", &document, "", "text/plain", "x");
    let error = refused("invalid_request", 900_561, wrong);
    assert_eq!(send(&sandbox, &post).await, (405, error));
    let wrong = "The endpoint only accepts POST requests. Received a DELETE request.";
    let delete = request("DELETE", &format!("/{TENANT_ID}/oauth2/v2.0/token"), "");
    let error = refused("invalid_request", 900_561, wrong);
    assert_eq!(send(&sandbox, &delete).await, (405, error));
    let operations: Vec<_> = sandbox
        .log()
        .into_iter()
        .map(|entry| entry.operation)
        .collect();
    assert_eq!(
        operations,
        [Some("discovery".to_owned()), Some("token".to_owned())]
    );
    assert_eq!(exchange(&sandbox, entra("").as_bytes()).await.status(), 200);
}
