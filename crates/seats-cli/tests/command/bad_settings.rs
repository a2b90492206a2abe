//! Invalid base URLs, secrets and sites, and missing credentials.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use seats_tests::wire::Wire;
use serde_json::Value;

use crate::bad_input::{is_not_sent, of_datadog, of_store};
use crate::process::{
    API_KEY, APPLICATION_KEY, RECLAIM, TOKEN, UNASSIGN, USER, heard_nothing, seats,
};

const SECRET: &str =
    "(not shown): must be visible ASCII without spaces; is there a line break at its end?";

/// Invalid base URLs that would point to `wire`, each with the rule that it breaks.
fn bad_base_urls(wire: &Wire) -> Vec<(String, &'static str)> {
    let authority = wire.authority();
    let port = authority.rsplit(':').next().unwrap();
    vec![
        (format!("ftp://{authority}"), "must begin with https://"),
        (format!("ws://{authority}"), "must begin with https://"),
        // The system connects 0.0.0.0 to this machine, but it is not a loopback address.
        (
            format!("http://0.0.0.0:{port}"),
            "must be https; plain http is for this machine only (127.0.0.1, [::1], localhost)",
        ),
        (format!("http://{authority}/?a=b"), "must have no query"),
        (format!("http://{authority}?"), "must have no query"),
        (format!("http://{authority}#a"), "must have no fragment"),
        (
            authority.clone(),
            "must be an absolute URL, such as https://api.example.com",
        ),
        (
            format!("http://{authority}/V1/.."),
            "must have no \".\" or \"..\" in its path",
        ),
    ]
}

#[tokio::test]
async fn a_base_url_as_an_argument() {
    let wire = Wire::start(vec![]).await.unwrap();
    let mut bad = bad_base_urls(&wire);
    bad.push((
        String::new(),
        "must be an absolute URL, such as https://api.example.com",
    ));
    for (url, rule) in bad {
        let message = format!("--base-url \"{url}\": {rule}");
        // The valid URL in the environment does not replace it.
        let wire = Wire::start(vec![]).await.unwrap();
        let good = wire.url();
        let run = || {
            seats(&UNASSIGN)
                .arguments(&["--base-url", &url])
                .signed()
                .variable("SEATS_DATADOG_URL", &good)
        };
        is_not_sent(wire, run, 2, &message, &of_datadog(&message, &[USER])).await;

        let wire = Wire::start(vec![]).await.unwrap();
        let good = wire.url();
        let run = || {
            seats(&RECLAIM)
                .arguments(&["--base-url", &url])
                .signed()
                .variable("SEATS_STORE_URL", &good)
        };
        is_not_sent(wire, run, 2, &message, &of_store(&message)).await;
    }
    assert_eq!(wire.finish().await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_base_url_as_a_variable() {
    let wire = Wire::start(vec![]).await.unwrap();
    let mut bad = bad_base_urls(&wire);
    // An empty variable does not stand for the vendor's own URL.
    bad.push((
        String::new(),
        "must be an absolute URL, such as https://api.example.com",
    ));
    for (url, rule) in bad {
        let message = format!("SEATS_DATADOG_URL \"{url}\": {rule}");
        let run = || {
            seats(&UNASSIGN)
                .signed()
                .variable("SEATS_DATADOG_URL", &url)
                .kept_here()
        };
        let spare = Wire::start(vec![]).await.unwrap();
        is_not_sent(spare, run, 2, &message, &of_datadog(&message, &[USER])).await;

        let message = format!("SEATS_STORE_URL \"{url}\": {rule}");
        let run = || {
            seats(&RECLAIM)
                .signed()
                .variable("SEATS_STORE_URL", &url)
                .kept_here()
        };
        let spare = Wire::start(vec![]).await.unwrap();
        is_not_sent(spare, run, 2, &message, &of_store(&message)).await;
    }
    assert_eq!(wire.finish().await.unwrap().len(), 0);
}

/// A valid argument takes precedence over an invalid variable.
#[tokio::test]
async fn a_base_url_as_an_argument_overrides_a_bad_variable() {
    for arguments in [UNASSIGN, RECLAIM] {
        let wire = Wire::start(vec![seats_tests::wire::answer("204 No Content", &[], b"")])
            .await
            .unwrap();
        let ended = seats(&arguments)
            .arguments(&["--base-url", &format!("{}/V1", wire.url())])
            .signed()
            .variable("SEATS_DATADOG_URL", "ftp://127.0.0.1")
            .variable("SEATS_STORE_URL", "ftp://127.0.0.1")
            .run()
            .await;
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_eq!(wire.finish().await.unwrap().len(), 1);
    }
}

/// Runs with one invalid secret; the message names its variable, and does not show its value.
async fn a_secret_is_refused(arguments: &[&str], variable: &str, value: &OsStr, rule: &str) {
    let wire = Wire::start(vec![]).await.unwrap();
    let (url, store_url) = (wire.url(), format!("{}/V1", wire.url()));
    let message = format!("{variable} {rule}");
    let run = || {
        seats(arguments)
            .signed()
            .variable("SEATS_DATADOG_URL", &url)
            .variable("SEATS_STORE_URL", &store_url)
            .variable(variable, value)
    };
    let json = match variable {
        "SEATS_STORE_TOKEN" => of_store(&message),
        _ => of_datadog(&message, &[USER]),
    };
    is_not_sent(wire, run, 2, &message, &json).await;
}

#[tokio::test]
async fn a_secret_that_cannot_stand_in_a_header() {
    for (arguments, variable, key) in [
        (UNASSIGN, "DD_API_KEY", API_KEY),
        (UNASSIGN, "DD_APP_KEY", APPLICATION_KEY),
        (RECLAIM, "SEATS_STORE_TOKEN", TOKEN),
    ] {
        for value in [
            format!("{key}\n"),
            format!("{key}\r\nx-injected: yes"),
            format!(" {key}"),
            format!("{key}é"),
        ] {
            a_secret_is_refused(&arguments, variable, OsStr::new(&value), SECRET).await;
        }
        let no_text = [key.as_bytes(), b"\xff"].concat();
        let rule = "(not shown): must be UTF-8";
        a_secret_is_refused(&arguments, variable, OsStr::from_bytes(&no_text), rule).await;
        // Also in a dry run, which would show a request that cannot be sent.
        let dry: Vec<&str> = arguments.into_iter().chain(["--dry-run"]).collect();
        a_secret_is_refused(&dry, variable, OsStr::new(&format!("{key}\n")), SECRET).await;
    }
}

/// Otherwise a mistyped site would get the keys.
#[tokio::test]
async fn a_site_that_is_none() {
    for (value, nearest) in [
        ("https://datadoghq.eu", "datadoghq.eu"),
        ("dataadoghq.com", "datadoghq.com"),
        ("us5.datadoghq.comm", "us5.datadoghq.com"),
        ("datadoghq.com/", "datadoghq.com"),
        ("datadoghq.com@127.0.0.1", "datadoghq.com"),
        ("app.datadoghq.eu", "datadoghq.eu"),
        ("us5", ""),
        ("127.0.0.1", ""),
    ] {
        let wire = Wire::start(vec![]).await.unwrap();
        let run = seats(&UNASSIGN)
            .signed()
            .variable("https_proxy", wire.url());
        let ended = run.variable("DD_SITE", value).run().await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
        let start =
            format!("error: DD_SITE \"{value}\": must be a Datadog site; did you mean {nearest}");
        assert!(ended.stderr.starts_with(&start), "{ended:?}");
        heard_nothing(wire, &ended).await;
    }
}

/// A base URL replaces the site, so that an invalid DD_SITE does not matter.
#[tokio::test]
async fn a_site_that_is_none_beside_a_base_url() {
    let done = || seats_tests::wire::answer("204 No Content", &[], b"");
    let wire = Wire::start(vec![done(), done()]).await.unwrap();
    let run = || seats(&UNASSIGN).signed().variable("DD_SITE", "no site");
    let by_argument = run().arguments(&["--base-url", &wire.url()]).run().await;
    assert_eq!(by_argument.code, Some(0), "{by_argument:?}");
    let by_variable = run().at(&wire).run().await;
    assert_eq!(by_variable.code, Some(0), "{by_variable:?}");
    assert_eq!(wire.finish().await.unwrap().len(), 2);
}

/// Asserts exit code 4 and the message for missing credentials.
async fn credentials_are_missing(
    arguments: &[&str],
    variables: &[(&str, &str)],
    message: &str,
    json: Value,
) {
    let wire = Wire::start(vec![]).await.unwrap();
    let (url, store_url) = (wire.url(), format!("{}/V1", wire.url()));
    let run = || {
        let base = seats(arguments)
            .variable("SEATS_DATADOG_URL", &url)
            .variable("SEATS_STORE_URL", &store_url);
        variables
            .iter()
            .fold(base, |run, (name, value)| run.variable(name, value))
    };
    is_not_sent(wire, run, 4, message, &json).await;
}

#[tokio::test]
async fn a_missing_or_empty_key_of_datadog() {
    let api = "the API key is missing; set DD_API_KEY";
    let app = "the application key is missing; set DD_APP_KEY";
    for (variables, message) in [
        (
            &[("DD_APP_KEY", APPLICATION_KEY)][..],
            format!("no credentials: {api}"),
        ),
        (
            &[("DD_APP_KEY", APPLICATION_KEY), ("DD_API_KEY", "")],
            format!("no credentials: {api}"),
        ),
        (&[("DD_API_KEY", API_KEY)], format!("no credentials: {app}")),
        (
            &[("DD_API_KEY", API_KEY), ("DD_APP_KEY", "")],
            format!("no credentials: {app}"),
        ),
        (&[], format!("no credentials: {api}, and {app}")),
        (
            &[("SEATS_STORE_TOKEN", TOKEN), ("DD_API_KEY", "")],
            format!("no credentials: {api}, and {app}"),
        ),
    ] {
        let json = of_datadog(&message, &[USER]);
        credentials_are_missing(&UNASSIGN, variables, &message, json).await;
    }
}

#[tokio::test]
async fn a_missing_or_empty_token_of_the_store() {
    let message = "no credentials: the token is missing; set SEATS_STORE_TOKEN, or AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET";
    for variables in [
        &[][..],
        &[("SEATS_STORE_TOKEN", "")],
        &[("DD_API_KEY", API_KEY), ("DD_APP_KEY", APPLICATION_KEY)],
    ] {
        credentials_are_missing(&RECLAIM, variables, message, of_store(message)).await;
    }
}
