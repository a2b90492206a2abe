//! Many users: what became of each is told as it comes, and the worst of it is the exit code.

use seats_tests::wire::{Reply, Wire, answer, read_request};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use crate::process::{Ended, RECLAIM, UNASSIGN, USER, heard_nothing, seats, soon};

const OTHER: &str = "9d1c2f60-0f6e-4c5a-8b3e-7f1d2a4c6e80";
const THIRD: &str = "c3b5a7d2-41f8-4e0b-9c66-5a0d8e2f7b13";

/// `seats store reclaim` of three seats.
const RECLAIM_THREE: [&str; 7] = ["store", "reclaim", "P", "0016", "ada", "linus", "zoë"];
/// `seats datadog unassign` of three seats.
const UNASSIGN_THREE: [&str; 7] = [
    "datadog",
    "unassign",
    "--product",
    "on_call",
    USER,
    OTHER,
    THIRD,
];

fn done() -> Vec<u8> {
    answer("204 No Content", &[], b"")
}

fn says(status: &str) -> Vec<u8> {
    answer(status, &[("ms-cv", "cv.1")], br#"{"message":"no"}"#)
}

fn ok(body: &Value) -> Vec<u8> {
    answer("200 OK", &[], body.to_string().as_bytes())
}

/// What the command says of these answers, and the requests that it sent: first line and body.
async fn ended(
    arguments: &[&str],
    options: &[&str],
    answers: &[Vec<u8>],
) -> (Ended, Vec<(String, String)>) {
    let wire = Wire::start(answers.to_vec()).await.unwrap();
    let run = seats(arguments).arguments(options).once().signed();
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
{{"operation":"reclaim_seat_from_user","vendor":"store","summary":{{"done":1,"failed":1,"unknown":1}}}}
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

/// Unknown, then not authorised, then refused, then try later.
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

/// Every other call would be refused as well: none is made.
#[tokio::test]
async fn a_refusal_of_the_caller_ends_the_run() {
    for (status, word) in [("401 Unauthorized", "401"), ("403 Forbidden", "403")] {
        let answers = [done(), says(status)];
        let (text, requests) = ended(&RECLAIM_THREE, &[], &answers).await;
        let reason =
            format!("reclaim_seat_from_user: the vendor answered {status}: no; nothing changed");
        text.is(
            4,
            &format!("done     ada\nfailed   linus: {reason}\nfailed   zoë: not begun: {reason}\n"),
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
        assert!(lines[3].contains("not begun: "), "{csv:?}");
    }
    // What may have happened before counts more.
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
        "store", "reclaim", "P", "0016", "Zoë@x", &braced, "ZOË@X", &upper,
    ];
    let (text, requests) = ended(&arguments, &[], &[done(), done()]).await;
    text.is(
        0,
        &format!("done     Zoë@x\ndone     {braced}\n"),
        "2 done\n",
    );
    assert_eq!(requests.len(), 2);

    // One request of Datadog, and who is counted and told of.
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

/// One at a time; and each of them once.
#[tokio::test]
async fn one_call_each_of_datadog() {
    let arguments = [&UNASSIGN_THREE[..], &[USER, "--one-by-one"]].concat();
    let answers = [done(), says("422 Unprocessable Entity"), done()];
    let (text, requests) = ended(&arguments, &[], &answers).await;
    text.is(
        1,
        &format!(
            "done     {USER}\nfailed   {OTHER}: unassign_seats_user: the vendor answered 422 Unprocessable Entity: no; nothing changed\ndone     {THIRD}\n"
        ),
        "2 done, 1 failed\n",
    );
    assert_eq!(requests.len(), 3);
    for ((line, body), user) in requests.iter().zip([USER, OTHER, THIRD]) {
        assert_eq!(line, "DELETE /api/v2/seats/users HTTP/1.1");
        assert!(body.contains(&format!("\"user_uuids\":[\"{user}\"]")));
    }
    // One user, too, is told of in this form.
    let one = [&UNASSIGN[..], &["--one-by-one", "--output", "csv"]].concat();
    let (csv, _) = ended(&one, &[], &[done()]).await;
    csv.is(
        0,
        &format!("user,fate,status,reason\n{USER},done,204,\n"),
        "",
    );
}

/// The list of seats tells what became of each.
#[tokio::test]
async fn batches_of_datadog() {
    let arguments = [&UNASSIGN_THREE[..], &["--batch-size", "2"]].concat();
    let list = ok(&json!({"data": [{"id": OTHER}]}));
    let (text, requests) = ended(&arguments, &[], &[done(), done(), list.clone()]).await;
    text.is(
        1,
        &format!(
            "done     {USER}\nfailed   {OTHER}: the vendor said that it is done, and still lists the user\ndone     {THIRD}\n"
        ),
        "2 done, 1 failed\n",
    );
    let lines: Vec<&str> = requests.iter().map(|(line, _)| line.as_str()).collect();
    assert_eq!(
        lines,
        [
            "DELETE /api/v2/seats/users HTTP/1.1",
            "DELETE /api/v2/seats/users HTTP/1.1",
            "GET /api/v2/seats/users?product_code=on_call HTTP/1.1",
        ]
    );
    assert!(requests[0].1.contains(&format!("[\"{USER}\",\"{OTHER}\"]")));

    // The list cannot be had: what is unknown stays unknown, however it was refused.
    let (json, _) = ended(
        &arguments,
        &["--output", "json"],
        &[done(), says("403 Forbidden"), says("401 Unauthorized")],
    )
    .await;
    assert_eq!(json.code, Some(3), "{json:?}");
    let lines: Vec<Value> = json
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let fates: Vec<&Value> = lines[..3].iter().map(|line| &line["fate"]).collect();
    assert_eq!(fates, ["unknown", "unknown", "failed"]);
    assert_eq!(
        lines[3]["summary"],
        json!({"done": 0, "failed": 1, "unknown": 2})
    );
}

/// 25 users a call; and one user where that is asked for.
#[tokio::test]
async fn many_users_in_one_call_of_the_store() {
    let users: Vec<String> = (1..=26).map(|n| format!("user{n}")).collect();
    let file = users.join("\n");
    let seats_of = |users: &[String]| -> Vec<Value> {
        let seat = |user: &String| json!({"assignedTo": user});
        users.iter().map(seat).collect()
    };
    let first = ok(&json!({
        "seatDetails": seats_of(&users[..24]),
        "failedSeatOperations": [{"userName": "user25", "failureReason": "no seat\nis left"}],
    }));
    let second = ok(&json!({"seatDetails": [], "failedSeatOperations": []}));
    let wire = Wire::start(vec![first, second]).await.unwrap();
    let ended = seats(&[
        "store",
        "assign",
        "P",
        "0016",
        "--bulk",
        "--users-file",
        "-",
    ])
    .reading(&file)
    .signed()
    .at(&wire)
    .run()
    .await;
    let mut expected: String = users[..24]
        .iter()
        .map(|user| format!("done     {user}\n"))
        .collect();
    expected.push_str("failed   user25: no seat is left\n");
    expected.push_str("unknown  user26: the answer does not name the user\n");
    ended.is(3, &expected, "24 done, 1 failed, 1 unknown\n");
    let requests = wire.finish().await.unwrap();
    let second = String::from_utf8_lossy(&requests[1]).into_owned();
    assert!(second.starts_with("POST /V1/Inventory/P/0016/Seats HTTP/1.1\r\n"));
    assert!(second.ends_with(r#"{"seatAction":"assign","usernames":["user26"]}"#));

    let bulk = [&RECLAIM[..], &["--bulk", "--output", "json"]].concat();
    let answered = ok(&json!({"seatDetails": [{"assignedTo": RECLAIM[4]}]}));
    let (json, requests) = self::ended(&bulk, &[], &[answered]).await;
    json.is(
        0,
        r#"{"user":"ada@contoso.example","fate":"done","status":200}
{"operation":"bulk_assign_and_reclaim_seats","vendor":"store","summary":{"done":1,"failed":0,"unknown":0}}
"#,
        "",
    );
    assert_eq!(
        requests[0].1,
        r#"{"seatAction":"reclaim","usernames":["ada@contoso.example"]}"#
    );
}

/// A reclaim can be repeated, and a lost answer becomes done; a bulk call is not repeated.
#[tokio::test]
async fn what_is_sent_again() {
    let missing = r#"{"data":[{"itemType":"Seat"}],"message":"The seat does not exist"}"#;
    let gone = answer("404 Not Found", &[], missing.as_bytes());
    let replies = vec![
        Reply::Bytes(done()),
        Reply::Bytes(Vec::new()),
        Reply::Bytes(gone),
        Reply::Bytes(done()),
    ];
    let wire = Wire::start_with(replies).await.unwrap();
    let ended = seats(&RECLAIM_THREE).signed().at(&wire).run().await;
    ended.is(
        0,
        "done     ada\ndone     linus: the answer to an earlier attempt was lost, and the seat is gone\ndone     zoë\n",
        "3 done\n",
    );
    assert_eq!(wire.finish().await.unwrap().len(), 4);

    let wire = Wire::start(vec![says("502 Bad Gateway")]).await.unwrap();
    let ended = seats(&RECLAIM_THREE).arguments(&["--bulk"]).signed();
    let ended = ended.at(&wire).run().await;
    assert_eq!(
        (ended.code, ended.stderr.as_str()),
        (Some(3), "3 unknown\n")
    );
    assert_eq!(wire.finish().await.unwrap().len(), 1);
}

/// Each request that would be sent, and each of them once.
#[tokio::test]
async fn a_dry_run_shows_every_request() {
    let wire = Wire::start(vec![]).await.unwrap();
    let one_by_one = [&UNASSIGN_THREE[..], &["--one-by-one"]].concat();
    let batches = [&UNASSIGN_THREE[..], &["--batch-size", "2"]].concat();
    let bulk = [&RECLAIM_THREE[..], &["--bulk"]].concat();
    let mut last = None;
    for (arguments, requests) in [
        (&RECLAIM_THREE[..], 3),
        (&bulk, 1),
        (&one_by_one, 3),
        (&batches, 2),
    ] {
        let run = |output| {
            let dry = ["--dry-run", "--output", output];
            seats(arguments).arguments(&dry).at(&wire)
        };
        let text = run("text").run().await;
        assert_eq!((text.code, text.stderr.as_str()), (Some(0), ""), "{text:?}");
        assert_eq!(text.stdout.matches("\ncurl --globoff ").count(), requests);
        assert_eq!(
            text.stdout
                .split("\n\n")
                .filter(|part| part.contains("HTTP/1.1"))
                .count(),
            requests
        );
        let json = run("json").run().await;
        assert_eq!((json.code, json.stderr.as_str()), (Some(0), ""), "{json:?}");
        assert_eq!(json.stdout.lines().count(), requests);
        for line in json.stdout.lines() {
            let report: Value = serde_json::from_str(line).unwrap();
            assert_eq!(report["effect"], "not_sent");
            assert!(report["request"]["curl"].is_string());
        }
        let csv = run("csv").run().await;
        assert_eq!(csv.stdout.lines().count(), requests + 1, "{csv:?}");
        assert!(csv.stdout.starts_with("method,url,body,curl\n"));
        last = Some(csv);
    }
    heard_nothing(wire, &last.unwrap()).await;
}

/// The users that are left were meant as well, whoever reads of it.
#[tokio::test]
async fn a_reader_that_goes_away_stops_nothing() {
    for output in ["text", "json", "csv"] {
        let wire = Wire::start(vec![done(), says("409 Conflict"), done()])
            .await
            .unwrap();
        let run = seats(&RECLAIM_THREE).arguments(&["--output", output]);
        let ended = run.signed().at(&wire).unread().run().await;
        let summary = if output == "text" {
            "2 done, 1 failed\n"
        } else {
            ""
        };
        ended.is(1, "", summary);
        assert_eq!(wire.finish().await.unwrap().len(), 3);
    }
}

/// The line of a user can be read before the next one is called for.
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
        assert_eq!(output == "json", ended.stdout.contains('\u{202e}'));
    }
}

/// Before anything is sent, there is one report as for any other call.
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
