//! `seats demo` and `--sandbox`: both vendors on this machine; nothing leaves it.

use seats_sandbox::{API_KEY, APPLICATION_KEY, STORE_TOKEN};
use seats_tests::wire::{Wire, answer};
use serde_json::json;

use crate::process::{Ended, RECLAIM, UNASSIGN, USER, heard_nothing, seats, with_version};

const DEMO: &str = r#"Both vendors, in a sandbox on this machine: nothing leaves it.

== Datadog: unassign a seat from a user
  > DELETE /api/v2/seats/users HTTP/1.1
  > accept: application/json
  > content-length: 140
  > content-type: application/json
  > dd-api-key: ***
  > dd-application-key: ***
  > host: 127.0.0.1:PORT
  > user-agent: seats/VERSION
  >
  > {"data":{"attributes":{"product_code":"incident_response","user_uuids":["626a4e8e-64bd-409d-b80e-428f08ac0b62"]},"type":"seat-assignments"}}
  < 204 No Content
  effect: done

== Datadog: the same seat again
  > DELETE /api/v2/seats/users HTTP/1.1
  > accept: application/json
  > content-length: 140
  > content-type: application/json
  > dd-api-key: ***
  > dd-application-key: ***
  > host: 127.0.0.1:PORT
  > user-agent: seats/VERSION
  >
  > {"data":{"attributes":{"product_code":"incident_response","user_uuids":["626a4e8e-64bd-409d-b80e-428f08ac0b62"]},"type":"seat-assignments"}}
  < 422 Unprocessable Entity
  < {"errors":[{"title":"Generic Error","detail":"user_uuids names users without a seat of incident_response: 626a4e8e-64bd-409d-b80e-428f08ac0b62"}]}
  effect: refused: Generic Error: user_uuids names users without a seat of incident_response: 626a4e8e-64bd-409d-b80e-428f08ac0b62

== Microsoft Store for Business: reclaim a seat from a user
  > DELETE /V1/Inventory/9NBLGGH4R2R6/0016/Seats/ada@contoso.example HTTP/1.1
  > accept: application/json
  > authorization: Bearer ***
  > host: 127.0.0.1:PORT
  > user-agent: seats/VERSION
  < 200 OK
  < {"assignedTo":"ada@contoso.example","dateAssigned":"2015-07-13T14:02:25.6863382-07:00","state":"Revoked","productKey":{"productId":"9NBLGGH4R2R6","skuId":"0016"}}
  effect: done

== Microsoft Store for Business: the same seat again
  > DELETE /V1/Inventory/9NBLGGH4R2R6/0016/Seats/ada@contoso.example HTTP/1.1
  > accept: application/json
  > authorization: Bearer ***
  > host: 127.0.0.1:PORT
  > user-agent: seats/VERSION
  < 404 Not Found
  < {"code":"DataNotFound","data":[{"itemType":"Seat","values":["9NBLGGH4R2R6","0016","ada@contoso.example"]}],"details":[],"message":"The seat does not exist","source":"StoreForBusiness"}
  effect: already_free: The seat does not exist (itemType: Seat, values: 9NBLGGH4R2R6 0016 ada@contoso.example)

Next: `seats datadog --help`, `seats store --help`; their commands take --sandbox and --dry-run.
"#;

/// Replaces the port of the sandbox by `PORT`.
fn without_port(text: &str) -> String {
    let mark = "127.0.0.1:";
    let Some((_, rest)) = text.split_once(mark) else {
        return text.to_owned();
    };
    let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
    text.replace(&format!("{mark}{port}"), &format!("{mark}PORT"))
}

#[tokio::test]
async fn the_demo_needs_nothing_and_shows_everything() {
    let ended = seats(&["demo"]).run().await;
    ended.is(0, &ended.stdout, "");
    assert_eq!(without_port(&ended.stdout), with_version(DEMO));
}

/// As in `seats demo | head -1`.
#[tokio::test]
async fn the_demo_bears_a_reader_that_goes_away() {
    let ended = seats(&["demo"]).unread().run().await;
    assert!(!ended.stderr.contains("panicked"), "{ended:?}");
    assert_ne!(ended.code, Some(101), "{ended:?}");
}

/// Runs with an environment that points elsewhere or is invalid, and asserts that it is ignored.
async fn ignores_the_environment(arguments: &[&str]) -> Ended {
    let wire = Wire::start(vec![]).await.unwrap();
    let mut run = seats(arguments)
        .at(&wire)
        .variable("DD_API_KEY", "planted\n")
        .variable("DD_APP_KEY", "planted\n")
        .variable("SEATS_STORE_TOKEN", "planted\n")
        .variable("DD_SITE", "no site");
    for proxy in PROXIES {
        run = run.variable(proxy, wire.url());
    }
    let ended = run.run().await;
    heard_nothing(wire, &ended).await;
    assert_eq!(ended.stderr, "", "{ended:?}");
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(!ended.stdout.contains("planted"), "{ended:?}");
    ended
}

const PROXIES: [&str; 6] = [
    "http_proxy",
    "HTTP_PROXY",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
];

#[tokio::test]
async fn the_demo_ignores_the_environment() {
    let ended = ignores_the_environment(&["demo"]).await;
    assert_eq!(without_port(&ended.stdout), with_version(DEMO));
}

#[tokio::test]
async fn the_sandbox_ignores_the_environment() {
    let mut unassign = UNASSIGN.to_vec();
    unassign.push("--sandbox");
    let ended = ignores_the_environment(&unassign).await;
    let done = "done: seats of \"incident_response\" unassigned from 1 user\n";
    ended.is(0, done, "");

    let mut reclaim = RECLAIM.to_vec();
    reclaim.push("--sandbox");
    let ended = ignores_the_environment(&reclaim).await;
    let done = "done: the seat of \"9NBLGGH4R2R6/0016\" reclaimed from \"ada@contoso.example\"\n";
    ended.is(0, done, "");
}

/// The sandbox accepts only these keys, so a call that is done used them.
#[tokio::test]
async fn the_sandbox_knows_no_other_credentials() {
    assert_ne!(API_KEY, crate::process::API_KEY);
    assert_ne!(APPLICATION_KEY, crate::process::APPLICATION_KEY);
    assert_ne!(STORE_TOKEN, crate::process::TOKEN);
    let sandbox = seats_sandbox::Sandbox::start().await.unwrap();
    for (arguments, url) in [
        (UNASSIGN, sandbox.datadog_url()),
        (RECLAIM, sandbox.store_url()),
    ] {
        let run = || seats(&arguments).arguments(&["--base-url", &url]);
        let planted = run().signed().run().await;
        assert_eq!(planted.code, Some(4), "{planted:?}");
        let own = run()
            .variable("DD_API_KEY", API_KEY)
            .variable("DD_APP_KEY", APPLICATION_KEY)
            .variable("SEATS_STORE_TOKEN", STORE_TOKEN)
            .run()
            .await;
        assert_eq!(own.code, Some(0), "{own:?}");
    }
}

#[tokio::test]
async fn the_sandbox_answers_in_json() {
    let ended = seats(&RECLAIM)
        .arguments(&["--sandbox", "--output", "json"])
        .run()
        .await;
    ended.is_json(
        0,
        &json!({
            "operation": "reclaim_seat_from_user",
            "vendor": "store",
            "effect": "done",
            "status": 200,
            "messages": [],
            "request_id": "sandbox.1",
            "seat": {
                "assignedTo": "ada@contoso.example",
                "dateAssigned": "2015-07-13T14:02:25.6863382-07:00",
                "state": "Revoked",
                "productKey": {"productId": "9NBLGGH4R2R6", "skuId": "0016"},
            },
        }),
    );
    let ended = seats(&UNASSIGN)
        .arguments(&["--sandbox", "--output", "json"])
        .run()
        .await;
    ended.is_json(
        0,
        &json!({
            "operation": "unassign_seats_user",
            "vendor": "datadog",
            "effect": "done",
            "status": 204,
            "messages": [],
            "request_id": "sandbox-1",
            "users": [USER],
        }),
    );
}

/// Every seat that the hint lists can be reclaimed with the arguments as listed.
#[tokio::test]
async fn a_refusal_of_the_sandbox_lists_its_seats() {
    const STORE_SEATS: &str = "\
the sandbox starts anew with each command, and has these seats:
  9NBLGGH4R2R6 0016 ada@contoso.example
  9NBLGGH4R2R6 0016 grace_fabrikam.example#EXT#@contoso.example
  9NBLGGH4R2R6 0016 zoë@contoso.example
  9NBLGGH4R2R6 0016 8f2b1c64-7d3e-4a59-b0c8-16e5f9a2d473
  CFQ7TTC0K5DR 0001 ada@contoso.example   (offline license)
";
    const DATADOG_SEATS: &str = "\
the sandbox starts anew with each command, and has these seats:
  --product incident_response 626a4e8e-64bd-409d-b80e-428f08ac0b62
  --product incident_response 9d1c2f60-0f6e-4c5a-8b3e-7f1d2a4c6e80
  --product incident_response c3b5a7d2-41f8-4e0b-9c66-5a0d8e2f7b13
  --product on_call 626a4e8e-64bd-409d-b80e-428f08ac0b62
  --product on_call 5e7f0a94-2c1b-4d38-8f60-b9a4c7d21e05
";
    let nobody = [
        "store",
        "reclaim",
        "9NBLGGH4R2R6",
        "0016",
        "bob",
        "--sandbox",
    ];
    let ended = seats(&nobody).run().await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
    assert!(ended.stderr.ends_with(STORE_SEATS), "{ended:?}");
    assert!(
        ended
            .stderr
            .starts_with("error: reclaim_seat_from_user: the vendor answered 404 Not Found: ")
    );

    let unknown = ["datadog", "unassign", "--product", "x", USER, "--sandbox"];
    let ended = seats(&unknown).run().await;
    ended.is(
        1,
        "",
        &format!(
            "error: unassign_seats_user: the vendor answered 422 Unprocessable Entity: Generic Error: product_code is not known: x; nothing changed\nrequest id: sandbox-1\n{DATADOG_SEATS}"
        ),
    );
    // stdout is still one object.
    let ended = seats(&unknown).arguments(&["--output", "json"]).run().await;
    assert_eq!(ended.json()["effect"], "refused");
    assert_eq!(
        (ended.code, ended.stderr.as_str()),
        (Some(1), DATADOG_SEATS)
    );

    for (seats_listed, first) in [
        (STORE_SEATS, ["store", "reclaim"]),
        (DATADOG_SEATS, ["datadog", "unassign"]),
    ] {
        for line in seats_listed.lines().skip(1) {
            let (line, code) = match line.strip_suffix("   (offline license)") {
                Some(line) => (line, 1),
                None => (line, 0),
            };
            let listed: Vec<&str> = line.split_whitespace().collect();
            let ended = seats(&first)
                .arguments(&listed)
                .arguments(&["--sandbox"])
                .run()
                .await;
            assert_eq!(ended.code, Some(code), "{ended:?}");
        }
    }
}

/// The hint lists the seats with which the next sandbox starts.
#[tokio::test]
async fn a_refusal_of_one_of_many_lists_the_seats_of_a_new_sandbox() {
    let mut users = RECLAIM.to_vec();
    users.extend(["bob", "--sandbox"]);
    let ended = seats(&users).run().await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let start = "1 done, 1 failed\nthe sandbox starts anew with each command, and has these seats:\n  9NBLGGH4R2R6 0016 ada@contoso.example\n";
    assert!(ended.stderr.starts_with(start), "{ended:?}");
}

/// The examples in the help texts work as they are.
#[tokio::test]
async fn the_examples_of_each_help_run() {
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_seats"));
    let path = format!("{}:/usr/bin:/bin", binary.parent().unwrap().display());
    let mut examples = 0;
    for (vendor, verbs) in [
        ("datadog", &["assign", "list", "unassign"][..]),
        ("store", &["assign", "inventory", "list", "reclaim", "show"]),
    ] {
        for verb in verbs {
            let help = seats(&[vendor, verb, "--help"]).run().await.stdout;
            let (_, script) = help.split_once("which needs none of them:\n").unwrap();
            for example in script.replace("|\n", "| ").lines() {
                let ended = tokio::process::Command::new("sh")
                    .args(["-c", example])
                    .env_clear()
                    .env("PATH", &path)
                    .output()
                    .await
                    .unwrap();
                assert_eq!(ended.status.code(), Some(0), "{example}: {ended:?}");
                assert!(!ended.stdout.is_empty(), "{example}: {ended:?}");
                examples += 1;
            }
        }
    }
    assert_eq!(examples, 11);
}

/// The address that is shown is of no use, and a hint says so.
#[tokio::test]
async fn a_dry_run_in_the_sandbox_sends_nothing() {
    const ENDED: &str =
        "the sandbox ends with this command; nothing listens at its address any more\n";
    let run = || seats(&RECLAIM).arguments(&["--sandbox", "--dry-run"]);
    let ended = run().run().await;
    assert_eq!(
        (ended.code, ended.stderr.as_str()),
        (Some(0), ENDED),
        "{ended:?}"
    );
    let shown = r#"DELETE /V1/Inventory/9NBLGGH4R2R6/0016/Seats/ada@contoso.example HTTP/1.1
accept: application/json
authorization: Bearer ***
host: 127.0.0.1:PORT
user-agent: seats/VERSION

curl --disable --globoff --path-as-is --request DELETE --noproxy '*' --header 'accept: application/json' --header "authorization: Bearer $SEATS_STORE_TOKEN" --header 'user-agent: seats/VERSION' http://127.0.0.1:PORT/V1/Inventory/9NBLGGH4R2R6/0016/Seats/ada@contoso.example
"#;
    assert_eq!(without_port(&ended.stdout), with_version(shown));

    // stdout is still one object.
    let ended = run().arguments(&["--output", "json"]).run().await;
    assert_eq!(ended.json()["effect"], "not_sent");
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ENDED));
    let unassign = ["--sandbox", "--dry-run"];
    let ended = seats(&UNASSIGN).arguments(&unassign).run().await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ENDED));
}

/// A proxy would read the keys, and they would leave this machine.
#[tokio::test]
async fn a_call_to_this_machine_goes_through_no_proxy() {
    for arguments in [UNASSIGN, RECLAIM] {
        for proxy in PROXIES {
            let through = Wire::start(vec![]).await.unwrap();
            let wire = Wire::start(vec![answer("204 No Content", &[], b"")])
                .await
                .unwrap();
            let ended = seats(&arguments)
                .signed()
                .at(&wire)
                .variable(proxy, through.url())
                .run()
                .await;
            assert_eq!(ended.code, Some(0), "{ended:?}");
            assert_eq!(wire.finish().await.unwrap().len(), 1);
            heard_nothing(through, &ended).await;
        }
    }
}
