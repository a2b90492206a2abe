//! Tokens by client credentials.

use std::error::Error;
use std::future::Future;
use std::time::Duration;

use seats_tests::wire::{Refusing, Wire, answer};
use seats_transport::{BaseUrl, ClientCredentials, Token, TokenError, TokenSource, Transport};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::Instant;

const SECRET: &str = "planted~<i>secret/+1";
const SECRET_IN_FORM: &str = "planted%7E%3Ci%3Esecret%2F%2B1";
/// The response of Entra's v1 endpoint to a wrong secret.
const WRONG_SECRET: &str = r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.\r\nTrace ID: 0a1b\r\nCorrelation ID: 2c3d\r\nTimestamp: 2026-02-11 08:00:00Z","error_codes":[7000215],"timestamp":"2026-02-11 08:00:00Z","trace_id":"0a1b","correlation_id":"2c3d"}"#;

fn source(authority: &str) -> TokenSource {
    let endpoint = BaseUrl::parse(&format!("{authority}/contoso.com/oauth2/token")).unwrap();
    let credentials = ClientCredentials::new(endpoint, "the-client", SECRET.into())
        .unwrap()
        .parameter("resource", "https://api.example.com")
        .shown_part(|description| description.split("\r\nTrace ID: ").next().unwrap());
    let base = BaseUrl::parse("http://127.0.0.1:1").unwrap();
    let http = Transport::builder(base).build().unwrap().http_client();
    TokenSource::client_credentials(credentials, http)
}

async fn serving(answers: Vec<Vec<u8>>) -> (Wire, TokenSource) {
    let wire = Wire::start(answers).await.unwrap();
    let source = source(&wire.url());
    (wire, source)
}

/// A token response of Entra's v1 endpoint; `expires_in` is JSON.
fn granted(token: &str, expires_in: &str) -> Vec<u8> {
    json(
        "200 OK",
        &format!(
            r#"{{"token_type":"Bearer","expires_in":{expires_in},"ext_expires_in":"3599","expires_on":"1770800000","not_before":"1770796100","resource":"https://api.example.com","access_token":"{token}"}}"#
        ),
    )
}

fn json(status: &str, body: &str) -> Vec<u8> {
    let kind = ("content-type", "application/json; charset=utf-8");
    answer(status, &[kind], body.as_bytes())
}

fn text(token: &Token) -> String {
    let value = token.header_value();
    assert!(value.is_sensitive());
    let value = value.to_str().unwrap();
    value.strip_prefix("Bearer ").unwrap().to_owned()
}

/// Advances a stopped clock.
async fn advance(seconds: u64, millis: u64) {
    tokio::time::advance(Duration::from_millis(seconds * 1000 + millis)).await;
}

/// Runs a future while the clock advances in these steps only.
///
/// A paused clock jumps whenever the runtime is idle, so it would jump to the end of a timeout while
/// a response is on its way through a socket. Here the runtime is never idle, and the sockets make
/// progress between two steps.
async fn in_steps<T>(step: Duration, future: impl Future<Output = T>) -> T {
    let clock = async {
        for _ in 0..10_000 {
            for _ in 0..200 {
                tokio::task::yield_now().await;
            }
            tokio::time::advance(step).await;
        }
    };
    tokio::select! {
        biased;
        output = future => output,
        () = clock => panic!("the future does not complete"),
    }
}

/// Runs a future while a paused clock stands still.
async fn stopped<T>(future: impl Future<Output = T>) -> T {
    in_steps(Duration::ZERO, future).await
}

/// Runs a future on a fast clock, and returns its output and the time it took by that clock.
async fn on_fast_clock<T>(future: impl Future<Output = T>) -> (T, Duration) {
    tokio::time::pause();
    let start = Instant::now();
    let output = in_steps(Duration::from_millis(10), future).await;
    let took = start.elapsed();
    tokio::time::resume();
    (output, took)
}

/// All the text of an error and its sources.
fn all_text(error: &TokenError) -> String {
    let mut all = format!(
        "{error} {error:?} {error:#?} {:?} {:?}",
        error.error(),
        error.description()
    );
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(it) = cause {
        all.push_str(&format!(" {it} {it:?}"));
        cause = it.source();
    }
    all
}

/// The error after these responses, its message, and the number of requests.
async fn failing(answers: Vec<Vec<u8>>) -> (TokenError, String, usize) {
    let (wire, source) = serving(answers).await;
    let (result, _) = on_fast_clock(source.token()).await;
    let error = result.unwrap_err();
    let shown = error.to_string().replace(&wire.authority(), "HOST");
    let all = all_text(&error);
    assert!(!all.contains("planted"), "{all}");
    assert!(!shown.contains(char::is_control), "{shown}");
    (error, shown, wire.finish().await.unwrap().len())
}

#[tokio::test]
async fn requests_a_token_with_exactly_these_bytes() {
    let (wire, source) = serving(vec![granted("the-token", "3599")]).await;
    assert_eq!(text(&source.token().await.unwrap()), "the-token");
    let host = wire.authority();
    let body = format!(
        "grant_type=client_credentials&client_id=the-client&client_secret={SECRET_IN_FORM}&resource=https%3A%2F%2Fapi.example.com"
    );
    let requests = wire.finish().await.unwrap();
    assert_eq!(requests.len(), 1);
    assert_eq!(
        String::from_utf8_lossy(&requests[0]),
        format!(
            "POST /contoso.com/oauth2/token HTTP/1.1\r\naccept: application/json\r\ncontent-type: application/x-www-form-urlencoded\r\nhost: {host}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
    );
}

#[tokio::test(start_paused = true)]
async fn caches_a_token_until_a_tenth_of_its_lifetime_is_left() {
    for expires_in in ["1000", "\"1000\""] {
        let (wire, source) = serving(vec![
            granted("first", expires_in),
            granted("second", expires_in),
        ])
        .await;
        assert_eq!(text(&stopped(source.token()).await.unwrap()), "first");
        advance(899, 999).await;
        assert_eq!(
            text(&stopped(source.clone().token()).await.unwrap()),
            "first"
        );
        advance(0, 1).await;
        assert_eq!(text(&stopped(source.token()).await.unwrap()), "second");
        assert_eq!(text(&stopped(source.token()).await.unwrap()), "second");
        assert_eq!(wire.finish().await.unwrap().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn renews_a_long_lived_token_five_minutes_early() {
    let (wire, source) = serving(vec![granted("first", "86400"), granted("second", "86400")]).await;
    stopped(source.token()).await.unwrap();
    advance(86_400 - 301, 999).await;
    assert_eq!(text(&stopped(source.token()).await.unwrap()), "first");
    advance(0, 1).await;
    assert_eq!(text(&stopped(source.token()).await.unwrap()), "second");
    assert_eq!(wire.finish().await.unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_token_of_unknown_lifetime_is_valid_for_five_minutes() {
    let silent = json(
        "200 OK",
        r#"{"access_token":"first","token_type":"bearer"}"#,
    );
    for first in [silent, granted("first", "\"soon\"")] {
        let (wire, source) = serving(vec![first, granted("second", "3599")]).await;
        stopped(source.token()).await.unwrap();
        advance(269, 999).await;
        assert_eq!(text(&stopped(source.token()).await.unwrap()), "first");
        advance(0, 1).await;
        assert_eq!(text(&stopped(source.token()).await.unwrap()), "second");
        assert_eq!(wire.finish().await.unwrap().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn an_enormous_lifetime_does_not_panic() {
    let (_wire, source) = serving(vec![
        granted("first", "18446744073709551615"),
        granted("second", "0"),
    ])
    .await;
    assert_eq!(text(&stopped(source.token()).await.unwrap()), "first");
    advance(8 * 24 * 60 * 60, 0).await;
    assert_eq!(text(&stopped(source.token()).await.unwrap()), "second");
}

#[tokio::test(start_paused = true)]
async fn a_valid_token_is_used_while_its_renewal_fails() {
    let wrong = json("401 Unauthorized", WRONG_SECRET);
    let mut answers = vec![granted("first", "1000")];
    answers.resize(5, wrong);
    let (wire, source) = serving(answers).await;
    stopped(source.token()).await.unwrap();
    advance(910, 0).await;
    assert_eq!(text(&stopped(source.token()).await.unwrap()), "first");
    // A call does not repeat the request.
    assert_eq!(text(&stopped(source.token()).await.unwrap()), "first");
    advance(29, 999).await;
    assert_eq!(text(&stopped(source.token()).await.unwrap()), "first");
    advance(0, 1).await;
    assert_eq!(text(&stopped(source.token()).await.unwrap()), "first");
    advance(59, 999).await;
    assert_eq!(text(&stopped(source.token()).await.unwrap()), "first");
    advance(0, 1).await;
    assert!(stopped(source.token()).await.unwrap_err().is_refused());
    assert_eq!(wire.finish().await.unwrap().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn an_early_renewal_delays_only_one_call() {
    let (wire, source) = serving(vec![granted("first", "1000"), granted("second", "1000")]).await;
    stopped(source.token()).await.unwrap();
    advance(910, 0).await;
    let (renewing, other) = stopped(async { tokio::join!(source.token(), source.token()) }).await;
    assert_eq!(text(&renewing.unwrap()), "second");
    assert_eq!(text(&other.unwrap()), "first");
    assert_eq!(wire.finish().await.unwrap().len(), 2);
}

async fn at_once<F>(calls: usize, call: impl Fn() -> F) -> Vec<Result<Token, TokenError>>
where
    F: Future<Output = Result<Token, TokenError>> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for _ in 0..calls {
        tasks.spawn(call());
    }
    tasks.join_all().await
}

#[tokio::test]
async fn a_hundred_concurrent_calls_request_one_token() {
    let (wire, source) = serving(vec![granted("first", "3599")]).await;
    let results = at_once(100, || {
        let source = source.clone();
        async move { source.token().await }
    })
    .await;
    assert_eq!(results.len(), 100);
    for token in results {
        assert_eq!(text(&token.unwrap()), "first");
    }
    assert_eq!(wire.finish().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_hundred_concurrent_calls_fail_together() {
    let wrong = json("401 Unauthorized", WRONG_SECRET);
    let (wire, source) = serving(vec![wrong, granted("second", "3599")]).await;
    let results = at_once(100, || {
        let source = source.clone();
        async move { source.token().await }
    })
    .await;
    assert_eq!(results.len(), 100);
    for result in results {
        assert_eq!(result.unwrap_err().error(), Some("invalid_client"));
    }
    // A later call sends a new request.
    assert_eq!(text(&source.token().await.unwrap()), "second");
    assert_eq!(wire.finish().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_waiting_call_takes_over_if_the_requesting_one_is_dropped() {
    let (wire, source) = serving(vec![granted("first", "3599"), granted("second", "3599")]).await;
    let requesting = tokio::spawn({
        let source = source.clone();
        async move { source.token().await }
    });
    let waiting = tokio::spawn({
        let source = source.clone();
        async move { source.token().await }
    });
    tokio::task::yield_now().await;
    requesting.abort();
    assert!(requesting.await.unwrap_err().is_cancelled());
    waiting.await.unwrap().unwrap();
    source.token().await.unwrap();
    assert!(wire.finish().await.unwrap().len() <= 2);
}

#[tokio::test]
async fn fifty_calls_with_one_refused_token_renew_it_once() {
    let (wire, source) = serving(vec![granted("first", "3599"), granted("second", "3599")]).await;
    let stale = source.token().await.unwrap();
    let results = at_once(50, || {
        let (source, stale) = (source.clone(), stale.clone());
        async move { source.renew(&stale).await }
    })
    .await;
    for token in results {
        assert_eq!(text(&token.unwrap()), "second");
    }
    // A later one gets the new token.
    assert_eq!(text(&source.renew(&stale).await.unwrap()), "second");
    assert_eq!(text(&source.token().await.unwrap()), "second");
    assert_eq!(wire.finish().await.unwrap().len(), 2);
}

#[tokio::test]
async fn fifty_calls_with_one_refused_token_fail_together() {
    let wrong = json("401 Unauthorized", WRONG_SECRET);
    let (wire, source) = serving(vec![
        granted("first", "3599"),
        wrong,
        granted("second", "3599"),
    ])
    .await;
    let stale = source.token().await.unwrap();
    let results = at_once(50, || {
        let (source, stale) = (source.clone(), stale.clone());
        async move { source.renew(&stale).await }
    })
    .await;
    assert!(results.iter().all(Result::is_err));
    // The refused token is not used again, although it has not expired.
    assert_eq!(text(&source.token().await.unwrap()), "second");
    assert_eq!(wire.finish().await.unwrap().len(), 3);
}

#[tokio::test]
async fn an_error_has_the_message_of_entra() {
    let (error, shown, requests) = failing(vec![json("401 Unauthorized", WRONG_SECRET)]).await;
    assert_eq!(
        shown,
        "no token from http://HOST: 401 invalid_client: AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID."
    );
    assert!(error.is_refused() && !error.is_not_reached());
    assert_eq!(error.error(), Some("invalid_client"));
    assert!(
        error
            .description()
            .unwrap()
            .ends_with("Timestamp: 2026-02-11 08:00:00Z")
    );
    assert_eq!(error.status().unwrap().as_u16(), 401);
    assert_eq!(requests, 1);

    let (error, shown, _) = failing(vec![json(
        "400 Bad Request",
        r#"{"error":"invalid\u001b[2J"}"#,
    )])
    .await;
    assert_eq!(shown, "no token from http://HOST: 400 invalid [2J");
    assert!(error.is_refused());
    assert_eq!(error.description(), None);
}

#[tokio::test]
async fn a_5xx_of_the_authority_is_not_a_refusal() {
    let busy = json(
        "503 Service Unavailable",
        r#"{"error":"temporarily_unavailable","error_description":"AADSTS90033: A transient error has occurred."}"#,
    );
    let (error, shown, requests) = failing(vec![busy; 3]).await;
    assert_eq!(
        shown,
        "no token from http://HOST: 503 temporarily_unavailable: AADSTS90033: A transient error has occurred."
    );
    assert!(!error.is_refused() && !error.is_not_reached());
    assert_eq!(requests, 3);
}

/// Asserts that these responses are neither a token nor an OAuth error, and the message.
async fn assert_not_oauth(answers: Vec<Vec<u8>>, expected: &str) {
    let count = answers.len();
    let (error, shown, requests) = failing(answers).await;
    assert_eq!(shown, format!("no token from http://HOST: {expected}"));
    assert_eq!(requests, count, "{shown}");
    assert!(!error.is_refused() && !error.is_not_reached(), "{shown}");
    assert!(error.status().is_some() && error.error().is_none());
}

#[tokio::test]
async fn an_error_describes_a_response_that_is_not_an_oauth_error() {
    let page = answer(
        "502 Bad Gateway",
        &[("content-type", "text/html")],
        b"<html><body><h1>502 Bad Gateway</h1></body></html>",
    );
    let empty = answer("500 Internal Server Error", &[], b"");
    let place = [("location", "https://elsewhere.example/in")];
    assert_not_oauth(vec![page; 3], "502: 502 Bad Gateway").await;
    assert_not_oauth(vec![empty; 3], "500 and no word").await;
    assert_not_oauth(
        vec![answer("302 Found", &place, b"")],
        "302, pointing to https://elsewhere.example/in; nothing was sent there",
    )
    .await;
    assert_not_oauth(
        vec![answer("304 Not Modified", &[], b"")],
        "304, a redirect to nowhere",
    )
    .await;
    assert_not_oauth(
        vec![json("404 Not Found", r#"{"message":"no such place"}"#)],
        r#"404: {"message":"no such place"}"#,
    )
    .await;
}

#[tokio::test]
async fn an_error_does_not_quote_a_response_that_may_have_a_token() {
    let ok = |body: &str| json("200 OK", body);
    let html = [("content-type", "text/html")];
    for (answer, expected) in [
        (
            ok(r#"{"access_token":"planted-tok"#),
            "the answer is no JSON",
        ),
        (ok(""), "the answer is empty"),
        (
            answer("200 OK", &html, b"<p>planted</p>"),
            "the answer is no JSON",
        ),
        (
            ok(r#"{"access_token":"planted","token_type":"mac"}"#),
            "the token is no bearer token",
        ),
        (
            granted("planted\\n", "9"),
            "the token cannot stand in a header",
        ),
        (granted("", "9"), "the token cannot stand in a header"),
        (
            granted(&"planted".repeat(10_000), "9"),
            "the answer is longer than 64 KiB",
        ),
    ] {
        assert_not_oauth(vec![answer], &format!("200: {expected}")).await;
    }
}

#[tokio::test]
async fn an_endless_response_is_not_read_in_full() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let source = source(&format!("http://{}", listener.local_addr().unwrap()));
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        assert_ne!(stream.read(&mut [0; 4096]).await.unwrap(), 0);
        let head = "HTTP/1.1 400 Bad Request\r\ncontent-length: 99999999999\r\n\r\n";
        stream.write_all(head.as_bytes()).await.unwrap();
        // More than is read; then the connection stays open.
        let _ = stream.write_all(&[b'a'; 256 * 1024]).await;
        std::future::pending::<()>().await;
    });
    let (result, took) = on_fast_clock(source.token()).await;
    assert_eq!(result.unwrap_err().status().unwrap().as_u16(), 400);
    assert!(took < Duration::from_secs(10), "{took:?}");
    serving.abort();
}

#[tokio::test]
async fn a_truncated_response_is_retried() {
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n{\"access_token\":\"planted".to_vec();
    let (wire, source) = serving(vec![cut.clone(), Vec::new(), granted("third", "3599")]).await;
    let (token, _) = on_fast_clock(source.token()).await;
    assert_eq!(text(&token.unwrap()), "third");
    assert_eq!(wire.finish().await.unwrap().len(), 3);

    let (error, _, requests) = failing(vec![cut; 3]).await;
    assert!(error.is_not_reached() && error.status().is_none());
    assert_eq!(requests, 3);
}

#[tokio::test]
async fn an_error_says_that_the_connection_was_refused() {
    let refusing = Refusing::start().unwrap();
    let url = refusing.url().unwrap();
    let source = source(&url);
    let (result, took) = on_fast_clock(source.token()).await;
    let error = result.unwrap_err();
    assert!(error.is_not_reached() && !error.is_refused());
    let shown = error.to_string();
    assert!(
        shown.starts_with(&format!(
            "no token from {url}: it was not reached: Connection refused"
        )),
        "{shown}"
    );
    assert!(
        error
            .source()
            .unwrap()
            .is::<seats_transport::reqwest::Error>()
    );
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[tokio::test]
async fn a_request_without_a_response_times_out_after_thirty_seconds() {
    // The system accepts the connection, and nothing reads from it.
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (result, took) = on_fast_clock(source(&url).token()).await;
    let error = result.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("no token from {url}: it was not reached: no answer within 30 s")
    );
    assert!((30..32).contains(&took.as_secs()), "{took:?}");
    listener.set_nonblocking(true).unwrap();
    assert!(listener.accept().is_ok());
    assert!(listener.accept().is_err(), "there was a second request");
}

#[tokio::test]
async fn waits_for_as_long_as_retry_after_says() {
    let busy = |after| answer("429 Too Many Requests", &[("retry-after", after)], b"");
    let (wire, source) = serving(vec![busy("7"), granted("second", "3599")]).await;
    let (token, took) = on_fast_clock(source.token()).await;
    assert_eq!(text(&token.unwrap()), "second");
    assert!((7..9).contains(&took.as_secs()), "{took:?}");
    assert_eq!(wire.finish().await.unwrap().len(), 2);

    let (error, shown, requests) = failing(vec![busy("11")]).await;
    assert_eq!(shown, "no token from http://HOST: 429 and no word");
    assert!(!error.is_refused());
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn an_echoed_secret_is_not_shown() {
    let description = format!("client_secret={SECRET_IN_FORM} is not {SECRET}");
    let escaped: String = SECRET
        .chars()
        .map(|c| format!("\\u{:04x}", c as u32))
        .collect();
    let html = [("content-type", "text/html")];
    for echo in [
        json(
            "401 Unauthorized",
            &format!(r#"{{"error":"{SECRET}","error_description":"{description}"}}"#),
        ),
        json(
            "401 Unauthorized",
            &format!(r#"{{"error":"{escaped}","error_description":"{escaped}"}}"#),
        ),
        json("400 Bad Request", &format!(r#"{{"message":"{escaped}"}}"#)),
        json(
            "400 Bad Request",
            &format!(r#"{{"message":"{}{escaped}"}}"#, "x".repeat(280)),
        ),
        json(
            "400 Bad Request",
            r#"{"error_description":"it is planted~<i>sec"#,
        ),
        answer(
            "400 Bad Request",
            &html,
            format!("<p>{description}</p>").as_bytes(),
        ),
        answer(
            "400 Bad Request",
            &[],
            format!("{}{SECRET}", "x".repeat(290)).as_bytes(),
        ),
        answer(
            "302 Found",
            &[(
                "location",
                &format!("https://elsewhere.example/?{description}"),
            )],
            b"",
        ),
    ] {
        let (error, shown, _) = failing(vec![echo]).await;
        assert!(shown.contains("***"), "{shown}");
        assert!(!all_text(&error).contains("secret%2F"));
    }

    let source = source("http://127.0.0.1:1");
    let debug = format!("{source:?}");
    assert!(
        debug.contains("the-client") && !debug.contains("planted"),
        "{debug}"
    );
}

#[tokio::test]
async fn a_token_is_not_shown() {
    let (_wire, source) = serving(vec![granted("planted-token", "3599")]).await;
    let token = source.token().await.unwrap();
    let shown = format!(
        "{token:?} {:?} {:?} {source:?}",
        token.header_value(),
        token.secret()
    );
    assert!(!shown.contains("planted"), "{shown}");
}
