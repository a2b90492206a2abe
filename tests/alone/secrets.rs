//! No secret in anything that the library produces: values, errors, `Debug`, and the log at its finest.
//!
//! This test has a process of its own because it captures the whole log.

use std::error::Error as _;
use std::fmt::Debug;
use std::sync::{Mutex, PoisonError};

use seats::reqwest::{Client, ClientBuilder};
use seats::{Done, Error};
use seats_tests::credentials::{ALL, API_KEY, APPLICATION_KEY, TOKEN};
use seats_tests::wire::{Wire, answer};
use tracing_subscriber::fmt::format::FmtSpan;

use calls::{reclaim, unassign};
use clients::{attempts, datadog_builder, store_builder};

#[expect(dead_code, reason = "only a part of it is needed here")]
#[path = "../product/calls.rs"]
mod calls;
#[expect(dead_code, reason = "only a part of it is needed here")]
#[path = "../product/clients.rs"]
mod clients;

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Appends to [`LOG`]. What comes through the `log` crate is included.
struct Capture;

impl std::io::Write for Capture {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn start_capture() {
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(|| Capture)
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .init();
}

#[track_caller]
fn assert_no_secrets(text: &str) {
    for secret in ALL {
        assert!(!text.contains(secret), "{text}");
    }
}

fn all_text(error: &Error) -> String {
    let source = error.source().map(|source| format!("{source} {source:?}"));
    format!(
        "{error} {error:?} {:?} {:?} {:?} {:?} {:?} {source:?}",
        error.messages(),
        error.location(),
        error.request(),
        error.request_id(),
        String::from_utf8_lossy(error.body()),
    )
}

#[track_caller]
fn assert_no_secrets_in<T: Debug>(result: seats::Result<Done<T>>) {
    match result {
        Ok(done) => assert_no_secrets(&format!(
            "{done:?} {:?}",
            String::from_utf8_lossy(done.body())
        )),
        Err(error) => assert_no_secrets(&all_text(&error)),
    }
}

/// An HTTP client that logs every byte of a connection at the level TRACE.
fn verbose() -> ClientBuilder {
    Client::builder().connection_verbose(true)
}

/// A response that repeats these secrets in its body, its redirect and its request id.
fn echo(status: &str, secrets: &[&str]) -> Vec<u8> {
    let body = format!("{{\"errors\":[\"{}\"]}}", secrets.join(" "));
    let place = format!("http://127.0.0.1:1/?k={}", secrets.join("&"));
    answer(
        status,
        &[("location", &place), ("x-request-id", secrets[0])],
        body.as_bytes(),
    )
}

/// Calls both vendors, whose responses have this status and repeat the secrets.
async fn call_both(status: &str) {
    let wire = Wire::start(vec![
        echo(status, &[API_KEY, APPLICATION_KEY]),
        echo(status, &[TOKEN]),
    ])
    .await
    .unwrap();
    let url = wire.url();

    let builder = datadog_builder(&url).http(verbose()).retry(attempts(1));
    assert_no_secrets(&format!("{builder:?}"));
    let client = builder.build().unwrap();
    assert_no_secrets(&format!("{client:?} {:?}", client.api()));
    assert_no_secrets_in(unassign(&client).await);

    let builder = store_builder(&url).http(verbose()).retry(attempts(1));
    assert_no_secrets(&format!("{builder:?}"));
    let client = builder.build().unwrap();
    assert_no_secrets(&format!("{client:?} {:?}", client.api()));
    assert_no_secrets_in(reclaim(&client).await);

    let requests = wire.finish().await.unwrap();
    for (request, secret) in [(0, API_KEY), (0, APPLICATION_KEY), (1, TOKEN)] {
        let request = String::from_utf8_lossy(&requests[request]);
        assert!(request.contains(secret), "the secret was sent: {request}");
    }
}

fn assert_invalid_keys_are_not_shown() {
    for secret in [format!("{API_KEY}\n"), format!("{API_KEY} é")] {
        let error = datadog_builder("http://127.0.0.1:1")
            .api_key(secret)
            .build()
            .unwrap_err();
        assert_no_secrets(&all_text(&error));
        assert_eq!(
            error.to_string(),
            "DD_API_KEY (not shown): must be visible ASCII without spaces; is there a line break at its end?"
        );
    }
}

#[tokio::test]
async fn no_output_of_the_library_has_a_secret() {
    start_capture();
    for status in [
        "200 OK",
        "303 See Other",
        "400 Bad Request",
        "502 Bad Gateway",
    ] {
        call_both(status).await;
    }
    assert_invalid_keys_are_not_shown();
    let log = LOG.lock().unwrap_or_else(PoisonError::into_inner);
    let log = String::from_utf8_lossy(&log);
    assert!(
        log.contains("seats.call") && log.contains("reqwest"),
        "both the library and reqwest log: {log}"
    );
    assert_no_secrets(&log);
    // The names are OpenTelemetry's.
    for field in [
        "otel.name=\"reclaim_seat_from_user\"",
        "http.request.method=\"DELETE\"",
        "url.template=\"/Inventory/{productId}/{skuId}/Seats/{username}\"",
        "http.response.status_code=502",
        "effect=\"unknown\"",
        "effect=\"done\"",
        "attempts=1",
    ] {
        assert!(log.contains(field), "{field} is not in {log}");
    }
}
