//! Outcomes of calls without a response, or without one in time.

use seats_tests::wire::{Wire, answer};
use serde_json::json;
use tokio::net::{TcpListener, TcpSocket};

use crate::outcomes::Expected;
use crate::process::{RECLAIM, Seats, UNASSIGN, USER, heard_nothing, seats};

/// Returns the URL of a port that refuses connections as long as the socket is kept.
fn refusing() -> (TcpSocket, String) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}", socket.local_addr().unwrap());
    (socket, url)
}

/// Returns the system's message for a refused connection.
fn refusal(url: &str) -> String {
    let address = url.trim_start_matches("http://");
    std::net::TcpStream::connect(address)
        .unwrap_err()
        .to_string()
}

/// Asserts both formats of a run against a base URL that never responds.
async fn without_an_answer(url: &str, code: i32, effect: &str, message: &str, end: &str) {
    for (arguments, vendor, operation) in [
        (UNASSIGN, "datadog", "unassign_seats_user"),
        (RECLAIM, "store", "reclaim_seat_from_user"),
    ] {
        let expected = Expected {
            code,
            effect,
            status: None,
            messages: &[message],
            request_id: None,
            words: &format!("error: {operation}: {message}{end}"),
        };
        let run = || {
            seats(&arguments)
                .arguments(&["--base-url", url])
                .once()
                .signed()
        };
        expected.is_as_text(&run().run().await);
        let mut object = expected.object(vendor, operation);
        if vendor == "datadog" {
            object["users"] = json!([USER]);
        }
        let in_json = run().arguments(&["--output=json"]).run().await;
        in_json.is_json(code, &object);
    }
}

#[tokio::test]
async fn a_connection_that_is_refused() {
    let (_held, url) = refusing();
    let message = format!(
        "could not connect: client error (Connect): tcp connect error: {}",
        refusal(&url)
    );
    without_an_answer(&url, 5, "not_sent", &message, "").await;
}

#[tokio::test]
async fn a_connection_that_closes_without_an_answer() {
    let wire = Wire::start(vec![]).await.unwrap();
    let message =
        "no answer came: client error (SendRequest): connection closed before message completed";
    let end = "; it may have happened";
    without_an_answer(&wire.url(), 3, "unknown", message, end).await;
    assert_eq!(wire.finish().await.unwrap().len(), 4);
}

#[tokio::test]
async fn an_answer_that_is_no_http() {
    let noise = b"220 mail.example ESMTP\r\n\r\n".to_vec();
    let wire = Wire::start(vec![noise; 4]).await.unwrap();
    let message = "no answer came: client error (SendRequest): invalid HTTP version parsed";
    let end = "; it may have happened";
    without_an_answer(&wire.url(), 3, "unknown", message, end).await;
    assert_eq!(wire.finish().await.unwrap().len(), 4);
}

/// If the handshake fails, no byte of a request has left.
#[tokio::test]
async fn tls_that_is_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let closing = tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut hello = [0; 1];
            let _ = tokio::io::AsyncReadExt::read(&mut stream, &mut hello).await;
            let alert = b"\x15\x03\x03\x00\x02\x02\x28";
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, alert).await;
            // Reads the rest of its hello, so that the alert is not lost in a reset.
            let _ = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut Vec::new()).await;
        }
    });
    let message =
        "could not connect: client error (Connect): received fatal alert: HandshakeFailure";
    without_an_answer(&url, 5, "not_sent", message, "").await;
    closing.abort();
}

/// The argument takes precedence over the variable.
#[tokio::test]
async fn the_argument_overrides_the_variable() {
    for arguments in [UNASSIGN, RECLAIM] {
        let named = Wire::start(vec![answer("204 No Content", &[], b"")])
            .await
            .unwrap();
        let other = Wire::start(vec![]).await.unwrap();
        let ended = seats(&arguments)
            .arguments(&["--base-url", &format!("{}/V1", named.url())])
            .signed()
            .at(&other)
            .run()
            .await;
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_eq!(named.finish().await.unwrap().len(), 1);
        heard_nothing(other, &ended).await;
    }
}

/// The server accepts the request and does not respond.
#[tokio::test]
async fn an_answer_that_does_not_come_in_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    for arguments in [
        ["--attempt-timeout", "300ms"],
        // The deadline of the call limits its attempt as well.
        ["--timeout", "300ms"],
    ] {
        for (call, operation) in [
            (UNASSIGN, "unassign_seats_user"),
            (RECLAIM, "reclaim_seat_from_user"),
        ] {
            let ended = seats(&call)
                .arguments(&["--base-url", &url])
                .arguments(&arguments)
                .once()
                .signed()
                .run()
                .await;
            ended.is(
                3,
                "",
                &format!(
                    "error: {operation}: no answer came in time: operation timed out; it may have happened\n"
                ),
            );
        }
    }
}

/// Without root certificates there are no calls over TLS; calls to loopback still work.
#[tokio::test]
async fn a_machine_without_certificates() {
    let nowhere = |run: Seats| {
        run.variable("SSL_CERT_FILE", "/nonexistent")
            .variable("SSL_CERT_DIR", "/nonexistent")
    };
    for arguments in [UNASSIGN, RECLAIM] {
        let run = || nowhere(seats(&arguments).signed().kept_here());
        let text = run().run().await;
        assert_eq!((text.code, text.stdout.as_str()), (Some(5), ""), "{text:?}");
        let start = "error: cannot build the HTTP client: ";
        assert!(text.stderr.starts_with(start), "{text:?}");
        let in_json = run().arguments(&["--output=json"]).run().await;
        assert_eq!(in_json.code, Some(5), "{in_json:?}");
        assert_eq!(in_json.json()["effect"], "not_sent");
        assert_eq!(in_json.stderr, "");

        let wire = Wire::start(vec![answer("204 No Content", &[], b"")])
            .await
            .unwrap();
        let ended = nowhere(seats(&arguments).signed().at(&wire)).run().await;
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_eq!(wire.finish().await.unwrap().len(), 1);
    }
}
