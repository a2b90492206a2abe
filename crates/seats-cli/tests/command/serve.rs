//! `seats sandbox`: the environment that it prints, its log, its end, and errors in its files.

use std::process::Stdio;
use std::time::Duration;

use seats_sandbox::{API_KEY, APPLICATION_KEY, CLIENT_SECRET, STORE_TOKEN};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::process::{Child, ChildStderr, ChildStdout, Command};
use tokio::time::timeout;

use crate::process::{RECLAIM, Seats, UNASSIGN, seats};

/// The longest wait for a line of the sandbox.
const PATIENCE: Duration = Duration::from_secs(30);

/// The number of lines of its environment.
const INTRODUCTION: usize = 12;

/// A running sandbox, and the environment that it printed.
struct Serving {
    child: Child,
    said: Vec<String>,
    notes: Lines<BufReader<ChildStderr>>,
    /// Kept open, because a closed pipe is another case.
    _rest: Lines<BufReader<ChildStdout>>,
}

async fn serve(arguments: &[&str]) -> Serving {
    serve_with(arguments, INTRODUCTION).await
}

/// As [`serve`], with this number of lines.
async fn serve_with(arguments: &[&str], introduction: usize) -> Serving {
    let mut child = Command::new(env!("CARGO_BIN_EXE_seats"))
        .arg("sandbox")
        .args(arguments)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut said = Vec::new();
    while said.len() < introduction {
        let line = timeout(PATIENCE, lines.next_line()).await;
        said.push(
            line.expect("it says where it is")
                .unwrap()
                .expect("it serves"),
        );
    }
    Serving {
        notes: BufReader::new(child.stderr.take().unwrap()).lines(),
        child,
        said,
        _rest: lines,
    }
}

impl Serving {
    /// Sets the variables of the lines that begin like this.
    fn lead(&self, mut command: Seats, begin: &str) -> Seats {
        for line in &self.said {
            if let Some(variable) = line.strip_prefix(begin) {
                let (name, value) = variable.split_once('=').unwrap();
                command = command.variable(name, value);
            }
        }
        command
    }

    async fn note(&mut self) -> String {
        let line = timeout(PATIENCE, self.notes.next_line()).await;
        line.expect("a note").unwrap().expect("a note")
    }

    fn port(&self) -> &str {
        self.said[1].rsplit(':').next().unwrap()
    }

    #[cfg(unix)]
    async fn end(mut self, signal: &str) -> (Option<i32>, String) {
        let id = self.child.id().unwrap().to_string();
        let sent = Command::new("kill").args([signal, &id]).status().await;
        assert!(sent.unwrap().success());
        let status = timeout(PATIENCE, self.child.wait()).await;
        let mut notes = String::new();
        let mut rest = self.notes.into_inner();
        rest.read_to_string(&mut notes).await.unwrap();
        (status.expect("it ends").unwrap().code(), notes)
    }
}

#[tokio::test]
async fn what_it_says_leads_the_command_there() {
    let mut serving = serve(&[]).await;
    let port = serving.port().to_owned();
    let said = "\
# Both vendors, on this machine, until Ctrl-C.
export SEATS_DATADOG_URL=http://127.0.0.1:PORT
export DD_API_KEY=sandbox-api-key
export DD_APP_KEY=sandbox-application-key
export SEATS_STORE_URL=http://127.0.0.1:PORT/V1
export SEATS_STORE_TOKEN=sandbox-store-token
# To fetch a token, instead of SEATS_STORE_TOKEN:
# unset SEATS_STORE_TOKEN
# export AZURE_AUTHORITY_HOST=http://127.0.0.1:PORT
# export AZURE_TENANT_ID=2f9a6c1e-5b7d-4e38-9a04-c8d1f3b6e752
# export AZURE_CLIENT_ID=b40e7d92-6c3f-4a15-8e2b-97f05c1da386
# export AZURE_CLIENT_SECRET=sandbox-client-secret";
    assert_eq!(serving.said.join("\n"), said.replace("PORT", &port));

    for command in [UNASSIGN, RECLAIM] {
        let ended = serving.lead(seats(&command), "export ").run().await;
        assert_eq!(
            (ended.code, ended.stderr.as_str()),
            (Some(0), ""),
            "{ended:?}"
        );
    }
    // The same seat again, with a fetched token.
    let store = seats(&RECLAIM).variable("SEATS_STORE_URL", format!("http://127.0.0.1:{port}/V1"));
    let ended = serving.lead(store, "# export ").run().await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stdout.starts_with("already free: "), "{ended:?}");
    for note in [
        "DELETE /api/v2/seats/users 204",
        "DELETE /V1/Inventory/9NBLGGH4R2R6/0016/Seats/ada@contoso.example 200",
        "POST /2f9a6c1e-5b7d-4e38-9a04-c8d1f3b6e752/oauth2/token 200",
        "DELETE /V1/Inventory/9NBLGGH4R2R6/0016/Seats/ada@contoso.example 404",
    ] {
        assert_eq!(serving.note().await, note);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn it_ends_well_when_it_is_asked_to() {
    for signal in ["-INT", "-TERM"] {
        let ended = serve(&["--port", "0"]).await.end(signal).await;
        assert_eq!(ended, (Some(0), String::new()), "{signal}");
    }
}

#[tokio::test]
async fn its_files_say_what_it_knows_and_what_goes_wrong() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../seats-sandbox/examples");
    let (seed, faults) = (
        format!("{directory}/seed.yaml"),
        format!("{directory}/faults.yaml"),
    );
    let mut serving = serve(&["--seed", &seed, "--faults", &faults]).await;
    assert!(
        serving
            .said
            .contains(&"export DD_API_KEY=contoso-api-key".to_owned())
    );
    // The response is lost after the change, the connection closed, and then the seat is gone.
    let command = serving.lead(seats(&RECLAIM), "export ");
    let ended = command.run().await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let target = "DELETE /V1/Inventory/9NBLGGH4R2R6/0016/Seats/ada@contoso.example";
    for outcome in ["executed, no response", "not executed, no response", "404"] {
        assert_eq!(serving.note().await, format!("{target} {outcome}"));
    }
}

/// A seed with one vendor prints no variables of the other.
#[tokio::test]
async fn a_vendor_that_the_seed_lacks_is_left_out() {
    let datadog = "tenants:\n  - name: a\n    datadog: {api_key: k, application_key: a}\n";
    let store = "tenants:\n  - name: a\n    store: {tenant_id: t, client_id: c, client_secret: s, token: x}\n";
    for (seed, lines, has, lacks) in [
        (datadog, 4, "SEATS_DATADOG_URL", "STORE"),
        (store, 9, "SEATS_STORE_URL", "DD_"),
    ] {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), seed).unwrap();
        let arguments = ["--seed", file.path().to_str().unwrap()];
        let serving = serve_with(&arguments, lines).await;
        let said = serving.said.join("\n");
        assert!(said.contains(has) && !said.contains(lacks), "{said}");
        assert!(!said.contains("=''"), "{said}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn its_notes_have_no_secret() {
    let serving = serve(&[]).await;
    let secret = "a-planted-token-77ab";
    for secret in [API_KEY, APPLICATION_KEY, STORE_TOKEN, CLIENT_SECRET] {
        let command = ["store", "reclaim", "P", "1", secret];
        let ended = serving.lead(seats(&command), "export ").run().await;
        assert_eq!(ended.code, Some(1), "{ended:?}");
    }
    let command = serving.lead(seats(&RECLAIM), "export SEATS_STORE_URL");
    let url = format!("http://127.0.0.1:{}/V1", serving.port());
    let ended = command
        .variable("SEATS_STORE_URL", url)
        .variable("SEATS_STORE_TOKEN", secret)
        .run()
        .await;
    assert_eq!(ended.code, Some(4), "{ended:?}");
    let (_, notes) = serving.end("-TERM").await;
    let hidden = "DELETE /V1/Inventory/P/1/Seats/*** 404\n".repeat(4);
    let refused = "DELETE /V1/Inventory/9NBLGGH4R2R6/0016/Seats/ada@contoso.example 401\n";
    assert_eq!(notes, hidden + refused);
}

/// There are more requests than the pipe and the queue of the log can hold.
#[tokio::test]
async fn a_reader_that_does_not_read_stops_nothing() {
    const REQUESTS: usize = 2000;
    let mut serving = serve(&[]).await;
    let address = format!("127.0.0.1:{}", serving.port());
    let stream = TcpStream::connect(&address).await.unwrap();
    let (reader, mut writer) = stream.into_split();
    let request = format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "a".repeat(1000));
    let mut answers = BufReader::new(reader).lines();
    let asking = async {
        for _ in 0..REQUESTS {
            writer.write_all(request.as_bytes()).await.unwrap();
        }
    };
    let answered = async {
        for _ in 0..REQUESTS {
            // The body before it does not end with a line break.
            let mut line = String::new();
            while !line.ends_with("HTTP/1.1 404 Not Found") {
                let next = timeout(PATIENCE, answers.next_line()).await;
                line = next.expect("it answers").unwrap().expect("a line");
            }
        }
    };
    tokio::join!(asking, answered);
    // The log says how many lines are missing.
    let (mut noted, mut dropped) = (0, 0);
    while noted + dropped < REQUESTS {
        let note = serving.note().await;
        match note.strip_prefix('(') {
            None => noted += 1,
            Some(words) => {
                let (count, words) = words.split_once(' ').unwrap();
                assert_eq!(words, "lines were dropped)");
                dropped += count.parse::<usize>().unwrap();
            }
        }
    }
    assert!(dropped > 0);
}

#[tokio::test]
async fn its_notes_move_no_cursor() {
    let mut serving = serve(&[]).await;
    let address = format!("127.0.0.1:{}", serving.port());
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let request = b"GET /a\xc2\x9b31mX\xe2\x80\xae HTTP/1.1\r\nhost: x\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let shown = r"GET /a\u{9b}31mX\u{202e} 404";
    assert_eq!(serving.note().await, shown);
}

#[tokio::test]
async fn a_port_in_use_is_said() {
    let serving = serve(&[]).await;
    let port = serving.port();
    let ended = seats(&["sandbox", "--port", port]).run().await;
    let start = format!("error: cannot listen on port {port} of 127.0.0.1: ");
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
    assert!(ended.stderr.starts_with(&start), "{ended:?}");
    let help = "\nhelp: choose another --port, or omit it for any free port\n";
    assert!(ended.stderr.ends_with(help), "{ended:?}");
    let ended = seats(&["sandbox", "--port", "65536"]).run().await;
    assert_eq!(ended.code, Some(2), "{ended:?}");
}

#[tokio::test]
async fn a_file_that_makes_no_sense_is_said() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file.yaml");
    let path = file.to_str().unwrap();
    for (option, text, message) in [
        (
            "--seed",
            "tenants: []\n",
            ":1:10: tenants: must name a tenant\n",
        ),
        (
            "--seed",
            "tenants: []\ntenets: []\n",
            ":2:1: tenets: unknown field `tenets`, expected one of tenants, latency\n",
        ),
        (
            "--faults",
            "faults:\n  - {on: nothing, calls: 1, fault: lost}\n",
            ":2:10: faults[0].on: \"nothing\" is no operation; there are get_seats_users, assign_seats_user, unassign_seats_user, get_seat, assign_seat, reclaim_seat_from_user, get_seats, bulk_assign_and_reclaim_seats, get_seats_assigned_to_user, get_inventory, token, discovery\n",
        ),
    ] {
        std::fs::write(&file, text).unwrap();
        let ended = seats(&["sandbox", option, path]).run().await;
        ended.is(2, "", &format!("error: {path}{message}"));
    }
    std::fs::write(&file, "\"").unwrap();
    let ended = seats(&["sandbox", "--seed", path]).run().await;
    assert!(
        ended.stderr.starts_with(&format!("error: {path}:1:")),
        "{ended:?}"
    );
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
    let ended = seats(&["sandbox", "--faults", "no/such/file.yaml"])
        .run()
        .await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
    let start = "error: no/such/file.yaml: cannot be read: ";
    assert!(ended.stderr.starts_with(start), "{ended:?}");
}
