//! Vendors' messages as text and JSON: redirects, HTML pages, and control characters.

use seats_tests::wire::{Wire, answer};
use serde_json::json;

use crate::outcomes::{Expected, both_outputs, reclaim_says, unassign_says};
use crate::process::{Ended, RECLAIM, UNASSIGN};

#[tokio::test]
async fn a_redirection_is_shown_and_not_followed() {
    for (status, code, effect, end) in [
        ("301 Moved Permanently", 1, "refused", "nothing changed"),
        ("302 Found", 1, "refused", "nothing changed"),
        ("303 See Other", 3, "unknown", "it may have happened"),
        ("307 Temporary Redirect", 1, "refused", "nothing changed"),
        ("308 Permanent Redirect", 1, "refused", "nothing changed"),
    ] {
        let elsewhere = Wire::start(vec![]).await.unwrap();
        let place = format!("{}/api/v2/seats/users", elsewhere.url());
        let message = format!("the answer points to {place}; nothing was sent there");
        let words = |operation| {
            format!("error: {operation}: the vendor answered {status}: {message}; {end}")
        };
        let bytes = answer(status, &[("location", &place)], b"");
        unassign_says(
            bytes.clone(),
            Expected {
                code,
                effect,
                status: status[..3].parse().ok(),
                messages: &[&message],
                request_id: None,
                words: &words("unassign_seats_user"),
            },
        )
        .await;
        reclaim_says(
            bytes,
            Expected {
                code,
                effect,
                status: status[..3].parse().ok(),
                messages: &[&message],
                request_id: None,
                words: &words("reclaim_seat_from_user"),
            },
            None,
        )
        .await;
        assert_eq!(elsewhere.finish().await.unwrap().len(), 0);
    }
}

/// Servers send locations that are not ASCII, although the RFC forbids it.
#[tokio::test]
async fn a_redirection_to_a_place_that_is_not_ascii_is_shown() {
    let message = "the answer points to https://vendor.example/zoë; nothing was sent there";
    reclaim_says(
        answer(
            "302 Found",
            &[("location", "https://vendor.example/zoë")],
            b"",
        ),
        Expected {
            code: 1,
            effect: "refused",
            status: Some(302),
            messages: &[message],
            request_id: None,
            words: &format!(
                "error: reclaim_seat_from_user: the vendor answered 302 Found: {message}; nothing changed"
            ),
        },
        None,
    )
    .await;
}

#[tokio::test]
async fn a_page_becomes_its_words() {
    let page = "<!doctype html><html><head><title>502</title><style>h1{color:red}</style></head><body><h1>Bad Gateway</h1><p>nginx</p></body></html>";
    for kind in ["text/html; charset=utf-8", "application/json"] {
        let bytes = answer(
            "502 Bad Gateway",
            &[("content-type", kind)],
            page.as_bytes(),
        );
        for arguments in [UNASSIGN, RECLAIM] {
            let [text, in_json] = both_outputs(&arguments, &bytes).await;
            assert!(text.stderr.contains("Bad Gateway nginx"), "{text:?}");
            assert!(!text.stderr.contains(['<', '{']), "{text:?}");
            assert!(!in_json.stdout.contains('<'), "{in_json:?}");
            assert_eq!(in_json.json()["messages"].as_array().unwrap().len(), 1);
            assert_eq!((text.code, in_json.code), (Some(3), Some(3)));
        }
    }
}

#[tokio::test]
async fn a_long_page_is_shortened() {
    let page = format!("<html><body><p>{}</p></body></html>", "nginx ".repeat(2000));
    let bytes = answer(
        "502 Bad Gateway",
        &[("content-type", "text/html")],
        page.as_bytes(),
    );
    let [text, in_json] = both_outputs(&RECLAIM, &bytes).await;
    let shown = format!("{}nginx…", "nginx ".repeat(49));
    assert_eq!(in_json.json()["messages"], json!([shown]));
    text.is(
        3,
        "",
        &format!(
            "error: reclaim_seat_from_user: the vendor answered 502 Bad Gateway: {shown}; it may have happened\n"
        ),
    );
}

/// Asserts that the outputs have no control characters except line breaks.
#[track_caller]
fn moves_no_cursor(ended: &Ended) {
    for output in [&ended.stdout, &ended.stderr] {
        let control = output.chars().find(|c| c.is_control() && *c != '\n');
        assert_eq!(control, None, "{ended:?}");
    }
}

#[tokio::test]
async fn what_a_vendor_says_moves_no_cursor() {
    for body in [
        "{\"errors\":[\"\\u001b[2Jgone\\u009b31m\\u0007\"]}",
        "{\"message\":\"\\u001b]0;title\\u0007\",\"data\":[{\"\\u001b[1m\":\"\\u009b2J\"}]}",
        "plain \u{1b}[2J\u{9b}31m words\r",
        "<p>page \u{1b}[2J&#27;[31m&#155;</p>",
        "[\"\u{7f}\u{9b}31m\"]",
    ] {
        for arguments in [UNASSIGN, RECLAIM] {
            let bytes = answer("400 Bad Request", &[], body.as_bytes());
            let [text, in_json] = both_outputs(&arguments, &bytes).await;
            assert_eq!(text.code, Some(1), "{text:?}");
            moves_no_cursor(&text);
            moves_no_cursor(&in_json);
            let one_line = text.stderr.trim_end_matches('\n');
            assert!(!one_line.contains('\n'), "{text:?}");
        }
    }
}

#[tokio::test]
async fn the_seat_that_a_vendor_answers_with_moves_no_cursor() {
    let body = "{\"assignedTo\":\"\\u001b[2J\\u009b31m\u{9b}2J\u{7f}\",\"state\":\"Revoked\"}";
    let bytes = answer("200 OK", &[], body.as_bytes());
    let [text, in_json] = both_outputs(&RECLAIM, &bytes).await;
    moves_no_cursor(&text);
    assert_eq!(
        in_json.json()["seat"]["assignedTo"],
        "\u{1b}[2J\u{9b}31m\u{9b}2J\u{7f}",
        "it is escaped, not lost"
    );
    moves_no_cursor(&in_json);
}
