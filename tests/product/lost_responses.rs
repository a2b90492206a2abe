//! A response truncated at any byte: the effect is the right one, and a retry follows if it is safe.
//!
//! The cases are generated: every call, every response below, every length.

use std::time::Duration;

use seats::Effect::{self, Done, NotSent, Refused, TryLater, Unknown};
use seats::RetryPolicy;
use seats::reqwest::Client as Http;
use seats_tests::wire::{Reply, Wire, answer, json};

use crate::calls::{CallResult, Change, reclaim};
use crate::clients::{Server, attempts, store_builder};

/// Makes a call to a server with these replies. Returns the result and the number of connections.
async fn call(change: Change, replies: Vec<Reply>, most_attempts: u32) -> (CallResult, usize) {
    let wire = Wire::start_with(replies).await.unwrap();
    let server = Server::at(&wire.url());
    let result = change.call(&server, attempts(most_attempts)).await;
    (result, wire.finish().await.unwrap().len())
}

fn no_content() -> Vec<u8> {
    answer("204 No Content", &[], b"")
}

fn chunked(status: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len())
        .into_bytes()
}

/// Responses of every kind, with the effect of each if it is complete.
fn responses() -> Vec<(u16, Effect, Vec<u8>)> {
    let seat = r#"{"assignedTo":"ada","state":"Revoked"}"#;
    let until_closed = b"HTTP/1.1 202 Accepted\r\n\r\nuntil the end".to_vec();
    let elsewhere = [("location", "http://127.0.0.1:1/")];
    let other_user = r#"{"data":[{"itemType":"User"}]}"#;
    let later = [("retry-after", "900")];
    vec![
        (204, Done, no_content()),
        (200, Done, json("200 OK", seat)),
        (200, Done, chunked("200 OK", seat)),
        (202, Done, until_closed),
        (
            307,
            Refused,
            answer("307 Temporary Redirect", &elsewhere, b""),
        ),
        (
            303,
            Unknown,
            answer("303 See Other", &[("location", "/")], b""),
        ),
        (
            400,
            Refused,
            answer("400 Bad Request", &[], br#"{"errors":["no"]}"#),
        ),
        (
            404,
            Refused,
            answer("404 Not Found", &[], other_user.as_bytes()),
        ),
        (
            422,
            Refused,
            chunked("422 Unprocessable Entity", r#"{"errors":["no"]}"#),
        ),
        (
            429,
            TryLater,
            answer("429 Too Many Requests", &later, b"<p>slow</p>"),
        ),
        (500, Unknown, answer("500 Internal Server Error", &[], b"")),
        (
            502,
            Unknown,
            answer("502 Bad Gateway", &[], b"<html>bad</html>"),
        ),
        (
            503,
            TryLater,
            answer("503 Service Unavailable", &later, b""),
        ),
    ]
}

/// The length of a response's head, which has its status.
fn head(response: &[u8]) -> usize {
    let end = response.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    end.unwrap() + 4
}

/// Makes each call with each response at each length, followed by a success, and compares the result
/// with `expected`, which gets the status and effect of the truncated response if its head is complete.
async fn for_each_truncation(
    changes: [Change; 2],
    most_attempts: u32,
    expected: impl Fn(Option<(u16, Effect)>) -> CallResult,
) {
    for change in changes {
        for (status, effect, response) in responses() {
            for length in 0..=response.len() {
                let replies = [response[..length].to_vec(), no_content()];
                let replies = replies.map(Reply::Bytes).to_vec();
                let (result, connections) = call(change, replies, most_attempts).await;
                let known = length >= head(&response);
                let expected = expected(known.then_some((status, effect)));
                assert_eq!(result, expected, "{change:?}, {status} at {length} bytes");
                assert_eq!(connections, expected.attempts as usize);
            }
        }
    }
}

#[tokio::test]
async fn a_single_attempt_reports_what_is_known() {
    for_each_truncation(Change::DELETES, 1, |known| match known {
        Some((status, effect)) => CallResult::new(effect, Some(status), 1),
        None => CallResult::new(Unknown, None, 1),
    })
    .await;
}

#[tokio::test]
async fn a_delete_recovers_if_the_next_attempt_succeeds() {
    for_each_truncation(Change::DELETES, 2, |known| match known {
        None | Some((502, _)) => CallResult::new(Done, Some(204), 2),
        Some((status, effect)) => CallResult::new(effect, Some(status), 1),
    })
    .await;
}

/// A POST is not idempotent.
#[tokio::test]
async fn a_post_that_may_have_been_applied_is_not_retried() {
    for_each_truncation(Change::POSTS, 4, |known| match known {
        Some((status, effect)) => CallResult::new(effect, Some(status), 1),
        None => CallResult::new(Unknown, None, 1),
    })
    .await;
}

#[tokio::test]
async fn a_connection_reset_during_the_request_is_unknown_and_retried() {
    for change in Change::DELETES {
        // Every request is longer than this.
        for bytes in 0..100 {
            let (result, _) = call(change, vec![Reply::ResetAfter(bytes)], 1).await;
            assert_eq!(result, CallResult::new(Unknown, None, 1), "{bytes}");
            let replies = vec![Reply::ResetAfter(bytes), Reply::Bytes(no_content())];
            let (result, _) = call(change, replies, 4).await;
            assert_eq!(result, CallResult::new(Done, Some(204), 2), "{bytes}");
        }
    }
}

/// The result of a call whose first response is lost and whose second one is this.
async fn after_a_lost_response(change: Change, status: &str, body: &str) -> CallResult {
    let second = answer(status, &[("retry-after", "900")], body.as_bytes());
    let replies = vec![Reply::Bytes(Vec::new()), Reply::Bytes(second)];
    call(change, replies, 4).await.0
}

#[tokio::test]
async fn a_missing_seat_after_a_lost_response_was_reclaimed() {
    let body = r#"{"data":[{"itemType":"Seat"}],"message":"no"}"#;
    let result = after_a_lost_response(Change::Reclaim, "404 Not Found", body).await;
    assert_eq!(result, CallResult::new(Done, Some(404), 2));
}

#[tokio::test]
async fn a_missing_user_or_product_after_a_lost_response_is_refused() {
    for item in ["User", "Inventory"] {
        let body = format!(r#"{{"data":[{{"itemType":"{item}"}}]}}"#);
        let result = after_a_lost_response(Change::Reclaim, "404 Not Found", &body).await;
        assert_eq!(result, CallResult::new(Refused, Some(404), 2));
    }
}

#[tokio::test]
async fn any_other_refusal_after_a_lost_response_stays_unknown() {
    for (change, status, body) in [
        (Change::Reclaim, "404 Not Found", "{}"),
        (Change::Reclaim, "404 Not Found", "<html>gone</html>"),
        (Change::Reclaim, "401 Unauthorized", ""),
        (Change::Reclaim, "429 Too Many Requests", ""),
        (
            Change::Unassign,
            "422 Unprocessable Entity",
            r#"{"errors":["no seat"]}"#,
        ),
        (
            Change::Unassign,
            "404 Not Found",
            r#"{"data":[{"itemType":"Seat"}]}"#,
        ),
    ] {
        let result = after_a_lost_response(change, status, body).await;
        assert_eq!(result.effect, Unknown, "{status} {body}");
        assert_eq!(result.attempts, 2);
    }
}

#[tokio::test]
async fn a_missing_seat_on_the_first_attempt_was_already_free() {
    let missing = json("404 Not Found", r#"{"data":[{"itemType":"Seat"}]}"#);
    let (result, _) = call(Change::Reclaim, vec![Reply::Bytes(missing)], 4).await;
    assert_eq!(result, CallResult::new(Effect::AlreadyFree, Some(404), 1));
}

#[tokio::test]
async fn a_temporary_refusal_is_retried() {
    for status in [
        "408 Request Timeout",
        "429 Too Many Requests",
        "503 Service Unavailable",
    ] {
        let refused = answer(status, &[("retry-after", "0")], b"");
        for change in Change::ALL {
            let replies = [refused.clone(), refused.clone(), no_content()];
            let (result, _) = call(change, replies.map(Reply::Bytes).to_vec(), 4).await;
            let expected = CallResult::new(Done, Some(204), 3);
            assert_eq!(result, expected, "{change:?}, {status}");
        }
    }
}

#[tokio::test]
async fn a_server_that_never_responds_is_unknown_after_the_timeout() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let client = store_builder(&format!("http://{}", listener.local_addr().unwrap()))
        .retry(attempts(1).attempt_timeout(Duration::from_secs(1)))
        .build()
        .unwrap();
    let error = reclaim(&client).await.unwrap_err();
    assert_eq!(error.effect(), Unknown);
    assert!(error.is_timeout() && error.is_retryable());
    assert!(
        error
            .to_string()
            .starts_with("reclaim_seat_from_user: no answer came in time: "),
        "{error}"
    );
}

/// Connecting has less time than the attempt, so that nothing is known to have been sent.
#[tokio::test]
async fn a_tls_handshake_without_a_response_is_not_sent() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    for (attempt, in_all) in [(1, 60), (60, 1)] {
        let policy = RetryPolicy::new()
            .max_attempts(1)
            .attempt_timeout(Duration::from_secs(attempt))
            .timeout(Duration::from_secs(in_all));
        let client = store_builder(&format!("https://{}", listener.local_addr().unwrap()))
            .http(Http::builder().no_proxy())
            .retry(policy)
            .build()
            .unwrap();
        let error = reclaim(&client).await.unwrap_err();
        assert_eq!((error.effect(), error.attempts()), (NotSent, 1), "{error}");
    }
}
