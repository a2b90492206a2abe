//! Why a request was not sent: each reason has its kind of error, and nothing changed.

use std::time::Duration;

use seats::{Effect, Error, ErrorKind, RetryPolicy, TokenError};
use seats_tests::wire::{Refusing, Wire, answer, json};

use crate::calls::{reclaim, unassign};
use crate::clients::{
    self, attempts, datadog_builder, datadog_without_keys, store_builder, store_without_token,
};

/// Asserts what is common to all reasons, and the message.
#[track_caller]
fn assert_not_sent(error: &Error, kind: ErrorKind, message: &str) {
    assert_eq!(error.to_string(), message);
    assert_eq!((error.kind(), error.effect()), (kind, Effect::NotSent));
    assert_eq!((error.status(), error.body()), (None, &b""[..]));
}

#[tokio::test]
async fn a_dry_run() {
    let wire = Wire::start(vec![]).await.unwrap();
    let builder = store_without_token(&format!("{}/V1", wire.url())).dry_run(true);
    let error = reclaim(&builder.build().unwrap()).await.unwrap_err();
    let message = "reclaim_seat_from_user: the request was not sent: this is a dry run";
    assert_not_sent(&error, ErrorKind::DryRun, message);
    assert!(!error.is_retryable() && !error.is_access_denied() && !error.is_timeout());
    assert_eq!(
        (error.request().unwrap().method(), error.attempts()),
        ("DELETE", 0)
    );
    assert_eq!(wire.finish().await.unwrap().len(), 0);
}

#[test]
fn missing_credentials() {
    let url = "http://127.0.0.1:1";
    for (error, message) in [
        (
            datadog_without_keys(url).build().unwrap_err(),
            "no credentials: the API key is missing; set DD_API_KEY, and the application key is missing; set DD_APP_KEY",
        ),
        (
            datadog_without_keys(url)
                .api_key("key")
                .build()
                .unwrap_err(),
            "no credentials: the application key is missing; set DD_APP_KEY",
        ),
        (
            store_without_token(url).build().unwrap_err(),
            "no credentials: the token is missing; set SEATS_STORE_TOKEN, or AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET",
        ),
    ] {
        assert_not_sent(&error, ErrorKind::MissingCredentials, message);
        assert!(error.is_access_denied() && !error.is_retryable());
    }
}

#[test]
fn invalid_options() {
    let url = "http://127.0.0.1:1";
    let zero = Duration::ZERO;
    for (policy, message) in [
        (
            RetryPolicy::new().max_attempts(0),
            "max_attempts \"0\": must not be zero",
        ),
        (
            RetryPolicy::new().attempt_timeout(zero),
            "attempt_timeout \"0s\": must not be zero",
        ),
        (
            RetryPolicy::new().timeout(zero),
            "timeout \"0s\": must not be zero",
        ),
    ] {
        let error = store_builder(url).retry(policy).build().unwrap_err();
        assert_not_sent(&error, ErrorKind::InvalidInput, message);
    }
    let plain = "must be https; plain http is for this machine only (127.0.0.1, [::1], localhost)";
    for (url, message) in [
        (
            "http://api.example.com",
            format!("base_url \"http://api.example.com\": {plain}"),
        ),
        (
            "https://planted:secret@api.example.com",
            "base_url \"https://***@api.example.com\": must have no user name or password in it"
                .to_owned(),
        ),
    ] {
        let error = datadog_builder(url).build().unwrap_err();
        assert_not_sent(&error, ErrorKind::InvalidInput, &message);
    }
}

#[tokio::test]
async fn a_refused_connection() {
    let refusing = Refusing::start().unwrap();
    let url = refusing.url().unwrap();
    let errors = [
        reclaim(&clients::store(&url)).await.unwrap_err(),
        unassign(&clients::datadog(&url)).await.unwrap_err(),
    ];
    let cause = std::net::TcpStream::connect(url.trim_start_matches("http://")).unwrap_err();
    for error in errors {
        let message = format!(
            "{}: could not connect: client error (Connect): tcp connect error: {cause}",
            error.operation().unwrap().id
        );
        assert_not_sent(&error, ErrorKind::NotConnected, &message);
        assert!(error.is_retryable() && !error.is_access_denied() && !error.is_timeout());
        assert_eq!(error.attempts(), 1);
    }
}

#[tokio::test]
async fn a_stopped_client() {
    let wire = Wire::start(vec![]).await.unwrap();
    let store = clients::store(&wire.url());
    store.clone().stop();
    let error = reclaim(&store).await.unwrap_err();
    let message = "reclaim_seat_from_user: the request was not sent: the client was stopped";
    assert_not_sent(&error, ErrorKind::Stopped, message);
    assert!(error.is_retryable() && !error.is_timeout());
    assert_eq!(wire.finish().await.unwrap().len(), 0);
}

/// The first response says that the rate limit leaves no request for five minutes.
#[tokio::test]
async fn a_rate_limit_beyond_the_deadline() {
    let headers = [
        ("x-ratelimit-limit", "1"),
        ("x-ratelimit-period", "300"),
        ("x-ratelimit-remaining", "0"),
        ("x-ratelimit-reset", "300"),
    ];
    let wire = Wire::start(vec![answer("204 No Content", &headers, b"")])
        .await
        .unwrap();
    let policy = attempts(1).timeout(Duration::from_secs(60));
    let datadog = datadog_builder(&wire.url()).retry(policy).build().unwrap();
    unassign(&datadog).await.unwrap();
    let error = unassign(&datadog).await.unwrap_err();
    let message = "unassign_seats_user: no attempt was made: the vendor's rate limit leaves it no turn before the deadline";
    assert_not_sent(&error, ErrorKind::Deadline, message);
    assert!(error.is_retryable() && error.is_timeout());
    let wait = error.retry_after().unwrap();
    assert!((290..=300).contains(&wait.as_secs()), "{wait:?}");
    assert_eq!(wire.finish().await.unwrap().len(), 1);
}

/// What a provider's own error says is shown, and its value can be found.
#[tokio::test]
async fn a_token_provider_that_fails() {
    let wire = Wire::start(vec![]).await.unwrap();
    let builder = store_without_token(&format!("{}/V1", wire.url()))
        .token_provider(|| async { Err::<seats::BearerToken, _>(std::fmt::Error) });
    let error = reclaim(&builder.build().unwrap()).await.unwrap_err();
    let message = format!(
        "reclaim_seat_from_user: the request was not sent: no token from the token provider: {}",
        std::fmt::Error
    );
    assert_not_sent(&error, ErrorKind::Token, &message);
    let token_error = std::error::Error::source(&error).unwrap();
    assert!(token_error.is::<TokenError>());
    assert!(token_error.source().unwrap().is::<std::fmt::Error>());
    assert_eq!(wire.finish().await.unwrap().len(), 0);
}

/// An error that is built for a caller's test has the same predicates as a real one.
#[tokio::test]
async fn a_constructed_error_behaves_like_a_real_one() {
    for status in [
        "400 Bad Request",
        "401 Unauthorized",
        "403 Forbidden",
        "404 Not Found",
    ]
    .into_iter()
    .chain([
        "429 Too Many Requests",
        "500 Internal Server Error",
        "503 Service Unavailable",
    ]) {
        let wire = Wire::start(vec![json(status, "{}")]).await.unwrap();
        let real = unassign(&clients::datadog(&wire.url())).await.unwrap_err();
        wire.finish().await.unwrap();
        let number = status[..3].parse().unwrap();
        let made = Error::new(ErrorKind::Status, "refused").with_status(number);
        for (what, made, real) in [
            ("denied", made.is_access_denied(), real.is_access_denied()),
            ("not found", made.is_not_found(), real.is_not_found()),
            ("limited", made.is_rate_limited(), real.is_rate_limited()),
            ("timeout", made.is_timeout(), real.is_timeout()),
        ] {
            assert_eq!(made, real, "{what}, {status}");
        }
        assert_eq!(
            (made.kind(), made.effect(), made.status()),
            (real.kind(), real.effect(), real.status())
        );
    }
    let made = Error::new(ErrorKind::NotConnected, "could not connect");
    assert_eq!(made.to_string(), "could not connect");
    assert_eq!(made.effect(), Effect::NotSent);
    assert!(made.is_retryable());
}
