//! Arguments: ids as text or typed, and the errors for values that are not acceptable.

use std::collections::{BTreeSet, HashSet};

use seats::datadog::ProductCode;
use seats::store::{ProductId, SeatAction, SkuId, Username};
use seats::{Effect, Error, ErrorKind, Uuid};
use seats_tests::wire::{Wire, answer};

use crate::calls::{ADA, PRODUCT, SKU};
use crate::clients;

const SEGMENT: &str = "must be one path segment: not empty, not \".\" or \"..\", no \"/\", \"\\\" or control character (nor anything that percent-decodes to these), no white space at its ends";
const NOT_BLANK: &str = "must not be empty or blank, and must have no control character";
const UUID: &str = "must be a user id: a UUID, such as 626a4e8e-64bd-409d-b80e-428f08ac0b62";

/// A server that responds with 204 to so many requests.
async fn server(requests: usize) -> Wire {
    let no_content = answer("204 No Content", &[], b"");
    Wire::start(vec![no_content; requests]).await.unwrap()
}

/// Asserts that so many requests were sent, and that they are all the same.
async fn assert_same_requests(wire: Wire, count: usize) {
    let requests = wire.finish().await.unwrap();
    assert_eq!(requests.len(), count);
    assert_eq!(requests.iter().collect::<HashSet<_>>().len(), 1);
}

#[tokio::test]
async fn the_store_takes_text_and_typed_ids() {
    let wire = server(5).await;
    let store = clients::store(&wire.url());
    let name = "ada@contoso.example";
    let product: ProductId = PRODUCT.parse().unwrap();
    let sku: SkuId = SKU.parse().unwrap();
    let user: Username = name.parse().unwrap();
    store.reclaim(PRODUCT, SKU, name).await.unwrap();
    let owned = (PRODUCT.to_owned(), SKU.to_owned(), name.to_owned());
    store.reclaim(&owned.0, &owned.1, &owned.2).await.unwrap();
    store.reclaim(owned.0, owned.1, owned.2).await.unwrap();
    store.reclaim(&product, &sku, &user).await.unwrap();
    let scope = store.product(product, sku).unwrap();
    scope.reclaim(user).await.unwrap();
    assert_same_requests(wire, 5).await;
}

#[tokio::test]
async fn datadog_takes_text_and_typed_ids() {
    let wire = server(5).await;
    let datadog = clients::datadog(&wire.url());
    let code: ProductCode = "on_call".parse().unwrap();
    let text = ADA.to_string();
    datadog.unassign("on_call", [&*text]).await.unwrap();
    datadog.unassign(&code, [&text]).await.unwrap();
    datadog.unassign(code, [text.to_uppercase()]).await.unwrap();
    datadog.unassign("on_call", &[ADA]).await.unwrap();
    datadog.unassign("on_call", [ADA, ADA]).await.unwrap();
    assert_same_requests(wire, 5).await;
}

#[track_caller]
fn assert_invalid(error: Error, expected: &str) {
    assert_eq!(error.to_string(), expected);
    assert_eq!(error.messages(), [expected]);
    assert_eq!(
        (error.kind(), error.effect(), error.attempts()),
        (ErrorKind::InvalidInput, Effect::NotSent, 0)
    );
    assert!(!error.is_retryable() && !error.is_access_denied());
}

#[tokio::test]
async fn an_invalid_argument_of_the_store_is_named_and_nothing_is_sent() {
    let wire = server(0).await;
    let store = clients::store(&wire.url());
    let users = ["ada", "a/b"];
    let product = format!("product \"..\": {SEGMENT}");
    let sku = format!("sku \"\": {SEGMENT}");
    let user = format!("username \"a/b\": {SEGMENT}");
    let error = store.reclaim("..", SKU, "ada").await.unwrap_err();
    assert_invalid(error, &product);
    let error = store.reclaim(PRODUCT, "", "ada").await.unwrap_err();
    assert_invalid(error, &sku);
    let error = store.reclaim(PRODUCT, SKU, "a/b").await.unwrap_err();
    assert_invalid(error, &user);
    let error = store.assign(PRODUCT, SKU, "a/b").await.unwrap_err();
    assert_invalid(error, &user);
    let error = store.seat(PRODUCT, SKU, "a/b").await.unwrap_err();
    assert_invalid(error, &user);
    for error in [
        store.product("..", SKU).unwrap_err(),
        store.seats("..", SKU).unwrap_err(),
        store.reclaim_each("..", SKU, users).unwrap_err(),
    ] {
        assert_invalid(error, &product);
    }
    let scope = store.product(PRODUCT, SKU).unwrap();
    for error in [
        store.seats_of_user("a/b").unwrap_err(),
        scope.reclaim_each(users).unwrap_err(),
        scope.assign_each(users).unwrap_err(),
        scope.bulk(SeatAction::Reclaim, users).unwrap_err(),
        scope.reclaim("a/b").await.unwrap_err(),
    ] {
        assert_invalid(error, &user);
    }
    assert_eq!(wire.finish().await.unwrap().len(), 0);
}

#[tokio::test]
async fn an_invalid_argument_of_datadog_is_named_and_nothing_is_sent() {
    let wire = server(0).await;
    let datadog = clients::datadog(&wire.url());
    let product = format!("product \" \": {NOT_BLANK}");
    let user = format!("user \"ada\": {UUID}");
    let valid = ADA.to_string();
    let users = [&*valid, "ada"];
    let size = 5.try_into().unwrap();
    let error = datadog.unassign(" ", [ADA]).await.unwrap_err();
    assert_invalid(error, &product);
    let error = datadog.assign(" ", [ADA]).await.unwrap_err();
    assert_invalid(error, &product);
    assert_invalid(datadog.seats(" ").unwrap_err(), &product);
    let error = datadog.unassign("on_call", users).await.unwrap_err();
    assert_invalid(error, &user);
    let error = datadog.assign("on_call", users).await.unwrap_err();
    assert_invalid(error, &user);
    for error in [
        datadog.unassign_each("on_call", users).unwrap_err(),
        datadog.assign_each("on_call", users).unwrap_err(),
        datadog
            .unassign_in_batches("on_call", users, size)
            .unwrap_err(),
    ] {
        assert_invalid(error, &user);
    }
    assert_eq!(wire.finish().await.unwrap().len(), 0);
}

/// A long value is cut, and a control character is escaped.
#[tokio::test]
async fn a_message_stays_on_one_short_line() {
    let store = clients::store("http://127.0.0.1:1");
    let long = format!("\n/{}", "x".repeat(1000));
    let error = store.reclaim(PRODUCT, SKU, long).await.unwrap_err();
    let shown = format!("username \"\\n/{}…\": {SEGMENT}", "x".repeat(98));
    assert_invalid(error, &shown);
}

#[test]
fn ids_print_compare_parse_and_serialize() {
    let user: Username = "zoë@contoso.example".parse().unwrap();
    assert_eq!(user.to_string(), "zoë@contoso.example");
    assert_eq!(AsRef::<str>::as_ref(&user), "zoë@contoso.example");
    assert_eq!(Username::try_from("zoë@contoso.example").unwrap(), user);
    let json = serde_json::to_string(&user).unwrap();
    assert_eq!(json, "\"zoë@contoso.example\"");
    assert_eq!(serde_json::from_str::<Username>(&json).unwrap(), user);
    assert!(serde_json::from_str::<Username>("\"..\"").is_err());
    let ada: Username = "ada".parse().unwrap();
    let sorted = BTreeSet::from([user.clone(), ada.clone()]);
    assert_eq!(sorted.into_iter().collect::<Vec<_>>(), [ada.clone(), user]);
    assert!(HashSet::from([ada.clone()]).contains(&ada));
    assert_eq!(Uuid::try_parse(&ADA.to_string()).unwrap(), ADA);
    let code = ProductCode::try_from("on_call").unwrap();
    assert_eq!(code.to_string(), "on_call");
}
