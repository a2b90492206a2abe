//! Output that cannot be written: an outcome is not lost, and nothing panics.

use seats_tests::wire::{Wire, answer};

use crate::process::{Ended, RECLAIM, Seats, UNASSIGN, USER, seats};

const CLOSED: &str = "Broken pipe (os error 32)";
const FULL: &str = "No space left on device (os error 28)";

/// Gives a run a stdout that cannot be written.
type Way = fn(Seats) -> Seats;

/// Each way in which stdout cannot be written, with the system's words for it.
const WAYS: [(Way, &str); 2] = [
    (Seats::unread, CLOSED),
    (Seats::writing_to_a_full_disk, FULL),
];

fn done() -> Vec<u8> {
    answer("204 No Content", &[], b"")
}

fn refused() -> Vec<u8> {
    answer("409 Conflict", &[], br#"{"message":"no"}"#)
}

async fn run(arguments: &[&str], output: &str, way: Way, answers: &[Vec<u8>]) -> Ended {
    let wire = Wire::start(answers.to_vec()).await.unwrap();
    let run = seats(arguments).arguments(&["--output", output]);
    let ended = way(run.once().signed().at(&wire)).run().await;
    assert_eq!(wire.finish().await.unwrap().len(), answers.len());
    ended
}

/// The users after the first were meant as well; what stdout does not take, stderr does.
#[tokio::test]
async fn outcomes_of_many_users_are_not_lost() {
    let users = ["store", "reclaim", "P", "0016", "ada", "linus", "zoë"];
    let reason = "reclaim_seat_from_user: the vendor answered 409 Conflict: no; nothing changed";
    for (way, problem) in WAYS {
        let error = format!("error: the outcome cannot be written to stdout: {problem}\n");
        let answers = [done(), done(), refused()];
        let text = run(&users, "text", way, &answers).await;
        let lines = format!("done     ada\ndone     linus\nfailed   zoë: {reason}\n");
        text.is(1, "", &format!("{error}{lines}2 done, 1 failed\n"));
        let csv = run(&users, "csv", way, &answers).await;
        let lines = format!(
            "user,fate,status,reason\nada,done,204,\nlinus,done,204,\nzoë,failed,409,{reason}\n"
        );
        csv.is(1, "", &format!("{error}{lines}"));
        let json = run(&users, "json", way, &answers).await;
        assert_eq!(json.stderr.lines().count(), 5, "{json:?}");
        assert!(json.stderr.starts_with(&error), "{json:?}");
        assert!(
            json.stderr
                .contains(r#"{"user":"linus","fate":"done","status":204}"#)
        );
        // Nothing else is wrong.
        for output in ["text", "json", "csv"] {
            let all_done = run(&users, output, way, &[done(), done(), done()]).await;
            assert_eq!(all_done.code, Some(1), "{all_done:?}");
            assert!(all_done.stderr.starts_with(&error), "{all_done:?}");
        }
    }
}

#[tokio::test]
async fn an_outcome_is_not_lost() {
    for (way, problem) in WAYS {
        let error = format!("error: the outcome cannot be written to stdout: {problem}\n");
        for arguments in [UNASSIGN, RECLAIM] {
            for output in ["text", "json", "csv"] {
                let ended = run(&arguments, output, way, &[done()]).await;
                assert_eq!(ended.code, Some(1), "{ended:?}");
                assert!(ended.stderr.starts_with(&error), "{ended:?}");
                let outcome = ended.stderr.strip_prefix(&error).unwrap();
                assert!(outcome.contains("done"), "{ended:?}");
            }
        }
        // What is worse stays worse.
        let lost = answer("502 Bad Gateway", &[], b"");
        let ended = run(&RECLAIM, "json", way, &[lost]).await;
        assert_eq!(ended.code, Some(3), "{ended:?}");
    }
}

/// Who pages through the requests of a dry run may have read enough; on a full disk they are missing.
#[tokio::test]
async fn what_a_dry_run_shows() {
    for arguments in [&RECLAIM[..], &[&RECLAIM[..], &["linus"]].concat()] {
        let arguments = [arguments, &["--dry-run"]].concat();
        for output in ["text", "json", "csv"] {
            let unread = run(&arguments, output, Seats::unread, &[]).await;
            unread.is(0, "", "");
            let full = run(&arguments, output, Seats::writing_to_a_full_disk, &[]).await;
            let error = format!("error: the request cannot be written to stdout: {FULL}\n");
            full.is(1, "", &error);
        }
    }
}

/// Help and the demonstration are for a reader, who may have read enough.
#[tokio::test]
async fn texts_for_a_reader() {
    for arguments in [
        &["--help"][..],
        &["--version"],
        &["demo"],
        &["store", "list", "--help"],
    ] {
        let unread = seats(arguments).unread().run().await;
        unread.is(0, "", "");
        let full = seats(arguments).writing_to_a_full_disk().run().await;
        assert_eq!(full.code, Some(1), "{full:?}");
        assert!(
            full.stderr
                .ends_with(&format!("cannot be written to stdout: {FULL}\n"))
        );
    }
    let sandbox = seats(&["sandbox"]).writing_to_a_full_disk().run().await;
    sandbox.is(
        1,
        "",
        &format!("error: the environment cannot be written to stdout: {FULL}\n"),
    );
}

/// The exit code says what can be said no more.
#[tokio::test]
async fn a_stderr_that_is_full_makes_nothing_panic() {
    for (arguments, code) in [
        (&["sandbox", "--seed", "/nope"][..], 2),
        (&["--bogus"], 2),
        (&["store", "reclaim", "P", "0016", ".."], 2),
        (
            &["store", "reclaim", "P", "0016", "--users-file", "/nope"],
            2,
        ),
        (
            &[
                "store",
                "reclaim",
                "P",
                "0016",
                "ada",
                "bob",
                "--sandbox",
                "-vv",
            ],
            1,
        ),
        (&["store", "list", "P", "0016", "--sandbox", "-vv"], 1),
        (
            &[
                "datadog",
                "unassign",
                "--product",
                "x",
                USER,
                "--sandbox",
                "-v",
            ],
            1,
        ),
        (
            &["datadog", "list", "--product", "on_call", "--sandbox", "-v"],
            0,
        ),
    ] {
        let ended = seats(arguments).complaining_to_a_full_disk().run().await;
        assert_eq!(ended.code, Some(code), "{ended:?}");
        let both = seats(arguments)
            .complaining_to_a_full_disk()
            .writing_to_a_full_disk();
        let ended = both.run().await;
        assert_eq!(ended.code, Some(code.max(1)), "{ended:?}");
    }
}
