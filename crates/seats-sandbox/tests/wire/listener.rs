//! The listener: what it logs, how it counts, and that it stops when dropped.

use seats_sandbox::{API_KEY, APPLICATION_KEY, STORE_TOKEN, Sandbox};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::datadog::{PATH, USERS, unassign};
use crate::store::reclaim;
use crate::wire::{PATIENCE, connect, exchange, keys, request, token};

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
        .map(|arrival| (arrival.status(), arrival))
        .map(|(status, arrival)| (arrival.method, arrival.target, status))
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
    let mut answers = String::new();
    timeout(PATIENCE, stream.read_to_string(&mut answers))
        .await
        .expect("it answers in time")
        .expect("it answers");
    assert_eq!(
        answers,
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
    // One answer shows that the connection is being served; then it stays open.
    let mut stream = connect(&sandbox).await;
    let kept = unassign(&[USERS[0]]).replace("connection: close\r\n", "");
    stream.write_all(kept.as_bytes()).await.expect("it reads");
    let mut buffer = [0; 1024];
    let read = stream.read(&mut buffer).await.expect("it answers");
    assert!(buffer[..read].ends_with(b"\r\n\r\n"));

    drop(sandbox);
    // Ends only when the sandbox hangs up, politely or not.
    let end = timeout(PATIENCE, stream.read(&mut buffer))
        .await
        .expect("it ends in time");
    assert!(matches!(end, Ok(0) | Err(_)), "{end:?}");
    assert!(TcpStream::connect(address).await.is_err());
}
