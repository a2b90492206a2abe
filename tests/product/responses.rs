//! What a caller learns from a response: effect, value, body and message.

use seats::{Effect, Error, ErrorKind, store};
use seats_tests::wire::{Refusing, Wire, answer, json};

use crate::calls::{reclaim, unassign};
use crate::clients::{datadog, store};

/// The error of a reclaim that gets this response.
async fn refused(status: &str, headers: &[(&str, &str)], body: &[u8]) -> Error {
    let wire = Wire::start(vec![answer(status, headers, body)])
        .await
        .unwrap();
    let error = reclaim(&store(&wire.url())).await.unwrap_err();
    assert_eq!(wire.finish().await.unwrap().len(), 1);
    error
}

#[tokio::test]
async fn the_status_alone_decides_the_effect() {
    for (status, effect) in [
        ("300 Multiple Choices", Effect::Unknown),
        ("301 Moved Permanently", Effect::Refused),
        ("302 Found", Effect::Refused),
        ("303 See Other", Effect::Unknown),
        ("304 Not Modified", Effect::Unknown),
        ("307 Temporary Redirect", Effect::Refused),
        ("308 Permanent Redirect", Effect::Refused),
        ("400 Bad Request", Effect::Refused),
        ("401 Unauthorized", Effect::Refused),
        ("403 Forbidden", Effect::Refused),
        ("404 Not Found", Effect::Refused),
        ("408 Request Timeout", Effect::TryLater),
        ("409 Conflict", Effect::Refused),
        ("418 I'm a teapot", Effect::Refused),
        ("422 Unprocessable Entity", Effect::Refused),
        ("429 Too Many Requests", Effect::TryLater),
        ("500 Internal Server Error", Effect::Unknown),
        ("501 Not Implemented", Effect::Refused),
        ("502 Bad Gateway", Effect::Unknown),
        ("503 Service Unavailable", Effect::TryLater),
        ("504 Gateway Timeout", Effect::Unknown),
        ("505 HTTP Version Not Supported", Effect::Refused),
        ("599 Whatever", Effect::Unknown),
        ("700 Whatever", Effect::Unknown),
    ] {
        for body in [
            &b""[..],
            b"<html>no</html>",
            b"{\"errors\":[\"no\"]}",
            b"{\"trunc",
            b"\xff\x00",
        ] {
            // 304 has no body on the wire.
            let body = if status.starts_with("304") { b"" } else { body };
            let wire = Wire::start(vec![answer(status, &[], body), answer(status, &[], body)])
                .await
                .unwrap();
            let errors = [
                unassign(&datadog(&wire.url())).await.unwrap_err(),
                reclaim(&store(&wire.url())).await.unwrap_err(),
            ];
            for error in errors {
                assert_eq!(error.effect(), effect, "{status} {error}");
                assert_eq!(error.status(), status[..3].parse().ok());
                assert_eq!(error.kind(), ErrorKind::Status);
                assert_eq!(error.body(), body);
                assert_eq!(error.attempts(), 1);
            }
            assert_eq!(wire.finish().await.unwrap().len(), 2);
        }
    }
}

#[tokio::test]
async fn any_2xx_is_done_whatever_the_body() {
    for (status, body, has_value) in [
        ("200 OK", &b"{\"state\":\"Revoked\"}"[..], true),
        ("204 No Content", b"", false),
        ("200 OK", b"", false),
        ("202 Accepted", b"<html>fine</html>", false),
        ("200 OK", b"{\"state\":3}", true),
        ("200 OK", b"[{\"state\":\"Revoked\"}]", false),
        ("200 OK", b"{\"sta", false),
        ("206 Partial Content", b"\xff", false),
    ] {
        let wire = Wire::start(vec![answer(status, &[], body), answer(status, &[], body)])
            .await
            .unwrap();
        let done = reclaim(&store(&wire.url())).await.unwrap();
        assert_eq!(done.value().is_some(), has_value, "{status}");
        assert_eq!(done.status(), status[..3].parse().ok());
        assert_eq!(done.body(), body);
        let done = unassign(&datadog(&wire.url())).await.unwrap();
        assert_eq!(done.body(), body);
        assert_eq!(wire.finish().await.unwrap().len(), 2);
    }
}

/// Goes red if the generated type is parsed in place of `store::Seat`.
#[tokio::test]
async fn names_and_values_of_a_seat_are_case_insensitive() {
    let body = br#"{"AssignedTo":"ada@contoso.example","DateAssigned":"2015-07-13T14:02:25.6863382-07:00","State":"revoked","ProductKey":{"ProductId":"P","SkuId":"0016"},"SeatId":7}"#;
    let wire = Wire::start(vec![answer("200 OK", &[], body)])
        .await
        .unwrap();
    let done = reclaim(&store(&wire.url())).await.unwrap();
    wire.finish().await.unwrap();
    let seat = done.value().unwrap();
    assert_eq!(seat.assigned_to(), Some("ada@contoso.example"));
    assert_eq!(seat.state(), Some(store::SeatState::Revoked));
    assert_eq!(seat.state_text(), Some("revoked"));
    let instant = seat
        .date_assigned()
        .and_then(|date| date.instant())
        .unwrap();
    assert_eq!(instant.timestamp(), 1_436_821_345);
    assert_eq!(
        (seat.product_id(), seat.sku_id()),
        (Some("P"), Some("0016"))
    );
    assert_eq!(done.body(), body);
}

/// Goes red without `Policy::none()` in the transport.
#[tokio::test]
async fn a_redirect_is_reported_and_not_followed() {
    for status in [
        "301 Moved",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let elsewhere = Wire::start(vec![answer("200 OK", &[], b"{}")])
            .await
            .unwrap();
        let place = format!(
            "{}/V1/Inventory/9NBLGGH4R2R6/0016/Seats/ada@contoso.example",
            elsewhere.url()
        );
        let error = refused(status, &[("location", &place)], b"").await;
        assert_eq!(error.location(), Some(place.as_str()));
        assert!(
            error.to_string().contains(&format!(
                "the answer points to {place}; nothing was sent there"
            )),
            "{error}"
        );
        assert_eq!(elsewhere.finish().await.unwrap(), Vec::<Vec<u8>>::new());
    }
}

#[tokio::test]
async fn an_error_has_the_vendors_message() {
    let error = refused(
        "404 Not Found",
        &[("content-type", "application/json"), ("MS-CV", "cv.1")],
        br#"{"code":"DataNotFound","data":[{"itemType":"User"}],"message":"No such user"}"#,
    )
    .await;
    assert_eq!(
        error.to_string(),
        "reclaim_seat_from_user: the vendor answered 404 Not Found: No such user (itemType: User); nothing changed"
    );
    assert_eq!(error.messages(), ["No such user (itemType: User)"]);
    assert_eq!(error.request_id(), Some("cv.1"));
    assert!(error.is_not_found());

    let error = refused("429 Too Many Requests", &[("retry-after", "7")], b"").await;
    assert_eq!(
        error.to_string(),
        "reclaim_seat_from_user: the vendor answered 429 Too Many Requests (try again in 7 s); nothing changed"
    );
    assert_eq!(
        error.messages(),
        ["the vendor answered 429 Too Many Requests"]
    );

    let page = b"<!doctype html><html><head><title>502</title></head><body><h1>Bad Gateway</h1></body></html>";
    let error = refused("502 Bad Gateway", &[("content-type", "text/html")], page).await;
    assert!(
        error.to_string().ends_with("; it may have happened"),
        "{error}"
    );
    assert!(!error.to_string().contains('<'), "{error}");
    assert!(error.to_string().contains("Bad Gateway"));
}

#[tokio::test]
async fn a_403_from_datadog_names_the_permissions_in_the_spec() {
    let forbidden = json("403 Forbidden", r#"{"errors":["Forbidden"]}"#);
    let wire = Wire::start(vec![forbidden]).await.unwrap();
    let error = unassign(&datadog(&wire.url())).await.unwrap_err();
    assert!(error.is_access_denied());
    assert_eq!(
        error.to_string(),
        "unassign_seats_user: the vendor answered 403 Forbidden: Forbidden (needs one of the permissions billing_edit, incident_write, on_call_write); nothing changed"
    );
    wire.finish().await.unwrap();
}

#[tokio::test]
async fn a_refused_connection_is_not_sent() {
    let refusing = Refusing::start().unwrap();
    let url = refusing.url().unwrap();
    let error = reclaim(&store(&url)).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.effect()),
        (ErrorKind::NotConnected, Effect::NotSent)
    );
    assert_eq!(error.status(), None);
    assert!(
        error
            .to_string()
            .starts_with("reclaim_seat_from_user: could not connect: "),
        "{error}"
    );
}

#[tokio::test]
async fn a_connection_closed_without_a_response_is_unknown() {
    let wire = Wire::start(vec![]).await.unwrap();
    let error = reclaim(&store(&wire.url())).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.effect()),
        (ErrorKind::Lost, Effect::Unknown)
    );
    assert!(
        error.to_string().ends_with("; it may have happened"),
        "{error}"
    );
    assert_eq!(
        wire.finish().await.unwrap().len(),
        1,
        "the request is sent once"
    );
}

#[tokio::test]
async fn a_truncated_body_keeps_its_status_and_what_came() {
    for (status, effect) in [("200 OK", Effect::Done), ("404 Not Found", Effect::Refused)] {
        let cut = format!("HTTP/1.1 {status}\r\ncontent-length: 100\r\n\r\n{{\"mess").into_bytes();
        let wire = Wire::start(vec![cut]).await.unwrap();
        let (effect_seen, status_seen, body) = match reclaim(&store(&wire.url())).await {
            Ok(done) => (Effect::Done, done.status(), done.body().to_vec()),
            Err(error) => (error.effect(), error.status(), error.body().to_vec()),
        };
        assert_eq!(effect_seen, effect);
        assert_eq!(status_seen, status[..3].parse().ok());
        assert_eq!(body, b"{\"mess");
        wire.finish().await.unwrap();
    }
}

/// At most 8 MiB are read of a 2xx, which is done without its body, and at most 64 KiB of an error.
#[tokio::test]
async fn an_oversized_body_is_truncated_and_keeps_its_status() {
    let huge = vec![b' '; 9 * 1024 * 1024];
    let wire = Wire::start(vec![
        answer("200 OK", &[], &huge),
        answer("404 Not Found", &[], &huge),
    ])
    .await
    .unwrap();
    let done = reclaim(&store(&wire.url())).await.unwrap();
    assert_eq!(
        (done.status(), done.body().len()),
        (Some(200), 8 * 1024 * 1024)
    );
    let error = reclaim(&store(&wire.url())).await.unwrap_err();
    assert_eq!(
        (error.status(), error.effect(), error.body().len()),
        (Some(404), Effect::Refused, 64 * 1024)
    );
    wire.finish().await.unwrap();
}

#[tokio::test]
async fn a_compressed_body_is_described_and_not_shown() {
    let error = refused(
        "502 Bad Gateway",
        &[("content-encoding", "gzip")],
        b"\x1f\x8b\x08\0rubbish",
    )
    .await;
    assert_eq!(
        error.messages(),
        ["a body of 11 bytes that is encoded as gzip"]
    );
    assert_eq!(error.body(), b"\x1f\x8b\x08\0rubbish");
}
