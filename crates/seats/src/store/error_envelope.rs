//! The envelope of the Store's errors: its messages, and the item that a 404 is about.
//!
//! The reference says that a 404 names the type of the item, Inventory, User or Seat, and not where.

use reqwest::header::HeaderName;
use seats_transport::{ResponseFormat, one_line};
use serde_json::Value;

use super::any_case::find;

static REQUEST_ID_HEADERS: [HeaderName; 4] = [
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("ms-cv"),
    HeaderName::from_static("request-id"),
    HeaderName::from_static("x-ms-request-id"),
];

/// The Store's request-id headers, and its form of an error.
pub(super) static RESPONSE_FORMAT: ResponseFormat = ResponseFormat {
    request_id_headers: &REQUEST_ID_HEADERS,
    error_messages: messages,
};

/// The item that a 404 says does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MissingItem {
    Inventory,
    User,
    Seat,
}

const ITEMS: [(&str, MissingItem); 3] = [
    ("inventory", MissingItem::Inventory),
    ("user", MissingItem::User),
    ("seat", MissingItem::Seat),
];

/// Reads which item is missing: in a member `itemType` of the error's data, or else in a message that
/// names exactly one of the three. None if neither tells.
pub(super) fn missing_item(body: &[u8]) -> Option<MissingItem> {
    let error: Value = serde_json::from_slice(body).ok()?;
    let envelopes = [Some(&error), member(&error, "innererror")];
    let mut envelopes = envelopes.into_iter().flatten();
    envelopes
        .clone()
        .find_map(|envelope| item_of_data(member(envelope, "data")?))
        .or_else(|| {
            envelopes.find_map(|envelope| item_of_message(member(envelope, "message")?.as_str()?))
        })
}

fn item_of_data(data: &Value) -> Option<MissingItem> {
    let word = objects(data)
        .iter()
        .find_map(|object| member(object, "itemType")?.as_str())?;
    ITEMS
        .into_iter()
        .find(|(name, _)| word.trim().eq_ignore_ascii_case(name))
        .map(|(_, item)| item)
}

fn item_of_message(message: &str) -> Option<MissingItem> {
    let message = message.to_ascii_lowercase();
    let named = |name: &str| {
        message
            .split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| word == name)
    };
    let mut items = ITEMS.into_iter().filter(|(name, _)| named(name));
    let (_, item) = items.next()?;
    items.next().is_none().then_some(item)
}

/// Reads the messages of an envelope and of the error within it, each with its facts.
fn messages(envelope: &Value) -> Vec<String> {
    let words = [
        "message",
        "error_description",
        "detail",
        "title",
        "error",
        "code",
    ]
    .into_iter()
    .find_map(|name| text(envelope, name));
    let facts = member(envelope, "data").map(facts).unwrap_or_default();
    let mut messages = Vec::new();
    match (words, facts.is_empty()) {
        (Some(words), true) => messages.push(words),
        (Some(words), false) => messages.push(format!("{words} ({facts})")),
        (None, false) => messages.push(facts),
        (None, true) => {}
    }
    for inner in ["innererror", "error"] {
        if let Some(inner) = member(envelope, inner).filter(|inner| inner.is_object()) {
            messages.extend(self::messages(inner));
        }
    }
    messages
}

/// The facts of an error: `itemType: Seat, values: 9NBLGGH4R2R6 0016`.
fn facts(data: &Value) -> String {
    let facts: Vec<String> = objects(data)
        .iter()
        .filter_map(Value::as_object)
        .flatten()
        .map(|(name, value)| (name, plain(value)))
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{}: {value}", one_line(name)))
        .collect();
    one_line(&facts.join(", "))
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => one_line(text),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(" "),
        other => one_line(&other.to_string()),
    }
}

/// `data` may be an object, or an array of objects.
fn objects(data: &Value) -> &[Value] {
    data.as_array()
        .map_or(std::slice::from_ref(data), Vec::as_slice)
}

fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    find(value.as_object()?, name, Some)
}

fn text(value: &Value, name: &str) -> Option<String> {
    let line = one_line(member(value, name)?.as_str()?);
    Some(line).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_messages_and_their_facts() {
        for (body, expected) in [
            (
                r#"{"code":"DataNotFound","data":[{"itemType":"Seat","values":["P","0016"]}],"details":[],"message":"The seat does not exist"}"#,
                &["The seat does not exist (itemType: Seat, values: P 0016)"][..],
            ),
            (
                r#"{"code":"DataNotFound","data":[],"innererror":{"message":"Product is not present"},"message":"Product is not present"}"#,
                &["Product is not present", "Product is not present"],
            ),
            (
                r#"{"Code":"Conflict","Data":{"Reason":"Not online"}}"#,
                &["Conflict (Reason: Not online)"],
            ),
            (
                r#"{"message":"outer","innererror":{"message":"inner"}}"#,
                &["outer", "inner"],
            ),
            ("{}", &[]),
        ] {
            let body = serde_json::from_str(body).unwrap();
            assert_eq!(messages(&body), expected, "{body}");
        }
    }

    #[track_caller]
    fn says(body: &str, item: Option<MissingItem>) {
        assert_eq!(missing_item(body.as_bytes()), item, "{body}");
    }

    #[test]
    fn reads_the_type_of_the_item() {
        says(r#"{"data":[{"itemType":"Seat"}]}"#, Some(MissingItem::Seat));
        says(r#"{"Data":{"ItemType":"USER"}}"#, Some(MissingItem::User));
        says(
            r#"{"data":[],"innererror":{"data":[{"a":1},{"itemtype":"Inventory"}]}}"#,
            Some(MissingItem::Inventory),
        );
        // The data counts more than the message.
        says(
            r#"{"data":[{"itemType":"User"}],"message":"no seat"}"#,
            Some(MissingItem::User),
        );
    }

    #[test]
    fn reads_a_message_that_names_exactly_one() {
        says(
            r#"{"message":"The Seat does not exist"}"#,
            Some(MissingItem::Seat),
        );
        says(
            r#"{"innererror":{"message":"no such user."}}"#,
            Some(MissingItem::User),
        );
        says(r#"{"message":"The user holds no seat"}"#, None);
        says(r#"{"message":"username not found"}"#, None);
        says(r#"{"message":"Product is not present"}"#, None);
    }

    #[test]
    fn does_not_know_where_nothing_tells() {
        for body in [
            "",
            "{}",
            "[]",
            "null",
            "3",
            "{\"data\":3}",
            "<html>",
            "{\"data\":[{\"itemType\":7}]}",
            "{\"data\":[{\"itemType\":\"Chair\"}]}",
        ] {
            says(body, None);
        }
    }
}
