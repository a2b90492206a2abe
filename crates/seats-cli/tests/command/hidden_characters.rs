//! Characters that a terminal obeys or hides are escaped, in each output and wherever they come from.

use seats_tests::wire::{Wire, answer};
use serde_json::{Value, json};

use crate::process::{Ended, Seats, seats};

/// Escape, C1, soft hyphen, Arabic letter mark, Mongolian vowel separator, separators, override,
/// interlinear annotation, private use, and a tag.
const HIDDEN: &str =
    "\u{1b}[2J\u{9b}\u{ad}\u{61c}\u{180e}\u{2028}\u{2029}\u{202e}\u{fff9}\u{e000}\u{e0041}";
const SHOWN: &str =
    r"\u{1b}[2J\u{9b}\u{ad}\u{61c}\u{180e}\u{2028}\u{2029}\u{202e}\u{fff9}\u{e000}\u{e0041}";
const IN_JSON: &str =
    r"\u001b[2J\u009b\u00ad\u061c\u180e\u2028\u2029\u202e\ufff9\ue000\udb40\udc41";

/// Asserts that no output has a hidden character, and that one of them has the escapes.
#[track_caller]
fn is_escaped(ended: &Ended, shown: &str) {
    let hidden: Vec<char> = HIDDEN.chars().filter(|c| !"[2J".contains(*c)).collect();
    for output in [&ended.stdout, &ended.stderr] {
        assert!(!output.contains(hidden.as_slice()), "{ended:?}");
    }
    let both = format!("{}{}", ended.stdout, ended.stderr);
    assert!(both.contains(shown), "{shown} in {ended:?}");
}

async fn run(arguments: &[&str], output: &str, status: &str, body: &Value) -> Ended {
    let bytes = answer(status, &[], body.to_string().as_bytes());
    let wire = Wire::start(vec![bytes]).await.unwrap();
    let run = seats(arguments).arguments(&["--output", output]).once();
    run.signed().at(&wire).run().await
}

#[tokio::test]
async fn of_a_vendor() {
    let seat = json!({"assignedTo": HIDDEN, "state": HIDDEN});
    let list = json!({"seats": [seat]});
    let failed = json!({"failedSeatOperations": [{"userName": "ada", "failureReason": HIDDEN}]});
    let one = &["store", "show", "P", "0016", "ada"][..];
    let bulk = &["store", "assign", "P", "0016", "ada", "--bulk"];
    for (output, shown) in [("text", SHOWN), ("csv", SHOWN), ("json", IN_JSON)] {
        is_escaped(&run(one, output, "200 OK", &seat).await, shown);
        is_escaped(
            &run(&["store", "list", "P", "0016"], output, "200 OK", &list).await,
            shown,
        );
        // The library removes them from the reason.
        is_escaped(&run(bulk, output, "200 OK", &failed).await, "[2J");
    }
}

#[tokio::test]
async fn of_users_in_a_file_and_of_its_name() {
    let name = "zo\u{ad}e\u{202e}\u{e000}";
    let seat = json!({"assignedTo": "x"});
    let reclaim = ["store", "reclaim", "P", "0016", "--users-file", "-"];
    for (output, shown) in [
        ("text", r"zo\u{ad}e\u{202e}\u{e000}"),
        ("csv", r"zo\u{ad}e\u{202e}\u{e000}"),
        ("json", r"zo\u00ade\u202e\ue000"),
    ] {
        let bytes = answer("200 OK", &[], seat.to_string().as_bytes());
        let wire = Wire::start(vec![bytes]).await.unwrap();
        let run = seats(&reclaim).arguments(&["--output", output]);
        let ended = run.reading(name).signed().at(&wire).run().await;
        assert_eq!(ended.code, Some(0), "{ended:?}");
        is_escaped(&ended, shown);
        let bad = ["datadog", "unassign", "--product", "p", "--users-file", "-"];
        let run = seats(&bad).arguments(&["--output", output]).reading(name);
        is_escaped(&run.run().await, shown);
    }
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a\u{1b}[2J\u{202e}");
    std::fs::write(&path, "..").unwrap();
    let path = path.to_str().unwrap();
    let ended = seats(&reclaim[..5]).arguments(&[path]).run().await;
    is_escaped(&ended, r"a\u{1b}[2J\u{202e}:1: USERNAME");
    let ended = seats(&reclaim[..5])
        .arguments(&[&format!("{path}!")])
        .run()
        .await;
    is_escaped(&ended, r"a\u{1b}[2J\u{202e}!");
}

#[tokio::test]
async fn of_a_seed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("seed\u{202e}.yaml");
    std::fs::write(&path, "tenants:\n  - \"k\\e[31m\\u00ad\\U000E0041\": 1\n").unwrap();
    let run = seats(&["sandbox", "--seed", path.to_str().unwrap()]);
    let ended = run.run().await;
    assert_eq!(ended.code, Some(2), "{ended:?}");
    is_escaped(&ended, r"k\u{1b}[31m\u{ad}\u{e0041}");
    is_escaped(&ended, r"seed\u{202e}.yaml:2:5");
}

#[tokio::test]
async fn of_arguments_that_a_dry_run_shows() {
    let run = |output: &str| -> Seats {
        seats(&["datadog", "unassign", "--product=a\u{ad}\u{202e}b"])
            .arguments(&["626a4e8e-64bd-409d-b80e-428f08ac0b62"])
            .arguments(&["--dry-run", "--output", output])
            .kept_here()
    };
    is_escaped(&run("text").run().await, r"a\u{ad}\u{202e}b");
    is_escaped(&run("json").run().await, r"a\u00ad\u202eb");
    is_escaped(&run("csv").run().await, r"a\u{ad}\u{202e}b");
}
