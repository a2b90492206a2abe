//! The `curl` line of a dry run sends what a real run sends, byte by byte.

use std::collections::BTreeMap;

use seats_tests::wire::{Wire, answer};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::process::{
    API_KEY, APPLICATION_KEY, Ended, RECLAIM, Seats, TOKEN, UNASSIGN, USER, seats,
};

/// A request from one of several sources, with or without its secrets.
#[derive(Debug, PartialEq, Eq)]
struct Request {
    method: String,
    target: String,
    headers: BTreeMap<String, String>,
    body: String,
}

impl Request {
    /// Parses the bytes that came on a socket.
    fn of_bytes(bytes: &[u8]) -> Self {
        let text = std::str::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let mut lines = head.split("\r\n");
        let first: Vec<&str> = lines.next().unwrap().split(' ').collect();
        let [method, target, "HTTP/1.1"] = first[..] else {
            panic!("{first:?}");
        };
        let mut headers = BTreeMap::new();
        for line in lines {
            let (name, value) = line.split_once(": ").unwrap();
            let before = headers.insert(name.to_ascii_lowercase(), value.to_owned());
            assert_eq!(before, None, "{name} comes twice");
        }
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers,
            body: body.to_owned(),
        }
    }

    /// Parses the text of a dry run.
    fn of_text(ended: &Ended) -> Self {
        let text = ended.stdout.trim_end_matches('\n');
        let (rest, curl) = text.rsplit_once("\n\n").unwrap();
        assert!(curl.starts_with("curl ") || curl.starts_with("printf "));
        let rest = match rest.contains("\n\n") {
            true => rest.to_owned(),
            false => format!("{rest}\n\n"),
        };
        Self::of_bytes(
            rest.replacen("\n\n", "\r\r", 1)
                .replace('\n', "\r\n")
                .replace("\r\r", "\r\n\r\n")
                .as_bytes(),
        )
    }

    /// Reads the JSON of a dry run.
    fn of_json(ended: &Ended, base: &str) -> Self {
        let object = &ended.json()["request"];
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Self {
            method: text(&object["method"]),
            target: text(&object["url"]).strip_prefix(base).unwrap().to_owned(),
            headers: object["headers"]
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, value)| (name.clone(), text(value)))
                .collect(),
            body: match &object["body"] {
                Value::Null => String::new(),
                body => body.to_string(),
            },
        }
    }

    /// Returns what curl would send with these arguments.
    fn of_curl(arguments: &[String], stdin: &str, base: &str) -> Self {
        let mut words = arguments.iter().map(String::as_str);
        // curl heeds --disable only if it comes first.
        for option in ["--disable", "--globoff", "--path-as-is", "--request"] {
            assert_eq!(words.next(), Some(option));
        }
        let method = words.next().unwrap().to_owned();
        // Plain http stays on this machine.
        assert!(base.starts_with("http://"), "{base}");
        assert_eq!(words.next(), Some("--noproxy"));
        assert_eq!(words.next(), Some("*"));
        // Headers that curl sends by default.
        let mut headers = BTreeMap::from([
            ("user-agent".to_owned(), "curl".to_owned()),
            ("accept".to_owned(), "*/*".to_owned()),
            (
                "host".to_owned(),
                base.trim_start_matches("http://")
                    .split('/')
                    .next()
                    .unwrap()
                    .to_owned(),
            ),
        ]);
        if !stdin.is_empty() {
            // curl sends it with a long body; the length depends on its version.
            headers.insert("expect".to_owned(), "100-continue".to_owned());
        }
        let (mut body, mut target) = (String::new(), None);
        while let Some(word) = words.next() {
            match word {
                "--header" => {
                    let (name, value) = words.next().unwrap().split_once(':').unwrap();
                    match value.trim_start() {
                        "" => headers.remove(name),
                        value => headers.insert(name.to_owned(), value.to_owned()),
                    };
                }
                "--data-raw" => words.next().unwrap().clone_into(&mut body),
                "--data-binary" => {
                    assert_eq!(words.next(), Some("@-"));
                    stdin.clone_into(&mut body);
                }
                url => {
                    assert_eq!(target, None, "a second URL: {url}");
                    target = Some(url.strip_prefix(base).unwrap().to_owned());
                }
            }
        }
        if !body.is_empty() {
            headers.insert("content-length".to_owned(), body.len().to_string());
        }
        Self {
            method,
            target: target.unwrap(),
            headers,
            body,
        }
    }

    /// Replaces the secrets by stars.
    fn masked(mut self) -> Self {
        for value in self.headers.values_mut() {
            for secret in [API_KEY, APPLICATION_KEY, TOKEN] {
                *value = value.replace(secret, "***");
            }
        }
        self
    }
}

/// Returns the arguments and the stdin that a POSIX shell gives to curl.
async fn through_a_shell(line: &str) -> (Vec<String>, String) {
    let pipe = r#"case "$*" in *"--data-binary @-"*) cat;; esac"#;
    let script = format!("curl() {{ printf '%s\\0' \"$@\"; {pipe}; }}\n{line}\n");
    // In a file, because it can be too long for `-c`.
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &script).unwrap();
    let output = Command::new("/bin/sh")
        .arg("-eu")
        .arg(file.path())
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("DD_API_KEY", API_KEY)
        .env("DD_APP_KEY", APPLICATION_KEY)
        .env("SEATS_STORE_TOKEN", TOKEN)
        .output()
        .await
        .unwrap();
    assert_eq!(
        (output.status.code(), output.stderr.as_slice()),
        (Some(0), &b""[..]),
        "{line}"
    );
    let output = String::from_utf8(output.stdout).unwrap();
    let (words, stdin) = output.rsplit_once('\0').unwrap();
    let words: Vec<String> = words.split('\0').map(str::to_owned).collect();
    // The lowest limit of the length of an argument among systems.
    assert!(words.iter().all(|word| word.len() < 32 * 1024));
    (words, stdin.to_owned())
}

/// Escapes the hidden characters as text output does.
fn shown(text: &str) -> String {
    let is_hidden = |c| matches!(c, '\u{ad}' | '\u{2028}' | '\u{202e}' | '\u{e0041}');
    let show = |c: char| match is_hidden(c) {
        true => c.escape_unicode().to_string(),
        false => c.to_string(),
    };
    text.chars().map(show).collect()
}

/// Asserts that both formats of a dry run and its curl line match what a real run sends.
async fn is_what_is_sent(arguments: &[&str]) {
    is_what_is_sent_for(arguments, answer("204 No Content", &[], b"")).await;
}

/// As [`is_what_is_sent`], with this response of the vendor.
async fn is_what_is_sent_for(arguments: &[&str], bytes: Vec<u8>) {
    let wire = Wire::start(vec![bytes]).await.unwrap();
    let base = wire.url();
    let run = || -> Seats { seats(arguments).signed().at(&wire) };
    let text = run().arguments(&["--dry-run"]).run().await;
    let in_json = run().arguments(&["--dry-run", "--output=json"]).run().await;
    let real = run().run().await;
    assert_eq!(real.code, Some(0), "{real:?}");

    let requests = wire.finish().await.unwrap();
    assert_eq!(requests.len(), 1, "the dry runs sent something");
    let sent = Request::of_bytes(&requests[0]);

    let line = text.stdout.lines().last().unwrap();
    assert_eq!(in_json.json()["request"]["curl"], line);
    let (words, stdin) = through_a_shell(line).await;
    let by_curl = Request::of_curl(&words, &stdin, &base);
    assert_eq!(by_curl, sent, "the curl line");

    let mut sent = sent.masked();
    assert_eq!(Request::of_json(&in_json, &base), sent, "in JSON");
    sent.body = shown(&sent.body);
    assert_eq!(Request::of_text(&text), sent, "in words");
}

#[tokio::test]
async fn an_unassignment_is_shown_as_it_is_sent() {
    is_what_is_sent(&UNASSIGN).await;
    let other = "9D1C2F60-0F6E-4C5A-8B3E-7F1D2A4C6E80";
    is_what_is_sent(&["datadog", "unassign", "--product", "on_call", USER, other]).await;
}

/// Texts with a special meaning to a shell, curl, printf or JSON.
const AWKWARD: [&str; 9] = [
    "it's \"$DD_API_KEY\" `id` $(id) \\n",
    "@/etc/passwd",
    "zoë 漢字 😀",
    "a{b,c}[1-3]*?",
    "--url=http://127.0.0.1:1",
    "'; exit 3; '",
    "#!&|;<>~%",
    "\u{2028}\u{202e}",
    "\u{ad}%s\\u{e0041}'\u{e0041}%%",
];

#[tokio::test]
async fn an_awkward_product_code_is_shown_as_it_is_sent() {
    for code in AWKWARD {
        let product = format!("--product={code}");
        is_what_is_sent(&["datadog", "unassign", &product, USER]).await;
    }
}

#[tokio::test]
async fn a_reclaim_is_shown_as_it_is_sent() {
    is_what_is_sent(&RECLAIM).await;
    for username in [
        "grace_fabrikam.example#EXT#@contoso.example",
        "zoë@contoso.example",
        "8f2b1c64-7d3e-4a59-b0c8-16e5f9a2d473",
        "o'neil@contoso.example",
        "100%",
        "a=d&e+f?g",
        "...",
    ] {
        is_what_is_sent(&["store", "reclaim", "9NBLGGH4R2R6", "0016", username]).await;
    }
}

#[tokio::test]
async fn awkward_ids_are_shown_as_they_are_sent() {
    for id in AWKWARD {
        if id.contains(['/', '\\']) || id != id.trim() {
            continue;
        }
        // A user with a separator in it is refused: it is a line of a table.
        let is_user = !id.contains([' ', ',', ';', '"']);
        let user = if is_user { id } else { "ada" };
        is_what_is_sent(&["store", "reclaim", id, id, user]).await;
    }
}

#[tokio::test]
async fn every_operation_is_shown_as_it_is_sent() {
    // A body that every operation can read.
    let body = json!({
        "data": [],
        "seats": [],
        "inventoryEntries": [],
        "assignedTo": "ada",
        "seatDetails": [{"assignedTo": "ada"}],
    });
    let since = "2016-01-05T09:30:00+01:00";
    for arguments in [
        &["datadog", "assign", "--product", "on_call", USER][..],
        &["datadog", "list", "--product=a b&c", "--page-size", "7"],
        &["store", "assign", "P", "0016", "ada"],
        &["store", "assign", "P", "0016", "ada", "--bulk"],
        &["store", "reclaim", "P", "0016", "ada", "--bulk"],
        &["store", "show", "P", "0016", "o'neil#EXT#@contoso.example"],
        &["store", "list", "P", "0016", "--page-size", "100"],
        &["store", "list", "--user", "zoë@contoso.example"],
        &[
            "store",
            "inventory",
            "--license-type",
            "online",
            "--modified-since",
            since,
        ],
    ] {
        let bytes = answer("200 OK", &[], body.to_string().as_bytes());
        is_what_is_sent_for(arguments, bytes).await;
    }
}

/// The body for some 3,000 users is longer than Linux allows for an argument.
#[tokio::test]
async fn a_long_body_is_piped() {
    let users: String = (0..5000)
        .map(|n| format!("00000000-0000-4000-8000-{n:012}\n"))
        .collect();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), users).unwrap();
    let path = file.path().to_str().unwrap();
    let arguments = ["datadog", "unassign", "--product", "on_call"];
    is_what_is_sent(&[&arguments[..], &["--users-file", path]].concat()).await;
}
