//! Off-boarding with the command: messages, exit codes and files, against a sandbox.

use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};

use seats_sandbox::{API_KEY, APPLICATION_KEY, STORE_TOKEN, Sandbox};
use tempfile::TempDir;
use tokio::process::Command;

const PRODUCTS: &str = "[datadog]\nproducts = [\"incident_response\", \"on_call\"]\n";

/// A sandbox, and a folder with a configuration and a list of somebody who holds three seats.
struct Office {
    sandbox: Sandbox,
    folder: TempDir,
}

impl Office {
    async fn open() -> Self {
        let office = Self {
            sandbox: Sandbox::start().await.unwrap(),
            folder: tempfile::tempdir().unwrap(),
        };
        office.write("seats.toml", PRODUCTS);
        office.write(
            "leavers.csv",
            "email;datadog id\nada@contoso.example;626a4e8e-64bd-409d-b80e-428f08ac0b62\n",
        );
        office
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    async fn seats(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_seats"))
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .env("LOGNAME", "it-admin")
            .env("SEATS_DATADOG_URL", self.sandbox.datadog_url())
            .env("DD_API_KEY", API_KEY)
            .env("DD_APP_KEY", APPLICATION_KEY)
            .env("SEATS_STORE_URL", self.sandbox.store_url())
            .env("SEATS_STORE_TOKEN", STORE_TOKEN)
            .stdin(Stdio::null())
            .output()
            .await
            .unwrap()
    }

    /// Runs a command, which ends with this code; returns its stdout and its stderr.
    async fn run(&self, arguments: &[&str], code: i32) -> (String, String) {
        let output = self.seats(arguments).await;
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(
            output.status.code(),
            Some(code),
            "{arguments:?}\n{out}\n{err}"
        );
        (out, err)
    }

    async fn plan(&self) {
        self.run(&["plan", "leavers.csv", "-o", "plan.json"], 0)
            .await;
    }

    fn changes(&self) -> usize {
        self.sandbox
            .log()
            .iter()
            .filter(|entry| entry.changed)
            .count()
    }
}

#[tokio::test]
async fn seats_are_planned_taken_and_given_back() {
    let office = Office::open().await;
    let (out, err) = office
        .run(&["plan", "leavers.csv", "-o", "plan.json"], 0)
        .await;
    assert!(
        out.contains(
            "3 seats; 0 people hold nothing, 0 not found, 1 not decided, 0 lines not usable\n"
        ),
        "{out}"
    );
    assert_eq!(
        err,
        "written to plan.json; apply it with `seats apply plan.json`\n"
    );
    assert_eq!(office.changes(), 0);

    let (out, err) = office.run(&["apply", "plan.json", "--yes"], 0).await;
    let mut lines: Vec<&str> = out.lines().collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "reclaimed: ada@contoso.example, datadog incident_response",
            "reclaimed: ada@contoso.example, datadog on_call",
            "reclaimed: ada@contoso.example, store 9NBLGGH4R2R6/0016",
        ]
    );
    assert_eq!(
        err,
        "3 reclaimed\nrecorded in plan.ledger; see `seats status plan.json`\n"
    );
    assert_eq!(office.changes(), 3);

    let (_, err) = office.run(&["apply", "plan.json", "--yes"], 0).await;
    assert!(
        err.starts_with("going on with plan.ledger: 3 rows have ended, 0 are to do\n"),
        "{err}"
    );
    assert_eq!(office.changes(), 3);

    let (out, _) = office.run(&["status"], 0).await;
    assert!(out.contains("datadog on_call: 1 reclaimed\n"), "{out}");
    assert!(out.contains("NEEDS A PERSON"), "{out}");
    let (out, _) = office
        .run(&["status", "plan.json", "--format", "csv", "--all"], 0)
        .await;
    assert!(
        out.contains(",reclaimed,") && out.contains(",it-admin,204,sandbox-"),
        "{out}"
    );

    let (out, _) = office.run(&["undo", "--yes"], 0).await;
    assert_eq!(
        out.matches("assigned: ada@contoso.example").count(),
        3,
        "{out}"
    );
    assert_eq!(office.changes(), 6);
    office.run(&["undo", "--yes"], 0).await;
    assert_eq!(office.changes(), 6, "undone once");
}

#[tokio::test]
async fn nothing_is_taken_without_asking() {
    let office = Office::open().await;
    office.plan().await;
    let (_, err) = office.run(&["apply", "plan.json"], 2).await;
    assert!(err.starts_with("error: Take back 3 of 3 seats: datadog incident_response (1), datadog on_call (1), store 9NBLGGH4R2R6/0016 (1)? Account: datadog at http://127.0.0.1:"), "{err}");
    assert!(
        err.ends_with("There is no terminal to ask on; add --yes to go ahead\n"),
        "{err}"
    );
    assert_eq!(office.changes(), 0);
}

#[tokio::test]
async fn a_plan_that_does_not_fit_is_refused() {
    let office = Office::open().await;
    office.plan().await;
    let plan = office.read("plan.json");
    office.write("edited.json", &plan.replace("on_call", "on_cal1"));
    let (_, err) = office.run(&["apply", "edited.json", "--yes"], 2).await;
    assert!(
        err.starts_with("error: the plan was changed after it was made: it says sha256:"),
        "{err}"
    );

    let (_, err) = office
        .run(&["apply", "plan.json", "--yes", "--max-age", "1ms"], 2)
        .await;
    assert!(
        err.contains("more than 1ms ago; make a new plan, or allow it with --max-age"),
        "{err}"
    );

    let other = Office::open().await;
    fs::copy(
        office.path().join("plan.json"),
        other.path().join("plan.json"),
    )
    .unwrap();
    let (_, err) = other.run(&["apply", "plan.json", "--yes"], 2).await;
    assert!(
        err.starts_with("error: the plan was made for datadog at http://127.0.0.1:"),
        "{err}"
    );

    office.write("other.json", "{}");
    let (_, err) = office.run(&["apply", "other.json", "--yes"], 2).await;
    assert_eq!(
        err,
        "error: not a plan: missing field `rows` at line 1 column 2\n"
    );
    assert_eq!((office.changes(), other.changes()), (0, 0));
}

#[tokio::test]
async fn a_plan_does_not_replace_one_that_was_applied() {
    let office = Office::open().await;
    office.plan().await;
    office.run(&["apply", "plan.json", "--yes"], 0).await;
    let (_, err) = office
        .run(&["plan", "leavers.csv", "-o", "plan.json"], 2)
        .await;
    assert_eq!(
        err,
        "error: plan.ledger is the ledger of an earlier plan; choose another name for this one with -o\n"
    );
}

#[tokio::test]
async fn an_empty_list_is_a_plan_of_nothing() {
    let office = Office::open().await;
    office.write("leavers.csv", "email\n");
    office.plan().await;
    let (_, err) = office.run(&["apply", "plan.json"], 0).await;
    assert_eq!(
        err,
        "\nrecorded in plan.ledger; see `seats status plan.json`\n"
    );
}

#[tokio::test]
async fn one_person_is_off_boarded_at_once() {
    let office = Office::open().await;
    let ada = "626a4e8e-64bd-409d-b80e-428f08ac0b62";
    let (out, _) = office
        .run(
            &[
                "offboard",
                "ada@contoso.example",
                ada,
                "--yes",
                "-o",
                "ada.json",
            ],
            0,
        )
        .await;
    assert_eq!(out.matches("reclaimed: ").count(), 3, "{out}");
    let (_, err) = office.run(&["offboard", "ada, bob", "--yes"], 2).await;
    assert_eq!(
        err,
        "error: \"ada, bob\": must be an email address, a user principal name or a UUID; for a list of people, use `seats plan`\n"
    );
}

#[tokio::test]
async fn everybody_who_is_not_here_loses_their_seats() {
    let office = Office::open().await;
    office.write(
        "staff.csv",
        "email,datadog id,object id\nada@contoso.example,626a4e8e-64bd-409d-b80e-428f08ac0b62,\n",
    );
    let (_, err) = office
        .run(
            &["plan", "--everyone-except", "staff.csv", "-o", "plan.json"],
            2,
        )
        .await;
    assert!(err.starts_with("error: the plan would take more than 20 % of the seats of a product (datadog incident_response: 2 of 3 seats"), "{err}");
    assert!(!office.path().join("plan.json").exists());
    let all = [
        "plan",
        "--everyone-except",
        "staff.csv",
        "--max-share",
        "100%",
        "-o",
        "plan.json",
    ];
    office.run(&all, 0).await;
}

#[tokio::test]
async fn the_configuration_is_checked_and_shows_no_secret() {
    let office = Office::open().await;
    let (out, _) = office.run(&["config", "check"], 0).await;
    assert!(
        out.contains("datadog products     incident_response, on_call"),
        "{out}"
    );
    assert!(out.contains("seats.toml"), "{out}");
    assert!(out.contains("/V1: works, 2 products\n"), "{out}");
    for secret in [API_KEY, APPLICATION_KEY, STORE_TOKEN] {
        assert!(!out.contains(secret));
    }
    office.write("seats.toml", "[datadog]\napi_key = \"0123456789\"\n");
    let (_, err) = office.run(&["config", "check"], 2).await;
    assert!(
        err.starts_with("error: seats.toml: `datadog.api_key` looks like a secret"),
        "{err}"
    );
}

#[tokio::test]
async fn documents_are_printed() {
    let office = Office::open().await;
    let (schema, _) = office.run(&["schema", "plan"], 0).await;
    assert!(schema.contains("\"$schema\""), "{schema}");
    let (script, _) = office.run(&["completions", "bash"], 0).await;
    assert!(script.contains("_seats()"), "{script}");
    let (page, _) = office.run(&["man"], 0).await;
    assert!(page.contains(".TH seats"), "{page}");
    office.plan().await;
    office.run(&["apply", "plan.json", "--yes"], 0).await;
    let (page, _) = office.run(&["status", "--format", "html"], 0).await;
    assert!(
        page.starts_with("<!doctype html>") && page.ends_with("</html>\n"),
        "{page}"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn a_command_runs_with_the_sandbox_of_its_own() {
    let office = Office::open().await;
    let seats = env!("CARGO_BIN_EXE_seats");
    let (out, err) = office
        .run(
            &[
                "sandbox",
                "--",
                seats,
                "store",
                "reclaim",
                "9NBLGGH4R2R6",
                "0016",
                "ada@contoso.example",
            ],
            0,
        )
        .await;
    assert!(
        out.contains("reclaimed from \"ada@contoso.example\""),
        "{out}"
    );
    assert_eq!(err, "");
    assert_eq!(
        office.changes(),
        0,
        "the other sandbox, whose variables are set, was not called"
    );
    let (_, err) = office.run(&["sandbox", "--", "/nonexistent"], 2).await;
    assert_eq!(
        err,
        "error: cannot run /nonexistent: No such file or directory (os error 2)\n"
    );
    office
        .run(&["sandbox", "--", "sh", "-c", "exit 7"], 7)
        .await;
}

#[tokio::test]
async fn users_are_unassigned_by_email() {
    let office = Office::open().await;
    let unassign = ["datadog", "reclaim", "--product", "on_call"];
    let nobody = [&unassign[..], &["nobody@contoso.example"]].concat();
    let (_, err) = office.run(&nobody, 2).await;
    assert!(
        err.contains(
            "\"nobody@contoso.example\": nobody who holds a seat of \"on_call\" has this address"
        ),
        "{err}"
    );
    assert_eq!(office.changes(), 0);
}

/// A suggestion must not name the command that does the opposite.
#[tokio::test]
async fn no_suggestion_is_the_opposite() {
    let office = Office::open().await;
    let (_, err) = office.run(&["datadog", "unasign"], 2).await;
    assert!(
        err.contains("'unassign'") && !err.contains("'assign'"),
        "{err}"
    );
    let (_, err) = office.run(&["datadog", "asign"], 2).await;
    assert!(
        err.contains("'assign'") && !err.contains("'unassign'"),
        "{err}"
    );
    let (_, err) = office.run(&["store", "reclame"], 2).await;
    assert!(err.contains("'reclaim'"), "{err}");
}

#[tokio::test]
async fn a_line_of_a_table_is_no_user() {
    let office = Office::open().await;
    let (_, err) = office
        .run(
            &[
                "store",
                "reclaim",
                "9NBLGGH4R2R6",
                "0016",
                "ada@contoso.example;bob@contoso.example",
            ],
            2,
        )
        .await;
    assert!(
        err.contains("must be one user, without ';'; for a list as it was sent, use `seats plan`"),
        "{err}"
    );
}

/// A folder in which nothing can be written has no ledger, so nothing is sent.
#[cfg(unix)]
#[tokio::test]
async fn a_ledger_that_cannot_be_written_stops_the_run_before_it_begins() {
    let office = Office::open().await;
    office.plan().await;
    let missing = [
        "apply",
        "plan.json",
        "--yes",
        "--ledger",
        "missing/plan.ledger",
    ];
    let (_, err) = office.run(&missing, 2).await;
    assert_eq!(
        err,
        "error: cannot open the ledger missing/plan.ledger: No such file or directory (os error 2)\n"
    );
    assert_eq!(office.changes(), 0);
}
