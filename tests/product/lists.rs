//! Paginated lists: the requests, the end of a list, and its errors.

use futures_util::TryStreamExt;
use seats::{Effect, Error, ErrorKind, datadog, store};
use seats_tests::wire::{Wire, answer, json, request_line};

use crate::calls::ADA;
use crate::clients;

fn seat(user: &str) -> String {
    format!(r#"{{"assignedTo":"{user}","state":"Active"}}"#)
}

fn page(users: &[&str], token: &str) -> Vec<u8> {
    let seats: Vec<String> = users.iter().map(|user| seat(user)).collect();
    ok(&format!(r#"{{"seats":[{}]{token}}}"#, seats.join(",")))
}

fn ok(body: &str) -> Vec<u8> {
    json("200 OK", body)
}

fn seats(wire: &Wire) -> seats::Listing<store::Seat> {
    clients::store(&wire.url()).seats("P", "0016").unwrap()
}

fn seat_users(wire: &Wire) -> seats::Listing<datadog::SeatUser> {
    clients::datadog(&wire.url()).seats("on_call").unwrap()
}

fn names(seats: &[store::Seat]) -> Vec<&str> {
    seats.iter().filter_map(store::Seat::assigned_to).collect()
}

/// The method and target of each request.
async fn requests(wire: Wire) -> Vec<String> {
    let requests = wire.finish().await.unwrap();
    requests
        .iter()
        .map(|request| request_line(request))
        .collect()
}

/// The users in a list of Store seats that consists of these responses.
async fn collected(pages: Vec<Vec<u8>>) -> Result<Vec<String>, Error> {
    let wire = Wire::start(pages).await.unwrap();
    let list: seats::Result<Vec<_>> = seats(&wire).try_collect().await;
    wire.finish().await.unwrap();
    list.map(|seats| names(&seats).into_iter().map(str::to_owned).collect())
}

#[tokio::test]
async fn a_list_ends_if_its_token_is_missing_null_or_blank() {
    for end in [
        "",
        r#","continuationToken":null"#,
        r#","continuationToken":"""#,
        r#","ContinuationToken":" \t""#,
    ] {
        let wire = Wire::start(vec![
            page(&["ada", "linus"], r#","continuationToken":"a+b/c==""#),
            page(&[], r#","ContinuationToken":"2""#),
            page(&["grace"], end),
        ])
        .await
        .unwrap();
        let list = seats(&wire).page_size(2).unwrap();
        let all: Vec<_> = list.try_collect().await.unwrap();
        assert_eq!(names(&all), ["ada", "linus", "grace"], "{end}");
        assert_eq!(
            requests(wire).await,
            [
                "GET /V1/Inventory/P/0016/Seats?maxResults=2",
                "GET /V1/Inventory/P/0016/Seats?continuationToken=a%2Bb%2Fc%3D%3D&maxResults=2",
                "GET /V1/Inventory/P/0016/Seats?continuationToken=2&maxResults=2",
            ]
        );
    }
}

#[tokio::test]
async fn a_page_is_fetched_only_when_it_is_needed() {
    let wire = Wire::start(vec![page(&["ada", "linus"], r#","continuationToken":"2""#)])
        .await
        .unwrap();
    let mut list = seats(&wire);
    assert!(list.next().await.unwrap().is_ok());
    assert!(list.next().await.unwrap().is_ok());
    drop(list);
    // A list that is never polled sends nothing.
    drop(seats(&wire));
    assert_eq!(requests(wire).await.len(), 1);
}

#[tokio::test]
async fn a_list_is_a_stream() {
    let wire = Wire::start(vec![
        page(&["ada"], r#","continuationToken":"2""#),
        page(&["linus"], ""),
    ])
    .await
    .unwrap();
    let users: Vec<String> = seats(&wire)
        .map_ok(|seat| seat.assigned_to().unwrap_or_default().to_owned())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(users, ["ada", "linus"]);
    wire.finish().await.unwrap();
}

#[tokio::test]
async fn a_repeated_token_is_an_error_and_not_an_endless_list() {
    let token = |token: &str| format!(r#","continuationToken":"{token}""#);
    for tokens in [&["A", "A"][..], &["A", "B", "A"], &["A", "B", "C", "B"]] {
        let answers = tokens
            .iter()
            .map(|name| page(&["ada"], &token(name)))
            .collect();
        let wire = Wire::start(answers).await.unwrap();
        let mut list = seats(&wire);
        for _ in 1..tokens.len() {
            assert!(list.next().await.unwrap().is_ok());
        }
        let error = list.next().await.unwrap().unwrap_err();
        assert_eq!(
            error.to_string(),
            "get_seats: the list does not end: the token for its next page has come before"
        );
        assert_eq!(
            (error.kind(), error.effect()),
            (ErrorKind::UnreadableResponse, Effect::Refused)
        );
        // It ends after the first error.
        assert!(list.next().await.is_none());
        assert_eq!(requests(wire).await.len(), tokens.len());
    }
}

#[tokio::test]
async fn a_hundred_empty_pages_in_a_row_are_an_error() {
    let empty = |n: usize| page(&[], &format!(r#","continuationToken":"{n}""#));
    let error = collected((0..100).map(empty).collect()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "get_seats: the list does not end: 100 pages have come without an item"
    );
    // One item in between resets the count.
    let mut answers: Vec<Vec<u8>> = (0..99).map(empty).collect();
    answers.push(page(&["ada"], r#","continuationToken":"ada""#));
    answers.extend((100..199).map(empty));
    answers.push(page(&["linus"], ""));
    assert_eq!(collected(answers).await.unwrap(), ["ada", "linus"]);
}

#[tokio::test]
async fn an_oversized_page_is_an_error() {
    let mut long = page(&["ada"], "");
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n",
        9 * 1024 * 1024
    );
    long.splice(.., head.into_bytes());
    long.resize(long.len() + 9 * 1024 * 1024, b' ');
    let error = collected(vec![long]).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "get_seats: the answer (200 OK) cannot be read: it is longer than 8388608 bytes"
    );
    assert_eq!(error.effect(), Effect::Refused);
}

#[tokio::test]
async fn a_response_without_its_list_is_an_error_and_never_empty() {
    for (body, reason) in [
        ("{}", "it has no `seats`"),
        (r#"{"continuationToken":"2"}"#, "it has no `seats`"),
        (r#"{"seats":null}"#, "its `seats` is not a list"),
        (r#"{"Seats":{}}"#, "its `seats` is not a list"),
        ("[]", "it is not a JSON object"),
        ("", "EOF while parsing a value at line 1 column 0"),
        ("<html>", "expected value at line 1 column 1"),
    ] {
        let error = collected(vec![ok(body)]).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("get_seats: the answer (200 OK) cannot be read: {reason}"),
            "{body}"
        );
        assert_eq!(
            (error.kind(), error.effect(), error.status()),
            (ErrorKind::UnreadableResponse, Effect::Refused, Some(200))
        );
    }
    // The same holds for a later page.
    let second = vec![page(&["ada"], r#","continuationToken":"2""#), ok("{}")];
    assert!(collected(second).await.is_err());
    // Only an empty list in the response is an empty list.
    assert_eq!(
        collected(vec![ok(r#"{"seats":[]}"#)]).await.unwrap(),
        [""; 0]
    );
    assert_eq!(
        collected(vec![ok(r#"{"Seats":[]}"#)]).await.unwrap(),
        [""; 0]
    );
}

#[tokio::test]
async fn deviations_from_the_reference_are_tolerated() {
    let body = r#"{"Seats":[{"AssignedTo":"ada","State":"ACTIVE","DateAssigned":7},{"assignedTo":null},{}]}"#;
    assert_eq!(collected(vec![ok(body)]).await.unwrap(), ["ada"]);
    // So is a status that the spec does not declare, unless it says that a part is missing.
    let body = r#"{"seats":[{"assignedTo":"ada"}]}"#;
    let other = json("203 Non-Authoritative Information", body);
    assert_eq!(collected(vec![other]).await.unwrap(), ["ada"]);
    let partial = json("206 Partial Content", body);
    assert_eq!(
        collected(vec![partial]).await.unwrap_err().to_string(),
        "get_seats: the answer (206 Partial Content) cannot be read: it is a part of the content only"
    );
}

#[tokio::test]
async fn a_read_never_ends_as_unknown() {
    for (status, effect) in [
        ("303 See Other", Effect::Refused),
        ("400 Bad Request", Effect::Refused),
        ("404 Not Found", Effect::Refused),
        ("429 Too Many Requests", Effect::TryLater),
        ("500 Internal Server Error", Effect::TryLater),
        ("502 Bad Gateway", Effect::TryLater),
        ("503 Service Unavailable", Effect::TryLater),
    ] {
        let error = collected(vec![answer(status, &[], b"")]).await.unwrap_err();
        assert_eq!(error.effect(), effect, "{status}");
        let text = error.to_string();
        assert!(
            !text.contains("changed") && !text.contains("happened"),
            "{text}"
        );
    }
    // The connection is closed before the response, or within it.
    for part in [
        &b""[..],
        b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"se",
    ] {
        let wire = Wire::start(vec![part.to_vec()]).await.unwrap();
        let error = seats(&wire).try_collect::<Vec<_>>().await.unwrap_err();
        assert_eq!(error.effect(), Effect::TryLater, "{error}");
        wire.finish().await.unwrap();
    }
}

/// It is longer than what is kept of an error.
#[tokio::test]
async fn a_long_page_is_read_in_full() {
    let users: Vec<String> = (0..2000)
        .map(|n| format!("user-{n:04}@contoso.example"))
        .collect();
    let users: Vec<&str> = users.iter().map(String::as_str).collect();
    let long = page(&users, "");
    assert!(long.len() > 100 * 1024);
    assert_eq!(collected(vec![long]).await.unwrap(), users);
}

#[tokio::test]
async fn a_page_size_outside_the_reference_is_refused() {
    let wire = Wire::start(Vec::new()).await.unwrap();
    for size in [0, 101, u32::MAX] {
        let error = seats(&wire).page_size(size).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("page_size \"{size}\": must be 1 to 100")
        );
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
    let error = seat_users(&wire).page_size(0).unwrap_err();
    assert_eq!(error.to_string(), "page_size \"0\": must be at least 1");
    assert!(seat_users(&wire).page_size(u32::MAX).is_ok());
    assert_eq!(requests(wire).await, [""; 0]);
}

#[tokio::test]
async fn reads_the_users_with_seats_at_datadog() {
    let wire = Wire::start(vec![
        ok(r#"{"data":[{"type":"seat-users","id":"626a4e8e-64bd-409d-b80e-428f08ac0b62","attributes":{"email":"ada@contoso.example","name":null}}],"meta":{"next_cursor":"n=1"}}"#),
        ok(r#"{"data":[{"type":"chair-users","id":null}]}"#),
    ])
    .await
    .unwrap();
    let mut list = seat_users(&wire);
    let ada = list.next().await.unwrap().unwrap();
    assert_eq!(
        (ada.id(), ada.email(), ada.name(), ada.assigned_at()),
        (Some(ADA), Some("ada@contoso.example"), None, None)
    );
    assert_eq!(
        list.next().await.unwrap().unwrap(),
        datadog::SeatUser::default()
    );
    assert!(list.next().await.is_none());
    assert_eq!(
        requests(wire).await,
        [
            "GET /api/v2/seats/users?product_code=on_call",
            "GET /api/v2/seats/users?page%5Bcursor%5D=n%3D1&product_code=on_call",
        ]
    );
    let wire = Wire::start(vec![ok("{}")]).await.unwrap();
    let error = seat_users(&wire).try_collect::<Vec<_>>().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "get_seats_users: the answer (200 OK) cannot be read: it has no `data`"
    );
    wire.finish().await.unwrap();
}

#[tokio::test]
async fn reads_the_inventory() {
    let wire = Wire::start(vec![ok(
        r#"{"InventoryEntries":[{"productKey":{"productId":"P","skuId":"0016"},"seatCapacity":3,"AvailableSeats":1}]}"#,
    )])
    .await
    .unwrap();
    let entries = clients::store(&wire.url())
        .inventory(&store::InventoryFilter::new())
        .try_collect::<Vec<_>>()
        .await
        .unwrap();
    let [entry] = entries.as_slice() else {
        panic!("{entries:?}")
    };
    assert_eq!(
        (entry.product_id(), entry.sku_id()),
        (Some("P"), Some("0016"))
    );
    assert_eq!(
        (entry.seat_capacity(), entry.available_seats()),
        (Some(3), Some(1))
    );
    wire.finish().await.unwrap();
}

#[tokio::test]
async fn a_missing_seat_is_none_and_any_other_404_an_error() {
    let lookup = async |response: Vec<u8>| {
        let wire = Wire::start(vec![response]).await.unwrap();
        let client = clients::store(&wire.url());
        let result = client.seat("P", "0016", "ada").await;
        wire.finish().await.unwrap();
        result
    };
    let held = lookup(ok(&seat("ada"))).await.unwrap().unwrap();
    assert_eq!(held.assigned_to(), Some("ada"));
    let no_seat = answer("404 Not Found", &[], br#"{"data":[{"itemType":"Seat"}]}"#);
    assert_eq!(lookup(no_seat).await.unwrap(), None);
    for other in [
        answer("404 Not Found", &[], br#"{"data":[{"itemType":"User"}]}"#),
        answer("404 Not Found", &[], b"<html>no seat</html>"),
        answer("404 Not Found", &[], b""),
        ok("{}"),
        ok(""),
        answer("204 No Content", &[], b""),
    ] {
        let error = lookup(other).await.unwrap_err();
        assert_eq!(error.effect(), Effect::Refused, "{error}");
    }
}

#[test]
fn lists_and_outcomes_can_be_read_in_a_spawned_task() {
    fn can_be_spawned<T: Send + Unpin + 'static>() {}
    can_be_spawned::<seats::Listing<store::Seat>>();
    can_be_spawned::<seats::Outcomes<store::Username>>();
}
