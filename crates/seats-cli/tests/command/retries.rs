//! Retries: if they are safe, as many as allowed, and how they are reported.

use std::time::{Duration, Instant};

use seats_tests::wire::{Wire, answer};
use serde_json::json;

use crate::outcomes::{Expected, both_outputs};
use crate::process::{Ended, RECLAIM, Seats, UNASSIGN, USER, seats};

/// Runs a call to each vendor against these responses, and asserts that each of them is used.
async fn after(answers: &[Vec<u8>], options: &[&str]) -> [Ended; 2] {
    let run = async |arguments: &[&str]| {
        let wire = Wire::start(answers.to_vec()).await.unwrap();
        let ended = run(arguments, options, &wire).run().await;
        let requests = wire.finish().await.unwrap();
        assert_eq!(requests.len(), answers.len(), "{ended:?}");
        for request in &requests {
            assert_eq!(request, &requests[0], "the same request each time");
        }
        ended
    };
    [run(&UNASSIGN).await, run(&RECLAIM).await]
}

fn run(arguments: &[&str], options: &[&str], wire: &Wire) -> Seats {
    seats(arguments).arguments(options).signed().at(wire)
}

/// The connection is closed without an answer.
const LOST: Vec<u8> = Vec::new();

fn done() -> Vec<u8> {
    answer("204 No Content", &[], b"")
}

fn not_now(seconds: &str) -> Vec<u8> {
    answer("429 Too Many Requests", &[("retry-after", seconds)], b"")
}

#[tokio::test]
async fn a_lost_answer_and_then_a_good_one() {
    for ended in after(&[LOST, done()], &["--max-attempts", "2"]).await {
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
        assert!(ended.stdout.starts_with("done: "), "{ended:?}");
    }
}

#[tokio::test]
async fn a_refusal_for_now_and_then_a_good_answer() {
    for ended in after(&[not_now("0"), done()], &["--max-attempts", "2"]).await {
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
        assert!(ended.stdout.starts_with("done: "), "{ended:?}");
    }
}

/// Four attempts are the default.
#[tokio::test]
async fn four_attempts_of_which_the_last_is_good() {
    let answers = [LOST, not_now("0"), LOST, done()];
    for ended in after(&answers, &["--output", "json"]).await {
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
        assert_eq!(ended.json()["effect"], "done", "{ended:?}");
    }
}

#[tokio::test]
async fn no_answer_to_any_attempt() {
    let end = "connection closed before message completed; an earlier attempt may have been carried out\n";
    for (answers, options) in [
        (vec![LOST; 2], &["--max-attempts", "2"][..]),
        (vec![LOST; 4], &[]),
    ] {
        for ended in after(&answers, options).await {
            assert_eq!((ended.code, ended.stdout.as_str()), (Some(3), ""));
            assert!(ended.stderr.ends_with(end), "{ended:?}");
        }
    }
}

/// After a lost response, a refusal may mean that the change was made before.
#[tokio::test]
async fn a_refusal_after_a_lost_answer_is_unknown() {
    let refusal = answer("400 Bad Request", &[], b"");
    let [unassign, reclaim] = after(&[LOST, refusal], &["--output=json"]).await;
    for ended in [unassign, reclaim] {
        assert_eq!(ended.code, Some(3), "{ended:?}");
        assert_eq!(ended.json()["effect"], "unknown", "{ended:?}");
        assert_eq!(ended.json()["status"], 400, "{ended:?}");
    }
}

/// The attempt whose response was lost has reclaimed the seat.
#[tokio::test]
async fn a_seat_that_is_gone_after_a_lost_answer_is_done() {
    let body = r#"{"code":"DataNotFound","data":[{"itemType":"Seat","values":["ada"]}],"details":[],"message":"The seat does not exist","source":"StoreForBusiness"}"#;
    let wire = Wire::start(vec![
        LOST,
        answer("404 Not Found", &[], body.as_bytes()),
        answer("404 Not Found", &[], body.as_bytes()),
    ])
    .await
    .unwrap();
    let ended = run(&RECLAIM, &["--output=json"], &wire).run().await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(ended.json()["effect"], "done", "{ended:?}");
    assert_eq!(ended.json()["status"], 404, "{ended:?}");
    assert_eq!(ended.json().get("seat"), None, "{ended:?}");
    // If nothing was lost before, nothing was done.
    let ended = run(&RECLAIM, &["--output=json"], &wire).run().await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(ended.json()["effect"], "already_free", "{ended:?}");
    assert_eq!(wire.finish().await.unwrap().len(), 3);
}

/// A retry would change nothing, or is not known to be safe.
#[tokio::test]
async fn answers_after_which_there_is_no_other_attempt() {
    for (status, code) in [
        ("302 Found", 1),
        ("400 Bad Request", 1),
        ("401 Unauthorized", 4),
        ("403 Forbidden", 4),
        ("404 Not Found", 1),
        ("500 Internal Server Error", 3),
        ("501 Not Implemented", 1),
    ] {
        for ended in after(&[answer(status, &[], b"")], &[]).await {
            assert_eq!(ended.code, Some(code), "{ended:?}");
        }
    }
}

/// The command does not wait if the wait would pass the deadline.
#[tokio::test]
async fn a_wait_that_is_longer_than_the_time() {
    for timeout in ["1s", "10m"] {
        let began = Instant::now();
        let options = ["--timeout", timeout, "--output", "json"];
        for ended in after(&[not_now("900")], &options).await {
            assert_eq!(ended.code, Some(5), "{ended:?}");
            assert_eq!(ended.json()["effect"], "try_later", "{ended:?}");
            assert_eq!(ended.json()["retry_after"], 900, "{ended:?}");
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{timeout}");
    }
}

/// `-v` logs each attempt on stderr, and does not change stdout.
#[tokio::test]
async fn the_attempts_are_told() {
    for ended in after(&[LOST, done()], &["-v", "--output=json"]).await {
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_eq!(ended.json()["effect"], "done", "{ended:?}");
        let lines: Vec<&str> = ended.stderr.lines().collect();
        let of = |attempt: &str| lines.iter().find(|line| line.contains(attempt)).unwrap();
        let first = of(" attempt=1 ");
        assert!(first.contains("to be repeated"), "{first}");
        assert!(first.contains(r#"result="no answer""#), "{first}");
        let second = of(" attempt=2 ");
        assert!(second.contains("status_code=204"), "{second}");
        assert!(!second.contains("to be repeated"), "{second}");
    }
}

#[tokio::test]
async fn a_time_to_try_again() {
    for (header, value, seconds) in [
        ("x-ratelimit-reset", "7", 7),
        ("retry-after", "0", 0),
        ("retry-after", "1.5", 2),
        ("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT", 0),
    ] {
        let bytes = answer("429 Too Many Requests", &[(header, value)], b"");
        let [text, in_json] = both_outputs(&UNASSIGN, &bytes).await;
        let expected = Expected {
            code: 5,
            effect: "try_later",
            status: Some(429),
            messages: &["the vendor answered 429 Too Many Requests"],
            request_id: None,
            words: &format!(
                "error: unassign_seats_user: the vendor answered 429 Too Many Requests (try again in {seconds} s); nothing changed"
            ),
        };
        expected.is_as_text(&text);
        let mut object = expected.object("datadog", "unassign_seats_user");
        object["users"] = json!([USER]);
        object["retry_after"] = json!(seconds);
        in_json.is_json(5, &object);
    }
}

/// A date is converted to the seconds until then.
#[tokio::test]
async fn a_date_to_try_again() {
    let date = ("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT");
    let bytes = answer("503 Service Unavailable", &[date], b"");
    let [text, in_json] = both_outputs(&RECLAIM, &bytes).await;
    assert_eq!((text.code, in_json.code), (Some(5), Some(5)), "{text:?}");
    let seconds = in_json.json()["retry_after"].as_u64().unwrap();
    // Several thousand years.
    assert!((100_000_000_000..300_000_000_000).contains(&seconds));
    let (_, words) = text.stderr.split_once("(try again in ").unwrap();
    let (words, _) = words.split_once(" s)").unwrap();
    assert!(words.parse::<u64>().unwrap().abs_diff(seconds) < 600);
}
