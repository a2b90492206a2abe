//! `--dry-run`: nothing is sent, and what is shown is what would be.

use std::collections::{BTreeMap, BTreeSet};

use seats_sandbox::Sandbox;
use seats_tests::wire::{Wire, answer};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::process::{
    API_KEY, APPLICATION_KEY, Ended, RECLAIM, Seats, TOKEN, UNASSIGN, USER, heard_nothing, seats,
    with_version,
};

const UNASSIGN_SHOWN: &str = r#"DELETE /api/v2/seats/users HTTP/1.1
accept: application/json
content-length: 140
content-type: application/json
dd-api-key: ***
dd-application-key: ***
host: api.datadoghq.com
user-agent: seats/VERSION

{"data":{"attributes":{"product_code":"incident_response","user_uuids":["626a4e8e-64bd-409d-b80e-428f08ac0b62"]},"type":"seat-assignments"}}

curl --globoff --path-as-is --request DELETE --header 'accept: application/json' --header 'content-type: application/json' --header "dd-api-key: $DD_API_KEY" --header "dd-application-key: $DD_APP_KEY" --header 'user-agent: seats/VERSION' --data-raw '{"data":{"attributes":{"product_code":"incident_response","user_uuids":["626a4e8e-64bd-409d-b80e-428f08ac0b62"]},"type":"seat-assignments"}}' https://api.datadoghq.com/api/v2/seats/users
"#;

const RECLAIM_SHOWN: &str = r#"DELETE /V1/Inventory/9NBLGGH4R2R6/0016/Seats/ada@contoso.example HTTP/1.1
accept: application/json
authorization: Bearer ***
host: bspmts.mp.microsoft.com
user-agent: seats/VERSION

curl --globoff --path-as-is --request DELETE --header 'accept: application/json' --header "authorization: Bearer $SEATS_STORE_TOKEN" --header 'user-agent: seats/VERSION' https://bspmts.mp.microsoft.com/V1/Inventory/9NBLGGH4R2R6/0016/Seats/ada@contoso.example
"#;

#[tokio::test]
async fn needs_no_credentials_and_shows_none() {
    for (arguments, shown) in [(UNASSIGN, UNASSIGN_SHOWN), (RECLAIM, RECLAIM_SHOWN)] {
        let run = || seats(&arguments).arguments(&["--dry-run"]).kept_here();
        run().run().await.is(0, &with_version(shown), "");
        run().signed().run().await.is(0, &with_version(shown), "");
    }
}

#[tokio::test]
async fn shows_the_site() {
    for (site, host) in [
        ("datadoghq.eu", "api.datadoghq.eu"),
        ("us5.datadoghq.com", "api.us5.datadoghq.com"),
        ("US2.ddog-gov.com", "api.us2.ddog-gov.com"),
        ("us9.datadoghq.com", "api.us9.datadoghq.com"),
        ("", "api.datadoghq.com"),
    ] {
        let ended = seats(&UNASSIGN)
            .arguments(&["--dry-run"])
            .variable("DD_SITE", site)
            .kept_here()
            .run()
            .await;
        let shown = UNASSIGN_SHOWN.replace("api.datadoghq.com", host);
        ended.is(0, &with_version(&shown), "");
    }
}

/// A site that is none is an error here as well; a base URL takes its place.
#[tokio::test]
async fn the_site_counts_where_there_is_no_base_url() {
    let run = || {
        seats(&UNASSIGN)
            .arguments(&["--dry-run"])
            .variable("DD_SITE", "no site")
            .kept_here()
    };
    let ended = run().run().await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
    assert!(
        ended.stderr.starts_with("error: DD_SITE \"no site\": "),
        "{ended:?}"
    );
    let shown = with_version(&UNASSIGN_SHOWN.replace("api.datadoghq.com", "gateway.example"));
    let url = "https://gateway.example";
    let by_argument = run().arguments(&["--base-url", url]).run().await;
    by_argument.is(0, &shown, "");
    let by_variable = run().variable("SEATS_DATADOG_URL", url).run().await;
    by_variable.is(0, &shown, "");
}

#[tokio::test]
async fn json_holds_the_request() {
    let curl = |shown: &str| with_version(shown.lines().last().unwrap());
    let agent = with_version("seats/VERSION");
    let ended = seats(&UNASSIGN)
        .arguments(&["--dry-run", "--output", "json"])
        .kept_here()
        .run()
        .await;
    ended.is_json(
        0,
        &json!({
            "operation": "unassign_seats_user",
            "vendor": "datadog",
            "effect": "not_sent",
            "status": null,
            "messages": [],
            "request_id": null,
            "users": [USER],
            "request": {
                "method": "DELETE",
                "url": "https://api.datadoghq.com/api/v2/seats/users",
                "headers": {
                    "accept": "application/json",
                    "content-length": "140",
                    "content-type": "application/json",
                    "dd-api-key": "***",
                    "dd-application-key": "***",
                    "host": "api.datadoghq.com",
                    "user-agent": agent,
                },
                "body": {
                    "data": {
                        "attributes": {"product_code": "incident_response", "user_uuids": [USER]},
                        "type": "seat-assignments",
                    },
                },
                "curl": curl(UNASSIGN_SHOWN),
            },
        }),
    );
    let ended = seats(&RECLAIM)
        .arguments(&["--dry-run", "--output", "json"])
        .kept_here()
        .run()
        .await;
    ended.is_json(
        0,
        &json!({
            "operation": "reclaim_seat_from_user",
            "vendor": "store",
            "effect": "not_sent",
            "status": null,
            "messages": [],
            "request_id": null,
            "request": {
                "method": "DELETE",
                "url": "https://bspmts.mp.microsoft.com/V1/Inventory/9NBLGGH4R2R6/0016/Seats/ada@contoso.example",
                "headers": {
                    "accept": "application/json",
                    "authorization": "Bearer ***",
                    "host": "bspmts.mp.microsoft.com",
                    "user-agent": agent,
                },
                "body": null,
                "curl": curl(RECLAIM_SHOWN),
            },
        }),
    );
}

#[tokio::test]
async fn nothing_is_sent() {
    for arguments in [UNASSIGN, RECLAIM] {
        for output in ["text", "json"] {
            let wire = Wire::start(vec![]).await.unwrap();
            let ended = seats(&arguments)
                .arguments(&["--dry-run", "--output", output])
                .signed()
                .at(&wire)
                .run()
                .await;
            assert_eq!(ended.code, Some(0), "{ended:?}");
            assert!(ended.stdout.contains(&wire.authority()), "{ended:?}");
            heard_nothing(wire, &ended).await;
        }
    }
}

/// A request, from wherever it was taken; the secrets are in it or not.
#[derive(Debug, PartialEq, Eq)]
struct Request {
    method: String,
    target: String,
    headers: BTreeMap<String, String>,
    body: String,
}

impl Request {
    /// As it came on a socket.
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

    /// As a dry run shows it in words.
    fn of_text(ended: &Ended) -> Self {
        let text = ended.stdout.trim_end_matches('\n');
        let (rest, curl) = text.rsplit_once("\n\n").unwrap();
        assert!(curl.starts_with("curl "), "{ended:?}");
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

    /// As a dry run shows it in JSON.
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

    /// As curl would send it, with these arguments.
    fn of_curl(arguments: &[String], base: &str) -> Self {
        let mut words = arguments.iter().map(String::as_str);
        assert_eq!(words.next(), Some("--globoff"));
        assert_eq!(words.next(), Some("--path-as-is"));
        assert_eq!(words.next(), Some("--request"));
        let method = words.next().unwrap().to_owned();
        // Plain http stays on this machine.
        assert!(base.starts_with("http://"), "{base}");
        assert_eq!(words.next(), Some("--noproxy"));
        assert_eq!(words.next(), Some("*"));
        // What curl sends by itself.
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
                "--data-raw" => {
                    words.next().unwrap().clone_into(&mut body);
                    headers.insert("content-length".to_owned(), body.len().to_string());
                }
                url => {
                    assert_eq!(target, None, "a second URL: {url}");
                    target = Some(url.strip_prefix(base).unwrap().to_owned());
                }
            }
        }
        Self {
            method,
            target: target.unwrap(),
            headers,
            body,
        }
    }

    /// With stars in place of the secrets.
    fn masked(mut self) -> Self {
        for value in self.headers.values_mut() {
            for secret in [API_KEY, APPLICATION_KEY, TOKEN] {
                *value = value.replace(secret, "***");
            }
        }
        self
    }
}

/// The arguments that a POSIX shell would give to curl.
async fn through_a_shell(line: &str) -> Vec<String> {
    let script = format!("curl() {{ printf '%s\\0' \"$@\"; }}\n{line}\n");
    let output = Command::new("/bin/sh")
        .args(["-euc", &script])
        .env_clear()
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
    let words = String::from_utf8(output.stdout).unwrap();
    let words = words.strip_suffix('\0').unwrap();
    words.split('\0').map(str::to_owned).collect()
}

/// What a dry run shows in both outputs, and what its curl line would send, is what a real run sends.
async fn is_what_is_sent(arguments: &[&str]) {
    is_what_is_sent_for(arguments, answer("204 No Content", &[], b"")).await;
}

/// As [`is_what_is_sent`], with the vendor's answer.
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
    let by_curl = Request::of_curl(&through_a_shell(line).await, &base);
    assert_eq!(by_curl, sent, "the curl line");

    let sent = sent.masked();
    assert_eq!(Request::of_text(&text), sent, "in words");
    assert_eq!(Request::of_json(&in_json, &base), sent, "in JSON");
}

#[tokio::test]
async fn an_unassignment_is_shown_as_it_is_sent() {
    is_what_is_sent(&UNASSIGN).await;
    let other = "9D1C2F60-0F6E-4C5A-8B3E-7F1D2A4C6E80";
    is_what_is_sent(&["datadog", "unassign", "--product", "on_call", USER, other]).await;
}

/// What a shell, curl or JSON could take for something else.
const AWKWARD: [&str; 8] = [
    "it's \"$DD_API_KEY\" `id` $(id) \\n",
    "@/etc/passwd",
    "zoë 漢字 😀",
    "a{b,c}[1-3]*?",
    "--url=http://127.0.0.1:1",
    "'; exit 3; '",
    "#!&|;<>~%",
    "\u{2028}\u{202e}",
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
        "a b;c=d&e+f?g",
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
        is_what_is_sent(&["store", "reclaim", id, id, id]).await;
    }
}

#[tokio::test]
async fn every_operation_is_shown_as_it_is_sent() {
    // Something for each of them.
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

/// The commands of the README, each of them, with these files for those that they name.
fn of_the_readme(leavers: &str, leavers_of_the_store: &str) -> Vec<String> {
    let readme = include_str!("../../../../README.md");
    let (_, section) = readme.split_once("\n## The command\n").unwrap();
    let (_, block) = section.split_once("```sh\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    let commands = block.lines().filter_map(|line| line.strip_prefix("seats "));
    commands
        .map(|line| {
            line.replace("leavers.txt", leavers)
                .replace("leavers-of-the-store.txt", leavers_of_the_store)
        })
        .collect()
}

/// None of them is a usage error; and one after the other does, in a sandbox, what it says.
#[tokio::test]
async fn the_commands_of_the_readme() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name, users: &str| {
        let path = directory.path().join(name);
        std::fs::write(&path, users).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let store = file("store", "ada@contoso.example\nzoë@contoso.example\n");
    let commands = of_the_readme(&file("datadog", USER), &store);
    let sandbox = Sandbox::start().await.unwrap();
    let mut verbs = BTreeSet::new();
    for line in &commands {
        let words: Vec<&str> = line.split_whitespace().collect();
        let dry = seats(&words).arguments(&["--dry-run"]).kept_here();
        let real = seats(&words)
            .variable("SEATS_DATADOG_URL", sandbox.datadog_url())
            .variable("SEATS_STORE_URL", sandbox.store_url())
            .variable("DD_API_KEY", seats_sandbox::API_KEY)
            .variable("DD_APP_KEY", seats_sandbox::APPLICATION_KEY)
            .variable("SEATS_STORE_TOKEN", seats_sandbox::STORE_TOKEN);
        let dry = dry.run().await;
        assert_eq!((dry.code, dry.stderr.as_str()), (Some(0), ""), "{dry:?}");
        let real = real.run().await;
        assert_eq!(real.code, Some(0), "{real:?}");
        verbs.insert(format!("{} {}", words[0], words[1]));
    }
    assert_eq!(verbs.len(), 8, "{verbs:?}");
    assert_eq!(sandbox.log().len(), commands.len());
}
