//! Which requests are sent again: the same loss, for a GET, a DELETE and a POST.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::time::Duration;

use seats_tests::wire::{Refusing, Reply, Wire, answer};
use seats_transport::{BaseUrl, Effect, Exchange, Operation, RetryPolicy, Transport, reqwest};

const GET: Operation = Operation {
    id: "get_thing",
    method: "GET",
    path: "/things/{id}",
    idempotent: true,
    permissions: &[],
    reference: None,
};
const DELETE: Operation = Operation {
    id: "delete_thing",
    method: "DELETE",
    ..GET
};
const POST: Operation = Operation {
    id: "post_thing",
    method: "POST",
    idempotent: false,
    ..GET
};
static OPERATIONS: [Operation; 3] = [GET, DELETE, POST];

fn transport(url: &str) -> Transport {
    let policy = RetryPolicy::new().backoff(Duration::ZERO);
    Transport::builder(BaseUrl::parse(url).unwrap())
        .retry(policy)
        .build()
        .unwrap()
}

/// One call, and what is remembered of it.
async fn call(transport: &Transport, operation: &'static Operation) -> Exchange {
    let (transport, recording) = transport.recorded();
    let url = format!("{}/things/7", transport.base_url());
    let method = operation.method.parse().unwrap();
    let mut request = transport
        .http_client()
        .request(method, url)
        .body("{}")
        .build()
        .unwrap();
    transport
        .prepare(&mut request, Some(operation))
        .await
        .unwrap();
    let _ = transport.send(request, Some(operation)).await;
    recording.finish()
}

/// The effect, the attempts and how many connections there were.
async fn after(replies: Vec<Reply>, operation: &'static Operation) -> (Effect, u32, usize) {
    let wire = Wire::start_with(replies).await.unwrap();
    let exchange = call(&transport(&wire.url()), operation).await;
    let connections = wire.finish().await.unwrap().len();
    (exchange.effect(), exchange.attempts(), connections)
}

#[tokio::test]
async fn a_post_is_not_repeated_once_it_may_have_happened() {
    let whole = answer("201 Created", &[], b"{\"id\":7}");
    let head = whole
        .windows(4)
        .position(|bytes| bytes == b"\r\n\r\n")
        .unwrap()
        + 4;
    for operation in &OPERATIONS {
        for cut in 0..head {
            let replies = vec![
                Reply::Bytes(whole[..cut].to_vec()),
                Reply::Bytes(whole.clone()),
            ];
            let expected = if operation.idempotent {
                (Effect::Done, 2, 2)
            } else {
                (Effect::Unknown, 1, 1)
            };
            assert_eq!(
                after(replies, operation).await,
                expected,
                "{} cut at {cut}",
                operation.method
            );
        }
        for status in ["502 Bad Gateway", "504 Gateway Timeout"] {
            let replies = vec![
                Reply::Bytes(answer(status, &[], b"")),
                Reply::Bytes(whole.clone()),
            ];
            let expected = if operation.idempotent {
                (Effect::Done, 2, 2)
            } else {
                (Effect::Unknown, 1, 1)
            };
            assert_eq!(
                after(replies, operation).await,
                expected,
                "{} {status}",
                operation.method
            );
        }
        for bytes in 0..60 {
            let replies = vec![Reply::ResetAfter(bytes), Reply::Bytes(whole.clone())];
            let expected = if operation.idempotent {
                (Effect::Done, 2, 2)
            } else {
                (Effect::Unknown, 1, 1)
            };
            assert_eq!(
                after(replies, operation).await,
                expected,
                "{} reset after {bytes}",
                operation.method
            );
        }
    }
}

/// A body that is cut matters to who reads it; who changes something has heard enough.
#[tokio::test]
async fn only_a_read_is_repeated_for_its_body() {
    let whole = answer("200 OK", &[], b"{\"id\":7}");
    let head = whole
        .windows(4)
        .position(|bytes| bytes == b"\r\n\r\n")
        .unwrap()
        + 4;
    for operation in &OPERATIONS {
        for cut in head..whole.len() {
            let replies = vec![
                Reply::Bytes(whole[..cut].to_vec()),
                Reply::Bytes(whole.clone()),
            ];
            let attempts = if operation.is_read() { 2 } else { 1 };
            let expected = (Effect::Done, attempts, attempts as usize);
            let seen = after(replies, operation).await;
            assert_eq!(seen, expected, "{} cut at {cut}", operation.method);
        }
    }
}

#[tokio::test]
async fn what_is_refused_for_now_is_sent_again_whatever_the_operation() {
    for operation in &OPERATIONS {
        for status in [
            "408 Request Timeout",
            "429 Too Many Requests",
            "503 Service Unavailable",
        ] {
            let replies = vec![
                Reply::Bytes(answer(status, &[], b"")),
                Reply::Bytes(answer("200 OK", &[], b"")),
            ];
            assert_eq!(
                after(replies, operation).await,
                (Effect::Done, 2, 2),
                "{} {status}",
                operation.method
            );
        }
    }
}

#[tokio::test]
async fn what_did_not_leave_is_sent_again_whatever_the_operation() {
    for operation in &OPERATIONS {
        let nobody = Refusing::start().unwrap();
        let exchange = call(&transport(&nobody.url().unwrap()), operation).await;
        assert_eq!(
            (exchange.effect(), exchange.attempts()),
            (Effect::NotSent, 4),
            "{}",
            operation.method
        );
    }
}

#[tokio::test]
async fn a_lost_attempt_is_remembered_when_the_next_one_cannot_connect() {
    let wire = Wire::start_with(vec![Reply::Vanish]).await.unwrap();
    let exchange = call(&transport(&wire.url()), &OPERATIONS[1]).await;
    wire.finish().await.unwrap();
    assert_eq!((exchange.attempts(), exchange.status()), (4, None));
    assert_eq!(exchange.effect(), Effect::Unknown);
    assert!(exchange.may_have_happened_before());
}

/// Nobody would remember the attempt that was lost.
#[tokio::test]
async fn a_call_that_nobody_records_is_not_repeated_once_it_may_have_happened() {
    for (operation, connections) in OPERATIONS.iter().zip([2, 1, 1]) {
        let replies = vec![
            Reply::Bytes(Vec::new()),
            Reply::Bytes(answer("200 OK", &[], b"")),
        ];
        let wire = Wire::start_with(replies).await.unwrap();
        let transport = transport(&wire.url());
        let url = format!("{}/things/7", transport.base_url());
        let method = operation.method.parse().unwrap();
        let mut request = transport
            .http_client()
            .request(method, url)
            .build()
            .unwrap();
        transport
            .prepare(&mut request, Some(operation))
            .await
            .unwrap();
        let _ = transport.send(request, Some(operation)).await;
        assert_eq!(
            wire.finish().await.unwrap().len(),
            connections,
            "{}",
            operation.method
        );
    }
}

/// The budget is the client's: all its calls together.
#[tokio::test]
async fn the_calls_of_a_client_share_its_retries() {
    let nobody = Refusing::start().unwrap();
    let transport = transport(&nobody.url().unwrap());
    let mut attempts = 0;
    for _ in 0..100 {
        attempts += call(&transport, &OPERATIONS[1]).await.attempts();
    }
    assert!(
        (150..350).contains(&attempts),
        "{attempts} attempts of 100 calls"
    );
}

#[tokio::test]
async fn a_request_that_was_not_prepared_is_not_sent() {
    let wire = Wire::start(vec![]).await.unwrap();
    let transport = transport(&wire.url());
    let elsewhere = Wire::start(vec![]).await.unwrap();
    for (url, operation) in [
        (
            format!("{}/things/7", elsewhere.url()),
            Some(&OPERATIONS[1]),
        ),
        (format!("{}/other/7", wire.url()), Some(&OPERATIONS[1])),
        (format!("{}/things/7", wire.url()), None),
    ] {
        let request = transport.http_client().delete(url).build().unwrap();
        let outcome = transport.send(request, operation).await;
        assert!(outcome.is_err_and(|error| reqwest::Error::is_builder(&error)));
    }
    assert_eq!(wire.finish().await.unwrap().len(), 0);
    assert_eq!(elsewhere.finish().await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_caller_extends_the_user_agent() {
    let wire = Wire::start(vec![answer("200 OK", &[], b"")]).await.unwrap();
    let transport = Transport::builder(BaseUrl::parse(&wire.url()).unwrap())
        .user_agent(reqwest::header::HeaderValue::from_static("offboarding/1.2"))
        .build()
        .unwrap();
    call(&transport, &OPERATIONS[0]).await;
    let request = String::from_utf8(wire.finish().await.unwrap().remove(0)).unwrap();
    let expected = concat!(
        "user-agent: seats/",
        env!("CARGO_PKG_VERSION"),
        " offboarding/1.2\r\n"
    );
    assert!(request.contains(expected), "{request}");
}
