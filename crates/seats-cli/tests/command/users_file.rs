//! `--users-file`: one user per line, from a file or from stdin.

use seats_tests::wire::{Wire, answer};
use serde_json::json;

use crate::process::{RECLAIM, UNASSIGN, USER, heard_nothing, seats};

/// The commands that take users, without users.
const COMMANDS: [&[&str]; 4] = [
    &["datadog", "assign", "--product", "on_call"],
    &["datadog", "unassign", "--product", "on_call"],
    &["store", "assign", "9NBLGGH4R2R6", "0016"],
    &["store", "reclaim", "9NBLGGH4R2R6", "0016"],
];

#[tokio::test]
async fn every_command_reads_a_file_or_stdin() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let text = format!("\u{feff}# who left\r\n\r\n  {USER}\r\n#EXT#\n");
    std::fs::write(file.path(), &text).unwrap();
    let path = file.path().to_str().unwrap();
    for arguments in COMMANDS {
        let run = |name| {
            seats(arguments)
                .arguments(&["--users-file", name, "--dry-run"])
                .kept_here()
        };
        let from_file = run(path).run().await;
        assert_eq!(from_file.code, Some(0), "{from_file:?}");
        assert!(from_file.stdout.contains(USER), "{from_file:?}");
        let from_stdin = run("-").reading(&text).run().await;
        from_stdin.is(0, &from_file.stdout, "");
    }
}

/// One user in a file is like one argument, except that the Store prints the form for many users.
#[tokio::test]
async fn one_user_in_a_file() {
    let done = || vec![answer("204 No Content", &[], b"")];
    let wire = Wire::start(done()).await.unwrap();
    seats(&UNASSIGN[..4])
        .arguments(&["--users-file", "-"])
        .reading(USER)
        .signed()
        .at(&wire)
        .run()
        .await
        .is(
            0,
            "done: seats of \"incident_response\" unassigned from 1 user\n",
            "",
        );
    let wire = Wire::start(done()).await.unwrap();
    seats(&RECLAIM[..4])
        .arguments(&["--users-file", "-"])
        .reading("grace_fabrikam.example#EXT#@contoso.example\n")
        .signed()
        .at(&wire)
        .run()
        .await
        .is(
            0,
            "done     grace_fabrikam.example#EXT#@contoso.example\n",
            "1 done\n",
        );
}

#[tokio::test]
async fn a_file_that_names_nobody() {
    let wire = Wire::start(vec![]).await.unwrap();
    for arguments in COMMANDS {
        for text in ["", "\n \n", "# nobody\n"] {
            let ended = seats(arguments)
                .arguments(&["--users-file", "-"])
                .reading(text)
                .signed()
                .at(&wire)
                .run()
                .await;
            ended.is(2, "", "error: --users-file \"-\": names no user\n");
        }
    }
    let ended = seats(COMMANDS[0])
        .arguments(&["--users-file", "-", "--output", "json"])
        .run()
        .await;
    let object = json!({
        "operation": "assign_seats_user",
        "vendor": "datadog",
        "effect": "not_sent",
        "status": null,
        "messages": ["--users-file \"-\": names no user"],
        "request_id": null,
    });
    ended.is_json(2, &object);
    heard_nothing(wire, &ended).await;
}

#[tokio::test]
async fn a_file_that_there_is_not() {
    let ended = seats(COMMANDS[3])
        .arguments(&["--users-file", "no/such file"])
        .run()
        .await;
    ended.is(
        2,
        "",
        "error: --users-file \"no/such file\": No such file or directory (os error 2)\n",
    );
}

/// Nothing is sent, not even for the users before it.
#[tokio::test]
async fn a_line_that_is_no_user() {
    let wire = Wire::start(vec![]).await.unwrap();
    let run = |arguments: &[&str], text: &str| {
        seats(arguments)
            .arguments(&["--users-file", "-"])
            .reading(text)
            .signed()
            .at(&wire)
    };
    for arguments in &COMMANDS[..2] {
        let ended = run(arguments, &format!("{USER}\n\nada\n")).run().await;
        let words = "error: stdin:3: USER_UUID \"ada\": must be a UUID\n";
        ended.is(2, "", words);
    }
    for arguments in &COMMANDS[2..] {
        let ended = run(arguments, "ada\n# bob\nCONTOSO\\bob\n").run().await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
        let start = r#"error: stdin:3: USERNAME "CONTOSO\\bob": must be one path segment: "#;
        assert!(ended.stderr.starts_with(start), "{ended:?}");
    }
    let ended = run(COMMANDS[0], &format!("{USER}\n\nada\n"))
        .arguments(&["--output", "json"])
        .run()
        .await;
    assert_eq!(ended.json()["users"], json!([USER, "ada"]));

    // UTF-16, which PowerShell's `>` writes.
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), b"\xff\xfea\0d\0a\0\r\0\n\0").unwrap();
    let path = file.path().to_str().unwrap();
    let ended = seats(COMMANDS[3])
        .arguments(&["--users-file", path])
        .run()
        .await;
    ended.is(2, "", &format!("error: {path}:1: must be UTF-8\n"));
    heard_nothing(wire, &ended).await;
}

/// A file or line that is too long, or never ends.
#[tokio::test]
async fn a_file_without_end_is_refused() {
    let rule = "must be at most 4096 bytes; is it a list with one user per line?";
    for arguments in COMMANDS {
        let run = |file| seats(arguments).arguments(&["--users-file", file]).run();
        let ended = run("/dev/zero").await;
        ended.is(2, "", &format!("error: /dev/zero:1: {rule}\n"));
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().to_str().unwrap();
    let run = || seats(COMMANDS[3]).arguments(&["--users-file", path]).run();
    std::fs::write(file.path(), format!("ada\n{}\n", "b".repeat(10_000_000))).unwrap();
    run().await.is(2, "", &format!("error: {path}:2: {rule}\n"));
    let comment = "#".repeat(4095) + "\n";
    std::fs::write(file.path(), comment.repeat(64 * 256) + "#").unwrap();
    run()
        .await
        .is(2, "", &format!("error: {path}: must be at most 64 MiB\n"));
}

/// A message repeats only the beginning of a long value.
#[tokio::test]
async fn a_long_value_is_not_repeated_whole() {
    let value = "b".repeat(4096);
    let shown = format!("\"{}\"…", "b".repeat(100));
    let file = [COMMANDS[1], &["--users-file", "-"]].concat();
    let ended = seats(&file).reading(&value).run().await;
    let words = format!("error: stdin:1: USER_UUID {shown}: must be a UUID\n");
    ended.is(2, "", &words);
    let ended = seats(COMMANDS[1]).arguments(&[&value]).run().await;
    ended.is(
        2,
        "",
        &format!("error: USER_UUID {shown}: must be a UUID\n"),
    );
}
