//! What is said of each of many users: bulk calls of the Store, and batches at Datadog.

use seats::store::{SeatAction, Username};
use seats::{ErrorKind, Fate, Outcome, Uuid, datadog, store};
use seats_tests::wire::{Reply, Wire, answer};

const ADA: Uuid = Uuid::from_u128(0x626a4e8e_64bd_409d_b80e_428f08ac0b62);
const GRACE: Uuid = Uuid::from_u128(0x9d1c2f60_0f6e_4c5a_8b3e_7f1d2a4c6e80);

fn ok(body: &str) -> Reply {
    Reply::Bytes(answer("200 OK", &[], body.as_bytes()))
}

fn refused(status: &str) -> Reply {
    Reply::Bytes(answer(status, &[], b""))
}

/// The request is read, and the connection closed without an answer.
fn lost() -> Reply {
    Reply::Bytes(Vec::new())
}

/// One line an outcome.
fn fates<U>(outcomes: &[Outcome<U>], name: impl Fn(&U) -> String) -> Vec<String> {
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
    let client = store::Client::builder()
        .base_url(wire.url() + "/V1")
        .token("token")
        .build()
        .unwrap();
    let users: Vec<Username> = users.iter().map(|user| user.parse().unwrap()).collect();
    let outcomes = client
        .bulk(
            &"P".parse().unwrap(),
            &"0016".parse().unwrap(),
            SeatAction::Reclaim,
            &users,
        )
        .unwrap()
        .collect()
        .await;
    let lines = fates(&outcomes, |user| user.as_str().to_owned());
    (lines, wire.finish().await.unwrap())
}

/// The users that a bulk request names.
fn named(request: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(request).unwrap();
    let (_, body) = text.split_once("\r\n\r\n").unwrap();
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    serde_json::from_value(body["usernames"].clone()).unwrap()
}

#[tokio::test]
async fn a_bulk_call_names_at_most_25_users_and_each_of_them_once() {
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
    let (fates, requests) = bulk(replies, &names).await;
    let expected: Vec<String> = users.iter().map(|user| format!("{user}: done")).collect();
    assert_eq!(fates, expected);
    let sent: Vec<Vec<String>> = requests.iter().map(|request| named(request)).collect();
    assert_eq!(
        sent,
        users.chunks(25).map(<[String]>::to_vec).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn a_bulk_call_that_fails_for_one_does_not_fail_for_another() {
    let body = r#"{"seatDetails":[{"assignedTo":"ada"}],"failedSeatOperations":[{"userName":"linus","failureReason":"no such seat"}]}"#;
    let (fates, _) = bulk(vec![ok(body)], &["ada", "linus", "grace"]).await;
    assert_eq!(
        fates,
        [
            "ada: done",
            "linus: failed: no such seat",
            "grace: unknown: the answer does not name the user",
        ]
    );
}

/// Two spellings of one user are one user, by the first of them.
#[tokio::test]
async fn a_user_is_named_once_whatever_the_case() {
    let body = r#"{"seatDetails":[{"assignedTo":"zoë"},{"assignedTo":"{8F2B}"}]}"#;
    let (fates, requests) = bulk(vec![ok(body)], &["zoë", "ZOË", "8f2b", "{8F2B}"]).await;
    assert_eq!(fates, ["zoë: done", "8f2b: done"]);
    assert_eq!(named(&requests[0]), ["zoë", "8f2b"]);
}

#[tokio::test]
async fn an_outcome_has_the_status_and_the_id_of_its_call() {
    let answered = answer(
        "202 Accepted",
        &[("ms-cv", "the-id")],
        br#"{"failedSeatOperations":[{"userName":"ada"}]}"#,
    );
    let wire = Wire::start(vec![answered]).await.unwrap();
    let store = store::Client::builder()
        .base_url(wire.url())
        .token("token")
        .build()
        .unwrap();
    let users = ["ada".parse().unwrap()];
    let (product, sku) = ("P".parse().unwrap(), "S".parse().unwrap());
    let outcomes = store
        .bulk(&product, &sku, SeatAction::Assign, &users)
        .unwrap()
        .collect()
        .await;
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
async fn a_bulk_call_that_was_refused_or_lost_says_so_of_each_of_its_users() {
    let users: Vec<String> = (0..26).map(|n| format!("user-{n}")).collect();
    let names: Vec<&str> = users.iter().map(String::as_str).collect();
    let last = ok(r#"{"seatDetails":[{"assignedTo":"user-25"}]}"#);
    let (fates, requests) = bulk(vec![refused("409 Conflict"), last], &names).await;
    assert_eq!(
        fates[0],
        "user-0: failed: bulk_assign_and_reclaim_seats: the vendor answered 409 Conflict; nothing changed"
    );
    assert_eq!(
        fates[24].split_once(": ").unwrap().1,
        fates[0].split_once(": ").unwrap().1
    );
    assert_eq!(fates[25], "user-25: done");
    assert_eq!(requests.len(), 2);

    // What may have happened is not sent again: a POST promises nothing about a second time.
    let (fates, requests) = bulk(vec![lost()], &["ada", "linus"]).await;
    assert!(
        fates
            .iter()
            .all(|fate| fate.contains(": unknown: ") && fate.ends_with("it may have happened")),
        "{fates:?}"
    );
    assert_eq!(requests.len(), 1);
    let (fates, _) = bulk(vec![refused("502 Bad Gateway")], &["ada"]).await;
    assert_eq!(
        fates,
        [
            "ada: unknown: bulk_assign_and_reclaim_seats: the vendor answered 502 Bad Gateway; it may have happened"
        ]
    );
}

#[tokio::test]
async fn no_users_are_refused_before_anything_is_sent() {
    let wire = Wire::start(Vec::new()).await.unwrap();
    let store = store::Client::builder()
        .base_url(wire.url())
        .token("token")
        .build()
        .unwrap();
    let datadog = datadog_client(&wire);
    let code = "on_call".parse().unwrap();
    let errors = [
        store
            .bulk(
                &"P".parse().unwrap(),
                &"S".parse().unwrap(),
                SeatAction::Assign,
                &[],
            )
            .unwrap_err(),
        datadog.assign(&code, &[]).await.unwrap_err(),
        datadog.unassign_each(&code, &[]).unwrap_err(),
        datadog
            .unassign_in_batches(&code, &[], 5.try_into().unwrap())
            .await
            .unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.to_string(), "users \"\": must name at least one user");
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
    assert_eq!(wire.finish().await.unwrap().len(), 0);
}

fn datadog_client(wire: &Wire) -> datadog::Client {
    datadog::Client::builder()
        .base_url(wire.url())
        .api_key("key")
        .app_key("key")
        .max_attempts(1)
        .build()
        .unwrap()
}

/// The fates of Ada and Grace, sent in batches of `size`; and how many requests it took.
async fn batches(replies: Vec<Reply>, size: u32) -> (Vec<String>, usize) {
    let wire = Wire::start_with(replies).await.unwrap();
    let outcomes = datadog_client(&wire)
        .unassign_in_batches(
            &"on_call".parse().unwrap(),
            &[ADA, GRACE, ADA],
            size.try_into().unwrap(),
        )
        .await
        .unwrap();
    let name = |user: &Uuid| {
        if *user == ADA {
            "ada".to_owned()
        } else {
            "grace".to_owned()
        }
    };
    (fates(&outcomes, name), wire.finish().await.unwrap().len())
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
async fn the_list_decides_what_became_of_a_batch() {
    let done = || refused("204 No Content");
    let (fates, requests) = batches(vec![done(), holders(&[STRANGER])], 10).await;
    assert_eq!(fates, ["ada: done", "grace: done"]);
    assert_eq!(requests, 2);
    let (fates, requests) =
        batches(vec![done(), done(), holders(&[STRANGER, LISTED_GRACE])], 1).await;
    assert_eq!(
        fates,
        [
            "ada: done",
            "grace: failed: the vendor said that it is done, and still lists the user",
        ]
    );
    assert_eq!(requests, 3);
}

#[tokio::test]
async fn what_the_list_does_not_say_is_unknown() {
    let done = || refused("204 No Content");
    // Somebody in the list has no id, or one that is none: it may be anybody.
    for nameless in ["null", r#""somebody""#, "7"] {
        let (fates, _) = batches(vec![done(), holders(&[nameless, LISTED_GRACE])], 10).await;
        assert_eq!(
            fates,
            [
                "ada: unknown: the list has a user without an id, who may be this one",
                "grace: failed: the vendor said that it is done, and still lists the user",
            ]
        );
    }
    // The list cannot be had.
    let (fates, _) = batches(vec![done(), refused("403 Forbidden")], 10).await;
    assert_eq!(
        fates[0],
        "ada: unknown: the list of seats cannot be had: get_seats_users: the vendor answered 403 Forbidden"
    );
    // The answer was lost. Who is gone is gone; who is still there may yet go.
    let (fates, _) = batches(vec![lost(), holders(&[LISTED_GRACE])], 10).await;
    assert_eq!(fates[0], "ada: done");
    assert!(
        fates[1].starts_with(
            "grace: unknown: the list still has the user: unassign_seats_user: no answer came"
        ),
        "{fates:?}"
    );
}

#[tokio::test]
async fn a_batch_that_was_refused_has_failed_and_needs_no_list() {
    let (fates, requests) = batches(vec![refused("422 Unprocessable Entity")], 10).await;
    let words = "failed: unassign_seats_user: the vendor answered 422 Unprocessable Entity; nothing changed";
    assert_eq!(fates, [format!("ada: {words}"), format!("grace: {words}")]);
    assert_eq!(requests, 1);
    // Each batch for itself, and the outcomes in the order of the users.
    let replies = vec![
        refused("422 Unprocessable Entity"),
        refused("204 No Content"),
        holders(&[]),
    ];
    let (fates, _) = batches(replies, 1).await;
    assert_eq!(fates, [format!("ada: {words}"), "grace: done".to_owned()]);
}

#[tokio::test]
async fn one_by_one_each_user_has_an_answer_of_their_own() {
    let wire = Wire::start_with(vec![
        refused("204 No Content"),
        refused("422 Unprocessable Entity"),
    ])
    .await
    .unwrap();
    let mut outcomes = datadog_client(&wire)
        .unassign_each(&"on_call".parse().unwrap(), &[ADA, GRACE])
        .unwrap();
    let ada = outcomes.next().await.unwrap();
    assert!(ada.fate.is_done() && ada.user == ADA);
    let grace = outcomes.next().await.unwrap();
    let error = grace.fate.reason().unwrap().error().unwrap();
    assert_eq!((grace.fate.as_str(), error.status()), ("failed", Some(422)));
    assert!(outcomes.next().await.is_none());
    assert_eq!(wire.finish().await.unwrap().len(), 2);
}
