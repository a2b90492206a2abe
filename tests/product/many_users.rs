//! The outcome of each of many users: bulk calls to the Store, and batches at Datadog.

use seats::store::SeatAction;
use seats::{ErrorKind, Fate, Outcome, Uuid};
use seats_tests::wire::{Reply, Wire, answer};

use crate::calls::{ADA, GRACE};
use crate::clients;

fn ok(body: &str) -> Reply {
    Reply::Bytes(answer("200 OK", &[], body.as_bytes()))
}

fn refused(status: &str) -> Reply {
    Reply::Bytes(answer(status, &[], b""))
}

/// Closes the connection after the request, without a response.
fn lost() -> Reply {
    Reply::Bytes(Vec::new())
}

/// One line per outcome.
fn lines<U>(outcomes: &[Outcome<U>], name: impl Fn(&U) -> String) -> Vec<String> {
    let line = |outcome: &Outcome<U>| {
        let fate = match &outcome.fate {
            Fate::Failed(reason) => format!("failed: {reason}"),
            Fate::Unknown(reason) => format!("unknown: {reason}"),
            fate => fate.as_str().to_owned(),
        };
        format!("{}: {fate}", name(&outcome.user))
    };
    outcomes.iter().map(line).collect()
}

async fn bulk(replies: Vec<Reply>, users: &[&str]) -> (Vec<String>, Vec<Vec<u8>>) {
    let wire = Wire::start_with(replies).await.unwrap();
    let client = clients::store_builder(&wire.url()).build().unwrap();
    let outcomes = client
        .bulk("P", "0016", SeatAction::Reclaim, users.iter().copied())
        .unwrap();
    let outcomes: Vec<_> = outcomes.collect().await;
    let lines = lines(&outcomes, |user| user.as_str().to_owned());
    (lines, wire.finish().await.unwrap())
}

/// The users in a bulk request.
fn named(request: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(request).unwrap();
    let (_, body) = text.split_once("\r\n\r\n").unwrap();
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    serde_json::from_value(body["usernames"].clone()).unwrap()
}

#[tokio::test]
async fn a_bulk_call_has_at_most_25_users_and_each_user_once() {
    let users: Vec<String> = (0..60).map(|n| format!("user-{n}")).collect();
    let mut names: Vec<&str> = users.iter().map(String::as_str).collect();
    names.push("user-7");
    let seats = |users: &[String]| {
        let seats: Vec<String> = users
            .iter()
            .map(|user| format!(r#"{{"assignedTo":"{user}"}}"#))
            .collect();
        ok(&format!(r#"{{"seatDetails":[{}]}}"#, seats.join(",")))
    };
    let replies = users.chunks(25).map(seats).collect();
    let (outcomes, requests) = bulk(replies, &names).await;
    let expected: Vec<String> = users.iter().map(|user| format!("{user}: done")).collect();
    assert_eq!(outcomes, expected);
    let sent: Vec<Vec<String>> = requests.iter().map(|request| named(request)).collect();
    assert_eq!(
        sent,
        users.chunks(25).map(<[String]>::to_vec).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn each_user_of_a_bulk_call_has_an_outcome_of_their_own() {
    let body = r#"{"seatDetails":[{"assignedTo":"ada"}],"failedSeatOperations":[{"userName":"linus","failureReason":"no such seat"}]}"#;
    let (outcomes, _) = bulk(vec![ok(body)], &["ada", "linus", "grace"]).await;
    assert_eq!(
        outcomes,
        [
            "ada: done",
            "linus: failed: no such seat",
            "grace: unknown: the answer does not name the user",
        ]
    );
}

/// The first spelling is the one that is sent.
#[tokio::test]
async fn two_spellings_of_a_user_are_one_user() {
    let body = r#"{"seatDetails":[{"assignedTo":"ada"},{"assignedTo":"{8F2B}"}]}"#;
    let (outcomes, requests) = bulk(vec![ok(body)], &["ada", "ADA", "8f2b", "{8F2B}"]).await;
    assert_eq!(outcomes, ["ada: done", "8f2b: done"]);
    assert_eq!(named(&requests[0]), ["ada", "8f2b"]);

    // The case of letters beyond ASCII may tell users apart.
    let body = r#"{"seatDetails":[{"assignedTo":"zoë"},{"assignedTo":"ZOË"}]}"#;
    let (outcomes, requests) = bulk(vec![ok(body)], &["zoë", "ZOË"]).await;
    assert_eq!(outcomes, ["zoë: done", "ZOË: done"]);
    assert_eq!(named(&requests[0]), ["zoë", "ZOË"]);
}

#[tokio::test]
async fn an_outcome_has_the_status_and_request_id_of_its_call() {
    let response = answer(
        "202 Accepted",
        &[("ms-cv", "the-id")],
        br#"{"failedSeatOperations":[{"userName":"ada"}]}"#,
    );
    let wire = Wire::start(vec![response]).await.unwrap();
    let outcomes = clients::store(&wire.url())
        .bulk("P", "S", SeatAction::Assign, ["ada"])
        .unwrap();
    let outcomes: Vec<_> = outcomes.collect().await;
    let [ada] = outcomes.as_slice() else {
        panic!("{outcomes:?}")
    };
    assert_eq!(
        (ada.status(), ada.request_id()),
        (Some(202), Some("the-id"))
    );
    wire.finish().await.unwrap();
}

#[tokio::test]
async fn a_refused_or_lost_bulk_call_is_the_outcome_of_all_its_users() {
    let users: Vec<String> = (0..26).map(|n| format!("user-{n}")).collect();
    let names: Vec<&str> = users.iter().map(String::as_str).collect();
    let last = ok(r#"{"seatDetails":[{"assignedTo":"user-25"}]}"#);
    let (outcomes, requests) = bulk(vec![refused("409 Conflict"), last], &names).await;
    assert_eq!(
        outcomes[0],
        "user-0: failed: bulk_assign_and_reclaim_seats: the vendor answered 409 Conflict; nothing changed"
    );
    assert_eq!(
        outcomes[24].split_once(": ").unwrap().1,
        outcomes[0].split_once(": ").unwrap().1
    );
    assert_eq!(outcomes[25], "user-25: done");
    assert_eq!(requests.len(), 2);

    // It may have been applied, and a POST is not idempotent: there is no retry.
    let (outcomes, requests) = bulk(vec![lost()], &["ada", "linus"]).await;
    assert!(
        outcomes
            .iter()
            .all(|fate| fate.contains(": unknown: ") && fate.ends_with("it may have happened")),
        "{outcomes:?}"
    );
    assert_eq!(requests.len(), 1);
    let (outcomes, _) = bulk(vec![refused("502 Bad Gateway")], &["ada"]).await;
    assert_eq!(
        outcomes,
        [
            "ada: unknown: bulk_assign_and_reclaim_seats: the vendor answered 502 Bad Gateway; it may have happened"
        ]
    );
}

const NO_NAMES: [&str; 0] = [];
const NO_IDS: [Uuid; 0] = [];

#[tokio::test]
async fn no_users_are_refused_without_a_request() {
    let wire = Wire::start(Vec::new()).await.unwrap();
    let store = clients::store(&wire.url());
    let datadog = clients::datadog(&wire.url());
    let size = 5.try_into().unwrap();
    let errors = [
        store
            .bulk("P", "S", SeatAction::Assign, NO_NAMES)
            .unwrap_err(),
        store.reclaim_each("P", "S", NO_NAMES).unwrap_err(),
        store.assign_each("P", "S", NO_NAMES).unwrap_err(),
        datadog.unassign("on_call", NO_IDS).await.unwrap_err(),
        datadog.assign("on_call", NO_IDS).await.unwrap_err(),
        datadog.unassign_each("on_call", NO_IDS).unwrap_err(),
        datadog.assign_each("on_call", NO_IDS).unwrap_err(),
        datadog
            .unassign_in_batches("on_call", NO_IDS, size)
            .unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.to_string(), "users \"\": must name at least one user");
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
    assert_eq!(wire.finish().await.unwrap().len(), 0);
}

/// The outcomes of Ada and Grace in batches of `size`, and the number of requests.
async fn batches(replies: Vec<Reply>, size: u32) -> (Vec<String>, usize) {
    let wire = Wire::start_with(replies).await.unwrap();
    let size = size.try_into().unwrap();
    let outcomes = clients::datadog(&wire.url())
        .unassign_in_batches("on_call", [ADA, GRACE, ADA], size)
        .unwrap();
    let outcomes: Vec<_> = outcomes.collect().await;
    let name = |user: &Uuid| {
        let name = if *user == ADA { "ada" } else { "grace" };
        name.to_owned()
    };
    (lines(&outcomes, name), wire.finish().await.unwrap().len())
}

fn holders(ids: &[&str]) -> Reply {
    let entries: Vec<String> = ids
        .iter()
        .map(|id| format!(r#"{{"type":"seat-users","id":{id}}}"#))
        .collect();
    ok(&format!(r#"{{"data":[{}]}}"#, entries.join(",")))
}

const STRANGER: &str = r#""00000000-0000-0000-0000-000000000001""#;
const LISTED_GRACE: &str = r#""9D1C2F60-0f6e-4c5a-8b3e-7f1d2a4c6e80""#;

#[tokio::test]
async fn the_list_of_seats_decides_the_outcomes_of_a_batch() {
    let done = || refused("204 No Content");
    let (outcomes, requests) = batches(vec![done(), holders(&[STRANGER])], 10).await;
    assert_eq!(outcomes, ["ada: done", "grace: done"]);
    assert_eq!(requests, 2);
    let (outcomes, requests) =
        batches(vec![done(), done(), holders(&[STRANGER, LISTED_GRACE])], 1).await;
    assert_eq!(
        outcomes,
        [
            "ada: done",
            "grace: failed: the vendor said that it is done, and still lists the user",
        ]
    );
    assert_eq!(requests, 3);
}

#[tokio::test]
async fn an_outcome_that_the_list_leaves_open_is_unknown() {
    let done = || refused("204 No Content");
    // A user in the list has no id, or not a UUID: it may be any user.
    for nameless in ["null", r#""somebody""#, "7"] {
        let (outcomes, _) = batches(vec![done(), holders(&[nameless, LISTED_GRACE])], 10).await;
        assert_eq!(
            outcomes,
            [
                "ada: unknown: the list has a user without an id, who may be this one",
                "grace: failed: the vendor said that it is done, and still lists the user",
            ]
        );
    }
    // The list cannot be read.
    let (outcomes, _) = batches(vec![done(), refused("403 Forbidden")], 10).await;
    assert_eq!(
        outcomes[0],
        "ada: unknown: the list of seats cannot be had: get_seats_users: the vendor answered 403 Forbidden (needs one of the permissions billing_read, incident_read, on_call_read)"
    );
    // The response was lost. A user who is still listed may yet lose the seat.
    let (outcomes, _) = batches(vec![lost(), holders(&[LISTED_GRACE])], 10).await;
    assert_eq!(outcomes[0], "ada: done");
    assert!(
        outcomes[1].starts_with(
            "grace: unknown: the list still has the user: unassign_seats_user: no answer came"
        ),
        "{outcomes:?}"
    );
}

#[tokio::test]
async fn a_refused_batch_has_failed_without_a_look_at_the_list() {
    let (outcomes, requests) = batches(vec![refused("422 Unprocessable Entity")], 10).await;
    let refusal = "failed: unassign_seats_user: the vendor answered 422 Unprocessable Entity; nothing changed";
    assert_eq!(
        outcomes,
        [format!("ada: {refusal}"), format!("grace: {refusal}")]
    );
    assert_eq!(requests, 1);
    // Each batch on its own, and the outcomes in the order of the users.
    let replies = vec![
        refused("422 Unprocessable Entity"),
        refused("204 No Content"),
        holders(&[]),
    ];
    let (outcomes, _) = batches(replies, 1).await;
    assert_eq!(
        outcomes,
        [format!("ada: {refusal}"), "grace: done".to_owned()]
    );
}

#[tokio::test]
async fn each_user_can_have_a_call_of_their_own() {
    let wire = Wire::start_with(vec![
        refused("204 No Content"),
        refused("422 Unprocessable Entity"),
    ])
    .await
    .unwrap();
    let mut outcomes = clients::datadog(&wire.url())
        .unassign_each("on_call", [ADA, GRACE])
        .unwrap();
    let ada = outcomes.next().await.unwrap();
    assert!(ada.fate.is_success() && ada.user == ADA);
    let grace = outcomes.next().await.unwrap();
    let error = grace.fate.reason().unwrap().error().unwrap();
    assert_eq!((grace.fate.as_str(), error.status()), ("failed", Some(422)));
    assert!(outcomes.next().await.is_none());
    assert_eq!(wire.finish().await.unwrap().len(), 2);
}
