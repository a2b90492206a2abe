//! Lists that come in pages: what is asked for, what ends them, and what is an error.

use futures_util::TryStreamExt;
use seats::{Effect, Error, ErrorKind, datadog, store};
use seats_tests::wire::{Wire, answer};

fn seat(user: &str) -> String {
    format!(r#"{{"assignedTo":"{user}","state":"Active"}}"#)
}

fn page(users: &[&str], token: &str) -> Vec<u8> {
    let seats: Vec<String> = users.iter().map(|user| seat(user)).collect();
    ok(&format!(r#"{{"seats":[{}]{token}}}"#, seats.join(",")))
}

fn ok(body: &str) -> Vec<u8> {
    answer(
        "200 OK",
        &[("content-type", "application/json")],
        body.as_bytes(),
    )
}

fn store(wire: &Wire) -> store::Client {
    store::Client::builder()
        .base_url(wire.url() + "/V1")
        .token("token")
        .max_attempts(1)
        .build()
        .unwrap()
}

fn datadog(wire: &Wire) -> datadog::Client {
    datadog::Client::builder()
        .base_url(wire.url())
        .api_key("key")
        .app_key("key")
        .max_attempts(1)
        .build()
        .unwrap()
}

fn seats(client: &store::Client) -> seats::Listing<store::Seat> {
    client.seats(&"P".parse().unwrap(), &"0016".parse().unwrap())
}

fn names(seats: &[store::Seat]) -> Vec<&str> {
    seats.iter().filter_map(store::Seat::assigned_to).collect()
}

/// The request lines that have arrived.
async fn lines(wire: Wire) -> Vec<String> {
    let requests = wire.finish().await.unwrap();
    let line = |request: &Vec<u8>| {
        let text = String::from_utf8(request.clone()).unwrap();
        text.lines()
            .next()
            .unwrap()
            .trim_end_matches(" HTTP/1.1")
            .to_owned()
    };
    requests.iter().map(line).collect()
}

/// What a list of the Store comes to that is answered so.
async fn collected(answers: Vec<Vec<u8>>) -> Result<Vec<String>, Error> {
    let wire = Wire::start(answers).await.unwrap();
    let outcome = seats(&store(&wire)).collect().await;
    wire.finish().await.unwrap();
    outcome.map(|seats| names(&seats).into_iter().map(str::to_owned).collect())
}

#[tokio::test]
async fn a_list_goes_on_until_its_token_is_missing_null_or_blank() {
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
        let all = seats(&store(&wire))
            .page_size(2)
            .unwrap()
            .collect()
            .await
            .unwrap();
        assert_eq!(names(&all), ["ada", "linus", "grace"], "{end}");
        assert_eq!(
            lines(wire).await,
            [
                "GET /V1/Inventory/P/0016/Seats?maxResults=2",
                "GET /V1/Inventory/P/0016/Seats?continuationToken=a%2Bb%2Fc%3D%3D&maxResults=2",
                "GET /V1/Inventory/P/0016/Seats?continuationToken=2&maxResults=2",
            ]
        );
    }
}

#[tokio::test]
async fn a_page_is_fetched_when_it_is_asked_for_and_not_before() {
    let wire = Wire::start(vec![page(&["ada", "linus"], r#","continuationToken":"2""#)])
        .await
        .unwrap();
    let client = store(&wire);
    let mut list = seats(&client);
    assert!(list.next().await.unwrap().is_ok());
    assert!(list.next().await.unwrap().is_ok());
    drop(list);
    // A list that nobody asks sends nothing at all.
    drop(seats(&client));
    assert_eq!(lines(wire).await.len(), 1);
}

#[tokio::test]
async fn a_list_is_a_stream() {
    let wire = Wire::start(vec![
        page(&["ada"], r#","continuationToken":"2""#),
        page(&["linus"], ""),
    ])
    .await
    .unwrap();
    let client = store(&wire);
    let users: Vec<String> = seats(&client)
        .map_ok(|seat| seat.assigned_to().unwrap_or_default().to_owned())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(users, ["ada", "linus"]);
    wire.finish().await.unwrap();
}

#[tokio::test]
async fn a_token_that_comes_again_is_an_error_and_not_an_endless_list() {
    let token = |token: &str| format!(r#","continuationToken":"{token}""#);
    for tokens in [&["A", "A"][..], &["A", "B", "A"], &["A", "B", "C", "B"]] {
        let answers = tokens
            .iter()
            .map(|name| page(&["ada"], &token(name)))
            .collect();
        let wire = Wire::start(answers).await.unwrap();
        let client = store(&wire);
        let mut list = seats(&client);
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
            (ErrorKind::UnreadableAnswer, Effect::Refused)
        );
        // After an error it is at its end.
        assert!(list.next().await.is_none());
        assert_eq!(lines(wire).await.len(), tokens.len());
    }
}

/// Every token is another one, and no page has an item.
#[tokio::test]
async fn a_hundred_empty_pages_in_a_row_are_no_list() {
    let empty = |n: usize| page(&[], &format!(r#","continuationToken":"{n}""#));
    let error = collected((0..100).map(empty).collect()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "get_seats: the list does not end: 100 pages have come without an item"
    );
    // Where something comes in between, it goes on.
    let mut answers: Vec<Vec<u8>> = (0..99).map(empty).collect();
    answers.push(page(&["ada"], r#","continuationToken":"ada""#));
    answers.extend((100..199).map(empty));
    answers.push(page(&["linus"], ""));
    assert_eq!(collected(answers).await.unwrap(), ["ada", "linus"]);
}

#[tokio::test]
async fn a_page_that_is_longer_than_anybody_reads_is_an_error() {
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
async fn an_answer_without_its_list_is_an_error_and_never_empty() {
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
            (ErrorKind::UnreadableAnswer, Effect::Refused, Some(200))
        );
    }
    // A page that is not the first is no better.
    let second = vec![page(&["ada"], r#","continuationToken":"2""#), ok("{}")];
    assert!(collected(second).await.is_err());
    // That nobody holds a seat is something that the vendor said.
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
async fn what_the_vendor_writes_in_another_way_is_read_all_the_same() {
    let body = r#"{"Seats":[{"AssignedTo":"ada","State":"ACTIVE","DateAssigned":7},{"assignedTo":null},{}]}"#;
    assert_eq!(collected(vec![ok(body)]).await.unwrap(), ["ada"]);
    // Also an answer that the spec does not know the status of.
    let made = answer(
        "206 Partial Content",
        &[],
        br#"{"seats":[{"assignedTo":"ada"}]}"#,
    );
    assert_eq!(collected(vec![made]).await.unwrap(), ["ada"]);
}

#[tokio::test]
async fn what_reads_never_ends_as_unknown() {
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
    // The connection is closed before the answer, or within it.
    for reply in [
        &b""[..],
        b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"se",
    ] {
        let wire = Wire::start(vec![reply.to_vec()]).await.unwrap();
        let error = seats(&store(&wire)).collect().await.unwrap_err();
        assert_eq!(error.effect(), Effect::TryLater, "{error}");
        wire.finish().await.unwrap();
    }
}

/// A body longer than what is kept of a refusal.
#[tokio::test]
async fn a_long_page_is_read_whole() {
    let users: Vec<String> = (0..2000)
        .map(|n| format!("user-{n:04}@contoso.example"))
        .collect();
    let users: Vec<&str> = users.iter().map(String::as_str).collect();
    let long = page(&users, "");
    assert!(long.len() > 100 * 1024);
    assert_eq!(collected(vec![long]).await.unwrap(), users);
}

#[tokio::test]
async fn a_page_size_that_the_reference_does_not_allow_is_refused() {
    let wire = Wire::start(Vec::new()).await.unwrap();
    let client = store(&wire);
    for size in [0, 101, u32::MAX] {
        let error = seats(&client).page_size(size).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("page_size \"{size}\": must be 1 to 100")
        );
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
    let code = "incident_response".parse().unwrap();
    let error = datadog(&wire)
        .seats(&code)
        .page_size_named("--page-size", 0)
        .unwrap_err();
    assert_eq!(error.to_string(), "--page-size \"0\": must be at least 1");
    assert!(datadog(&wire).seats(&code).page_size(u32::MAX).is_ok());
    assert_eq!(lines(wire).await, [""; 0]);
}

#[tokio::test]
async fn users_with_seats_at_datadog() {
    let wire = Wire::start(vec![
        ok(r#"{"data":[{"type":"seat-users","id":"1","attributes":{"email":"ada@contoso.example","name":null}}],"meta":{"next_cursor":"n=1"}}"#),
        ok(r#"{"data":[{"type":"chair-users","id":null}]}"#),
    ])
    .await
    .unwrap();
    let mut list = datadog(&wire).seats(&"on_call".parse().unwrap());
    let ada = list.next().await.unwrap().unwrap();
    assert_eq!(
        (ada.id(), ada.email(), ada.name(), ada.assigned_at()),
        (Some("1"), Some("ada@contoso.example"), None, None)
    );
    assert_eq!(
        list.next().await.unwrap().unwrap(),
        datadog::SeatUser::default()
    );
    assert!(list.next().await.is_none());
    assert_eq!(
        lines(wire).await,
        [
            "GET /api/v2/seats/users?product_code=on_call",
            "GET /api/v2/seats/users?page%5Bcursor%5D=n%3D1&product_code=on_call",
        ]
    );
    let wire = Wire::start(vec![ok("{}")]).await.unwrap();
    let error = datadog(&wire)
        .seats(&"on_call".parse().unwrap())
        .collect()
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "get_seats_users: the answer (200 OK) cannot be read: it has no `data`"
    );
    wire.finish().await.unwrap();
}

#[tokio::test]
async fn the_inventory() {
    let wire = Wire::start(vec![ok(
        r#"{"InventoryEntries":[{"productKey":{"productId":"P","skuId":"0016"},"seatCapacity":3,"AvailableSeats":1}]}"#,
    )])
    .await
    .unwrap();
    let entries = store(&wire)
        .inventory(&store::InventoryFilter::new())
        .collect()
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
async fn a_seat_is_there_or_not_or_nobody_knows() {
    let shown = async |reply: Vec<u8>| {
        let wire = Wire::start(vec![reply]).await.unwrap();
        let ids = (
            "P".parse().unwrap(),
            "0016".parse().unwrap(),
            "ada".parse().unwrap(),
        );
        let outcome = store(&wire).seat(&ids.0, &ids.1, &ids.2).await;
        wire.finish().await.unwrap();
        outcome
    };
    let held = shown(ok(&seat("ada"))).await.unwrap().unwrap();
    assert_eq!(held.assigned_to(), Some("ada"));
    let no_seat = answer("404 Not Found", &[], br#"{"data":[{"itemType":"Seat"}]}"#);
    assert_eq!(shown(no_seat).await.unwrap(), None);
    for other in [
        answer("404 Not Found", &[], br#"{"data":[{"itemType":"User"}]}"#),
        answer("404 Not Found", &[], b"<html>no seat</html>"),
        answer("404 Not Found", &[], b""),
        ok("{}"),
        ok(""),
        answer("204 No Content", &[], b""),
    ] {
        let error = shown(other).await.unwrap_err();
        assert_eq!(error.effect(), Effect::Refused, "{error}");
    }
}

/// A list can be read in a task of its own.
#[test]
fn lists_and_outcomes_go_where_tasks_go() {
    fn goes<T: Send + Unpin + 'static>() {}
    goes::<seats::Listing<store::Seat>>();
    goes::<seats::Outcomes<store::Username>>();
}
