//! Outcomes of single calls: exit code, text and JSON.

use seats_tests::wire::{Wire, answer};
use serde_json::{Value, json};

use crate::process::{Ended, RECLAIM, UNASSIGN, USER, seats};

/// The expected outcome of one response.
pub struct Expected<'a> {
    pub code: i32,
    pub effect: &'a str,
    pub status: Option<u16>,
    pub messages: &'a [&'a str],
    pub request_id: Option<&'a str>,
    /// The text: on stdout if the exit code is 0, and on stderr otherwise.
    pub words: &'a str,
}

impl Expected<'_> {
    pub fn object(&self, vendor: &str, operation: &str) -> Value {
        json!({
            "operation": operation,
            "vendor": vendor,
            "effect": self.effect,
            "status": self.status,
            "messages": self.messages,
            "request_id": self.request_id,
        })
    }

    #[track_caller]
    pub fn is_as_text(&self, ended: &Ended) {
        match self.code {
            0 => ended.is(0, &format!("{}\n", self.words), ""),
            code => ended.is(code, "", &format!("{}\n", self.words)),
        }
    }
}

/// Runs the command as text and as JSON, each with its own copy of the response and one attempt.
pub async fn both_outputs(arguments: &[&str], bytes: &[u8]) -> [Ended; 2] {
    let wire = Wire::start(vec![bytes.to_vec(), bytes.to_vec()])
        .await
        .unwrap();
    let text = seats(arguments).once().signed().at(&wire).run().await;
    let in_json = seats(arguments)
        .arguments(&["--output", "json"])
        .once()
        .signed()
        .at(&wire)
        .run()
        .await;
    let requests = wire.finish().await.unwrap();
    assert_eq!(requests.len(), 2, "{text:?}");
    assert_eq!(requests[0], requests[1], "the output changes the request");
    [text, in_json]
}

pub async fn unassign_says(bytes: Vec<u8>, expected: Expected<'_>) {
    let [text, in_json] = both_outputs(&UNASSIGN, &bytes).await;
    expected.is_as_text(&text);
    let mut object = expected.object("datadog", "unassign_seats_user");
    object["users"] = json!([USER]);
    in_json.is_json(expected.code, &object);
}

pub async fn reclaim_says(bytes: Vec<u8>, expected: Expected<'_>, seat: Option<Value>) {
    let [text, in_json] = both_outputs(&RECLAIM, &bytes).await;
    expected.is_as_text(&text);
    let mut object = expected.object("store", "reclaim_seat_from_user");
    if let Some(seat) = seat {
        object["seat"] = seat;
    }
    in_json.is_json(expected.code, &object);
}

/// Returns a response in JSON with a request id.
fn vendor_says(status: &str, body: &str) -> Vec<u8> {
    answer(
        status,
        &[
            ("content-type", "application/json"),
            ("x-request-id", "id.1"),
        ],
        body.as_bytes(),
    )
}

#[tokio::test]
async fn datadog_has_done_it() {
    unassign_says(
        answer("204 No Content", &[("dd-request-id", "id.1")], b""),
        Expected {
            code: 0,
            effect: "done",
            status: Some(204),
            messages: &[],
            request_id: Some("id.1"),
            words: "done: seats of \"incident_response\" unassigned from 1 user",
        },
    )
    .await;
}

#[tokio::test]
async fn datadog_has_done_it_for_several() {
    let other = "9D1C2F60-0F6E-4C5A-8B3E-7F1D2A4C6E80";
    let arguments = ["datadog", "unassign", "--product", "on_call", USER, other];
    let [text, in_json] = both_outputs(&arguments, &answer("204 No Content", &[], b"")).await;
    text.is(
        0,
        "done: seats of \"on_call\" unassigned from 2 users\n",
        "",
    );
    let expected = Expected {
        code: 0,
        effect: "done",
        status: Some(204),
        messages: &[],
        request_id: None,
        words: "",
    };
    let mut object = expected.object("datadog", "unassign_seats_user");
    object["users"] = json!([USER, other.to_ascii_lowercase()]);
    in_json.is_json(0, &object);
}

#[tokio::test]
async fn the_store_has_done_it() {
    let seat = r#"{"assignedTo":"ada@contoso.example","dateAssigned":"2015-07-13T14:02:25.6863382-07:00","state":"Revoked","productKey":{"productId":"9NBLGGH4R2R6","skuId":"0016"}}"#;
    reclaim_says(
        answer("200 OK", &[("ms-cv", "cv.1")], seat.as_bytes()),
        Expected {
            code: 0,
            effect: "done",
            status: Some(200),
            messages: &[],
            request_id: Some("cv.1"),
            words: "done: the seat of \"9NBLGGH4R2R6/0016\" reclaimed from \"ada@contoso.example\"",
        },
        Some(serde_json::from_str(seat).unwrap()),
    )
    .await;
}

#[tokio::test]
async fn done_in_a_body_that_cannot_be_read() {
    for body in [
        &b"<html>fine</html>"[..],
        b"{\"sta",
        b"\xff\x00",
        b"[]",
        b"null",
        // JSON without anything of a seat.
        b"{}",
        b"{\"error\":\"sorry\"}",
        b"{\"state\":3}",
        b"{\"productKey\":{}}",
    ] {
        let unreadable = "the body of the response could not be read";
        reclaim_says(
            answer("200 OK", &[], body),
            Expected {
                code: 0,
                effect: "done",
                status: Some(200),
                messages: &[unreadable],
                request_id: None,
                words: "done: the seat of \"9NBLGGH4R2R6/0016\" reclaimed from \"ada@contoso.example\" (the body of the response could not be read)",
            },
            None,
        )
        .await;
        // Datadog's response needs no body.
        unassign_says(
            answer("200 OK", &[], body),
            Expected {
                code: 0,
                effect: "done",
                status: Some(200),
                messages: &[],
                request_id: None,
                words: "done: seats of \"incident_response\" unassigned from 1 user",
            },
        )
        .await;
    }
}

/// The recognized fields have the names of the reference; the others are left out.
#[tokio::test]
async fn a_seat_in_other_cases_and_types() {
    for (body, seat) in [
        (
            r#"{"AssignedTo":"ada","STATE":"revoked","dateAssigned":7,"ProductKey":{"productid":"P","skuId":null},"more":[1]}"#,
            json!({"assignedTo": "ada", "state": "revoked", "productKey": {"productId": "P"}}),
        ),
        (r#"{"state":"","productKey":"P"}"#, json!({"state": ""})),
    ] {
        reclaim_says(
            answer("200 OK", &[], body.as_bytes()),
            Expected {
                code: 0,
                effect: "done",
                status: Some(200),
                messages: &[],
                request_id: None,
                words: "done: the seat of \"9NBLGGH4R2R6/0016\" reclaimed from \"ada@contoso.example\"",
            },
            Some(seat),
        )
        .await;
    }
}

#[tokio::test]
async fn done_without_a_body() {
    reclaim_says(
        answer("204 No Content", &[], b""),
        Expected {
            code: 0,
            effect: "done",
            status: Some(204),
            messages: &[],
            request_id: None,
            words: "done: the seat of \"9NBLGGH4R2R6/0016\" reclaimed from \"ada@contoso.example\"",
        },
        None,
    )
    .await;
}

/// Status lines, each with its exit code, its effect, and what follows the vendor's messages.
const STATUSES: [(&str, i32, &str, &str); 16] = [
    ("400 Bad Request", 1, "refused", "; nothing changed"),
    ("404 Not Found", 1, "refused", "; nothing changed"),
    ("409 Conflict", 1, "refused", "; nothing changed"),
    (
        "422 Unprocessable Entity",
        1,
        "refused",
        "; nothing changed",
    ),
    ("501 Not Implemented", 1, "refused", "; nothing changed"),
    ("302 Found", 1, "refused", "; nothing changed"),
    (
        "500 Internal Server Error",
        3,
        "unknown",
        "; it may have happened",
    ),
    ("502 Bad Gateway", 3, "unknown", "; it may have happened"),
    (
        "504 Gateway Timeout",
        3,
        "unknown",
        "; it may have happened",
    ),
    ("303 See Other", 3, "unknown", "; it may have happened"),
    ("700 Whatever", 3, "unknown", "; it may have happened"),
    ("401 Unauthorized", 4, "refused", "; nothing changed"),
    ("403 Forbidden", 4, "refused", "; nothing changed"),
    (
        "408 Request Timeout",
        5,
        "try_later",
        " (try again later); nothing changed",
    ),
    (
        "429 Too Many Requests",
        5,
        "try_later",
        " (try again later); nothing changed",
    ),
    (
        "503 Service Unavailable",
        5,
        "try_later",
        " (try again later); nothing changed",
    ),
];

/// The permissions that a 403 of Datadog names.
pub const NEEDED: &str = "needs one of the permissions billing_edit, incident_write, on_call_write";

/// Returns the status as the HTTP crate shows it, which ignores the server's reason phrase.
fn reason(status: &str) -> &str {
    match status {
        "700 Whatever" => "700 <unknown status code>",
        known => known,
    }
}

#[tokio::test]
async fn each_status_at_datadog() {
    for (status, code, effect, end) in STATUSES {
        let needed = format!(" ({NEEDED}); nothing changed");
        let end = match status {
            "403 Forbidden" => &needed,
            _ => end,
        };
        let reason = reason(status);
        unassign_says(
            vendor_says(
                status,
                r#"{"errors":["no",{"title":"Generic Error","detail":"not now"}]}"#,
            ),
            Expected {
                code,
                effect,
                status: status[..3].parse().ok(),
                messages: match status {
                    "403 Forbidden" => &["no", "Generic Error: not now", NEEDED],
                    _ => &["no", "Generic Error: not now"],
                },
                request_id: Some("id.1"),
                words: &format!(
                    "error: unassign_seats_user: the vendor answered {reason}: no; Generic Error: not now{end}\nrequest id: id.1"
                ),
            },
        )
        .await;
    }
}

#[tokio::test]
async fn each_status_at_the_store() {
    for (status, code, effect, end) in STATUSES {
        let reason = reason(status);
        reclaim_says(
            vendor_says(
                status,
                r#"{"code":"No","data":[{"itemType":"User"}],"details":[],"message":"not now","source":"StoreForBusiness"}"#,
            ),
            Expected {
                code,
                effect,
                status: status[..3].parse().ok(),
                messages: &["not now (itemType: User)"],
                request_id: Some("id.1"),
                words: &format!(
                    "error: reclaim_seat_from_user: the vendor answered {reason}: not now (itemType: User){end}\nrequest id: id.1"
                ),
            },
            None,
        )
        .await;
    }
}

#[tokio::test]
async fn a_vendor_that_says_nothing() {
    reclaim_says(
        answer("404 Not Found", &[], b""),
        Expected {
            code: 1,
            effect: "refused",
            status: Some(404),
            messages: &["the vendor answered 404 Not Found"],
            request_id: None,
            words: "error: reclaim_seat_from_user: the vendor answered 404 Not Found; nothing changed",
        },
        None,
    )
    .await;
}
