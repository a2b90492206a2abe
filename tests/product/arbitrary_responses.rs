//! Arbitrary bytes as a response: no panic, no hang, and the right status and effect.

use std::time::Duration;

use proptest::prelude::*;
use seats::Effect;
use seats_tests::credentials::TOKEN;
use seats_tests::wire::{Wire, answer};

use crate::calls::{PRODUCT, SKU};
use crate::clients::{Server, attempts};

/// The effect that the documentation gives each status.
fn effect(status: u16) -> Effect {
    match status {
        200..=299 => Effect::Done,
        301 | 302 | 307 | 308 => Effect::Refused,
        408 | 429 | 503 => Effect::TryLater,
        400..=499 | 501 | 505 => Effect::Refused,
        _ => Effect::Unknown,
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

/// Effect, status and body of a reclaim that gets these bytes, and all the text of its result.
fn reclaim(response: Vec<u8>) -> (Effect, Option<u16>, Vec<u8>, String) {
    block_on(async {
        let wire = Wire::start(vec![response]).await.unwrap();
        let patient = attempts(1).attempt_timeout(Duration::from_secs(60));
        let client = Server::at(&wire.url()).store(patient);
        let result = crate::calls::reclaim(&client).await;
        wire.finish().await.unwrap();
        match result {
            Ok(done) => {
                let text = format!("{done:?} {:?}", done.value());
                (Effect::Done, done.status(), done.body().to_vec(), text)
            }
            Err(error) => {
                let text = format!(
                    "{error} {error:?} {:?} {:?}",
                    error.messages(),
                    error.retry_after()
                );
                (error.effect(), error.status(), error.body().to_vec(), text)
            }
        }
    })
}

/// The number of items of a list whose first page is these bytes and whose second page is refused, or
/// the effect of its error.
fn list(page: Vec<u8>) -> Result<usize, Effect> {
    block_on(async {
        let refused = answer("404 Not Found", &[], b"");
        let wire = Wire::start(vec![page, refused]).await.unwrap();
        let client = Server::at(&wire.url()).store(attempts(1));
        let items: Result<Vec<_>, _> = client.seats(PRODUCT, SKU).unwrap().try_collect().await;
        wire.finish().await.unwrap();
        items
            .map(|items| items.len())
            .map_err(|error| error.effect())
    })
}

/// JSON that resembles a list, and sometimes is one.
fn list_body() -> impl Strategy<Value = String> {
    let name = proptest::sample::select(vec![
        "seats",
        "Seats",
        "SEATS",
        "seat",
        "items",
        "continuationToken",
    ]);
    let value = proptest::sample::select(vec![
        "[]",
        "[{}]",
        r#"[{"assignedTo":"ada"},{"State":1}]"#,
        "null",
        "{}",
        "0",
        r#""""#,
        r#""token""#,
        "[null]",
        "[[]]",
    ]);
    let member = (name, value).prop_map(|(name, value)| format!(r#""{name}":{value}"#));
    prop_oneof![
        8 => proptest::collection::vec(member, 0..4).prop_map(|members| format!("{{{}}}", members.join(","))),
        1 => "[ -~]{0,30}",
    ]
}

fn header() -> impl Strategy<Value = (String, String)> {
    let name = prop_oneof![
        Just("content-type".to_owned()),
        Just("retry-after".to_owned()),
        Just("location".to_owned()),
        Just("x-ratelimit-reset".to_owned()),
        Just("x-ratelimit-remaining".to_owned()),
        Just("ms-cv".to_owned()),
        Just("content-encoding".to_owned()),
        "[a-z][a-z-]{0,12}x",
    ];
    (name, "[ -~\u{80}-\u{ff}]{0,40}")
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    let json = prop_oneof![
        Just(r#"{"errors":["no"]}"#),
        Just(r#"{"errors":{"a":[1,null]}}"#),
        Just(r#"{"State":3,"assignedTo":{}}"#),
        Just(r#"{"data":[{"itemType":"Seat"}],"innererror":[]}"#),
        Just(r#"[[[[[[]]]]]]"#),
        Just("<html><body>\u{1b}[2J<script>no</script>"),
    ];
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..200),
        json.prop_map(|text| text.as_bytes().to_vec()),
        proptest::collection::vec(any::<u8>(), 70_000..70_001),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_status_headers_and_body(
        status in 200..1000_u16,
        headers in proptest::collection::vec(header(), 0..5),
        body in body(),
    ) {
        // These two have no body on the wire.
        let body = if matches!(status, 204 | 304) { Vec::new() } else { body };
        let mut response = format!("HTTP/1.1 {status} Whatever\r\n").into_bytes();
        for (name, value) in &headers {
            response.extend_from_slice(name.as_bytes());
            response.extend_from_slice(b": ");
            response.extend(value.chars().map(|c| c as u8));
            response.extend_from_slice(b"\r\n");
        }
        response.extend_from_slice(format!("content-length: {}\r\n\r\n", body.len()).as_bytes());
        response.extend_from_slice(&body);
        let (seen, seen_status, seen_body, text) = reclaim(response);
        prop_assert_eq!(seen, effect(status));
        prop_assert_eq!(seen_status, Some(status));
        let kept = if seen == Effect::Done { body.len() } else { body.len().min(64 * 1024) };
        prop_assert_eq!(&seen_body[..], &body[..kept]);
        prop_assert!(!text.contains(TOKEN));
        let moves_the_cursor = text.contains('\u{1b}');
        prop_assert!(!moves_the_cursor);
    }

    /// A list is empty only if the response says so explicitly.
    #[test]
    fn any_body_of_a_list(status in 200..300_u16, body in list_body()) {
        let body = if status == 204 { String::new() } else { body };
        let head = format!("HTTP/1.1 {status} Whatever\r\ncontent-length: {}\r\n\r\n", body.len());
        match list((head + &body).into_bytes()) {
            Ok(items) => {
                let json: serde_json::Value = serde_json::from_str(&body).unwrap();
                let lists = json.as_object().unwrap().iter().filter(|(name, _)| name.eq_ignore_ascii_case("seats"));
                let lengths: Vec<usize> = lists.filter_map(|(_, list)| Some(list.as_array()?.len())).collect();
                prop_assert!(lengths.contains(&items), "{items} items of {body}");
            }
            Err(effect) => prop_assert_ne!(effect, Effect::Unknown),
        }
    }

    #[test]
    fn any_bytes_at_all(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let (effect, status, _, _) = reclaim(bytes);
        prop_assert!(status.is_some() || effect == Effect::Unknown);
    }

    #[test]
    fn any_bytes_after_a_status_line(
        status in 100..1000_u16,
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        let mut response = format!("HTTP/1.1 {status} Whatever\r\n").into_bytes();
        response.extend_from_slice(&bytes);
        let (seen, seen_status, _, _) = reclaim(response);
        match seen_status {
            Some(seen_status) => prop_assert_eq!(seen, effect(seen_status)),
            None => prop_assert_eq!(seen, Effect::Unknown),
        }
    }
}
