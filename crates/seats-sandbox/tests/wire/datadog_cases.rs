//! Datadog's cases: one request to a fresh sandbox each.

use serde_json::json;

use crate::cases::Case;
use crate::datadog::{DELETE_BODY, PATH, USERS, unassign};
use crate::wire::{keys, request, with_body};

pub fn all() -> Vec<Case> {
    let mut cases = done_and_unsigned();
    cases.extend(misrouted());
    cases.extend(unreadable());
    cases.extend(unfit());
    cases.extend(impossible());
    cases
}

pub fn case(name: &'static str, request: String, status: u16, body: &str) -> Case {
    let body = body.to_owned();
    let store = false;
    Case {
        name,
        store,
        request,
        status,
        body,
        exhausted: false,
    }
}

/// A response in the recorded form.
pub fn refused(name: &'static str, request: String, status: u16, detail: &str) -> Case {
    let body = json!({"errors": [{"title": "Generic Error", "detail": detail}]});
    case(name, request, status, &body.to_string())
}

fn done_and_unsigned() -> Vec<Case> {
    let unsigned =
        |headers: &str| with_body("DELETE", PATH, headers, "application/json", DELETE_BODY);
    let unauthorized = r#"{"errors":["Unauthorized"]}"#;
    let forbidden = r#"{"errors":["Forbidden"]}"#;
    vec![
        case("one user", unassign(&[USERS[0]]), 204, ""),
        case("two users", unassign(&USERS[..2]), 204, ""),
        case(
            "charset after the media type",
            with_body(
                "DELETE",
                PATH,
                &keys(),
                "Application/JSON; charset=utf-8",
                DELETE_BODY,
            ),
            204,
            "",
        ),
        case("no keys", unsigned(""), 401, unauthorized),
        case(
            "one key of two",
            unsigned("dd-api-key: sandbox-api-key\r\n"),
            401,
            unauthorized,
        ),
        case(
            "a wrong key",
            unsigned("dd-api-key: sandbox-api-key\r\ndd-application-key: other\r\n"),
            403,
            forbidden,
        ),
        case(
            "a key twice",
            unsigned(&format!("{}dd-api-key: other\r\n", keys())),
            403,
            forbidden,
        ),
    ]
}

fn misrouted() -> Vec<Case> {
    vec![
        refused(
            "unknown path",
            request("DELETE", "/api/v2/seats", &keys()),
            404,
            "No operation has this path",
        ),
        refused(
            "slash at the end",
            request("DELETE", &format!("{PATH}/"), &keys()),
            404,
            "No operation has this path",
        ),
        refused(
            "method",
            request("PUT", PATH, ""),
            405,
            "No operation of this path has this method",
        ),
        refused(
            "undeclared query",
            with_body(
                "DELETE",
                &format!("{PATH}?force=1"),
                &keys(),
                "application/json",
                DELETE_BODY,
            ),
            400,
            "force is no parameter of this operation",
        ),
    ]
}

fn unreadable() -> Vec<Case> {
    vec![
        refused(
            "no body",
            request("DELETE", PATH, &keys()),
            400,
            "A body is required",
        ),
        refused(
            "media type",
            with_body(
                "DELETE",
                PATH,
                &keys(),
                "application/vnd.api+json",
                DELETE_BODY,
            ),
            400,
            "The body must come as application/json",
        ),
        refused(
            "not JSON",
            with_json("{"),
            400,
            "The body is not JSON: EOF while parsing an object at line 1 column 1",
        ),
        refused(
            "broken framing",
            request(
                "DELETE",
                PATH,
                &format!("{}transfer-encoding: chunked\r\n", keys()),
            ) + "zz\r\n",
            400,
            "The body cannot be read to its end",
        ),
        refused(
            "announced as too large",
            request(
                "DELETE",
                PATH,
                &format!("{}content-length: 1048577\r\n", keys()),
            ),
            413,
            "The body is larger than 1 MiB",
        ),
        refused(
            "found to be too large",
            too_large_in_chunks(),
            413,
            "The body is larger than 1 MiB",
        ),
    ]
}

/// One byte more than is read, and no end, so that nothing is left unread.
fn too_large_in_chunks() -> String {
    let headers = format!("{}transfer-encoding: chunked\r\n", keys());
    let size = 1024 * 1024 + 1;
    format!(
        "{}{size:x}\r\n{}",
        request("DELETE", PATH, &headers),
        "x".repeat(size)
    )
}

fn with_json(body: &str) -> String {
    with_body("DELETE", PATH, &keys(), "application/json", body)
}

fn with_attributes(attributes: &str) -> String {
    with_json(&format!(
        r#"{{"data":{{"type":"seat-assignments","attributes":{attributes}}}}}"#
    ))
}

fn unfit() -> Vec<Case> {
    vec![
        refused(
            "not an object",
            with_json("[]"),
            422,
            r#"the body is not acceptable: [] is not of type "object""#,
        ),
        refused("no data", with_json("{}"), 422, "data is required"),
        refused(
            "no users",
            with_attributes(r#"{"product_code":"on_call"}"#),
            422,
            "user_uuids is required and must not be empty",
        ),
        refused(
            "empty users",
            with_attributes(r#"{"product_code":"on_call","user_uuids":[]}"#),
            422,
            "user_uuids is required and must not be empty",
        ),
        refused(
            "no UUID",
            with_attributes(r#"{"product_code":"on_call","user_uuids":["ada"]}"#),
            422,
            r#"user_uuids[0] is not acceptable: "ada" is not a "uuid""#,
        ),
        refused(
            "two mistakes, one error",
            with_attributes(r#"{"product_code":"","user_uuids":[]}"#),
            422,
            "product_code is required",
        ),
        refused(
            "empty product",
            with_attributes(&format!(
                r#"{{"product_code":"","user_uuids":["{}"]}}"#,
                USERS[0]
            )),
            422,
            "product_code is required",
        ),
        refused(
            "blank product",
            with_attributes(&format!(
                r#"{{"product_code":" ","user_uuids":["{}"]}}"#,
                USERS[0]
            )),
            422,
            "product_code must not be empty or blank, and must have no control character",
        ),
    ]
}

/// Valid requests for seats that do not exist.
fn impossible() -> Vec<Case> {
    vec![
        refused(
            "unknown product",
            with_attributes(&format!(
                r#"{{"product_code":"on-call","user_uuids":["{}"]}}"#,
                USERS[0]
            )),
            422,
            "product_code is not known: on-call",
        ),
        refused(
            "one of two without a seat",
            unassign(&[USERS[0], "00000000-0000-4000-8000-000000000000"]),
            422,
            "user_uuids names users without a seat of incident_response: 00000000-0000-4000-8000-000000000000",
        ),
    ]
}
