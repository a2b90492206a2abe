//! Which requests are retried: the same failures for a GET, a DELETE and a POST.

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

/// Makes a call without recording it.
async fn send(transport: &Transport, operation: &'static Operation) {
    let url = format!("{}/things/7", transport.base_url());
    let method = operation.method.parse().unwrap();
    let request = transport.http_client().request(method, url).body("{}");
    let mut request = request.build().unwrap();
    transport
        .prepare(&mut request, Some(operation))
        .await
        .unwrap();
    let _ = transport.send(request, Some(operation)).await;
}

/// Makes a call and returns its record.
async fn call(transport: &Transport, operation: &'static Operation) -> Exchange {
    let (transport, recording) = transport.recorded();
    send(&transport, operation).await;
    recording.finish()
}

/// The effect, the number of attempts and the number of connections.
type CallResult = (Effect, u32, usize);

/// The result of a call to a server with these replies.
async fn after(replies: [Reply; 2], operation: &'static Operation) -> CallResult {
    let wire = Wire::start_with(replies.into()).await.unwrap();
    let exchange = call(&transport(&wire.url()), operation).await;
    let connections = wire.finish().await.unwrap().len();
    (exchange.effect(), exchange.attempts(), connections)
}

/// The result if a first attempt may have been applied and a second one would succeed.
fn retried_if_idempotent(operation: &Operation) -> CallResult {
    match operation.idempotent {
        true => (Effect::Done, 2, 2),
        false => (Effect::Unknown, 1, 1),
    }
}

/// The length of a response's head.
fn head(response: &[u8]) -> usize {
    let end = response.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    end.unwrap() + 4
}

#[tokio::test]
async fn a_post_that_may_have_been_applied_is_not_retried() {
    let whole = answer("201 Created", &[], b"{\"id\":7}");
    for operation in &OPERATIONS {
        let truncated = (0..head(&whole)).map(|length| Reply::Bytes(whole[..length].to_vec()));
        let failed = ["502 Bad Gateway", "504 Gateway Timeout"]
            .map(|status| Reply::Bytes(answer(status, &[], b"")));
        let reset = (0..60).map(Reply::ResetAfter);
        for first in truncated.chain(failed).chain(reset) {
            let what = format!("{} after {first:?}", operation.method);
            let replies = [first, Reply::Bytes(whole.clone())];
            let expected = retried_if_idempotent(operation);
            assert_eq!(after(replies, operation).await, expected, "{what}");
        }
    }
}

/// A read needs its body; for a change, the status is enough.
#[tokio::test]
async fn only_a_read_is_retried_for_its_body() {
    let whole = answer("200 OK", &[], b"{\"id\":7}");
    for operation in &OPERATIONS {
        for length in head(&whole)..whole.len() {
            let truncated = whole[..length].to_vec();
            let replies = [truncated, whole.clone()].map(Reply::Bytes);
            let attempts = if operation.is_read() { 2 } else { 1 };
            let expected = (Effect::Done, attempts, attempts as usize);
            let seen = after(replies, operation).await;
            assert_eq!(seen, expected, "{} at {length} bytes", operation.method);
        }
    }
}

#[tokio::test]
async fn a_temporary_refusal_is_retried_for_every_operation() {
    for operation in &OPERATIONS {
        for status in [
            "408 Request Timeout",
            "429 Too Many Requests",
            "503 Service Unavailable",
        ] {
            let replies = [status, "200 OK"].map(|status| Reply::Bytes(answer(status, &[], b"")));
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
async fn a_request_that_was_not_sent_is_retried_for_every_operation() {
    for operation in &OPERATIONS {
        let refusing = Refusing::start().unwrap();
        let exchange = call(&transport(&refusing.url().unwrap()), operation).await;
        assert_eq!(
            (exchange.effect(), exchange.attempts()),
            (Effect::NotSent, 4),
            "{}",
            operation.method
        );
    }
}

#[tokio::test]
async fn a_lost_attempt_is_remembered_if_the_next_one_cannot_connect() {
    let wire = Wire::start_with(vec![Reply::Vanish]).await.unwrap();
    let exchange = call(&transport(&wire.url()), &OPERATIONS[1]).await;
    wire.finish().await.unwrap();
    assert_eq!((exchange.attempts(), exchange.status()), (4, None));
    assert_eq!(exchange.effect(), Effect::Unknown);
    assert!(exchange.may_have_been_applied_before());
}

/// A retry would forget the attempt that was lost.
#[tokio::test]
async fn an_unrecorded_change_that_may_have_been_applied_is_not_retried() {
    for (operation, connections) in OPERATIONS.iter().zip([2, 1, 1]) {
        let replies = [Vec::new(), answer("200 OK", &[], b"")].map(Reply::Bytes);
        let wire = Wire::start_with(replies.into()).await.unwrap();
        send(&transport(&wire.url()), operation).await;
        assert_eq!(
            wire.finish().await.unwrap().len(),
            connections,
            "{}",
            operation.method
        );
    }
}

/// The retry budget belongs to the client.
#[tokio::test]
async fn the_calls_of_a_client_share_its_retry_budget() {
    let refusing = Refusing::start().unwrap();
    let transport = transport(&refusing.url().unwrap());
    let mut attempts = 0;
    for _ in 0..100 {
        attempts += call(&transport, &OPERATIONS[1]).await.attempts();
    }
    assert!(
        (150..350).contains(&attempts),
        "{attempts} attempts for 100 calls"
    );
}

#[tokio::test]
async fn an_unprepared_request_is_not_sent() {
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
async fn a_caller_can_extend_the_user_agent() {
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
