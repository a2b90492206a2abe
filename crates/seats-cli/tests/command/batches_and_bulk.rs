//! Many users in one request, in batches, in bulk, or in requests of their own; and how they retry.

use seats_tests::wire::{Reply, Wire, answer};
use serde_json::{Value, json};

use crate::many::{OTHER, RECLAIM_THREE, THIRD, UNASSIGN_THREE, done, ended, ok, says};
use crate::process::{RECLAIM, UNASSIGN, USER, heard_nothing, seats};

/// Each user has one request.
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
    // The output for one user has the same form.
    let one = [&UNASSIGN[..], &["--one-by-one", "--output", "csv"]].concat();
    let (csv, _) = ended(&one, &[], &[done()]).await;
    csv.is(
        0,
        &format!("user,fate,status,reason\n{USER},done,204,\n"),
        "",
    );
}

/// The outcome of each user follows from the list of seats.
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

    // If the list cannot be read, users of a batch that was sent stay unknown.
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
        json!({"done": 0, "already_free": 0, "failed": 1, "unknown": 2})
    );
}

/// 25 users per request; also for a single user.
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
    .one_at_a_time()
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
{"operation":"bulk_assign_and_reclaim_seats","vendor":"store","summary":{"done":1,"already_free":0,"failed":0,"unknown":0}}
"#,
        "",
    );
    assert_eq!(
        requests[0].1,
        r#"{"seatAction":"reclaim","usernames":["ada@contoso.example"]}"#
    );
}

/// A reclaim is retried after a lost response, and a seat that is gone then is done; a bulk request is
/// not retried.
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
    let run = seats(&RECLAIM_THREE).one_at_a_time().signed();
    let ended = run.at(&wire).run().await;
    ended.is(
        0,
        "done     ada\ndone     linus: the response to an earlier attempt was lost, and the seat is gone\ndone     zoë\n",
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

/// Each request is shown once.
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
        assert_eq!(
            text.stdout.matches("\ncurl --disable --globoff ").count(),
            requests
        );
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
