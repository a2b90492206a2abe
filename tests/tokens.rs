//! Tokens for the Store: fetched, kept, renewed after a 401, and what is told where there is none.

use std::error::Error as _;

use seats::{Effect, Error, ErrorKind, TokenError, store};
use seats_tests::wire::{Refusing, Wire, answer};

const SECRET: &str = "a-planted-client-secret";

fn token(name: &str) -> Vec<u8> {
    let body = format!(r#"{{"token_type":"Bearer","expires_in":"3599","access_token":"{name}"}}"#);
    answer(
        "200 OK",
        &[("content-type", "application/json")],
        body.as_bytes(),
    )
}

fn gone() -> Vec<u8> {
    answer("204 No Content", &[], b"")
}

fn unauthorized(body: &str) -> Vec<u8> {
    answer(
        "401 Unauthorized",
        &[("www-authenticate", "Bearer")],
        body.as_bytes(),
    )
}

fn client(authority: &Wire, vendor: &Wire) -> store::Client {
    client_of(&authority.url(), vendor)
}

fn client_of(authority: &str, vendor: &Wire) -> store::Client {
    store::Client::builder()
        .base_url(format!("{}/V1", vendor.url()))
        .application("contoso.example", "a-client-id", SECRET)
        .authority(authority)
        .max_attempts(1)
        .build()
        .unwrap()
}

async fn reclaim(client: &store::Client) -> seats::Result<store::Seat> {
    let ids = (
        "P".parse().unwrap(),
        "0016".parse().unwrap(),
        "ada".parse().unwrap(),
    );
    client.reclaim(&ids.0, &ids.1, &ids.2).await
}

fn authorization(request: &[u8]) -> String {
    let request = String::from_utf8(request.to_vec()).unwrap();
    let line = request
        .lines()
        .find(|line| line.starts_with("authorization: "))
        .unwrap();
    line.to_owned()
}

#[track_caller]
fn keeps_the_secrets(error: &Error) {
    let said = format!(
        "{error} {error:?} {:?} {:?} {:?}",
        error.messages(),
        error.request(),
        error.source()
    );
    let body = String::from_utf8_lossy(error.body()).into_owned();
    for secret in [SECRET, "the-first-token", "the-second-token"] {
        assert!(
            !said.contains(secret) && !body.contains(secret),
            "{said} {body}"
        );
    }
}

#[tokio::test]
async fn one_token_serves_many_calls() {
    let authority = Wire::start(vec![token("the-first-token")]).await.unwrap();
    let vendor = Wire::start(vec![gone(), gone(), gone()]).await.unwrap();
    let client = client(&authority, &vendor);
    let (one, two, three) = tokio::join!(reclaim(&client), reclaim(&client), reclaim(&client));
    one.and(two).and(three).unwrap();
    let asked = authority.finish().await.unwrap();
    assert_eq!(asked.len(), 1);
    let asked = String::from_utf8(asked[0].clone()).unwrap();
    assert!(
        asked.starts_with("POST /contoso.example/oauth2/token HTTP/1.1\r\n"),
        "{asked}"
    );
    assert!(
        asked.contains("resource=https%3A%2F%2Fonestore.microsoft.com"),
        "{asked}"
    );
    for request in vendor.finish().await.unwrap() {
        assert_eq!(
            authorization(&request),
            "authorization: Bearer the-first-token"
        );
    }
}

#[tokio::test]
async fn a_401_renews_the_token_and_tries_again_once() {
    let authority = Wire::start(vec![token("the-first-token"), token("the-second-token")])
        .await
        .unwrap();
    let vendor = Wire::start(vec![unauthorized("the-first-token"), gone()])
        .await
        .unwrap();
    let done = reclaim(&client(&authority, &vendor)).await.unwrap();
    assert_eq!((done.status(), done.attempts()), (Some(204), 2));
    let requests = vendor.finish().await.unwrap();
    assert_eq!(
        authorization(&requests[0]),
        "authorization: Bearer the-first-token"
    );
    assert_eq!(
        authorization(&requests[1]),
        "authorization: Bearer the-second-token"
    );
    authority.finish().await.unwrap();

    let authority = Wire::start(vec![token("the-first-token"), token("the-second-token")])
        .await
        .unwrap();
    let echo = r#"{"message":"no: the-second-token"}"#;
    let vendor = Wire::start(vec![unauthorized(echo), unauthorized(echo), gone()])
        .await
        .unwrap();
    let error = reclaim(&client(&authority, &vendor)).await.unwrap_err();
    assert_eq!(
        (error.effect(), error.status(), error.attempts()),
        (Effect::Refused, Some(401), 2)
    );
    assert_eq!(error.messages(), ["no: ***"]);
    keeps_the_secrets(&error);
    assert_eq!(vendor.finish().await.unwrap().len(), 2);
    assert_eq!(authority.finish().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_token_that_is_given_is_not_renewed() {
    let vendor = Wire::start(vec![unauthorized("")]).await.unwrap();
    let client = store::Client::builder()
        .base_url(format!("{}/V1", vendor.url()))
        .token("the-first-token")
        .application("contoso.example", "a-client-id", SECRET)
        .build()
        .unwrap();
    let error = reclaim(&client).await.unwrap_err();
    assert_eq!((error.effect(), error.attempts()), (Effect::Refused, 1));
    assert_eq!(vendor.finish().await.unwrap().len(), 1);
}

#[tokio::test]
async fn credentials_that_are_refused_send_nothing() {
    let body = format!(
        r#"{{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided: {SECRET}.\r\nTrace ID: 1","error_codes":[7000215]}}"#
    );
    let refused = answer(
        "401 Unauthorized",
        &[("content-type", "application/json")],
        body.as_bytes(),
    );
    let authority = Wire::start(vec![refused]).await.unwrap();
    let vendor = Wire::start(vec![]).await.unwrap();
    let error = reclaim(&client(&authority, &vendor)).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.effect()),
        (ErrorKind::Token, Effect::NotSent)
    );
    assert!(error.is_unauthorized() && !error.is_retryable());
    let source = error
        .source()
        .and_then(|source| source.downcast_ref::<TokenError>())
        .unwrap();
    assert_eq!(source.aadsts_code(), Some("AADSTS7000215"));
    assert!(
        error.to_string().contains("invalid_client") && error.to_string().contains("AADSTS7000215"),
        "{error}"
    );
    keeps_the_secrets(&error);
    assert_eq!(vendor.finish().await.unwrap().len(), 0);
    assert_eq!(authority.finish().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_401_that_no_other_token_mends_says_why() {
    let body = br#"{"error":"invalid_client","error_description":"AADSTS7000222: The secret has expired."}"#;
    let expired = answer(
        "401 Unauthorized",
        &[("content-type", "application/json")],
        body,
    );
    let authority = Wire::start(vec![token("the-first-token"), expired])
        .await
        .unwrap();
    let vendor = Wire::start(vec![unauthorized("")]).await.unwrap();
    let error = reclaim(&client(&authority, &vendor)).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Status, Some(401))
    );
    assert!(error.messages()[0].contains("AADSTS7000222"), "{error}");
    assert!(error.to_string().contains("AADSTS7000222"), "{error}");
    vendor.finish().await.unwrap();
    authority.finish().await.unwrap();
}

/// The deadline is the call's: getting a token takes a part of it.
#[tokio::test(start_paused = true)]
async fn a_token_that_does_not_come_in_time_sends_nothing() {
    let authority = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let vendor = Wire::start(vec![]).await.unwrap();
    let client = store::Client::builder()
        .base_url(format!("{}/V1", vendor.url()))
        .application("contoso.example", "a-client-id", SECRET)
        .authority(format!("http://{}", authority.local_addr().unwrap()))
        .timeout(std::time::Duration::from_secs(3))
        .build()
        .unwrap();
    let begun = tokio::time::Instant::now();
    let error = reclaim(&client).await.unwrap_err();
    assert!(
        begun.elapsed() <= std::time::Duration::from_secs(4),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(error.effect(), Effect::NotSent);
    assert!(error.is_retryable());
    assert_eq!(vendor.finish().await.unwrap().len(), 0);
}

#[tokio::test]
async fn an_authority_that_is_not_there_sends_nothing() {
    let authority = Refusing::start().unwrap();
    let vendor = Wire::start(vec![]).await.unwrap();
    let client = client_of(&authority.url().unwrap(), &vendor);
    let error = reclaim(&client).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.effect()),
        (ErrorKind::Token, Effect::NotSent)
    );
    assert!(!error.is_unauthorized() && error.is_retryable());
    assert_eq!(vendor.finish().await.unwrap().len(), 0);
}

#[test]
fn a_part_that_is_not_acceptable_is_named() {
    for (tenant, client_id, secret, authority, expected) in [
        ("a/b", "id", "s", None, "AZURE_TENANT_ID \"a/b\": "),
        ("t.example", "", "s", None, "AZURE_CLIENT_ID \"\": "),
        (
            "t.example",
            "id",
            "a-planted\nsecret",
            None,
            "AZURE_CLIENT_SECRET (not shown): ",
        ),
        (
            "t.example",
            "id",
            "s",
            Some("https://u:planted@login.example"),
            "AZURE_AUTHORITY_HOST (not shown): must have no user name",
        ),
        (
            "t.example",
            "id",
            "s",
            Some("http://login.example"),
            "AZURE_AUTHORITY_HOST \"http://login.example\": must be https",
        ),
    ] {
        let mut builder = store::Client::builder().application(tenant, client_id, secret);
        if let Some(authority) = authority {
            builder = builder.authority(authority);
        }
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().starts_with(expected), "{error}");
        assert!(!error.to_string().contains("planted"));
    }
}
