//! An answer that is cut at any byte ends in the truth, and in another attempt where that is safe.
//!
//! The set is generated: every operation, every answer below, every byte.

use std::time::Duration;

use seats::reqwest::Client as Http;
use seats::{Effect, Error, datadog, store};
use seats_tests::wire::{Reply, Wire, answer};

/// What a call came to.
#[derive(Debug, PartialEq)]
struct Outcome {
    effect: Effect,
    status: Option<u16>,
    attempts: u32,
}

impl Outcome {
    fn of<T>(outcome: seats::Result<T>) -> Self {
        match outcome {
            Ok(done) => Self {
                effect: Effect::Done,
                status: done.status(),
                attempts: done.attempts(),
            },
            Err(error) => Self {
                effect: error.effect(),
                status: error.status(),
                attempts: error.attempts(),
            },
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Operation {
    Unassign,
    Reclaim,
    AssignAtDatadog,
    AssignInTheStore,
}

const DELETES: [Operation; 2] = [Operation::Unassign, Operation::Reclaim];
const POSTS: [Operation; 2] = [Operation::AssignAtDatadog, Operation::AssignInTheStore];

impl Operation {
    async fn call(self, url: &str, attempts: u32) -> Outcome {
        // Without roots, a client is quick to build; none of this is TLS.
        let http = || Http::builder().tls_certs_only([]);
        let user = "626a4e8e-64bd-409d-b80e-428f08ac0b62".parse().unwrap();
        let code = "on_call".parse().unwrap();
        let datadog = || {
            datadog::Client::builder()
                .base_url(url)
                .api_key("key")
                .app_key("key")
                .http(http())
                .max_attempts(attempts)
                .backoff(Duration::ZERO)
                .build()
                .unwrap()
        };
        let store = || {
            store::Client::builder()
                .base_url(format!("{url}/V1"))
                .token("token")
                .http(http())
                .max_attempts(attempts)
                .backoff(Duration::ZERO)
                .build()
                .unwrap()
        };
        let (product, sku) = ("P".parse().unwrap(), "0016".parse().unwrap());
        let ada = "ada".parse().unwrap();
        match self {
            Self::Unassign => Outcome::of(datadog().unassign(&code, &[user]).await),
            Self::AssignAtDatadog => Outcome::of(datadog().assign(&code, &[user]).await),
            Self::Reclaim => Outcome::of(store().reclaim(&product, &sku, &ada).await),
            Self::AssignInTheStore => Outcome::of(store().assign(&product, &sku, &ada).await),
        }
    }
}

fn chunked(status: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len())
        .into_bytes()
}

/// Answers of every kind, with the effect that each one has when it comes whole.
fn answers() -> Vec<(u16, Effect, Vec<u8>)> {
    let seat = r#"{"assignedTo":"ada","state":"Revoked"}"#;
    vec![
        (204, Effect::Done, answer("204 No Content", &[], b"")),
        (
            200,
            Effect::Done,
            answer(
                "200 OK",
                &[("content-type", "application/json")],
                seat.as_bytes(),
            ),
        ),
        (200, Effect::Done, chunked("200 OK", seat)),
        (
            202,
            Effect::Done,
            b"HTTP/1.1 202 Accepted\r\n\r\nuntil the end".to_vec(),
        ),
        (
            307,
            Effect::Refused,
            answer(
                "307 Temporary Redirect",
                &[("location", "http://127.0.0.1:1/")],
                b"",
            ),
        ),
        (
            303,
            Effect::Unknown,
            answer("303 See Other", &[("location", "/")], b""),
        ),
        (
            400,
            Effect::Refused,
            answer("400 Bad Request", &[], br#"{"errors":["no"]}"#),
        ),
        (
            404,
            Effect::Refused,
            answer("404 Not Found", &[], br#"{"data":[{"itemType":"User"}]}"#),
        ),
        (
            422,
            Effect::Refused,
            chunked("422 Unprocessable Entity", r#"{"errors":["no"]}"#),
        ),
        (
            429,
            Effect::TryLater,
            answer(
                "429 Too Many Requests",
                &[("retry-after", "900")],
                b"<p>slow</p>",
            ),
        ),
        (
            500,
            Effect::Unknown,
            answer("500 Internal Server Error", &[], b""),
        ),
        (
            502,
            Effect::Unknown,
            answer("502 Bad Gateway", &[], b"<html>bad</html>"),
        ),
        (
            503,
            Effect::TryLater,
            answer("503 Service Unavailable", &[("retry-after", "900")], b""),
        ),
    ]
}

/// How many bytes of an answer have to come for its status to be known.
fn head(answer: &[u8]) -> usize {
    answer
        .windows(4)
        .position(|bytes| bytes == b"\r\n\r\n")
        .unwrap()
        + 4
}

#[tokio::test]
async fn a_single_attempt_tells_what_it_knows() {
    for operation in DELETES {
        for (status, effect, whole) in answers() {
            for cut in 0..=whole.len() {
                let wire = Wire::start(vec![whole[..cut].to_vec()]).await.unwrap();
                let outcome = operation.call(&wire.url(), 1).await;
                let expected = if cut < head(&whole) {
                    Outcome {
                        effect: Effect::Unknown,
                        status: None,
                        attempts: 1,
                    }
                } else {
                    Outcome {
                        effect,
                        status: Some(status),
                        attempts: 1,
                    }
                };
                assert_eq!(outcome, expected, "{operation:?}, {status} cut at {cut}");
                assert_eq!(wire.finish().await.unwrap().len(), 1);
            }
        }
    }
}

#[tokio::test]
async fn a_delete_recovers_when_the_next_attempt_succeeds() {
    let done = answer("204 No Content", &[], b"");
    for operation in DELETES {
        for (status, effect, whole) in answers() {
            for cut in 0..=whole.len() {
                let wire = Wire::start(vec![whole[..cut].to_vec(), done.clone()])
                    .await
                    .unwrap();
                let outcome = operation.call(&wire.url(), 2).await;
                let again = cut < head(&whole) || status == 502;
                let expected = if again {
                    Outcome {
                        effect: Effect::Done,
                        status: Some(204),
                        attempts: 2,
                    }
                } else {
                    Outcome {
                        effect,
                        status: Some(status),
                        attempts: 1,
                    }
                };
                assert_eq!(outcome, expected, "{operation:?}, {status} cut at {cut}");
                wire.finish().await.unwrap();
            }
        }
    }
}

/// A POST promises nothing about a second time.
#[tokio::test]
async fn a_post_that_may_have_been_carried_out_is_not_sent_again() {
    let done = answer("204 No Content", &[], b"");
    for operation in POSTS {
        for (status, effect, whole) in answers() {
            for cut in 0..=whole.len() {
                let wire = Wire::start(vec![whole[..cut].to_vec(), done.clone()])
                    .await
                    .unwrap();
                let outcome = operation.call(&wire.url(), 4).await;
                let is_known = cut >= head(&whole);
                let expected = Outcome {
                    effect: if is_known { effect } else { Effect::Unknown },
                    status: is_known.then_some(status),
                    attempts: 1,
                };
                assert_eq!(outcome, expected, "{operation:?}, {status} cut at {cut}");
                assert_eq!(wire.finish().await.unwrap().len(), 1);
            }
        }
    }
}

#[tokio::test]
async fn a_connection_that_is_reset_during_the_request_is_unknown_and_tried_again() {
    let done = answer("204 No Content", &[], b"");
    for operation in DELETES {
        // The shortest of the requests is longer than this.
        for bytes in 0..100 {
            let wire = Wire::start_with(vec![Reply::ResetAfter(bytes)])
                .await
                .unwrap();
            let outcome = operation.call(&wire.url(), 1).await;
            assert_eq!(
                outcome,
                Outcome {
                    effect: Effect::Unknown,
                    status: None,
                    attempts: 1
                },
                "{bytes}"
            );
            wire.finish().await.unwrap();

            let replies = vec![Reply::ResetAfter(bytes), Reply::Bytes(done.clone())];
            let wire = Wire::start_with(replies).await.unwrap();
            let outcome = operation.call(&wire.url(), 4).await;
            assert_eq!(
                outcome,
                Outcome {
                    effect: Effect::Done,
                    status: Some(204),
                    attempts: 2
                },
                "{bytes}"
            );
            wire.finish().await.unwrap();
        }
    }
}

/// After an answer that was lost, what the next one says is read with that in mind.
async fn after_a_lost_answer(operation: Operation, status: &str, body: &str) -> Outcome {
    let wire = Wire::start(vec![
        Vec::new(),
        answer(status, &[("retry-after", "900")], body.as_bytes()),
    ])
    .await
    .unwrap();
    let outcome = operation.call(&wire.url(), 4).await;
    wire.finish().await.unwrap();
    outcome
}

#[tokio::test]
async fn a_seat_that_is_gone_after_a_lost_answer_was_taken() {
    let body = r#"{"data":[{"itemType":"Seat"}],"message":"no"}"#;
    let outcome = after_a_lost_answer(Operation::Reclaim, "404 Not Found", body).await;
    assert_eq!(
        outcome,
        Outcome {
            effect: Effect::Done,
            status: Some(404),
            attempts: 2
        }
    );
}

#[tokio::test]
async fn a_user_or_product_that_is_not_there_after_a_lost_answer_never_was() {
    for item in ["User", "Inventory"] {
        let body = format!(r#"{{"data":[{{"itemType":"{item}"}}]}}"#);
        let outcome = after_a_lost_answer(Operation::Reclaim, "404 Not Found", &body).await;
        assert_eq!(
            outcome,
            Outcome {
                effect: Effect::Refused,
                status: Some(404),
                attempts: 2
            }
        );
    }
}

#[tokio::test]
async fn any_other_refusal_after_a_lost_answer_leaves_it_unknown() {
    for (operation, status, body) in [
        (Operation::Reclaim, "404 Not Found", "{}"),
        (Operation::Reclaim, "404 Not Found", "<html>gone</html>"),
        (Operation::Reclaim, "401 Unauthorized", ""),
        (Operation::Reclaim, "429 Too Many Requests", ""),
        (
            Operation::Unassign,
            "422 Unprocessable Entity",
            r#"{"errors":["no seat"]}"#,
        ),
        (
            Operation::Unassign,
            "404 Not Found",
            r#"{"data":[{"itemType":"Seat"}]}"#,
        ),
    ] {
        let outcome = after_a_lost_answer(operation, status, body).await;
        assert_eq!(outcome.effect, Effect::Unknown, "{status} {body}");
        assert_eq!(outcome.attempts, 2);
    }
}

#[tokio::test]
async fn a_404_of_a_seat_on_the_first_attempt_is_a_refusal() {
    let body = br#"{"data":[{"itemType":"Seat"}]}"#;
    let wire = Wire::start(vec![answer("404 Not Found", &[], body)])
        .await
        .unwrap();
    let outcome = Operation::Reclaim.call(&wire.url(), 4).await;
    assert_eq!(
        outcome,
        Outcome {
            effect: Effect::Refused,
            status: Some(404),
            attempts: 1
        }
    );
    wire.finish().await.unwrap();
}

#[tokio::test]
async fn what_the_server_refuses_for_now_is_sent_again() {
    for status in [
        "408 Request Timeout",
        "429 Too Many Requests",
        "503 Service Unavailable",
    ] {
        let refused = answer(status, &[("retry-after", "0")], b"");
        for operation in DELETES.into_iter().chain(POSTS) {
            let done = answer("204 No Content", &[], b"");
            let wire = Wire::start(vec![refused.clone(), refused.clone(), done])
                .await
                .unwrap();
            let outcome = operation.call(&wire.url(), 4).await;
            assert_eq!(
                outcome,
                Outcome {
                    effect: Effect::Done,
                    status: Some(204),
                    attempts: 3
                },
                "{operation:?}, {status}"
            );
            wire.finish().await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_server_that_never_answers_is_unknown_when_the_time_is_over() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let client = store::Client::builder()
        .base_url(format!("http://{}", listener.local_addr().unwrap()))
        .token("token")
        .attempt_timeout(Duration::from_secs(1))
        .max_attempts(1)
        .build()
        .unwrap();
    let ids = (
        "P".parse().unwrap(),
        "0016".parse().unwrap(),
        "ada".parse().unwrap(),
    );
    let error: Error = client.reclaim(&ids.0, &ids.1, &ids.2).await.unwrap_err();
    assert_eq!(error.effect(), Effect::Unknown);
    assert!(error.is_timeout() && error.is_retryable());
    assert!(
        error
            .to_string()
            .starts_with("reclaim_seat_from_user: no answer came in time: "),
        "{error}"
    );
}

/// Connecting has less time than the attempt, so that it is known that nothing was sent.
#[tokio::test]
async fn a_handshake_that_is_never_answered_is_not_sent() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    for (attempt, whole) in [(1, 60), (60, 1)] {
        let client = store::Client::builder()
            .base_url(format!("https://{}", listener.local_addr().unwrap()))
            .token("token")
            .http(Http::builder().no_proxy())
            .attempt_timeout(Duration::from_secs(attempt))
            .timeout(Duration::from_secs(whole))
            .max_attempts(1)
            .build()
            .unwrap();
        let ids = (
            "P".parse().unwrap(),
            "0016".parse().unwrap(),
            "ada".parse().unwrap(),
        );
        let error = client.reclaim(&ids.0, &ids.1, &ids.2).await.unwrap_err();
        assert_eq!(
            (error.effect(), error.attempts()),
            (Effect::NotSent, 1),
            "{error}"
        );
    }
}
