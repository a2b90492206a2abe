//! Invalid arguments.

use serde_json::{Value, json};

use crate::process::{RECLAIM, UNASSIGN, USER, seats};

fn object(call: Option<(&str, &str)>, message: &str) -> Value {
    json!({
        "operation": call.map(|call| call.1),
        "vendor": call.map(|call| call.0),
        "effect": "not_sent",
        "status": null,
        "messages": [message],
        "request_id": null,
    })
}

const DATADOG: Option<(&str, &str)> = Some(("datadog", "unassign_seats_user"));
const STORE: Option<(&str, &str)> = Some(("store", "reclaim_seat_from_user"));

/// Asserts the text, and the JSON object for both forms of `--output json`.
async fn is_refused(arguments: &[&str], words: &str, call: Option<(&str, &str)>, message: &str) {
    seats(arguments)
        .run()
        .await
        .is(2, "", &format!("error: {words}"));
    for output in [&["--output", "json"][..], &["--output=json"]] {
        seats(arguments)
            .arguments(output)
            .run()
            .await
            .is_json(2, &object(call, message));
    }
}

#[tokio::test]
async fn an_unknown_option() {
    is_refused(
        &[
            "datadog",
            "unassign",
            "--product",
            "on_call",
            "--bogus",
            USER,
        ],
        "unexpected argument '--bogus' found

  tip: to pass '--bogus' as a value, use '-- --bogus'

Usage: seats datadog unassign [OPTIONS] --product <CODE> <USER_UUID>...
       seats datadog unassign [OPTIONS] --product <CODE> --users-file <FILE>

For more information, try '--help'.
",
        DATADOG,
        "unexpected argument '--bogus' found",
    )
    .await;
}

#[tokio::test]
async fn a_missing_argument() {
    is_refused(
        &["store", "reclaim", "9NBLGGH4R2R6"],
        "the following required arguments were not provided:
  <USERNAME|--users-file <FILE>>
  <SKU_ID>

Usage: seats store reclaim [OPTIONS] <PRODUCT_ID> <SKU_ID> <USERNAME>...
       seats store reclaim [OPTIONS] <PRODUCT_ID> <SKU_ID> --users-file <FILE>

For more information, try '--help'.
",
        STORE,
        "the following required arguments were not provided: <USERNAME|--users-file <FILE>> <SKU_ID>",
    )
    .await;
    is_refused(
        &["datadog", "unassign", USER],
        "the following required arguments were not provided:
  --product <CODE>

Usage: seats datadog unassign [OPTIONS] --product <CODE> <USER_UUID>...
       seats datadog unassign [OPTIONS] --product <CODE> --users-file <FILE>

For more information, try '--help'.
",
        DATADOG,
        "the following required arguments were not provided: --product <CODE>",
    )
    .await;
}

#[tokio::test]
async fn too_many_arguments() {
    is_refused(
        &["store", "show", "P", "0016", "ada", "bob"],
        "unexpected argument 'bob' found

Usage: seats store show [OPTIONS] <PRODUCT_ID> <SKU_ID> <USERNAME>

For more information, try '--help'.
",
        Some(("store", "get_seat")),
        "unexpected argument 'bob' found",
    )
    .await;
}

/// Some arguments exclude each other.
#[tokio::test]
async fn arguments_that_exclude_each_other() {
    is_refused(
        &["store", "reclaim", "P", "0016", "ada", "--users-file", "-"],
        "the argument '[USERNAME]...' cannot be used with '--users-file <FILE>'

Usage: seats store reclaim [OPTIONS] <PRODUCT_ID> <SKU_ID> <USERNAME>...
       seats store reclaim [OPTIONS] <PRODUCT_ID> <SKU_ID> --users-file <FILE>

For more information, try '--help'.
",
        STORE,
        "the argument '[USERNAME]...' cannot be used with '--users-file <FILE>'",
    )
    .await;
    is_refused(
        &["store", "list", "P", "0016", "--user", "ada"],
        "the argument '[PRODUCT_ID]' cannot be used with '--user <USERNAME>'

Usage: seats store list [OPTIONS] <PRODUCT_ID> <SKU_ID>
       seats store list [OPTIONS] --user <USERNAME>

For more information, try '--help'.
",
        Some(("store", "get_seats")),
        "the argument '[PRODUCT_ID]' cannot be used with '--user <USERNAME>'",
    )
    .await;
    is_refused(
        &["store", "list", "P"],
        "the following required arguments were not provided:
  <SKU_ID>

Usage: seats store list [OPTIONS] <PRODUCT_ID> <SKU_ID>
       seats store list [OPTIONS] --user <USERNAME>

For more information, try '--help'.
",
        Some(("store", "get_seats")),
        "the following required arguments were not provided: <SKU_ID>",
    )
    .await;
    let mut both = UNASSIGN.to_vec();
    both.extend(["--one-by-one", "--batch-size", "2"]);
    is_refused(
        &both,
        "the argument '--one-by-one' cannot be used with '--batch-size <N>'

Usage: seats datadog unassign [OPTIONS] --product <CODE> <USER_UUID>...
       seats datadog unassign [OPTIONS] --product <CODE> --users-file <FILE>

For more information, try '--help'.
",
        DATADOG,
        "the argument '--one-by-one' cannot be used with '--batch-size <N>'",
    )
    .await;
}

/// Bounds from the vendors' references, and dates.
#[tokio::test]
async fn sizes_and_dates_that_are_none() {
    const DATE: &str = "must be a date and time with its zone, such as 2026-01-31T00:00:00Z";
    let list = ["datadog", "list", "--product", "on_call"];
    let seats_of = ["store", "list", "P", "0016"];
    let inventory = ["store", "inventory"];
    let size = "--page-size";
    for (arguments, operation, option, name, value, rule) in [
        (
            &list[..],
            "get_seats_users",
            size,
            "N",
            "0",
            "must be at least 1",
        ),
        (
            &list,
            "get_seats_users",
            size,
            "N",
            "x",
            "must be at least 1",
        ),
        (&seats_of, "get_seats", size, "N", "0", "must be 1 to 100"),
        (&seats_of, "get_seats", size, "N", "101", "must be 1 to 100"),
        (&seats_of, "get_seats", size, "N", "-1", "must be 1 to 100"),
        (
            &inventory,
            "get_inventory",
            size,
            "N",
            "5000000000",
            "must be 1 to 100",
        ),
        (
            &UNASSIGN,
            "unassign_seats_user",
            "--batch-size",
            "N",
            "0",
            "must be at least 1",
        ),
        (
            &inventory,
            "get_inventory",
            "--modified-since",
            "RFC3339",
            "2026-01-31",
            DATE,
        ),
        (
            &inventory,
            "get_inventory",
            "--modified-since",
            "RFC3339",
            "2026-02-30T00:00:00Z",
            DATE,
        ),
        (
            &inventory,
            "get_inventory",
            "--modified-since",
            "RFC3339",
            "yesterday",
            DATE,
        ),
    ] {
        let vendor = arguments[0];
        let given = format!("{option}={value}");
        let arguments: Vec<&str> = arguments.iter().copied().chain([given.as_str()]).collect();
        let message = format!("invalid value '{value}' for '{option} <{name}>': {rule}");
        let words = format!("{message}\n\nFor more information, try '--help'.\n");
        is_refused(&arguments, &words, Some((vendor, operation)), &message).await;
    }
}

#[tokio::test]
async fn a_sandbox_with_a_base_url() {
    is_refused(
        &[
            "store",
            "reclaim",
            "P",
            "0016",
            "ada",
            "--sandbox",
            "--base-url",
            "http://127.0.0.1:1",
        ],
        "the argument '--sandbox' cannot be used with '--base-url <URL>'

Usage: seats store reclaim [OPTIONS] <PRODUCT_ID> <SKU_ID> <USERNAME>...
       seats store reclaim [OPTIONS] <PRODUCT_ID> <SKU_ID> --users-file <FILE>

For more information, try '--help'.
",
        STORE,
        "the argument '--sandbox' cannot be used with '--base-url <URL>'",
    )
    .await;
}

#[tokio::test]
async fn an_output_that_there_is_not() {
    let ended = seats(&RECLAIM).arguments(&["--output", "xml"]).run().await;
    ended.is(
        2,
        "",
        "error: invalid value 'xml' for '--output <OUTPUT>'
  [possible values: text, json, csv]

For more information, try '--help'.
",
    );
}

/// Numbers and times must not be zero.
#[tokio::test]
async fn attempts_and_times_that_are_none() {
    const FORM: &str = "must be a time such as 5s, 500ms or 1m 30s";
    const LONGER: &str = "must not be zero";
    for (option, name, value, rule) in [
        ("--max-attempts", "N", "0", "0 is not in 1..=4294967295"),
        ("--max-attempts", "N", "-1", "-1 is not in 1..=4294967295"),
        ("--max-attempts", "N", "x", "invalid digit found in string"),
        ("--attempt-timeout", "TIME", "nonsense", FORM),
        ("--attempt-timeout", "TIME", "5", FORM),
        ("--attempt-timeout", "TIME", "0ms", LONGER),
        ("--timeout", "TIME", "0s", LONGER),
        ("--timeout", "TIME", "-1s", FORM),
        ("--timeout", "TIME", "99999999999999y", FORM),
    ] {
        let given = format!("{option}={value}");
        let message = format!("invalid value '{value}' for '{option} <{name}>': {rule}");
        let words = format!("{message}\n\nFor more information, try '--help'.\n");
        for (arguments, call) in [(UNASSIGN, DATADOG), (RECLAIM, STORE)] {
            let arguments: Vec<&str> = arguments.into_iter().chain([given.as_str()]).collect();
            is_refused(&arguments, &words, call, &message).await;
        }
    }
}

/// The output is JSON if `--output json` is among the arguments, even if they cannot be parsed.
#[tokio::test]
async fn an_unknown_subcommand() {
    is_refused(
        &["store", "reclm", "P"],
        "unrecognized subcommand 'reclm'

  tip: a similar subcommand exists: 'reclaim'

Usage: seats store <COMMAND>

For more information, try '--help'.
",
        None,
        "unrecognized subcommand 'reclm'",
    )
    .await;
    is_refused(
        &["slack", "unassign"],
        "unrecognized subcommand 'slack'

Usage: seats <COMMAND>

For more information, try '--help'.
",
        None,
        "unrecognized subcommand 'slack'",
    )
    .await;
}

/// The option is in the wrong place, but JSON is clearly wanted.
#[tokio::test]
async fn an_output_before_its_subcommand_or_where_there_is_none() {
    let message = "unexpected argument '--output' found";
    for (arguments, call) in [
        (&["--output", "json"][..], None),
        (
            &["--output=json", "store", "reclaim", "P", "0016", "ada"],
            STORE,
        ),
        (
            &["store", "--output", "json", "reclaim", "P", "0016", "ada"],
            STORE,
        ),
        (
            &["datadog", "--output=json", "unassign", "--product", "x"],
            DATADOG,
        ),
        (&["demo", "--output", "json"], None),
    ] {
        let ended = seats(arguments).run().await;
        ended.is_json(2, &object(call, message));
    }
}

/// After `--` it is a value, not an option.
#[tokio::test]
async fn what_looks_like_an_output_and_is_a_value() {
    let ended = seats(&["store", "reclaim", "P", "--", "--output=json"])
        .run()
        .await;
    ended.is(
        2,
        "",
        "error: the following required arguments were not provided:
  <USERNAME|--users-file <FILE>>

Usage: seats store reclaim [OPTIONS] <PRODUCT_ID> <SKU_ID> <USERNAME>...
       seats store reclaim [OPTIONS] <PRODUCT_ID> <SKU_ID> --users-file <FILE>

For more information, try '--help'.
",
    );
}
