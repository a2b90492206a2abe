//! No output contains a credential, even if the server echoes it.

use seats_tests::wire::{Wire, answer};

use crate::process::{API_KEY, APPLICATION_KEY, Ended, RECLAIM, TOKEN, UNASSIGN, USER, seats};

const KEYS: [&str; 3] = [API_KEY, APPLICATION_KEY, TOKEN];

#[track_caller]
fn shows_none_of(secrets: &[&str], ended: &Ended) {
    for secret in secrets {
        for output in [&ended.stdout, &ended.stderr] {
            assert!(!output.contains(secret), "{secret} in {ended:?}");
        }
    }
}

/// Returns a response that echoes the credentials in its body, its location and its ids.
fn echo(status: &str, body: &str) -> Vec<u8> {
    let place = format!(
        "http://127.0.0.1:1/?k={}&t=Bearer%20{TOKEN}",
        KEYS.join("&")
    );
    let ids = KEYS.join(" ");
    answer(
        status,
        &[
            ("location", &place),
            ("x-request-id", &ids),
            ("retry-after", &ids),
        ],
        body.as_bytes(),
    )
}

#[tokio::test]
async fn servers_that_echo_what_they_were_sent() {
    let keys = KEYS.join(" ");
    let bodies = [
        keys.clone(),
        format!(
            "<html><title>{keys}</title><p>Bearer {TOKEN} {API_KEY}{APPLICATION_KEY}</p></html>"
        ),
        format!(r#"{{"errors":["{keys}",{{"title":"{API_KEY}","detail":"{APPLICATION_KEY}"}}]}}"#),
        format!(r#"{{"message":"{keys}","data":[{{"{TOKEN}":"{API_KEY}"}}]}}"#),
        format!(r#"{{"assignedTo":"{TOKEN}","state":"Bearer {TOKEN}"}}"#),
    ];
    for status in ["200 OK", "302 Found", "401 Unauthorized", "502 Bad Gateway"] {
        for body in &bodies {
            for (arguments, sent) in [(UNASSIGN, &KEYS[..2]), (RECLAIM, &KEYS[2..])] {
                for output in ["text", "json"] {
                    let wire = Wire::start(vec![echo(status, body)]).await.unwrap();
                    let ended = seats(&arguments)
                        .arguments(&["--output", output])
                        .once()
                        .signed()
                        .at(&wire)
                        .run()
                        .await;
                    // A vendor has never seen the other vendor's key.
                    shows_none_of(sent, &ended);
                    let requests = wire.finish().await.unwrap();
                    assert_eq!(requests.len(), 1);
                    let request = String::from_utf8_lossy(&requests[0]).into_owned();
                    for key in KEYS {
                        assert_eq!(request.contains(key), sent.contains(&key), "{request}");
                    }
                }
            }
        }
    }
}

/// A token with characters that encoders often escape.
const WITH_PLUS: &str = "planted+token/5f1c77";

/// Asserts that an encoded token in the Store's response is not shown.
async fn echoes_in_other_letters(status: &str, place: &str, body: &str) {
    let bytes = answer(status, &[("location", place)], body.as_bytes());
    let wire = Wire::start(vec![bytes.clone(), bytes]).await.unwrap();
    for output in ["text", "json"] {
        let ended = seats(&RECLAIM)
            .arguments(&["--output", output])
            .once()
            .at(&wire)
            .variable("SEATS_STORE_TOKEN", WITH_PLUS)
            .run()
            .await;
        shows_none_of(&[WITH_PLUS, "planted%2Btoken%2F5f1c77"], &ended);
    }
    assert_eq!(wire.finish().await.unwrap().len(), 2);
}

/// JSON may escape any character; ASP.NET does so with `+`, PHP with `/`.
#[tokio::test]
async fn an_echo_in_escapes_of_json() {
    let body = r#"{"message":"no such token: planted\u002btoken\/5f1c77"}"#;
    echoes_in_other_letters("400 Bad Request", "", body).await;
}

#[tokio::test]
async fn an_echo_in_the_seat() {
    let body = r#"{"assignedTo":"planted\u002btoken\/5f1c77","state":"Revoked"}"#;
    echoes_in_other_letters("200 OK", "", body).await;
}

#[tokio::test]
async fn an_echo_in_the_entities_of_a_page() {
    let body = "<html><p>planted&#43;token/5f1c77</p></html>";
    echoes_in_other_letters("502 Bad Gateway", "", body).await;
}

#[tokio::test]
async fn an_echo_in_the_escapes_of_a_location() {
    let place = "https://vendor.example/login?t=planted%2Btoken%2F5f1c77";
    echoes_in_other_letters("302 Found", place, "").await;
}

#[tokio::test]
async fn runs_that_come_to_nothing() {
    for arguments in [
        &["demo"][..],
        &["--help"],
        &["--bogus"],
        &["datadog", "unassign", "--product", "", USER],
        &["datadog", "unassign", "--product", "x", "no-uuid"],
        &["store", "reclaim", "P", "0016", ".."],
        &["store", "reclaim", "P", "0016", "ada", "--sandbox"],
        &["store", "reclaim", "P", "0016", "ada", "--dry-run"],
        &[
            "store",
            "reclaim",
            "P",
            "0016",
            "ada",
            "--base-url",
            "ftp://x",
        ],
        &["datadog", "unassign", "--product", "x", USER, "--sandbox"],
        &["datadog", "unassign", "--product", "x", USER, "--dry-run"],
        &[
            "datadog",
            "unassign",
            "--product",
            "x",
            USER,
            "--base-url",
            "http://127.0.0.1:1",
        ],
        &[
            "store",
            "reclaim",
            "P",
            "0016",
            "ada",
            "--base-url",
            "http://127.0.0.1:1",
        ],
        &["store", "reclaim", "P", "0016"],
    ] {
        for output in [&[][..], &["--output", "json"]] {
            let ended = seats(arguments)
                .arguments(output)
                .signed()
                .kept_here()
                .run()
                .await;
            assert_ne!(ended.code, None, "{ended:?}");
            shows_none_of(&KEYS, &ended);
        }
    }
}

/// No environment variable turns the log on.
#[tokio::test]
async fn no_variable_makes_it_say_more() {
    let wire = Wire::start(vec![echo("401 Unauthorized", "")])
        .await
        .unwrap();
    let ended = seats(&RECLAIM)
        .signed()
        .at(&wire)
        .variable("RUST_LOG", "trace")
        .variable("RUST_BACKTRACE", "full")
        .run()
        .await;
    wire.finish().await.unwrap();
    assert_eq!(ended.code, Some(4));
    assert!(
        ended.stderr.starts_with("error: reclaim_seat_from_user: "),
        "{ended:?}"
    );
    assert!(ended.stderr.lines().count() <= 2, "{ended:?}");
    shows_none_of(&[TOKEN], &ended);
}

/// `-v` logs the attempts and `-vv` everything, but no key and no body.
#[tokio::test]
async fn what_happens_on_the_way_holds_no_key() {
    let body = format!(r#"{{"errors":["{0}"],"message":"{0}"}}"#, KEYS.join(" "));
    for verbosity in ["-v", "-vv"] {
        for (arguments, sent) in [(UNASSIGN, &KEYS[..2]), (RECLAIM, &KEYS[2..])] {
            let wire = Wire::start(vec![
                Vec::new(),
                b"220 no HTTP\r\n\r\n".to_vec(),
                echo("503 Service Unavailable", &body),
                echo("401 Unauthorized", &body),
            ])
            .await
            .unwrap();
            let ended = seats(&arguments)
                .arguments(&[verbosity, "--output=json"])
                .signed()
                .at(&wire)
                .run()
                .await;
            assert_eq!(wire.finish().await.unwrap().len(), 4, "{ended:?}");
            assert_eq!(ended.json()["status"], 401, "{ended:?}");
            // A vendor has never seen the other vendor's key.
            shows_none_of(sent, &ended);
            for attempt in 1..=4 {
                let attempt = format!("attempt={attempt} ");
                assert!(ended.stderr.contains(&attempt), "{attempt}: {ended:?}");
            }
            assert!(!ended.stderr.contains("user_uuids"), "{ended:?}");
        }
    }
}

/// A base URL with a password is refused, and the password is not shown.
#[tokio::test]
async fn a_password_in_a_base_url() {
    let url = "https://planted-user:planted-password@gateway.example";
    for arguments in [UNASSIGN, RECLAIM] {
        let by_argument = seats(&arguments)
            .arguments(&["--base-url", url])
            .signed()
            .kept_here()
            .run()
            .await;
        let by_variable = seats(&arguments)
            .signed()
            .variable("SEATS_DATADOG_URL", url)
            .variable("SEATS_STORE_URL", url)
            .kept_here()
            .run()
            .await;
        for ended in [by_argument, by_variable] {
            assert_eq!(ended.code, Some(2), "{ended:?}");
            let rule = "must have no user name or password in it\n";
            assert!(ended.stderr.ends_with(rule), "{ended:?}");
            shows_none_of(&["planted-password"], &ended);
        }
    }
}

/// A proxy's password is not shown, whatever else is wrong with the proxy's URL.
#[tokio::test]
async fn a_password_in_a_proxy() {
    for proxy in [
        "http://planted-user:planted-password@127.0.0.1:1",
        "planted-user:planted-password@127.0.0.1:1",
        "http://127.0.0.1:planted-password",
    ] {
        let ended = seats(&UNASSIGN)
            .arguments(&["-vv"])
            .once()
            .signed()
            .variable("https_proxy", proxy)
            .run()
            .await;
        assert_eq!(ended.code, Some(5), "{ended:?}");
        shows_none_of(&["planted-password"], &ended);
    }
}

/// A proxy is asked for a tunnel, so that it sees the host and no key.
#[tokio::test]
async fn a_proxy_sees_a_host_and_no_key() {
    for (arguments, host) in [
        (UNASSIGN, "api.us5.datadoghq.com"),
        (RECLAIM, "bspmts.mp.microsoft.com"),
    ] {
        let proxy = Wire::start(vec![answer("403 Forbidden", &[], b"")])
            .await
            .unwrap();
        let ended = seats(&arguments)
            .once()
            .signed()
            .variable("DD_SITE", "us5.datadoghq.com")
            .variable("https_proxy", proxy.url())
            .run()
            .await;
        assert_eq!(ended.code, Some(5), "{ended:?}");
        shows_none_of(&KEYS, &ended);
        let requests = proxy.finish().await.unwrap();
        assert_eq!(requests.len(), 1);
        let request = String::from_utf8_lossy(&requests[0]).into_owned();
        assert!(
            request.starts_with(&format!("CONNECT {host}:443 HTTP/1.1\r\n")),
            "{request}"
        );
        for key in KEYS {
            assert!(!request.contains(key), "{request}");
        }
    }
}
