//! Ctrl-C and SIGTERM: the command reports what it knows, and ends.

use std::io::Write;

use seats_tests::wire::{answer, read_request};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};

use crate::process::{RECLAIM, Seats, UNASSIGN, USER, seats, soon};

const OTHER: &str = "9d1c2f60-0f6e-4c5a-8b3e-7f1d2a4c6e80";
const THIRD: &str = "c3b5a7d2-41f8-4e0b-9c66-5a0d8e2f7b13";

/// The exit code, stdout and stderr of a command.
type Ended = (Option<i32>, String, String);

/// Starts the command, answers its first requests, and returns while the next one is in flight.
async fn under_way(run: Seats, answers: &[Vec<u8>]) -> (Child, TcpStream) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let child = run
        .signed()
        .variable("SEATS_DATADOG_URL", &url)
        .variable("SEATS_STORE_URL", format!("{url}/V1"))
        .spawn();
    for bytes in answers {
        let (mut stream, _) = listener.accept().await.unwrap();
        soon(read_request(&mut stream)).await.unwrap();
        stream.write_all(bytes).await.unwrap();
    }
    let (mut stream, _) = soon(listener.accept()).await.unwrap();
    soon(read_request(&mut stream)).await.unwrap();
    (child, stream)
}

async fn send(signal: &str, child: &Child) {
    let id = child.id().unwrap().to_string();
    let sent = Command::new("kill").args([signal, &id]).status().await;
    assert!(sent.unwrap().success());
}

/// Interrupts a command while a call is in flight.
async fn interrupted(arguments: &[&str], options: &[&str], answers: &[Vec<u8>]) -> Ended {
    interrupted_by("-INT", seats(arguments).arguments(options), answers).await
}

/// Interrupts a run for many users, one after the other, while a call is in flight.
async fn interrupted_one_by_one(
    arguments: &[&str],
    options: &[&str],
    answers: &[Vec<u8>],
) -> Ended {
    let run = seats(arguments).arguments(options).one_at_a_time();
    interrupted_by("-INT", run, answers).await
}

async fn interrupted_by(signal: &str, run: Seats, answers: &[Vec<u8>]) -> Ended {
    let (child, _stream) = under_way(run, answers).await;
    send(signal, &child).await;
    let output = soon(child.wait_with_output()).await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

fn done() -> Vec<u8> {
    answer("204 No Content", &[], b"")
}

fn ended(code: i32, stdout: &str, stderr: &str) -> Ended {
    (Some(code), stdout.to_owned(), stderr.to_owned())
}

#[tokio::test]
async fn one_call_may_have_happened() {
    for (arguments, operation) in [
        (&RECLAIM[..], "reclaim_seat_from_user"),
        (&UNASSIGN, "unassign_seats_user"),
        (
            &["datadog", "assign", "--product", "on_call", USER],
            "assign_seats_user",
        ),
    ] {
        let line = format!("error: {operation}: interrupted: it may have happened\n");
        for signal in ["-INT", "-TERM"] {
            let text = interrupted_by(signal, seats(arguments), &[]).await;
            assert_eq!(text, ended(3, "", &line), "{signal}");
        }
        let (code, stdout, stderr) = interrupted(arguments, &["--output", "json"], &[]).await;
        assert_eq!((code, stderr.as_str()), (Some(3), ""));
        let object: Value = serde_json::from_str(&stdout).unwrap();
        assert_eq!(object["operation"], operation);
        assert_eq!(object["effect"], "unknown");
        assert_eq!(
            object["messages"],
            json!(["interrupted: it may have happened"])
        );
        let csv = interrupted(arguments, &["--output", "csv"], &[]).await;
        let user = arguments[4];
        let row = format!(
            "user,fate,status,reason\n{user},unknown,,{operation}: interrupted: it may have happened\n"
        );
        assert_eq!(csv, ended(3, &row, ""));
    }
}

/// The users before it have their outcome, and those after it are counted as not begun.
#[tokio::test]
async fn of_many_users_the_one_under_way_is_unknown() {
    let four = ["store", "reclaim", "P", "0016", "ada", "bob", "eve", "zoë"];
    let text = interrupted_one_by_one(&four, &[], &[done()]).await;
    let note = "interrupted: 2 users were not begun\n";
    let lines = "done     ada\nunknown  bob: interrupted\n";
    assert_eq!(text, ended(3, lines, &format!("1 done, 1 unknown\n{note}")));
    let json = interrupted_one_by_one(&four, &["--output", "json"], &[done()]).await;
    let lines = r#"{"user":"ada","fate":"done","status":204}
{"user":"bob","fate":"unknown","reason":"interrupted"}
{"operation":"reclaim_seat_from_user","vendor":"store","summary":{"done":1,"already_free":0,"failed":0,"unknown":1,"not_begun":2}}
"#;
    assert_eq!(json, ended(3, lines, note));
    let csv = interrupted_one_by_one(&four, &["--output", "csv"], &[done()]).await;
    let lines = "user,fate,status,reason\nada,done,204,\nbob,unknown,,interrupted\n";
    assert_eq!(csv, ended(3, lines, note));

    let one_by_one = [&UNASSIGN[..], &[OTHER, "--one-by-one"]].concat();
    let text = interrupted_one_by_one(&one_by_one, &[], &[done()]).await;
    let lines = format!("done     {USER}\nunknown  {OTHER}: interrupted\n");
    assert_eq!(text, ended(3, &lines, "1 done, 1 unknown\n"));
}

/// All users of a request in flight are unknown.
#[tokio::test]
async fn of_many_users_in_one_call_all_are_unknown() {
    let users: Vec<String> = (1..=52).map(|n| format!("user{n}")).collect();
    let mut bulk = vec!["store", "assign", "P", "0016", "--bulk"];
    bulk.extend(users.iter().map(String::as_str));
    let seats_of = users[..25].iter();
    let seats_of: Vec<Value> = seats_of.map(|user| json!({"assignedTo": user})).collect();
    let body = json!({"seatDetails": seats_of}).to_string();
    let first = answer("200 OK", &[], body.as_bytes());
    let text = interrupted_one_by_one(&bulk, &[], &[first]).await;
    let lines: String = users[..50]
        .iter()
        .enumerate()
        .map(|(n, user)| match n {
            0..25 => format!("done     {user}\n"),
            _ => format!("unknown  {user}: interrupted\n"),
        })
        .collect();
    let summary = "25 done, 25 unknown\ninterrupted: 2 users were not begun\n";
    assert_eq!(text, ended(3, &lines, summary));

    // The outcome of the first batch depends on the list, which has not been read.
    let batches = [&UNASSIGN[..], &[OTHER, THIRD, "--batch-size", "2"]].concat();
    let text = interrupted_one_by_one(&batches, &[], &[done()]).await;
    let lines = [USER, OTHER, THIRD].map(|user| format!("unknown  {user}: interrupted\n"));
    assert_eq!(text, ended(3, &lines.concat(), "3 unknown\n"));
}

/// A read changes nothing; the rows printed before stay.
#[tokio::test]
async fn a_list_ends_with_5() {
    let list = ["store", "list", "P", "0016"];
    let text = interrupted(&list, &[], &[]).await;
    let words = "error: get_seats: interrupted: nothing changed\n";
    assert_eq!(text, ended(5, "", words));
    let body = json!({"seats": [{"assignedTo": "ada"}], "continuationToken": "t"}).to_string();
    let page = answer("200 OK", &[], body.as_bytes());
    let csv = interrupted(&list, &["--output", "csv"], &[page]).await;
    let rows = "assignedTo,productId,skuId,state,dateAssigned\nada,,,,\n";
    assert_eq!(csv, ended(5, rows, words));
    let json = interrupted(
        &["datadog", "list", "--product", "p"],
        &["--output", "json"],
        &[],
    )
    .await;
    let object: Value = serde_json::from_str(&json.1).unwrap();
    assert_eq!((json.0, json.2.as_str()), (Some(5), ""));
    assert_eq!(object["effect"], "try_later");
    let show = ["store", "show", "P", "0016", "ada"];
    assert_eq!(
        interrupted(&show, &[], &[]).await,
        ended(5, "", "error: get_seat: interrupted: nothing changed\n")
    );
}

/// Even while the command is blocked by a reader that does not read.
#[tokio::test]
async fn the_second_signal_ends_it_at_once() {
    let (reader, writer) = std::io::pipe().unwrap();
    let mut full = writer.try_clone().unwrap();
    // This writer is blocked as well, and so keeps the pipe full.
    let filling = std::thread::spawn(move || while full.write_all(&[b'.'; 4096]).is_ok() {});
    let run = seats(&["store", "reclaim", "P", "0016", "ada", "bob"]).writing_to(writer);
    let (mut child, _stream) = under_way(run, &[]).await;
    let code = soon(async {
        loop {
            send("-INT", &child).await;
            tokio::select! {
                biased;
                status = child.wait() => break status.unwrap().code(),
                () = tokio::task::yield_now() => {}
            }
        }
    });
    assert_eq!(code.await, Some(3));
    drop(reader);
    filling.join().unwrap();
}

/// Reads the log of the command until it waits before a retry.
async fn waits_to_retry(child: &mut Child) {
    let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
    while let Some(line) = soon(log.next_line()).await.unwrap() {
        if line.contains("to be repeated") {
            // Goes on reading, so that the command is not blocked.
            tokio::spawn(async move { while let Ok(Some(_)) = log.next_line().await {} });
            return;
        }
    }
    panic!("it does not wait");
}

async fn not_now(mut stream: TcpStream) {
    let bytes = answer("429 Too Many Requests", &[("retry-after", "40")], b"");
    stream.write_all(&bytes).await.unwrap();
    stream.shutdown().await.unwrap();
}

/// During the wait after a 429, no request is in flight.
#[tokio::test]
async fn a_wait_after_a_429_is_to_be_tried_later() {
    for (arguments, seconds) in [(&RECLAIM[..], 40), (&UNASSIGN, 40)] {
        let run = seats(arguments).arguments(&["-v", "--output", "json"]);
        let (mut child, stream) = under_way(run, &[]).await;
        not_now(stream).await;
        waits_to_retry(&mut child).await;
        send("-INT", &child).await;
        let output = soon(child.wait_with_output()).await.unwrap();
        let object: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(5), "{object}");
        assert_eq!(object["effect"], "try_later", "{object}");
        assert_eq!(object["retry_after"], seconds, "{object}");
    }
}

/// While a token is fetched, nothing has been sent to the vendor.
#[tokio::test]
async fn a_call_that_waits_for_its_token_is_not_sent() {
    let authority = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}", authority.local_addr().unwrap());
    for (users, stdout) in [
        (
            &[][..],
            "{\"operation\":\"reclaim_seat_from_user\",\"vendor\":\"store\",\"effect\":\"not_sent\",",
        ),
        (
            &["bob", "eve"],
            "{\"user\":\"ada@contoso.example\",\"fate\":\"failed\",",
        ),
    ] {
        let child = seats(&RECLAIM)
            .arguments(users)
            .arguments(&["--output", "json", "--concurrency", "2"])
            .variable("SEATS_STORE_URL", format!("{url}/V1"))
            .variable("AZURE_AUTHORITY_HOST", &url)
            .variable("AZURE_TENANT_ID", "contoso.example")
            .variable("AZURE_CLIENT_ID", "b40e7d92-6c3f-4a15-8e2b-97f05c1da386")
            .variable("AZURE_CLIENT_SECRET", "planted-client-secret")
            .spawn();
        let (mut stream, _) = soon(authority.accept()).await.unwrap();
        let request = soon(read_request(&mut stream)).await.unwrap();
        assert!(request.starts_with(b"POST /contoso.example/"));
        send("-INT", &child).await;
        let output = soon(child.wait_with_output()).await.unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(5), "{text}");
        assert!(text.starts_with(stdout), "{text}");
        assert!(
            text.contains("interrupted: the request was not sent\""),
            "{text}"
        );
        assert!(
            !text.contains("unknown\",") && !text.contains("planted"),
            "{text}"
        );
    }
}

/// Of several calls, one is in flight and one waits; other users are not begun.
#[tokio::test]
async fn each_of_several_calls_is_told_apart() {
    let users = ["store", "reclaim", "P", "0016", "ada", "bob", "eve", "zoë"];
    let run = seats(&users).arguments(&["-v", "--concurrency", "2", "--output", "csv"]);
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/V1", listener.local_addr().unwrap());
    let mut child = run.signed().variable("SEATS_STORE_URL", url).spawn();
    let accept = async || {
        let (mut stream, _) = soon(listener.accept()).await.unwrap();
        let request = soon(read_request(&mut stream)).await.unwrap();
        (String::from_utf8(request).unwrap(), stream)
    };
    let (_, mut first) = accept().await;
    first.write_all(&done()).await.unwrap();
    first.shutdown().await.unwrap();
    let mut both = [accept().await, accept().await];
    both.sort_by(|one, other| one.0.cmp(&other.0));
    let [(bob, in_flight), (eve, waiting)] = both;
    assert!(bob.contains("/bob ") && eve.contains("/eve "));
    not_now(waiting).await;
    waits_to_retry(&mut child).await;
    send("-INT", &child).await;
    let output = soon(child.wait_with_output()).await.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = text.lines().skip(1).collect();
    assert_eq!(lines[..2], ["ada,done,204,", "bob,unknown,,interrupted"]);
    let eve = "eve,failed,429,reclaim_seat_from_user: the vendor answered 429 Too Many Requests";
    assert!(lines[2].starts_with(eve), "{text}");
    assert_eq!((lines.len(), output.status.code()), (3, Some(3)));
    drop(in_flight);
}
