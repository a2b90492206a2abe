//! The listener: its log, its numbers, its bounds, and that it stops when dropped.

use std::time::Duration;

use seats_sandbox::{API_KEY, APPLICATION_KEY, STORE_TOKEN, Sandbox};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::datadog::{PATH, USERS, unassign};
use crate::store::reclaim;
use crate::wire::{PATIENCE, connect, exchange, get, keys, request, token};

#[tokio::test]
async fn the_log_has_what_arrived_and_no_credential() {
    let sandbox = Sandbox::start().await.expect("it starts");
    assert_eq!(sandbox.log(), []);
    exchange(&sandbox, unassign(&[USERS[0]]).as_bytes()).await;
    exchange(
        &sandbox,
        reclaim("zo%C3%AB@contoso.example?a=%20b").as_bytes(),
    )
    .await;
    exchange(&sandbox, request("PUT", PATH, &keys()).as_bytes()).await;
    exchange(&sandbox, request("OPTIONS", "*", &token()).as_bytes()).await;
    let log: Vec<_> = sandbox
        .log()
        .into_iter()
        .map(|entry| (entry.status(), entry))
        .map(|(status, entry)| (entry.method, entry.target, status))
        .collect();
    let line =
        |method: &str, target: &str, status| (method.to_owned(), target.to_owned(), Some(status));
    assert_eq!(
        log,
        [
            line("DELETE", "/api/v2/seats/users", 204),
            line(
                "DELETE",
                "/V1/Inventory/9NBLGGH4R2R6/0016/Seats/zo%C3%AB@contoso.example?a=%20b",
                400
            ),
            line("PUT", "/api/v2/seats/users", 405),
            line("OPTIONS", "*", 404),
        ]
    );
    let shown = format!("{:?}", sandbox.log());
    for secret in [API_KEY, APPLICATION_KEY, STORE_TOKEN] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[tokio::test]
async fn both_vendors_share_one_count() {
    let sandbox = Sandbox::start().await.expect("it starts");
    let first = exchange(&sandbox, unassign(&[USERS[0]]).as_bytes()).await;
    let second = exchange(&sandbox, reclaim("ada@contoso.example").as_bytes()).await;
    assert_eq!(first.header("x-request-id"), Some("sandbox-1"));
    assert_eq!(second.header("ms-cv"), Some("sandbox.2"));

    let other = Sandbox::start().await.expect("it starts");
    let again = exchange(&other, unassign(&[USERS[0]]).as_bytes()).await;
    assert_eq!(again.header("x-request-id"), Some("sandbox-1"));
    assert_eq!(other.store_seats().len(), 5, "sandboxes share nothing");
}

#[tokio::test]
async fn a_connection_serves_one_request_after_another() {
    let sandbox = Sandbox::start().await.expect("it starts");
    let mut stream = connect(&sandbox).await;
    let kept = unassign(&[USERS[0]]).replace("connection: close\r\n", "");
    let both = kept + &unassign(&[USERS[1]]);
    stream.write_all(both.as_bytes()).await.expect("it reads");
    let mut responses = String::new();
    timeout(PATIENCE, stream.read_to_string(&mut responses))
        .await
        .expect("it responses in time")
        .expect("it responses");
    assert_eq!(
        responses,
        "HTTP/1.1 204 No Content\r\nx-request-id: sandbox-1\r\n\r\n\
         HTTP/1.1 204 No Content\r\nx-request-id: sandbox-2\r\nconnection: close\r\n\r\n"
    );
}

#[tokio::test]
async fn dropping_it_closes_connections_and_the_port() {
    let sandbox = Sandbox::start().await.expect("it starts");
    assert!(sandbox.datadog_url().starts_with("http://127.0.0.1:"));
    assert_eq!(sandbox.store_url(), sandbox.datadog_url() + "/V1");
    let address = sandbox.datadog_url().replace("http://", "");
    // One response shows that the connection is served; then it stays open.
    let mut stream = connect(&sandbox).await;
    let kept = unassign(&[USERS[0]]).replace("connection: close\r\n", "");
    stream.write_all(kept.as_bytes()).await.expect("it reads");
    let mut buffer = [0; 1024];
    let read = stream.read(&mut buffer).await.expect("it responses");
    assert!(buffer[..read].ends_with(b"\r\n\r\n"));

    drop(sandbox);
    // Ends only when the sandbox hangs up, politely or not.
    let end = timeout(PATIENCE, stream.read(&mut buffer))
        .await
        .expect("it ends in time");
    assert!(matches!(end, Ok(0) | Err(_)), "{end:?}");
    assert!(TcpStream::connect(address).await.is_err());
}

/// A client that sends a part of a request and then nothing more.
async fn stalled(request: &str) -> (Sandbox, String) {
    let sandbox = Sandbox::builder()
        .read_timeout(Duration::from_millis(20))
        .start()
        .await
        .expect("it starts");
    let mut stream = connect(&sandbox).await;
    stream
        .write_all(request.as_bytes())
        .await
        .expect("it reads");
    let mut response = String::new();
    timeout(PATIENCE, stream.read_to_string(&mut response))
        .await
        .expect("the connection is closed in time")
        .expect("it is closed in order");
    (sandbox, response)
}

#[tokio::test]
async fn a_client_that_never_finishes_its_headers_holds_no_connection() {
    let (sandbox, _response) = stalled("GET /V1/Inventory HTTP/1.1\r\nhost: sandbox\r\n").await;
    assert_eq!(sandbox.log(), []);
}

#[tokio::test]
async fn a_client_that_never_finishes_its_body_holds_no_connection() {
    let request = unassign(&[USERS[0]]);
    let (sandbox, response) = stalled(&request[..request.len() - 1]).await;
    assert!(
        response.ends_with("The body cannot be read to its end\"}]}"),
        "{response}"
    );
    assert_eq!(sandbox.log().len(), 1);
    assert_eq!(sandbox.datadog_seats().len(), 5);
}

#[tokio::test]
async fn a_full_log_drops_its_oldest_entries_and_counts_them() {
    let sandbox = Sandbox::builder().log_capacity(2).start().await;
    let sandbox = sandbox.expect("it starts");
    for n in 1..=5 {
        assert_eq!(sandbox.log_dropped(), u64::saturating_sub(n - 1, 2));
        let reply = exchange(&sandbox, get(&format!("/V1/{n}"), "").as_bytes()).await;
        assert_eq!(reply.header("ms-cv"), Some(&*format!("sandbox.{n}")));
    }
    let targets: Vec<_> = sandbox
        .log()
        .into_iter()
        .map(|entry| entry.target)
        .collect();
    assert_eq!(targets, ["/V1/4", "/V1/5"]);
    assert_eq!(sandbox.log_dropped(), 3);
}
