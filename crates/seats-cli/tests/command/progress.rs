//! What a terminal shows of a long command, and what it does not.

use std::fs::File;
use std::io::Read;

use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
use seats_tests::wire::{Wire, answer};

use crate::process::{Seats, USER, seats};

/// A terminal of its own: the end that a person sits at, and the end that a command writes to.
fn terminal() -> (File, File) {
    let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY;
    let person = openpt(flags).unwrap();
    grantpt(&person).unwrap();
    unlockpt(&person).unwrap();
    let command = ioctl_tiocgptpeer(&person, flags).unwrap();
    (File::from(person), File::from(command))
}

/// What was written to a terminal that nobody has open any more.
fn shown(mut person: File) -> String {
    let mut bytes = Vec::new();
    // The system says that it is an error to read on.
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
    // Nothing of it is left at the end.
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

/// There the rows themselves tell how far it has come.
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
