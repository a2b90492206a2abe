//! How results serialize, and that they come back equal.

use std::fmt::Debug;

use seats::datadog::SeatUser;
use seats::store::{InventoryEntry, InventoryFilter, Seat, SeatAction, SeatState};
use seats::{Done, Effect, Error, ErrorKind, Fate, Outcome};
use seats_tests::wire::{Wire, answer, json};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::clients;

/// Asserts the JSON of a value, and that it deserializes to an equal value.
#[track_caller]
fn assert_round_trip<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, json: &str) {
    assert_eq!(serde_json::to_string(value).unwrap(), json);
    assert_eq!(&serde_json::from_str::<T>(json).unwrap(), value);
}

#[tokio::test]
async fn a_seat_has_the_names_of_the_reference() {
    let body = r#"{"AssignedTo":"ada","STATE":"revoked","dateAssigned":"2015-07-13T14:02:25-07:00","ProductKey":{"productid":"P","skuId":"0016"},"more":1}"#;
    let wire = Wire::start(vec![json("200 OK", body)]).await.unwrap();
    let store = clients::store(&wire.url());
    let seat = store.seat("P", "0016", "ada").await.unwrap().unwrap();
    wire.finish().await.unwrap();
    assert_round_trip::<Seat>(
        &seat,
        r#"{"assignedTo":"ada","dateAssigned":"2015-07-13T14:02:25-07:00","state":"revoked","productKey":{"productId":"P","skuId":"0016"}}"#,
    );
}

#[tokio::test]
async fn a_seat_user_is_flat() {
    let body = r#"{"data":[{"type":"seat-users","id":"626a4e8e-64bd-409d-b80e-428f08ac0b62","attributes":{"email":"ada@contoso.example","name":null}}]}"#;
    let wire = Wire::start(vec![json("200 OK", body)]).await.unwrap();
    let list = clients::datadog(&wire.url()).seats("on_call").unwrap();
    let users: Vec<SeatUser> = list.try_collect().await.unwrap();
    wire.finish().await.unwrap();
    assert_round_trip(
        &users[0],
        r#"{"id":"626a4e8e-64bd-409d-b80e-428f08ac0b62","email":"ada@contoso.example","name":null,"assigned_at":null}"#,
    );
}

#[tokio::test]
async fn an_inventory_entry_has_the_names_of_the_reference() {
    let body = r#"{"InventoryEntries":[{"ProductKey":{"productId":"P","skuId":"0016"},"SeatCapacity":3,"availableSeats":1}]}"#;
    let wire = Wire::start(vec![json("200 OK", body)]).await.unwrap();
    let list = clients::store(&wire.url()).inventory(&InventoryFilter::new());
    let entries: Vec<InventoryEntry> = list.try_collect().await.unwrap();
    wire.finish().await.unwrap();
    let text = serde_json::to_string(&entries[0]).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["productKey"]["productId"], "P");
    assert_eq!(
        (&value["seatCapacity"], &value["availableSeats"]),
        (&3.into(), &1.into())
    );
    assert_eq!(
        serde_json::from_str::<InventoryEntry>(&text).unwrap(),
        entries[0]
    );
}

/// Each word is the same in `Display` and in serde.
#[track_caller]
fn assert_word<T>(value: T, word: &str)
where
    T: Serialize + DeserializeOwned + PartialEq + Debug + ToString,
{
    assert_eq!(value.to_string(), word);
    assert_round_trip(&value, &format!("\"{word}\""));
}

#[test]
fn words() {
    for (effect, word) in [
        (Effect::Done, "done"),
        (Effect::AlreadyFree, "already_free"),
        (Effect::Refused, "refused"),
        (Effect::TryLater, "try_later"),
        (Effect::NotSent, "not_sent"),
        (Effect::Unknown, "unknown"),
    ] {
        assert_word(effect, word);
    }
    assert_word(ErrorKind::MissingCredentials, "missing_credentials");
    assert_word(ErrorKind::UnreadableResponse, "unreadable_response");
    assert_word(SeatState::Revoked, "revoked");
    assert_word(SeatAction::Reclaim, "reclaim");
}

#[tokio::test]
async fn an_outcome_has_what_is_known_of_its_call() {
    let refused = answer("409 Conflict", &[("ms-cv", "cv.1")], br#"{"message":"no"}"#);
    let missing = json("404 Not Found", r#"{"data":[{"itemType":"Seat"}]}"#);
    let denied = answer("403 Forbidden", &[], b"");
    let replies = vec![
        answer("204 No Content", &[], b""),
        refused,
        missing,
        Vec::new(),
        denied,
    ];
    let wire = Wire::start(replies).await.unwrap();
    let users = ["ada", "bob", "cleo", "dan", "eve", "fay"];
    let outcomes = clients::store(&wire.url())
        .reclaim_each("P", "0016", users)
        .unwrap();
    let outcomes: Vec<_> = outcomes.collect().await;
    wire.finish().await.unwrap();
    let lines: Vec<String> = outcomes
        .iter()
        .map(|outcome| serde_json::to_string(outcome).unwrap())
        .collect();
    assert_eq!(
        lines,
        [
            r#"{"user":"ada","fate":"done","status":204}"#,
            r#"{"user":"bob","fate":"failed","status":409,"reason":"reclaim_seat_from_user: the vendor answered 409 Conflict: no; nothing changed","request_id":"cv.1"}"#,
            r#"{"user":"cleo","fate":"already_free","status":404}"#,
            r#"{"user":"dan","fate":"unknown","reason":"reclaim_seat_from_user: no answer came: client error (SendRequest): connection closed before message completed; it may have happened"}"#,
            r#"{"user":"eve","fate":"failed","status":403,"reason":"reclaim_seat_from_user: the vendor answered 403 Forbidden; nothing changed"}"#,
            r#"{"user":"fay","fate":"failed","reason":"not sent: reclaim_seat_from_user: the vendor answered 403 Forbidden; nothing changed"}"#,
        ]
    );
    assert_eq!(outcomes[1].error().unwrap().messages(), ["no"]);
    assert_eq!(
        (outcomes[3].effect(), outcomes[3].attempts()),
        (Effect::Unknown, 1)
    );
    assert_eq!((outcomes[5].attempts(), outcomes[5].status()), (0, None));
}

/// The decision of a caller's service, which its own test tries without a sandbox.
fn is_settled<T>(result: &seats::Result<Done<T>>) -> bool {
    match result {
        Ok(_) => true,
        Err(error) => error.effect() == Effect::Refused,
    }
}

#[test]
fn results_can_be_built_for_a_callers_test() {
    let done = Done::new(Some("seat")).with_status(200);
    assert_eq!((done.value(), done.status()), (Some(&"seat"), Some(200)));
    assert_eq!((done.effect(), done.attempts()), (Effect::Done, 0));
    assert!(is_settled(&Ok(done)));
    let free = Done::<&str>::already_free().with_status(404);
    assert!(free.is_already_free() && free.status() == Some(404));
    assert!(is_settled(&Ok(free)));
    let error = |status| Error::new(ErrorKind::Status, "no").with_status(status);
    assert!(is_settled::<()>(&Err(error(409))));
    assert!(!is_settled::<()>(&Err(error(502))));
    assert!(!is_settled::<()>(&Err(Error::new(ErrorKind::Lost, "lost"))));
    let outcomes = [
        Outcome::new("ada", Fate::Done),
        Outcome::new("bob", Fate::failed("no seat")),
        Outcome::new("cleo", Fate::unknown("no response")),
    ];
    let effects = outcomes.map(|outcome| outcome.effect());
    assert_eq!(effects, [Effect::Done, Effect::Refused, Effect::Unknown]);
}
