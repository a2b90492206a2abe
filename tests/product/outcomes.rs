//! The stream of outcomes: lazy, in order at any concurrency, and at its end after a refusal of the caller.

use futures_util::StreamExt;
use seats::store::SeatAction;
use seats::{Outcome, Outcomes, Uuid};
use seats_tests::wire::{Reply, Wire, answer, json, read_request, request_line};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use crate::calls::{ADA, GRACE};
use crate::clients;

const LINUS: Uuid = Uuid::from_u128(0xe8a3f1d6_7b2c_4f95_a0d4_3c6b9e5f8217);
const USERS: [Uuid; 3] = [ADA, GRACE, LINUS];

fn no_content() -> Vec<u8> {
    answer("204 No Content", &[], b"")
}

fn lines<U: ToString>(outcomes: &[Outcome<U>]) -> Vec<String> {
    let line = |outcome: &Outcome<U>| {
        let (user, fate) = (outcome.user.to_string(), &outcome.fate);
        match fate.reason() {
            None => format!("{user} {fate}"),
            Some(reason) => format!("{user} {fate}: {reason}"),
        }
    };
    outcomes.iter().map(line).collect()
}

/// Reads the requests of `size` connections, then responds to the last one first; and again.
async fn respond_in_reverse(listener: TcpListener, size: usize) {
    loop {
        let mut group = Vec::new();
        while group.len() < size {
            let (mut stream, _) = listener.accept().await.unwrap();
            read_request(&mut stream).await.unwrap();
            group.push(stream);
        }
        while let Some(mut stream) = group.pop() {
            stream.write_all(&no_content()).await.unwrap();
            stream.shutdown().await.unwrap();
        }
    }
}

/// The server responds only to three requests at once, so fewer in flight would never end.
#[tokio::test]
async fn the_order_stays_at_any_concurrency() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(respond_in_reverse(listener, 3));
    let store = clients::store(&url);
    let names: Vec<String> = (0..12).map(|n| format!("user-{n}")).collect();
    let three = 3.try_into().unwrap();
    for outcomes in [
        store.reclaim_each("P", "0016", &names).unwrap(),
        store.assign_each("P", "0016", &names).unwrap(),
    ] {
        let outcomes: Vec<_> = outcomes.concurrency(three).collect().await;
        let expected: Vec<String> = names.iter().map(|name| format!("{name} done")).collect();
        assert_eq!(lines(&outcomes), expected);
    }
    let datadog = clients::datadog(&url);
    for outcomes in [
        datadog.unassign_each("on_call", USERS).unwrap(),
        datadog.assign_each("on_call", USERS).unwrap(),
    ] {
        let outcomes: Vec<_> = outcomes.concurrency(three).collect().await;
        assert_eq!(lines(&outcomes), USERS.map(|user| format!("{user} done")));
    }
    server.abort();
}

#[tokio::test]
async fn nothing_is_sent_before_the_first_poll() {
    let wire = Wire::start(vec![]).await.unwrap();
    let store = clients::store(&wire.url());
    let datadog = clients::datadog(&wire.url());
    drop(store.reclaim_each("P", "0016", ["ada"]).unwrap());
    drop(
        store
            .bulk("P", "0016", SeatAction::Assign, ["ada"])
            .unwrap(),
    );
    drop(datadog.unassign_each("on_call", USERS).unwrap());
    let size = 2.try_into().unwrap();
    drop(datadog.unassign_in_batches("on_call", USERS, size).unwrap());
    assert_eq!(wire.finish().await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_stopped_stream_skips_the_remaining_users() {
    let wire = Wire::start(vec![no_content()]).await.unwrap();
    let store = clients::store(&wire.url());
    let mut outcomes = store
        .reclaim_each("P", "0016", ["ada", "linus", "zoë"])
        .unwrap();
    assert_eq!(outcomes.remaining(), 3);
    assert!(outcomes.next().await.unwrap().fate.is_success());
    assert_eq!((outcomes.remaining(), outcomes.in_flight().len()), (2, 0));
    outcomes.stop();
    assert!(outcomes.next().await.is_none());
    assert_eq!(outcomes.remaining(), 2);
    assert_eq!(wire.finish().await.unwrap().len(), 1);
}

/// The server accepts the connection and never responds.
#[tokio::test]
async fn an_abandoned_call_in_flight_is_unknown() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let store = clients::store(&url);
    let mut outcomes = store.reclaim_each("P", "0016", ["ada", "linus"]).unwrap();
    tokio::select! {
        _ = outcomes.next() => panic!("there is no response"),
        accepted = listener.accept() => drop(accepted.unwrap()),
    }
    let in_flight: Vec<String> = outcomes
        .in_flight()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        (in_flight, outcomes.remaining()),
        (vec!["ada".to_owned()], 1)
    );
    outcomes.abandon("interrupted");
    let outcomes: Vec<_> = outcomes.collect().await;
    assert_eq!(lines(&outcomes), ["ada unknown: interrupted"]);
}

#[tokio::test]
async fn the_methods_of_stream_stay_usable() {
    let wire = Wire::start(vec![no_content(), json("409 Conflict", "{}"), no_content()])
        .await
        .unwrap();
    let store = clients::store(&wire.url());
    let outcomes = store
        .reclaim_each("P", "0016", ["ada", "linus", "zoë"])
        .unwrap();
    let failed: Vec<String> = outcomes
        .filter_map(|outcome| async { outcome.into_result().err() })
        .map(|outcome| outcome.user.to_string())
        .collect()
        .await;
    assert_eq!(failed, ["linus"]);
    assert_eq!(wire.finish().await.unwrap().len(), 3);
}

/// Reads outcomes to the end. Returns them as lines, and the methods and targets of the requests.
async fn run<U: ToString + Clone + 'static>(
    replies: Vec<Vec<u8>>,
    outcomes: impl FnOnce(&str) -> Outcomes<U>,
) -> (Vec<String>, Vec<String>) {
    let replies = replies.into_iter().map(Reply::Bytes).collect();
    let wire = Wire::start_with(replies).await.unwrap();
    let outcomes: Vec<_> = outcomes(&wire.url()).collect().await;
    let requests = wire.finish().await.unwrap();
    let requests = requests
        .iter()
        .map(|request| request_line(request))
        .collect();
    (lines(&outcomes), requests)
}

#[tokio::test]
async fn a_refusal_of_the_caller_ends_the_run() {
    for status in ["401 Unauthorized", "403 Forbidden"] {
        let names = ["ada", "linus", "zoë"];
        let replies = || vec![no_content(), answer(status, &[], b"")];
        let (reclaimed, requests) = run(replies(), |url| {
            clients::store(url)
                .reclaim_each("P", "0016", names)
                .unwrap()
        })
        .await;
        let refusal =
            format!("reclaim_seat_from_user: the vendor answered {status}; nothing changed");
        assert_eq!(
            reclaimed,
            [
                "ada done".to_owned(),
                format!("linus failed: {refusal}"),
                format!("zoë failed: not sent: {refusal}"),
            ]
        );
        assert_eq!(requests.len(), 2);
        let (assigned, requests) = run(replies(), |url| {
            clients::store(url).assign_each("P", "0016", names).unwrap()
        })
        .await;
        assert!(assigned[2].starts_with("zoë failed: not sent: assign_seat: "));
        assert_eq!(requests.len(), 2);
        for at in [
            |url: &str| clients::datadog(url).unassign_each("on_call", USERS),
            |url: &str| clients::datadog(url).assign_each("on_call", USERS),
        ] {
            let (lines, requests) = run(replies(), |url| at(url).unwrap()).await;
            assert_eq!(lines[0], format!("{ADA} done"));
            assert!(lines[1].starts_with(&format!("{GRACE} failed: ")));
            assert!(lines[2].starts_with(&format!("{LINUS} failed: not sent: ")));
            assert_eq!(requests.len(), 2);
        }
    }
}

#[tokio::test]
async fn a_refusal_of_the_caller_stops_batches() {
    // The list confirms the batch that was sent before.
    let list = json("200 OK", r#"{"data":[]}"#);
    let replies = vec![no_content(), answer("403 Forbidden", &[], b""), list];
    let size = 1.try_into().unwrap();
    let (lines, requests) = run(replies, |url| {
        let datadog = clients::datadog(url);
        datadog.unassign_in_batches("on_call", USERS, size).unwrap()
    })
    .await;
    let refusal = "unassign_seats_user: the vendor answered 403 Forbidden (needs one of the permissions billing_edit, incident_write, on_call_write); nothing changed";
    assert_eq!(
        lines,
        [
            format!("{ADA} done"),
            format!("{GRACE} failed: {refusal}"),
            format!("{LINUS} failed: not sent: {refusal}"),
        ]
    );
    assert_eq!(
        requests,
        [
            "DELETE /api/v2/seats/users",
            "DELETE /api/v2/seats/users",
            "GET /api/v2/seats/users?product_code=on_call",
        ]
    );
}

#[tokio::test]
async fn a_refusal_of_the_caller_stops_bulk_requests() {
    let names: Vec<String> = (0..60).map(|n| format!("user-{n}")).collect();
    let replies = vec![answer("401 Unauthorized", &[], b"")];
    let (lines, requests) = run(replies, |url| {
        let store = clients::store(url);
        store
            .bulk("P", "0016", SeatAction::Reclaim, &names)
            .unwrap()
    })
    .await;
    let refusal =
        "bulk_assign_and_reclaim_seats: the vendor answered 401 Unauthorized; nothing changed";
    assert_eq!((lines.len(), requests.len()), (60, 1));
    assert_eq!(lines[24], format!("user-24 failed: {refusal}"));
    assert_eq!(lines[25], format!("user-25 failed: not sent: {refusal}"));
    assert_eq!(lines[59], format!("user-59 failed: not sent: {refusal}"));
}

/// What is refused for one user, or for now, says nothing about the next user.
#[tokio::test]
async fn no_other_failure_ends_the_run() {
    for reply in [
        answer("404 Not Found", &[], b""),
        answer("409 Conflict", &[], b""),
        answer("429 Too Many Requests", &[], b""),
        answer("500 Internal Server Error", &[], b""),
        Vec::new(),
    ] {
        let (lines, requests) = run(vec![reply, no_content()], |url| {
            let store = clients::store(url);
            store.reclaim_each("P", "0016", ["ada", "linus"]).unwrap()
        })
        .await;
        assert_eq!((&*lines[1], requests.len()), ("linus done", 2), "{lines:?}");
    }
}
