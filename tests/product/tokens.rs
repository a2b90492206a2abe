//! Tokens for the Store: fetching, caching, renewal after a 401, and the errors without one.

use std::error::Error as _;
use std::time::Duration;

use seats::{Effect, Error, ErrorKind, RetryPolicy, TokenError, store};
use seats_tests::credentials::CLIENT_SECRET;
use seats_tests::wire::{Refusing, Wire, answer, json};

use crate::calls::reclaim;
use crate::clients::{attempts, store_builder, store_without_token, without_backoff};

fn token(name: &str) -> Vec<u8> {
    let body = format!(r#"{{"token_type":"Bearer","expires_in":"3599","access_token":"{name}"}}"#);
    json("200 OK", &body)
}

fn no_content() -> Vec<u8> {
    answer("204 No Content", &[], b"")
}

fn unauthorized(body: &str) -> Vec<u8> {
    answer(
        "401 Unauthorized",
        &[("www-authenticate", "Bearer")],
        body.as_bytes(),
    )
}

fn builder(authority: &str, vendor: &Wire) -> store::ClientBuilder {
    store_without_token(&format!("{}/V1", vendor.url()))
        .application("contoso.example", "a-client-id", CLIENT_SECRET)
        .authority(authority)
}

fn client(authority: &str, vendor: &Wire) -> store::Client {
    let builder = builder(authority, vendor);
    builder.retry(without_backoff()).build().unwrap()
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
fn assert_no_secrets(error: &Error) {
    let text = format!(
        "{error} {error:?} {:?} {:?} {:?}",
        error.messages(),
        error.request(),
        error.source()
    );
    let body = String::from_utf8_lossy(error.body()).into_owned();
    for secret in [CLIENT_SECRET, "the-first-token", "the-second-token"] {
        assert!(
            !text.contains(secret) && !body.contains(secret),
            "{text} {body}"
        );
    }
}

#[tokio::test]
async fn one_token_serves_many_calls() {
    let authority = Wire::start(vec![token("the-first-token")]).await.unwrap();
    let vendor = Wire::start(vec![no_content(), no_content(), no_content()])
        .await
        .unwrap();
    let client = client(&authority.url(), &vendor);
    let (one, two, three) = tokio::join!(reclaim(&client), reclaim(&client), reclaim(&client));
    one.and(two).and(three).unwrap();
    let requests = authority.finish().await.unwrap();
    assert_eq!(requests.len(), 1);
    let request = String::from_utf8(requests[0].clone()).unwrap();
    assert!(
        request.starts_with("POST /contoso.example/oauth2/token HTTP/1.1\r\n"),
        "{request}"
    );
    assert!(
        request.contains("resource=https%3A%2F%2Fonestore.microsoft.com"),
        "{request}"
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
    let vendor = Wire::start(vec![unauthorized("the-first-token"), no_content()])
        .await
        .unwrap();
    let done = reclaim(&client(&authority.url(), &vendor)).await.unwrap();
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
    let vendor = Wire::start(vec![unauthorized(echo), unauthorized(echo), no_content()])
        .await
        .unwrap();
    let error = reclaim(&client(&authority.url(), &vendor))
        .await
        .unwrap_err();
    assert_eq!(
        (error.effect(), error.status(), error.attempts()),
        (Effect::Refused, Some(401), 2)
    );
    assert_eq!(error.messages(), ["no: ***"]);
    assert_no_secrets(&error);
    assert_eq!(vendor.finish().await.unwrap().len(), 2);
    assert_eq!(authority.finish().await.unwrap().len(), 2);
}

/// The renewed token needs an attempt of its own.
#[tokio::test]
async fn a_401_to_the_only_attempt_is_final() {
    let authority = Wire::start(vec![token("the-first-token")]).await.unwrap();
    let vendor = Wire::start(vec![unauthorized("")]).await.unwrap();
    let builder = builder(&authority.url(), &vendor).retry(attempts(1));
    let error = reclaim(&builder.build().unwrap()).await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(401), 1));
    assert_eq!(vendor.finish().await.unwrap().len(), 1);
    assert_eq!(authority.finish().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_given_token_is_not_renewed() {
    let vendor = Wire::start(vec![unauthorized("")]).await.unwrap();
    let client = store_builder(&vendor.url())
        .application("contoso.example", "a-client-id", CLIENT_SECRET)
        .build()
        .unwrap();
    let error = reclaim(&client).await.unwrap_err();
    assert_eq!((error.effect(), error.attempts()), (Effect::Refused, 1));
    assert_eq!(vendor.finish().await.unwrap().len(), 1);
}

#[tokio::test]
async fn nothing_is_sent_if_the_credentials_are_refused() {
    let body = format!(
        r#"{{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided: {CLIENT_SECRET}.\r\nTrace ID: 1","error_codes":[7000215]}}"#
    );
    let refused = json("401 Unauthorized", &body);
    let authority = Wire::start(vec![refused]).await.unwrap();
    let vendor = Wire::start(vec![]).await.unwrap();
    let error = reclaim(&client(&authority.url(), &vendor))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.effect()),
        (ErrorKind::Token, Effect::NotSent)
    );
    assert!(error.is_access_denied() && !error.is_retryable());
    let source = error
        .source()
        .and_then(|source| source.downcast_ref::<TokenError>())
        .unwrap();
    assert_eq!(store::aadsts_code(source), Some("AADSTS7000215"));
    assert!(
        error.to_string().contains("invalid_client") && error.to_string().contains("AADSTS7000215"),
        "{error}"
    );
    assert_no_secrets(&error);
    assert_eq!(vendor.finish().await.unwrap().len(), 0);
    assert_eq!(authority.finish().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_401_without_a_new_token_has_the_authoritys_error() {
    let body = r#"{"error":"invalid_client","error_description":"AADSTS7000222: The secret has expired."}"#;
    let expired = json("401 Unauthorized", body);
    let authority = Wire::start(vec![token("the-first-token"), expired])
        .await
        .unwrap();
    let vendor = Wire::start(vec![unauthorized("")]).await.unwrap();
    let error = reclaim(&client(&authority.url(), &vendor))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Status, Some(401))
    );
    assert!(error.messages()[0].contains("AADSTS7000222"), "{error}");
    assert!(error.to_string().contains("AADSTS7000222"), "{error}");
    vendor.finish().await.unwrap();
    authority.finish().await.unwrap();
}

/// The deadline of a call includes the time for its token.
#[tokio::test(start_paused = true)]
async fn nothing_is_sent_if_the_token_takes_too_long() {
    let authority = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let vendor = Wire::start(vec![]).await.unwrap();
    let authority_url = format!("http://{}", authority.local_addr().unwrap());
    let client = builder(&authority_url, &vendor)
        .retry(RetryPolicy::new().timeout(Duration::from_secs(3)))
        .build()
        .unwrap();
    let start = tokio::time::Instant::now();
    let error = reclaim(&client).await.unwrap_err();
    assert!(
        start.elapsed() <= Duration::from_secs(4),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(error.effect(), Effect::NotSent);
    assert!(error.is_retryable());
    assert_eq!(vendor.finish().await.unwrap().len(), 0);
}

#[tokio::test]
async fn nothing_is_sent_if_the_authority_refuses_connections() {
    let authority = Refusing::start().unwrap();
    let vendor = Wire::start(vec![]).await.unwrap();
    let client = client(&authority.url().unwrap(), &vendor);
    let error = reclaim(&client).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.effect()),
        (ErrorKind::Token, Effect::NotSent)
    );
    assert!(!error.is_access_denied() && error.is_retryable());
    assert_eq!(vendor.finish().await.unwrap().len(), 0);
}

#[test]
fn an_error_names_the_invalid_credential() {
    let url = "http://127.0.0.1:1/V1";
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
            "AZURE_AUTHORITY_HOST \"https://***@login.example\": must have no user name",
        ),
        (
            "t.example",
            "id",
            "s",
            Some("http://login.example"),
            "AZURE_AUTHORITY_HOST \"http://login.example\": must be https",
        ),
    ] {
        let mut builder = store_without_token(url).application(tenant, client_id, secret);
        if let Some(authority) = authority {
            builder = builder.authority(authority);
        }
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().starts_with(expected), "{error}");
        assert!(!error.to_string().contains("planted"));
    }
}
