//! Tenants: each has its own seats and rate limit; the log shows all of them.

use std::time::Duration;

use seats_sandbox::{
    API_KEY, APPLICATION_KEY, CLIENT_ID, CLIENT_SECRET, Clock, STORE_TOKEN, Sandbox, Seed,
    TENANT_ID,
};

use crate::datadog::{PATH, USERS, unassign};
use crate::store::reclaim;
use crate::wire::{Reply, entra, entra_form, exchange, get, keys, request, token, with_body};

const THEIR_KEYS: &str =
    "dd-api-key: fabrikam-api-key\r\ndd-application-key: fabrikam-application-key\r\n";
const THEIR_TOKEN: &str = "authorization: Bearer fabrikam-store-token\r\n";
const MARIE: &str = "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed";

#[tokio::test]
async fn the_credentials_are_the_first_tenants() {
    let sandbox = Sandbox::start().await.expect("it starts");
    let tenants = sandbox.tenants();
    assert_eq!(tenants.len(), 2);
    let first = &tenants[0];
    assert_eq!(
        [&first.api_key, &first.application_key, &first.store_token],
        [API_KEY, APPLICATION_KEY, STORE_TOKEN]
    );
    assert_eq!(
        [&first.tenant_id, &first.client_id, &first.client_secret],
        [TENANT_ID, CLIENT_ID, CLIENT_SECRET]
    );
    assert_eq!(sandbox.datadog_seats_of("contoso"), sandbox.datadog_seats());
    assert_eq!(sandbox.store_seats_of("contoso"), sandbox.store_seats());
    assert_eq!(sandbox.store_seats_of("nobody"), []);
}

#[tokio::test]
async fn a_tenant_sees_and_changes_only_its_own_seats() {
    let sandbox = Sandbox::start().await.expect("it starts");
    let send = async |request: String| exchange(&sandbox, request.as_bytes()).await;
    let list = send(get(
        &format!("{PATH}?product_code=incident_response"),
        THEIR_KEYS,
    ))
    .await;
    assert_eq!(
        list.body,
        r#"{"data":[{"type":"seat-users","id":"1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed","attributes":{"assigned_at":"2025-04-01T12:00:00Z","email":"marie@fabrikam.example","name":"Marie Curie"}}],"meta":{"cursor":"","limit":100}}"#
    );
    let ours = send(unassign(&[MARIE])).await;
    assert_eq!(ours.status(), 422);
    let theirs = send(unassign(&[USERS[0]]).replace(&keys(), THEIR_KEYS)).await;
    assert_eq!(theirs.status(), 422);
    let theirs = send(get("/V1/Users/ada@contoso.example/Seats", THEIR_TOKEN)).await;
    assert_eq!(theirs.status(), 404);
    assert_eq!(sandbox.datadog_seats_of("fabrikam").len(), 1);

    let theirs = send(unassign(&[MARIE]).replace(&keys(), THEIR_KEYS)).await;
    assert_eq!(theirs.status(), 204);
    let theirs = reclaim("marie@fabrikam.example").replace(&token(), THEIR_TOKEN);
    assert_eq!(send(theirs).await.status(), 200);
    assert_eq!(sandbox.datadog_seats_of("fabrikam"), []);
    assert_eq!(sandbox.store_seats_of("fabrikam"), []);
    assert_eq!(sandbox.datadog_seats().len(), 5);
    assert_eq!(sandbox.store_seats().len(), 5);
    let tenants: Vec<_> = sandbox
        .log()
        .into_iter()
        .map(|entry| entry.tenant)
        .collect();
    let (contoso, fabrikam) = (Some("contoso"), Some("fabrikam"));
    assert_eq!(
        tenants.iter().map(Option::as_deref).collect::<Vec<_>>(),
        [fabrikam, contoso, fabrikam, fabrikam, fabrikam, fabrikam]
    );
}

fn limits(reply: &Reply) -> Vec<&str> {
    ["limit", "period", "remaining", "reset", "name"]
        .iter()
        .filter_map(|name| reply.header(&format!("x-ratelimit-{name}")))
        .collect()
}

#[tokio::test]
async fn a_rate_limit_is_in_every_response_and_resets_with_time() {
    let seed = include_str!("limited.yaml").replace("limit: 1,", "limit: 3, name: seats_users,");
    let clock = Clock::manual();
    let sandbox = Sandbox::builder()
        .seed(Seed::from_yaml(&seed).expect("a seed"))
        .clock(clock.clone())
        .start()
        .await
        .expect("it starts");
    let list = get(&format!("{PATH}?product_code=on_call"), &keys());
    let refused = unassign(&[USERS[0]]);
    let unreadable = request("DELETE", PATH, &keys());
    let send = async |request: &str| exchange(&sandbox, request.as_bytes()).await;

    let reply = send(&list).await;
    assert_eq!(
        (reply.status(), limits(&reply)),
        (200, vec!["3", "60", "2", "60", "seats_users"])
    );
    // A request without credentials does not count against a limit.
    let reply = send(&request("DELETE", PATH, "")).await;
    assert_eq!((reply.status(), limits(&reply)), (401, vec![]));
    clock.advance(Duration::from_millis(9_001));
    let reply = send(&refused).await;
    assert_eq!(
        (reply.status(), limits(&reply)),
        (422, vec!["3", "60", "1", "51", "seats_users"])
    );
    let reply = send(&unreadable).await;
    assert_eq!(
        (reply.status(), limits(&reply)),
        (400, vec!["3", "60", "0", "51", "seats_users"])
    );
    let reply = send(&list).await;
    assert_eq!(
        (reply.status(), limits(&reply)),
        (429, vec!["3", "60", "0", "51", "seats_users"])
    );
    clock.advance(Duration::from_millis(50_998));
    assert_eq!(send(&list).await.status(), 429);
    clock.advance(Duration::from_millis(1));
    let reply = send(&list).await;
    assert_eq!(
        (reply.status(), limits(&reply)),
        (200, vec!["3", "60", "2", "60", "seats_users"])
    );
}

#[tokio::test]
async fn the_log_shows_everything_but_secrets() {
    let sandbox = Sandbox::start().await.expect("it starts");
    let secrets = [
        API_KEY,
        APPLICATION_KEY,
        STORE_TOKEN,
        CLIENT_SECRET,
        "sandbox-issued-token-1",
    ];
    for request in [
        entra("&client_assertion=guess-1"),
        entra_form(TENANT_ID, "client_secret=guess-2&scope=x"),
        entra(""),
        get(
            &format!("/V1/Inventory?maxResults={STORE_TOKEN}"),
            "authorization: Bearer sandbox-issued-token-1\r\n",
        ),
        get(
            &format!("/{CLIENT_SECRET}"),
            &format!("cookie: guess-3\r\nx-note: {API_KEY}\r\n{}", token()),
        ),
        with_body(
            "DELETE",
            PATH,
            &keys(),
            "application/json",
            &format!("[\"{APPLICATION_KEY}\"]"),
        ),
        request(
            "DELETE",
            PATH,
            "dd-api-key: guess-4\r\ndd-application-key: guess-5\r\nauthorization: guess-6\r\n",
        ),
    ] {
        exchange(&sandbox, request.as_bytes()).await;
    }
    let log = sandbox.log();
    let shown = format!("{log:?}");
    for secret in secrets.into_iter().chain(["guess"]) {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
    let unfit = &log[5];
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        unfit.headers,
        [
            header("connection", "close"),
            header("content-length", "27"),
            header("content-type", "application/json"),
            header("dd-api-key", "***"),
            header("dd-application-key", "***"),
            header("host", "sandbox"),
        ]
    );
    assert_eq!(
        (unfit.body.as_str(), unfit.target.as_str()),
        (r#"["***"]"#, PATH)
    );
    assert_eq!(log[4].operation, None);
}

#[tokio::test]
async fn the_log_shows_a_token_request_without_its_secret() {
    let sandbox = Sandbox::start().await.expect("it starts");
    exchange(&sandbox, entra("").as_bytes()).await;
    let log = sandbox.log();
    let token = &log[0];
    assert_eq!(
        (token.operation.as_deref(), token.call, token.status()),
        (Some("token"), 1, Some(200))
    );
    assert_eq!(
        token.body,
        format!(
            "grant_type=client_credentials&client_id={CLIENT_ID}&client_secret=***&resource=https%3A%2F%2Fonestore.microsoft.com"
        )
    );
}
