//! No key in anything that the library says: values, errors, `Debug`, and the log at its finest.

use std::sync::{Mutex, PoisonError};

use tracing_subscriber::fmt::format::FmtSpan;

use seats::{Error, datadog, store};
use seats_tests::wire::{Wire, answer};

const PLANTED: [&str; 3] = [
    "planted-api-key-5f1c",
    "planted-application-key-9d2e",
    "planted-token-77ab",
];

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Keeps what is logged; `tracing-subscriber` takes in what comes through `log` as well.
struct Keeper;

impl std::io::Write for Keeper {
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

#[track_caller]
fn clean(text: &str) {
    for secret in PLANTED {
        assert!(!text.contains(secret), "{text}");
    }
}

fn say(error: &Error) -> String {
    let source = std::error::Error::source(error).map(|source| format!("{source} {source:?}"));
    format!(
        "{error} {error:?} {:?} {:?} {:?} {:?} {:?} {source:?}",
        error.messages(),
        error.location(),
        error.request(),
        error.request_id(),
        String::from_utf8_lossy(error.body()),
    )
}

/// An HTTP client that would write each byte of a connection into the log.
fn verbose() -> seats::reqwest::ClientBuilder {
    seats::reqwest::Client::builder()
        .tls_certs_only([])
        .connection_verbose(true)
}

/// An answer that says again what it was sent: in its body, in its redirection, as its id.
fn echo(status: &str, keys: &[&str]) -> Vec<u8> {
    let body = format!("{{\"errors\":[\"{}\"]}}", keys.join(" "));
    let place = format!("http://127.0.0.1:1/?k={}", keys.join("&"));
    answer(
        status,
        &[("location", &place), ("x-request-id", keys[0])],
        body.as_bytes(),
    )
}

#[tokio::test]
async fn nothing_that_the_library_says_holds_a_key() {
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(|| Keeper)
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .init();
    for status in [
        "200 OK",
        "303 See Other",
        "400 Bad Request",
        "502 Bad Gateway",
    ] {
        let wire = Wire::start(vec![
            echo(status, &PLANTED[..2]),
            echo(status, &PLANTED[2..]),
        ])
        .await
        .unwrap();

        let builder = datadog::Client::builder()
            .base_url(wire.url())
            .api_key(PLANTED[0])
            .app_key(PLANTED[1])
            .http(verbose())
            .max_attempts(1);
        clean(&format!("{builder:?}"));
        let client = builder.build().unwrap();
        clean(&format!("{client:?} {:?}", client.api()));
        let user = "626a4e8e-64bd-409d-b80e-428f08ac0b62".parse().unwrap();
        match client
            .unassign(&"incident_response".parse().unwrap(), &[user])
            .await
        {
            Ok(done) => clean(&format!(
                "{done:?} {:?}",
                String::from_utf8_lossy(done.body())
            )),
            Err(error) => clean(&say(&error)),
        }

        let builder = store::Client::builder()
            .base_url(format!("{}/V1", wire.url()))
            .token(PLANTED[2])
            .http(verbose())
            .max_attempts(1);
        clean(&format!("{builder:?}"));
        let client = builder.build().unwrap();
        clean(&format!("{client:?} {:?}", client.api()));
        let ids = (
            "P".parse().unwrap(),
            "0016".parse().unwrap(),
            "ada".parse().unwrap(),
        );
        match client.reclaim(&ids.0, &ids.1, &ids.2).await {
            Ok(done) => clean(&format!(
                "{done:?} {:?}",
                String::from_utf8_lossy(done.body())
            )),
            Err(error) => clean(&say(&error)),
        }
        let requests = wire.finish().await.unwrap();
        assert!(
            String::from_utf8_lossy(&requests[0]).contains(PLANTED[0]),
            "the keys were sent"
        );
        assert!(
            String::from_utf8_lossy(&requests[1]).contains(PLANTED[2]),
            "the token was sent"
        );
    }
    for secret in ["planted-api-key-5f1c\n", "planted-api-key-5f1c é"] {
        let error = datadog::Client::builder()
            .api_key(secret)
            .app_key("key")
            .build()
            .unwrap_err();
        clean(&say(&error));
        assert_eq!(
            error.to_string(),
            "DD_API_KEY (not shown): must be visible ASCII without spaces; is there a line break at its end?"
        );
    }
    let log = LOG.lock().unwrap_or_else(PoisonError::into_inner);
    let log = String::from_utf8_lossy(&log);
    assert!(
        log.contains("seats.call") && log.contains("reqwest"),
        "everybody logs: {log}"
    );
    clean(&log);
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
