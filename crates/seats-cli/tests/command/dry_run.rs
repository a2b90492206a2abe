//! `--dry-run`: sends nothing, and shows what would be sent.

use std::collections::BTreeSet;

use seats_sandbox::Sandbox;
use seats_tests::wire::Wire;
use serde_json::json;

use crate::process::{RECLAIM, UNASSIGN, USER, heard_nothing, seats, with_version};

const UNASSIGN_SHOWN: &str = r#"DELETE /api/v2/seats/users HTTP/1.1
accept: application/json
content-length: 140
content-type: application/json
dd-api-key: ***
dd-application-key: ***
host: api.datadoghq.com
user-agent: seats/VERSION

{"data":{"attributes":{"product_code":"incident_response","user_uuids":["626a4e8e-64bd-409d-b80e-428f08ac0b62"]},"type":"seat-assignments"}}

curl --disable --globoff --path-as-is --request DELETE --header 'accept: application/json' --header 'content-type: application/json' --header "dd-api-key: $DD_API_KEY" --header "dd-application-key: $DD_APP_KEY" --header 'user-agent: seats/VERSION' --data-raw '{"data":{"attributes":{"product_code":"incident_response","user_uuids":["626a4e8e-64bd-409d-b80e-428f08ac0b62"]},"type":"seat-assignments"}}' https://api.datadoghq.com/api/v2/seats/users
"#;

const RECLAIM_SHOWN: &str = r#"DELETE /V1/Inventory/9NBLGGH4R2R6/0016/Seats/ada@contoso.example HTTP/1.1
accept: application/json
authorization: Bearer ***
host: bspmts.mp.microsoft.com
user-agent: seats/VERSION

curl --disable --globoff --path-as-is --request DELETE --header 'accept: application/json' --header "authorization: Bearer $SEATS_STORE_TOKEN" --header 'user-agent: seats/VERSION' https://bspmts.mp.microsoft.com/V1/Inventory/9NBLGGH4R2R6/0016/Seats/ada@contoso.example
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

/// An invalid site is an error in a dry run, too, unless a base URL replaces it.
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

/// Returns the commands of the README, with these files in place of those that they name.
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

/// Each of them works as a dry run, and against a sandbox.
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
