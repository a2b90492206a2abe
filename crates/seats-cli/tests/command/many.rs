//! Many users: the outcome of each, in each format, and the exit code of the worst.

use seats_tests::wire::{Wire, answer, read_request};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use crate::process::{Ended, USER, seats, soon};

pub const OTHER: &str = "9d1c2f60-0f6e-4c5a-8b3e-7f1d2a4c6e80";
pub const THIRD: &str = "c3b5a7d2-41f8-4e0b-9c66-5a0d8e2f7b13";

/// `seats store reclaim` of three seats.
pub const RECLAIM_THREE: [&str; 7] = ["store", "reclaim", "P", "0016", "ada", "linus", "zoë"];
/// `seats datadog unassign` of three seats.
pub const UNASSIGN_THREE: [&str; 7] = [
    "datadog",
    "unassign",
    "--product",
    "on_call",
    USER,
    OTHER,
    THIRD,
];

pub fn done() -> Vec<u8> {
    answer("204 No Content", &[], b"")
}

pub fn says(status: &str) -> Vec<u8> {
    answer(status, &[("ms-cv", "cv.1")], br#"{"message":"no"}"#)
}

pub fn ok(body: &Value) -> Vec<u8> {
    answer("200 OK", &[], body.to_string().as_bytes())
}

/// Runs the command against these responses; returns its output, and the first line and body of each
/// request that it sent.
pub async fn ended(
    arguments: &[&str],
    options: &[&str],
    answers: &[Vec<u8>],
) -> (Ended, Vec<(String, String)>) {
    let wire = Wire::start(answers.to_vec()).await.unwrap();
    let mut run = seats(arguments).arguments(options).once().signed();
    if arguments[..2] != ["datadog", "assign"] {
        run = run.one_at_a_time();
    }
    let ended = run.at(&wire).run().await;
    let requests = wire.finish().await.unwrap();
    let shown = |request: &Vec<u8>| {
        let text = String::from_utf8_lossy(request).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        (head.lines().next().unwrap().to_owned(), body.to_owned())
    };
    (ended, requests.iter().map(shown).collect())
}

#[tokio::test]
async fn each_user_has_a_line_of_their_own() {
    let answers = [
        ok(&json!({"assignedTo": "ada"})),
        says("409 Conflict"),
        says("502 Bad Gateway"),
    ];
    const REFUSED: &str =
        "reclaim_seat_from_user: the vendor answered 409 Conflict: no; nothing changed";
    const UNKNOWN: &str =
        "reclaim_seat_from_user: the vendor answered 502 Bad Gateway: no; it may have happened";
    let (text, requests) = ended(&RECLAIM_THREE, &[], &answers).await;
    text.is(
        3,
        &format!("done     ada\nfailed   linus: {REFUSED}\nunknown  zoë: {UNKNOWN}\n"),
        "1 done, 1 failed, 1 unknown\n",
    );
    let lines: Vec<&str> = requests.iter().map(|(line, _)| line.as_str()).collect();
    assert_eq!(
        lines,
        [
            "DELETE /V1/Inventory/P/0016/Seats/ada HTTP/1.1",
            "DELETE /V1/Inventory/P/0016/Seats/linus HTTP/1.1",
            "DELETE /V1/Inventory/P/0016/Seats/zo%C3%AB HTTP/1.1",
        ]
    );
    let (json, _) = ended(&RECLAIM_THREE, &["--output", "json"], &answers).await;
    json.is(
        3,
        &format!(
            r#"{{"user":"ada","fate":"done","status":200}}
{{"user":"linus","fate":"failed","status":409,"reason":"{REFUSED}","request_id":"cv.1"}}
{{"user":"zoë","fate":"unknown","status":502,"reason":"{UNKNOWN}","request_id":"cv.1"}}
{{"operation":"reclaim_seat_from_user","vendor":"store","summary":{{"done":1,"already_free":0,"failed":1,"unknown":1}}}}
"#
        ),
        "",
    );
    let (csv, _) = ended(&RECLAIM_THREE, &["--output", "csv"], &answers).await;
    csv.is(
        3,
        &format!(
            "user,fate,status,reason\nada,done,200,\nlinus,failed,409,{REFUSED}\nzoë,unknown,502,{UNKNOWN}\n"
        ),
        "",
    );
}

/// Unknown, then not authorized, then refused, then try later.
#[tokio::test]
async fn the_worst_of_them_is_the_exit_code() {
    for (statuses, code, summary) in [
        (["204 No Content"; 3], 0, "3 done\n"),
        (
            [
                "204 No Content",
                "503 Service Unavailable",
                "204 No Content",
            ],
            5,
            "2 done, 1 failed\n",
        ),
        (
            ["409 Conflict", "503 Service Unavailable", "204 No Content"],
            1,
            "1 done, 2 failed\n",
        ),
        (
            [
                "409 Conflict",
                "503 Service Unavailable",
                "401 Unauthorized",
            ],
            4,
            "3 failed\n",
        ),
        (
            ["502 Bad Gateway", "409 Conflict", "401 Unauthorized"],
            3,
            "2 failed, 1 unknown\n",
        ),
    ] {
        let answers = statuses.map(says);
        for arguments in [
            RECLAIM_THREE.to_vec(),
            [&UNASSIGN_THREE[..], &["--one-by-one"]].concat(),
        ] {
            let (ended, requests) = ended(&arguments, &[], &answers).await;
            assert_eq!(ended.code, Some(code), "{ended:?}");
            assert_eq!(ended.stderr, summary, "{ended:?}");
            assert_eq!(requests.len(), 3);
        }
    }
}

/// A 401 or 403 stops the run, because every other call would be refused as well.
#[tokio::test]
async fn a_refusal_of_the_caller_ends_the_run() {
    for (status, word) in [("401 Unauthorized", "401"), ("403 Forbidden", "403")] {
        let answers = [done(), says(status)];
        let (text, requests) = ended(&RECLAIM_THREE, &[], &answers).await;
        let reason =
            format!("reclaim_seat_from_user: the vendor answered {status}: no; nothing changed");
        text.is(
            4,
            &format!("done     ada\nfailed   linus: {reason}\nfailed   zoë: not sent: {reason}\n"),
            "1 done, 2 failed\n",
        );
        assert_eq!(requests.len(), 2);
        let one_by_one = [&UNASSIGN_THREE[..], &["--one-by-one"]].concat();
        let (csv, requests) = ended(&one_by_one, &["--output", "csv"], &[says(status)]).await;
        assert_eq!((csv.code, requests.len()), (Some(4), 1), "{csv:?}");
        let lines: Vec<&str> = csv.stdout.lines().collect();
        assert!(lines[1].starts_with(&format!("{USER},failed,{word},")));
        assert!(
            lines[2].starts_with(&format!("{OTHER},failed,,")),
            "{csv:?}"
        );
        assert!(lines[3].contains("not sent: "), "{csv:?}");
    }
    // An unknown outcome is worse.
    let answers = [says("502 Bad Gateway"), says("401 Unauthorized")];
    let (text, _) = ended(&RECLAIM_THREE, &[], &answers).await;
    assert_eq!(text.code, Some(3), "{text:?}");
    assert_eq!(text.stderr, "2 failed, 1 unknown\n");
}

#[tokio::test]
async fn whoever_is_named_twice_is_called_for_once() {
    let arguments = ["store", "assign", "P", "0016", "ada", "linus", "ada"];
    let (text, requests) = ended(&arguments, &[], &[done(), done()]).await;
    text.is(0, "done     ada\ndone     linus\n", "2 done\n");
    assert_eq!(requests.len(), 2);

    // The first spelling counts.
    let braced = format!("{{{USER}}}");
    let upper = USER.to_uppercase();
    let arguments = [
        "store", "reclaim", "P", "0016", "Zoë@x", &braced, "ZOë@X", &upper,
    ];
    let (text, requests) = ended(&arguments, &[], &[done(), done()]).await;
    text.is(
        0,
        &format!("done     Zoë@x\ndone     {braced}\n"),
        "2 done\n",
    );
    assert_eq!(requests.len(), 2);

    // Only the case of ASCII letters is the same: the Kelvin sign is no k.
    let arguments = ["store", "reclaim", "P", "0016", "kim", "\u{212a}im", "KIM"];
    let (text, requests) = ended(&arguments, &[], &[done(), done()]).await;
    text.is(0, "done     kim\ndone     \u{212a}im\n", "2 done\n");
    assert_eq!(requests.len(), 2);

    // One request at Datadog: its body, the count and the JSON have each user once.
    for verb in ["assign", "unassign"] {
        let arguments = ["datadog", verb, "--product", "p", OTHER, USER, &upper];
        let body = ok(&json!({"data": [{"attributes": {"assigned_ids": [OTHER, USER]}}]}));
        let (text, requests) = ended(&arguments, &[], std::slice::from_ref(&body)).await;
        assert!(text.stdout.ends_with(" 2 users\n"), "{text:?}");
        let both = format!("\"user_uuids\":[\"{OTHER}\",\"{USER}\"]");
        assert!(requests[0].1.contains(&both), "{requests:?}");
        let (json, _) = ended(&arguments, &["--output", "json"], &[body]).await;
        assert_eq!(json.json()["users"], json!([OTHER, USER]));
    }
}

/// The line of a user is written before the next request is sent.
#[tokio::test]
async fn a_line_comes_as_soon_as_its_user_is_done() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/V1", listener.local_addr().unwrap());
    let mut child = seats(&RECLAIM_THREE[..6])
        .signed()
        .variable("SEATS_STORE_URL", url)
        .spawn();
    let (mut first, _) = listener.accept().await.unwrap();
    read_request(&mut first).await.unwrap();
    first.write_all(&done()).await.unwrap();
    let (mut second, _) = listener.accept().await.unwrap();
    read_request(&mut second).await.unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    soon(stdout.read_line(&mut line)).await.unwrap();
    assert_eq!(line, "done     ada\n");
    second.write_all(&done()).await.unwrap();
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).await.unwrap();
    assert_eq!(rest, "done     linus\n");
    assert_eq!(child.wait().await.unwrap().code(), Some(0));
}

#[tokio::test]
async fn what_a_vendor_says_of_a_user_moves_no_cursor() {
    let reason = "\u{1b}[2J\u{9b}31m\u{202e}no";
    let body = json!({"failedSeatOperations": [{"userName": "ada", "failureReason": reason}]});
    for output in ["text", "json", "csv"] {
        let arguments = ["store", "assign", "P", "0016", "ada", "--bulk"];
        let (ended, _) = ended(&arguments, &["--output", output], &[ok(&body)]).await;
        assert_eq!(ended.code, Some(1), "{ended:?}");
        let control = ended.stdout.chars().find(|c| c.is_control() && *c != '\n');
        assert_eq!(control, None, "{ended:?}");
        assert!(!ended.stdout.contains('\u{202e}'), "{ended:?}");
    }
}

/// If nothing can be sent, there is one report, as for a single call.
#[tokio::test]
async fn no_credentials() {
    let run = |output| seats(&RECLAIM_THREE).arguments(&["--output", output]).run();
    let json = run("json").await;
    assert_eq!(json.code, Some(4), "{json:?}");
    assert_eq!(json.json()["operation"], "reclaim_seat_from_user");
    assert_eq!(json.json()["effect"], "not_sent");
    for output in ["text", "csv"] {
        let ended = run(output).await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(4), ""));
    }
}
