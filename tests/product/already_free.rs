//! *Already free*: taking back a seat that nobody holds succeeds and changes nothing.

use seats::{Effect, Fate, store};
use seats_sandbox::Sandbox;
use seats_tests::wire::{Wire, answer, json};

use crate::calls::{CallResult, PRODUCT, SKU, reclaim};
use crate::clients::{self, Server, without_backoff};

fn missing(item: &str) -> Vec<u8> {
    let body = format!(r#"{{"data":[{{"itemType":"{item}"}}],"message":"not there"}}"#);
    answer("404 Not Found", &[("ms-cv", "cv.1")], body.as_bytes())
}

/// The first call after a response like this.
async fn reclaim_after(response: Vec<u8>) -> seats::Result<seats::Done<store::Seat>> {
    let wire = Wire::start(vec![response]).await.unwrap();
    let result = reclaim(&clients::store(&wire.url())).await;
    assert_eq!(wire.finish().await.unwrap().len(), 1);
    result
}

#[tokio::test]
async fn a_missing_seat_is_already_free() {
    let done = reclaim_after(missing("Seat")).await.unwrap();
    assert!(done.is_already_free());
    assert_eq!(done.effect(), Effect::AlreadyFree);
    assert_eq!(done.value(), None);
    assert_eq!((done.status(), done.attempts()), (Some(404), 1));
    assert_eq!(done.request_id(), Some("cv.1"));
    assert_eq!(done.messages(), ["not there (itemType: Seat)"]);
}

#[tokio::test]
async fn any_other_404_is_refused() {
    for response in [
        missing("User"),
        missing("Inventory"),
        missing("Chair"),
        json("404 Not Found", "{}"),
        answer("404 Not Found", &[], b"<html>no seat</html>"),
        answer("404 Not Found", &[], b""),
    ] {
        let error = reclaim_after(response).await.unwrap_err();
        assert!(error.is_not_found());
        assert_eq!(error.effect(), Effect::Refused, "{error}");
    }
}

/// Only taking a seat back aims at nobody holding it.
#[tokio::test]
async fn assigning_a_missing_seat_is_refused() {
    let wire = Wire::start(vec![missing("Seat")]).await.unwrap();
    let store = clients::store(&wire.url());
    let error = store.assign(PRODUCT, SKU, "ada").await.unwrap_err();
    assert_eq!(
        (error.effect(), error.status()),
        (Effect::Refused, Some(404))
    );
    wire.finish().await.unwrap();
}

#[tokio::test]
async fn other_statuses_are_not_already_free_whatever_the_body() {
    let body = r#"{"data":[{"itemType":"Seat"}]}"#;
    for (status, effect) in [
        ("400 Bad Request", Effect::Refused),
        ("409 Conflict", Effect::Refused),
        ("410 Gone", Effect::Refused),
        ("500 Internal Server Error", Effect::Unknown),
    ] {
        let error = reclaim_after(json(status, body)).await.unwrap_err();
        assert_eq!(error.effect(), effect, "{status}");
    }
}

#[tokio::test]
async fn one_of_many_users_can_be_already_free() {
    let wire = Wire::start(vec![missing("Seat"), answer("204 No Content", &[], b"")])
        .await
        .unwrap();
    let outcomes = clients::store(&wire.url())
        .reclaim_each(PRODUCT, SKU, ["ada", "linus"])
        .unwrap();
    let outcomes: Vec<_> = outcomes.collect().await;
    wire.finish().await.unwrap();
    let [ada, linus] = outcomes.as_slice() else {
        panic!("{outcomes:?}")
    };
    assert!(matches!(ada.fate, Fate::AlreadyFree));
    assert!(ada.fate.is_already_free() && ada.fate.is_success());
    assert_eq!(ada.effect(), Effect::AlreadyFree);
    assert_eq!(ada.fate.to_string(), "already_free");
    assert_eq!((ada.status(), ada.request_id()), (Some(404), Some("cv.1")));
    assert!(ada.error().is_none());
    assert_eq!(linus.fate.to_string(), "done");
}

#[tokio::test]
async fn a_run_can_be_repeated() {
    let sandbox = Sandbox::start().await.unwrap();
    let store = Server::sandbox(&sandbox).store(without_backoff());
    let first = CallResult::of(reclaim(&store).await);
    assert_eq!(first, CallResult::new(Effect::Done, Some(200), 1));
    let second = CallResult::of(reclaim(&store).await);
    assert_eq!(second, CallResult::new(Effect::AlreadyFree, Some(404), 1));
    let changed: Vec<bool> = sandbox.log().iter().map(|entry| entry.changed).collect();
    assert_eq!(changed, [true, false]);
}
