//! Output to a terminal: progress and tables.

use std::fs::File;
use std::io::Read;

use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use seats_tests::wire::{Wire, answer};
use serde_json::json;

use crate::process::{Seats, USER, seats};

/// Returns a new terminal: the person's end and the command's end.
fn terminal() -> (File, File) {
    let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY;
    let person = openpt(flags).unwrap();
    grantpt(&person).unwrap();
    unlockpt(&person).unwrap();
    let command = ioctl_tiocgptpeer(&person, flags).unwrap();
    (File::from(person), File::from(command))
}

/// Returns what was written to a terminal whose other end is closed.
fn shown(mut person: File) -> String {
    let mut bytes = Vec::new();
    // The end is an error of the system.
    let _ = person.read_to_end(&mut bytes);
    String::from_utf8(bytes).unwrap()
}

fn pages() -> Vec<Vec<u8>> {
    let page = |next: &str| {
        let body = format!(r#"{{"data":[{{"id":"{USER}"}}],"meta":{{"next_cursor":{next}}}}}"#);
        answer("200 OK", &[], body.as_bytes())
    };
    vec![page("\"next\""), page("null")]
}

fn list(wire: &Wire) -> Seats {
    seats(&["datadog", "list", "--product", "on_call", "--output", "csv"])
        .variable("TERM", "xterm")
        .signed()
        .at(wire)
}

fn reclaim(wire: &Wire) -> Seats {
    seats(&["store", "reclaim", "P", "0016", "ada", "linus"])
        .variable("TERM", "xterm")
        .signed()
        .at(wire)
}

#[tokio::test]
async fn a_list_that_goes_elsewhere() {
    let (person, command) = terminal();
    let wire = Wire::start(pages()).await.unwrap();
    let ended = list(&wire).complaining_to(command).run().await;
    let rows = format!("id,email,name,assigned_at\n{USER},,,\n{USER},,,\n");
    ended.is(0, &rows, "");
    let shown = shown(person);
    for count in ["fetched 0 users", "fetched 1 users", "fetched 2 users"] {
        assert!(shown.contains(count), "{shown:?}");
    }
    // The progress line is removed at the end.
    assert!(shown.ends_with("\r\u{1b}[2K"), "{shown:?}");
}

#[tokio::test]
async fn users_whose_fates_go_elsewhere() {
    let (person, command) = terminal();
    let done = answer("204 No Content", &[], b"");
    let wire = Wire::start(vec![done.clone(), done]).await.unwrap();
    let ended = reclaim(&wire).complaining_to(command).run().await;
    ended.is(0, "done     ada\ndone     linus\n", "");
    let shown = shown(person);
    for count in ["0 of 2 users", "1 of 2 users", "2 of 2 users"] {
        assert!(shown.contains(count), "{shown:?}");
    }
    assert!(shown.ends_with("\r\u{1b}[2K2 done\r\n"), "{shown:?}");
}

/// On a terminal the rows themselves show the progress.
#[tokio::test]
async fn a_terminal_that_shows_the_rows() {
    let (person, command) = terminal();
    let wire = Wire::start(pages()).await.unwrap();
    let run = list(&wire).writing_to(command.try_clone().unwrap());
    let ended = run.complaining_to(command).run().await;
    ended.is(0, "", "");
    let rows = format!("id,email,name,assigned_at\r\n{USER},,,\r\n{USER},,,\r\n");
    assert_eq!(shown(person), rows);
}

/// A long cell neither wraps nor pads the other rows.
#[tokio::test]
async fn a_table_is_no_wider_than_the_terminal() {
    for columns in [30, 80, 120] {
        let (person, command) = terminal();
        let size = Winsize {
            ws_row: 24,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&command, size).unwrap();
        let name = "愛".repeat(2000);
        let user = |name: &str| json!({"id": USER, "attributes": {"name": name, "email": "a@b"}});
        let body = json!({"data": [user(&name), user("ada")]}).to_string();
        let page = answer("200 OK", &[], body.as_bytes());
        let wire = Wire::start(vec![page]).await.unwrap();
        let run = seats(&["datadog", "list", "--product", "on_call"]).signed();
        let ended = run.at(&wire).writing_to(command).run().await;
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
        let shown = shown(person);
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines.len(), 3, "{shown:?}");
        for line in &lines {
            let width: usize = line.chars().map(|c| if c == '愛' { 2 } else { 1 }).sum();
            assert!(width <= usize::from(columns), "{line:?}");
        }
        assert!(lines[1].contains('…'), "{shown:?}");
        assert_eq!(lines[2].contains(USER), columns >= 80, "{shown:?}");
    }
}

/// In a file nothing is truncated, and a long cell does not pad the other rows.
#[tokio::test]
async fn a_table_that_goes_elsewhere_is_whole() {
    let name = "a".repeat(100_000);
    let user = |name: &str| json!({"id": USER, "attributes": {"name": name, "email": "a@b"}});
    let users: Vec<_> = (0..99).map(|_| user("ada")).chain([user(&name)]).collect();
    let page = answer("200 OK", &[], json!({"data": users}).to_string().as_bytes());
    let wire = Wire::start(vec![page]).await.unwrap();
    let run = seats(&["datadog", "list", "--product", "on_call"]).signed();
    let ended = run.at(&wire).run().await;
    assert!(ended.stdout.contains(&name));
    assert!(
        ended.stdout.len() < 2 * name.len(),
        "{}",
        ended.stdout.len()
    );
}
