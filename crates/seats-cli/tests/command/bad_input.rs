//! Invalid input: exit code 2 (without credentials: 4), a message with the argument, its value and the
//! rule, and no connection.

use seats_tests::wire::Wire;
use serde_json::{Value, json};

use crate::process::{Seats, UNASSIGN, USER, heard_nothing, seats};

pub const SEGMENT: &str = "must be one path segment: not empty, not \".\" or \"..\", no \"/\", \"\\\" or control character (nor anything that percent-decodes to these), no white space at its ends";
pub const PRODUCT: &str = "must not be empty or blank, and must have no control character";

/// Texts that are not one path segment, and how a message shows them.
const NO_SEGMENTS: [(&str, &str); 20] = [
    ("", r#""""#),
    (".", r#"".""#),
    ("..", r#""..""#),
    ("/", r#""/""#),
    ("a/b", r#""a/b""#),
    ("\\", r#""\\""#),
    ("CONTOSO\\bob", r#""CONTOSO\\bob""#),
    ("a\nb", r#""a\nb""#),
    ("\u{1b}[2J", r#""\u{1b}[2J""#),
    ("a\u{7f}", r#""a\u{7f}""#),
    ("a\u{85}b", r#""a\u{85}b""#),
    ("%2e%2e", r#""%2e%2e""#),
    ("%2E", r#""%2E""#),
    ("a%2Fb", r#""a%2Fb""#),
    ("%2f", r#""%2f""#),
    ("a%5cb", r#""a%5cb""#),
    ("a%0ab", r#""a%0ab""#),
    ("%252e", r#""%252e""#),
    ("a%252Fb", r#""a%252Fb""#),
    (" ada", r#"" ada""#),
];

pub fn of_datadog(message: &str, users: &[&str]) -> Value {
    json!({
        "operation": "unassign_seats_user",
        "vendor": "datadog",
        "effect": "not_sent",
        "status": null,
        "messages": [message],
        "request_id": null,
        "users": users,
    })
}

pub fn of_store(message: &str) -> Value {
    json!({
        "operation": "reclaim_seat_from_user",
        "vendor": "store",
        "effect": "not_sent",
        "status": null,
        "messages": [message],
        "request_id": null,
    })
}

/// Asserts the message in both formats, and that nothing connects to `wire`. `run` creates each run.
pub async fn is_not_sent(
    wire: Wire,
    run: impl Fn() -> Seats,
    code: i32,
    message: &str,
    json: &Value,
) {
    let text = run().run().await;
    text.is(code, "", &format!("error: {message}\n"));
    let in_json = run().arguments(&["--output", "json"]).run().await;
    in_json.is_json(code, json);
    heard_nothing(wire, &in_json).await;
}

/// Runs with credentials, and with a base URL that points to a listener.
async fn unassign_is_refused(arguments: &[&str], message: &str, users: &[&str]) {
    let wire = Wire::start(vec![]).await.unwrap();
    let url = wire.url();
    let run = || {
        seats(&["datadog", "unassign"])
            .arguments(arguments)
            .signed()
            .variable("SEATS_DATADOG_URL", &url)
    };
    is_not_sent(wire, run, 2, message, &of_datadog(message, users)).await;
}

async fn reclaim_is_refused(arguments: [&str; 3], message: &str) {
    let wire = Wire::start(vec![]).await.unwrap();
    let url = format!("{}/V1", wire.url());
    let run = || {
        seats(&["store", "reclaim"])
            .arguments(&arguments)
            .signed()
            .variable("SEATS_STORE_URL", &url)
    };
    is_not_sent(wire, run, 2, message, &of_store(message)).await;
}

#[tokio::test]
async fn a_product_id_that_leaves_its_segment() {
    for (value, shown) in NO_SEGMENTS {
        let message = format!("PRODUCT_ID {shown}: {SEGMENT}");
        reclaim_is_refused([value, "0016", "ada@contoso.example"], &message).await;
    }
}

#[tokio::test]
async fn a_sku_id_that_leaves_its_segment() {
    for (value, shown) in NO_SEGMENTS {
        let message = format!("SKU_ID {shown}: {SEGMENT}");
        reclaim_is_refused(["P", value, "ada@contoso.example"], &message).await;
    }
}

#[tokio::test]
async fn a_username_that_leaves_its_segment() {
    for (value, shown) in NO_SEGMENTS {
        let message = format!("USERNAME {shown}: {SEGMENT}");
        reclaim_is_refused(["P", "0016", value], &message).await;
    }
}

#[tokio::test]
async fn a_user_that_is_no_uuid() {
    for (value, shown) in [
        ("", r#""""#),
        ("ada", r#""ada""#),
        (
            "626a4e8e-64bd-409d-b80e-428f08ac0b6",
            r#""626a4e8e-64bd-409d-b80e-428f08ac0b6""#,
        ),
        (
            "626a4e8e-64bd-409d-b80e-428f08ac0b6g",
            r#""626a4e8e-64bd-409d-b80e-428f08ac0b6g""#,
        ),
        (
            "626a4e8e-64bd-409d-b80e-428f08ac0b62\n",
            r#""626a4e8e-64bd-409d-b80e-428f08ac0b62\n""#,
        ),
    ] {
        let message = format!("USER_UUID {shown}: must be a UUID");
        unassign_is_refused(&["--product", "on_call", value], &message, &[value]).await;
        unassign_is_refused(
            &["--product", "on_call", USER, value],
            &message,
            &[USER, value],
        )
        .await;
    }
}

#[tokio::test]
async fn a_product_code_that_is_empty_or_blank() {
    for (value, shown) in [
        ("", r#""""#),
        ("  ", r#""  ""#),
        ("on\ncall", r#""on\ncall""#),
        ("\u{9b}31m", r#""\u{9b}31m""#),
    ] {
        let message = format!("--product {shown}: {PRODUCT}");
        unassign_is_refused(&["--product", value, USER], &message, &[USER]).await;
    }
}

#[tokio::test]
async fn an_empty_list_of_users() {
    let wire = Wire::start(vec![]).await.unwrap();
    let run = || {
        seats(&["datadog", "unassign", "--product", "on_call"])
            .signed()
            .at(&wire)
    };
    let text = run().run().await;
    text.is(
        2,
        "",
        "error: the following required arguments were not provided:
  <USER_UUID|--users-file <FILE>>

Usage: seats datadog unassign [OPTIONS] --product <CODE> <USER_UUID>...
       seats datadog unassign [OPTIONS] --product <CODE> --users-file <FILE>

For more information, try '--help'.
",
    );
    let in_json = run().arguments(&["--output", "json"]).run().await;
    let mut expected = of_datadog(
        "the following required arguments were not provided: <USER_UUID|--users-file <FILE>>",
        &[],
    );
    expected.as_object_mut().unwrap().remove("users");
    in_json.is_json(2, &expected);
    heard_nothing(wire, &in_json).await;
}

/// Invalid input is reported before missing credentials.
#[tokio::test]
async fn bad_input_comes_before_missing_credentials() {
    let ended = seats(&["store", "reclaim", "P", "0016", ".."]).run().await;
    ended.is(2, "", &format!("error: USERNAME \"..\": {SEGMENT}\n"));
}

/// The message names the bound that is exceeded.
#[tokio::test]
async fn a_number_that_is_too_large() {
    let list = ["datadog", "list", "--product", "p"];
    for (arguments, option, value) in [
        (&list[..], "--page-size", "4294967296"),
        (&UNASSIGN, "--batch-size", "99999999999999999999"),
    ] {
        let options = [option, value, "--output", "json"];
        let ended = seats(arguments).arguments(&options).run().await;
        let message =
            format!("invalid value '{value}' for '{option} <N>': must be at most 4294967295");
        assert_eq!(ended.json()["messages"], json!([message]));
        assert_eq!(ended.code, Some(2), "{ended:?}");
    }
}
