//! How lists end: by errors, readers that have gone, and a full disk.

use seats_tests::wire::{Wire, answer, read_request};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use crate::lists::{
    INVENTORY, LIST_OF_USER, LIST_SEATS, LIST_USERS, OTHER, SHOW, ended, ok, run, user, users,
};
use crate::process::{USER, heard_nothing, seats, soon, with_version};

fn report(vendor: &str, operation: &str, effect: &str, status: u16, message: &str) -> Value {
    json!({
        "operation": operation,
        "vendor": vendor,
        "effect": effect,
        "status": status,
        "messages": [message],
        "request_id": null,
    })
}

const READS: [(&[&str], &str); 5] = [
    (&LIST_USERS, "get_seats_users"),
    (&LIST_SEATS, "get_seats"),
    (&LIST_OF_USER, "get_seats_assigned_to_user"),
    (&INVENTORY, "get_inventory"),
    (&SHOW, "get_seat"),
];

/// The permissions that a 403 of Datadog's list names.
const NEEDED: &str = "needs one of the permissions billing_read, incident_read, on_call_read";

/// A list that cannot be read has no heading. Its exit code is never 3, even if the response is lost.
#[tokio::test]
async fn a_list_that_cannot_be_had() {
    for (arguments, operation) in READS {
        for (status, code, effect) in [
            ("400 Bad Request", 1, "refused"),
            ("401 Unauthorized", 4, "refused"),
            ("403 Forbidden", 4, "refused"),
            ("429 Too Many Requests", 5, "try_later"),
        ] {
            let bytes = answer(status, &[], br#"{"message":"no"}"#);
            let of = async |output| {
                ended(arguments, output, std::slice::from_ref(&bytes))
                    .await
                    .0
            };
            let start = format!("error: {operation}: the vendor answered {status}: no");
            for output in ["text", "csv"] {
                let ended = of(output).await;
                assert_eq!((ended.code, ended.stdout.as_str()), (Some(code), ""));
                assert!(ended.stderr.starts_with(&start), "{ended:?}");
                assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
            }
            let number = status[..3].parse().unwrap();
            let mut object = report(arguments[0], operation, effect, number, "no");
            if (operation, code) == ("get_seats_users", 4) && number == 403 {
                object["messages"] = json!(["no", NEEDED]);
            }
            of("json").await.is_json(code, &object);
        }
        let (text, _) = ended(arguments, "text", &[]).await;
        assert_eq!(text.code, Some(5), "{text:?}");
        let (text, _) = ended(arguments, "text", &[ok(&json!({}))]).await;
        assert_eq!((text.code, text.stdout.as_str()), (Some(1), ""));
    }
}

/// The rows before the error stay. In JSON, the error is the only line with an `effect`.
#[tokio::test]
async fn a_list_that_breaks_off() {
    let answers = [
        users(&[user(USER, "ada")], Some("next")),
        answer("403 Forbidden", &[], br#"{"errors":["no longer"]}"#),
    ];
    let error = format!(
        "error: get_seats_users: the vendor answered 403 Forbidden: no longer ({NEEDED})\n"
    );
    let (text, _) = ended(&LIST_USERS, "text", &answers).await;
    text.is(
        4,
        "\
ID                                    EMAIL                NAME  ASSIGNED AT
626a4e8e-64bd-409d-b80e-428f08ac0b62  ada@contoso.example  ada   2026-01-14T09:30:00Z
",
        &error,
    );
    let (csv, _) = ended(&LIST_USERS, "csv", &answers).await;
    csv.is(
        4,
        "\
id,email,name,assigned_at
626a4e8e-64bd-409d-b80e-428f08ac0b62,ada@contoso.example,ada,2026-01-14T09:30:00Z
",
        &error,
    );
    let (json, _) = ended(&LIST_USERS, "json", &answers).await;
    json.is(
        4,
        r#"{"id":"626a4e8e-64bd-409d-b80e-428f08ac0b62","email":"ada@contoso.example","name":"ada","assigned_at":"2026-01-14T09:30:00Z"}
{"operation":"get_seats_users","vendor":"datadog","effect":"refused","status":403,"messages":["no longer","needs one of the permissions billing_read, incident_read, on_call_read"],"request_id":null}
"#,
        "",
    );
}

#[tokio::test]
async fn a_seat_that_nobody_holds() {
    let absent = answer(
        "404 Not Found",
        &[("ms-cv", "cv.1")],
        br#"{"data":[{"itemType":"Seat"}],"message":"The seat does not exist"}"#,
    );
    const MESSAGE: &str = "The seat does not exist (itemType: Seat)";
    for output in ["text", "csv"] {
        let (ended, _) = ended(&SHOW, output, std::slice::from_ref(&absent)).await;
        let error = format!("error: get_seat: the vendor answered 404 Not Found: {MESSAGE}");
        ended.is(1, "", &format!("{error}\nrequest id: cv.1\n"));
    }
    let (json, _) = ended(&SHOW, "json", &[absent]).await;
    let mut object = report("store", "get_seat", "refused", 404, MESSAGE);
    object["request_id"] = json!("cv.1");
    json.is_json(1, &object);
}

#[tokio::test]
async fn a_dry_run_shows_the_first_request() {
    for (arguments, operation) in READS {
        let wire = Wire::start(vec![]).await.unwrap();
        let text = run(arguments, "text", &wire).arguments(&["--dry-run"]);
        let text = text.run().await;
        assert_eq!((text.code, text.stderr.as_str()), (Some(0), ""), "{text:?}");
        assert!(text.stdout.starts_with("GET /"), "{text:?}");
        assert_eq!(text.stdout.matches("\ncurl ").count(), 1, "{text:?}");
        let json = run(arguments, "json", &wire).arguments(&["--dry-run"]);
        let json = json.run().await.json();
        assert_eq!(json["operation"], operation);
        assert_eq!(json["request"]["method"], "GET");
        let csv = run(arguments, "csv", &wire).arguments(&["--dry-run"]);
        let csv = csv.run().await;
        assert!(csv.stdout.starts_with("method,url,body,curl\nGET,http"));
        heard_nothing(wire, &csv).await;
    }
    let ended = seats(&LIST_SEATS)
        .arguments(&["--dry-run", "--page-size", "7"])
        .kept_here()
        .run()
        .await;
    let shown = r#"GET /V1/Inventory/9NBLGGH4R2R6/0016/Seats?maxResults=7 HTTP/1.1
accept: application/json
authorization: Bearer ***
host: bspmts.mp.microsoft.com
user-agent: seats/VERSION

curl --disable --globoff --path-as-is --request GET --header 'accept: application/json' --header "authorization: Bearer $SEATS_STORE_TOKEN" --header 'user-agent: seats/VERSION' 'https://bspmts.mp.microsoft.com/V1/Inventory/9NBLGGH4R2R6/0016/Seats?maxResults=7'
"#;
    ended.is(0, &with_version(shown), "");
}

/// As in `seats store list ... | head`.
#[tokio::test]
async fn a_reader_that_has_read_enough() {
    let pages = [
        users(&[user(USER, "ada")], Some("next")),
        users(&[user(OTHER, "bob")], None),
    ];
    for output in ["text", "json", "csv"] {
        let wire = Wire::start(pages.to_vec()).await.unwrap();
        let ended = run(&LIST_USERS, output, &wire).unread().run().await;
        ended.is(0, "", "");
    }
}

/// A list that cannot be written ends with 1.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_disk_that_is_full() {
    let full = || std::fs::File::options().write(true).open("/dev/full");
    for output in ["text", "json", "csv"] {
        let wire = Wire::start(vec![users(&[user(USER, "ada")], None)]);
        let wire = wire.await.unwrap();
        let run = run(&LIST_USERS, output, &wire).writing_to(full().unwrap());
        let words =
            "error: the list cannot be written to stdout: No space left on device (os error 28)\n";
        run.run().await.is(1, "", words);
    }
}

/// The rows of a page are written before the next page arrives.
#[tokio::test]
async fn rows_come_as_their_page_comes() {
    for (output, lines) in [("text", 2), ("json", 1), ("csv", 2)] {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut child = seats(&LIST_USERS)
            .arguments(&["--output", output])
            .signed()
            .variable("SEATS_DATADOG_URL", url)
            .spawn();
        let (mut first, _) = listener.accept().await.unwrap();
        read_request(&mut first).await.unwrap();
        let page = users(&[user(USER, "ada")], Some("next"));
        first.write_all(&page).await.unwrap();
        let (mut second, _) = listener.accept().await.unwrap();
        read_request(&mut second).await.unwrap();

        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut read = String::new();
        for _ in 0..lines {
            soon(stdout.read_line(&mut read)).await.unwrap();
        }
        assert!(read.lines().last().unwrap().contains(USER), "{read}");

        second
            .write_all(&users(&[user(OTHER, "bob")], None))
            .await
            .unwrap();
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).await.unwrap();
        assert_eq!(rest.lines().count(), 1, "{rest}");
        assert!(rest.contains(OTHER), "{rest}");
        assert_eq!(child.wait().await.unwrap().code(), Some(0));
    }
}
