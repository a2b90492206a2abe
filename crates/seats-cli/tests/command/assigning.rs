//! Assigning seats: one request for all users at Datadog, one request per user at the Store.

use seats_tests::wire::{Wire, answer};
use serde_json::{Value, json};

use crate::outcomes::{NEEDED, both_outputs};
use crate::process::{USER, seats, with_version};

const OTHER: &str = "9d1c2f60-0f6e-4c5a-8b3e-7f1d2a4c6e80";

const ASSIGN_TWO: [&str; 6] = ["datadog", "assign", "--product", "on_call", USER, OTHER];
const ASSIGN_SEAT: [&str; 5] = [
    "store",
    "assign",
    "9NBLGGH4R2R6",
    "0016",
    "linus@contoso.example",
];

fn assigned(ids: &Value) -> Vec<u8> {
    let body = json!({"data": {
        "type": "seat-assignments",
        "attributes": {"assigned_ids": ids, "product_code": "on_call"},
    }});
    answer("201 Created", &[], body.to_string().as_bytes())
}

fn of_datadog(effect: &str, status: Option<u16>, messages: &[&str]) -> Value {
    json!({
        "operation": "assign_seats_user",
        "vendor": "datadog",
        "effect": effect,
        "status": status,
        "messages": messages,
        "request_id": null,
        "users": [USER, OTHER],
    })
}

async fn csv(arguments: &[&str], bytes: &[u8], code: i32, rows: &str) {
    let arguments = [arguments, &["--output", "csv"]].concat();
    let wire = Wire::start(vec![bytes.to_vec()]).await.unwrap();
    let ended = seats(&arguments).once().signed().at(&wire).run().await;
    ended.is(code, &format!("user,fate,status,reason\n{rows}"), "");
}

#[tokio::test]
async fn datadog_has_given_them() {
    // The ids may come in another order and case. A response without readable ids proves nothing
    // against a user, as that of an unassignment does.
    for bytes in [
        assigned(&json!([OTHER.to_ascii_uppercase(), USER])),
        assigned(&json!([OTHER, 7])),
        answer("201 Created", &[], b"{}"),
        answer("201 Created", &[], b""),
    ] {
        let [text, in_json] = both_outputs(&ASSIGN_TWO, &bytes).await;
        text.is(0, "done: seats of \"on_call\" assigned to 2 users\n", "");
        in_json.is_json(0, &of_datadog("done", Some(201), &[]));
        let rows = format!("{USER},done,201,\n{OTHER},done,201,\n");
        csv(&ASSIGN_TWO, &bytes, 0, &rows).await;
    }
    let one = assigned(&json!([USER]));
    let [text, _] = both_outputs(&ASSIGN_TWO[..5], &one).await;
    text.is(0, "done: a seat of \"on_call\" assigned to 1 user\n", "");
}

/// The response names the users who got a seat; the outcome of the others is unknown.
#[tokio::test]
async fn datadog_names_one_of_them_only() {
    let bytes = assigned(&json!([OTHER]));
    let [text, in_json] = both_outputs(&ASSIGN_TWO, &bytes).await;
    let message = format!("the response does not name {USER}");
    text.is(
        3,
        "",
        &format!("unknown: {message}; check before trying again\n"),
    );
    in_json.is_json(3, &of_datadog("unknown", Some(201), &[&message]));
    let rows =
        format!("{USER},unknown,201,the response does not name the user\n{OTHER},done,201,\n");
    csv(&ASSIGN_TWO, &bytes, 3, &rows).await;
}

/// The message names only some of them, and the time does not grow with the square of their number.
#[tokio::test]
async fn datadog_names_none_of_many() {
    let user = |n: usize| format!("00000000-0000-4000-8000-{n:012}");
    let file = tempfile::NamedTempFile::new().unwrap();
    let users: String = (0..30_000).map(|n| user(n) + "\n").collect();
    std::fs::write(file.path(), users).unwrap();
    let path = file.path().to_str().unwrap();
    let arguments = [
        "datadog",
        "assign",
        "--product",
        "on_call",
        "--users-file",
        path,
    ];
    let named: Vec<String> = (30_000..60_000).map(user).collect();
    let wire = Wire::start(vec![assigned(&json!(named)); 2]).await.unwrap();
    let run = |output| {
        let run = seats(&arguments).arguments(&["--output", output]).once();
        run.signed().at(&wire).run()
    };
    let text = run("text").await;
    let first: Vec<String> = (0..20).map(user).collect();
    let message = format!(
        "the response does not name {} and 29980 more",
        first.join(", ")
    );
    text.is(
        3,
        "",
        &format!("unknown: {message}; check before trying again\n"),
    );
    let csv = run("csv").await;
    assert_eq!((csv.code, csv.stdout.lines().count()), (Some(3), 30_001));
    assert_eq!(csv.stdout.matches(",unknown,201,").count(), 30_000);
}

/// An assignment is not retried after it may have been applied.
#[tokio::test]
async fn an_assignment_that_may_have_happened() {
    let lost = answer("502 Bad Gateway", &[], b"no");
    for (arguments, operation) in [
        (&ASSIGN_TWO[..], "assign_seats_user"),
        (&ASSIGN_SEAT, "assign_seat"),
    ] {
        let wire = Wire::start(vec![lost.clone(), lost.clone()]).await.unwrap();
        let ended = seats(arguments).signed().at(&wire).run().await;
        let words = format!(
            "error: {operation}: the vendor answered 502 Bad Gateway: no; it may have happened\n"
        );
        ended.is(3, "", &words);
        assert_eq!(wire.finish().await.unwrap().len(), 1);
    }
    let reason = "assign_seats_user: the vendor answered 502 Bad Gateway: no; it may have happened";
    let rows = format!("{USER},unknown,502,{reason}\n{OTHER},unknown,502,{reason}\n");
    csv(&ASSIGN_TWO, &lost, 3, &rows).await;
}

#[tokio::test]
async fn an_assignment_that_is_refused() {
    for (status, code) in [("422 Unprocessable Entity", 1), ("403 Forbidden", 4)] {
        let bytes = answer(status, &[], br#"{"errors":["no seat is left"]}"#);
        let number: u16 = status[..3].parse().unwrap();
        let mut messages = vec!["no seat is left"];
        let mut advice = String::new();
        if code == 4 {
            messages.push(NEEDED);
            advice = format!(" ({NEEDED})");
        }
        let reason = format!(
            "assign_seats_user: the vendor answered {status}: no seat is left{advice}; nothing changed"
        );
        let [text, in_json] = both_outputs(&ASSIGN_TWO, &bytes).await;
        text.is(code, "", &format!("error: {reason}\n"));
        in_json.is_json(code, &of_datadog("refused", Some(number), &messages));
        let reason = match code {
            4 => format!("\"{reason}\""),
            _ => reason,
        };
        let rows = format!("{USER},failed,{number},{reason}\n{OTHER},failed,{number},{reason}\n");
        csv(&ASSIGN_TWO, &bytes, code, &rows).await;
    }
}

#[tokio::test]
async fn the_store_has_given_it() {
    let seat = json!({"assignedTo": "linus@contoso.example", "state": "Active"});
    let bytes = answer("200 OK", &[], seat.to_string().as_bytes());
    let [text, in_json] = both_outputs(&ASSIGN_SEAT, &bytes).await;
    let words = "done: a seat of \"9NBLGGH4R2R6/0016\" assigned to \"linus@contoso.example\"\n";
    text.is(0, words, "");
    let object = json!({
        "operation": "assign_seat",
        "vendor": "store",
        "effect": "done",
        "status": 200,
        "messages": [],
        "request_id": null,
        "seat": seat,
    });
    in_json.is_json(0, &object);
    csv(&ASSIGN_SEAT, &bytes, 0, "linus@contoso.example,done,200,\n").await;
    let odd = answer("200 OK", &[], b"<html>");
    let row = "linus@contoso.example,done,200,the body of the response could not be read\n";
    csv(&ASSIGN_SEAT, &odd, 0, row).await;
}

/// Without a call, there are no rows.
#[tokio::test]
async fn csv_of_no_call() {
    for arguments in [&ASSIGN_TWO[..], &ASSIGN_SEAT] {
        let ended = seats(arguments).arguments(&["--output", "csv"]).run().await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(4), ""));
        assert!(
            ended.stderr.starts_with("error: no credentials: "),
            "{ended:?}"
        );
    }
}

#[tokio::test]
async fn a_dry_run_shows_the_request() {
    let shown = r#"POST /api/v2/seats/users HTTP/1.1
accept: application/json
content-length: 130
content-type: application/json
dd-api-key: ***
dd-application-key: ***
host: api.datadoghq.com
user-agent: seats/VERSION

{"data":{"attributes":{"product_code":"on_call","user_uuids":["626a4e8e-64bd-409d-b80e-428f08ac0b62"]},"type":"seat-assignments"}}

curl --disable --globoff --path-as-is --request POST --header 'accept: application/json' --header 'content-type: application/json' --header "dd-api-key: $DD_API_KEY" --header "dd-application-key: $DD_APP_KEY" --header 'user-agent: seats/VERSION' --data-raw '{"data":{"attributes":{"product_code":"on_call","user_uuids":["626a4e8e-64bd-409d-b80e-428f08ac0b62"]},"type":"seat-assignments"}}' https://api.datadoghq.com/api/v2/seats/users
"#;
    let run = || {
        seats(&ASSIGN_TWO[..5])
            .arguments(&["--dry-run"])
            .kept_here()
    };
    run().run().await.is(0, &with_version(shown), "");
    let csv = run().arguments(&["--output", "csv"]).run().await;
    let start =
        "method,url,body,curl\nPOST,https://api.datadoghq.com/api/v2/seats/users,\"{\"\"data\"\":{";
    assert!(csv.stdout.starts_with(start), "{csv:?}");
    assert_eq!((csv.code, csv.stdout.lines().count()), (Some(0), 2));
}
