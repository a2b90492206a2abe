//! What a vendor says in the body of an answer, as lines that a person can read.
//!
//! The documented form, the forms that were seen, and whatever an edge or a proxy puts in between.

use serde_json::Value;

/// How many characters of a text that is no message of the vendor's are shown.
const SHOWN: usize = 300;
/// How many messages are shown.
const MESSAGES: usize = 20;

/// The messages of a body; none where it is empty.
pub(crate) fn of_body(content_type: Option<&str>, body: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Vec::new();
    }
    // Before the label: it is not always right.
    if let Ok(json) = serde_json::from_str::<Value>(text) {
        return of_json(&json);
    }
    let is_html = content_type.is_some_and(|kind| kind.to_ascii_lowercase().contains("html"));
    if is_html || text.starts_with('<') {
        let words = one_line(&nanohtml2text::html2text(text));
        return if words.is_empty() {
            Vec::new()
        } else {
            vec![words]
        };
    }
    vec![one_line(text)]
}

fn of_json(value: &Value) -> Vec<String> {
    let mut messages = Vec::new();
    match member(value, "errors") {
        Some(Value::Array(errors)) => messages.extend(errors.iter().filter_map(of_error)),
        Some(error) => messages.extend(of_error(error)),
        None => {}
    }
    if messages.is_empty() {
        messages.extend(of_envelope(value));
    }
    if messages.is_empty() && !is_blank(value) {
        messages.push(one_line(&value.to_string()));
    }
    messages.dedup();
    messages.truncate(MESSAGES);
    messages
}

/// One entry of `errors`: a string, or an object as JSON:API has it.
fn of_error(error: &Value) -> Option<String> {
    if let Some(text) = error.as_str() {
        return Some(one_line(text)).filter(|text| !text.is_empty());
    }
    match (
        text(error, "title"),
        text(error, "detail").or_else(|| text(error, "message")),
    ) {
        (Some(title), Some(detail)) => Some(format!("{title}: {detail}")),
        (Some(text), None) | (None, Some(text)) => Some(text),
        (None, None) if is_blank(error) => None,
        (None, None) => Some(one_line(&error.to_string())),
    }
}

/// The Store's envelope, and the other objects that have a message in them.
fn of_envelope(value: &Value) -> Vec<String> {
    let mut messages = Vec::new();
    let words = [
        "message",
        "error_description",
        "detail",
        "title",
        "error",
        "code",
    ]
    .into_iter()
    .find_map(|name| text(value, name));
    let facts = member(value, "data").map(facts).unwrap_or_default();
    match (words, facts.is_empty()) {
        (Some(words), true) => messages.push(words),
        (Some(words), false) => messages.push(format!("{words} ({facts})")),
        (None, false) => messages.push(facts),
        (None, true) => {}
    }
    for inner in ["innererror", "error"] {
        if let Some(inner) = member(value, inner).filter(|inner| inner.is_object()) {
            messages.extend(of_envelope(inner));
        }
    }
    messages
}

/// The facts of an error: `itemType: Seat, values: 9NBLGGH4R2R6 0016`.
fn facts(data: &Value) -> String {
    let objects = match data {
        Value::Array(items) => items.iter().collect(),
        other => vec![other],
    };
    let facts: Vec<String> = objects
        .into_iter()
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

/// A member of an object, whatever the case of its name.
fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    value
        .as_object()?
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

fn text(value: &Value, name: &str) -> Option<String> {
    member(value, name)?
        .as_str()
        .map(one_line)
        .filter(|text| !text.is_empty())
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.iter().all(is_blank),
        Value::Object(members) => members.values().all(is_blank),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The text on one line, shortened, with nothing in it that moves a terminal's cursor.
pub(crate) fn one_line(text: &str) -> String {
    let visible: String = text
        .chars()
        .map(|c| if is_unseen(c) { ' ' } else { c })
        .collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default().trim_end()),
        None => line,
    }
}

/// Control characters, and the format characters that reorder or hide what is around them.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn says(body: &str, expected: &[&str]) {
        assert_eq!(of_body(Some("application/json"), body.as_bytes()), expected);
    }

    #[test]
    fn reads_the_documented_form_and_the_recorded_one() {
        says(r#"{"errors":["Bad Request"]}"#, &["Bad Request"]);
        says(
            r#"{"errors":[{"title":"Generic Error","detail":"product_code is required"}]}"#,
            &["Generic Error: product_code is required"],
        );
        says(
            r#"{"status":"error","code":403,"errors":["Forbidden"],"statuspage":"http://status.datadoghq.com"}"#,
            &["Forbidden"],
        );
    }

    #[test]
    fn reads_the_envelope_of_the_store() {
        says(
            r#"{"code":"DataNotFound","data":[{"itemType":"Seat","values":["P","0016"]}],"details":[],"message":"The seat does not exist"}"#,
            &["The seat does not exist (itemType: Seat, values: P 0016)"],
        );
        says(
            r#"{"code":"DataNotFound","data":[],"innererror":{"message":"Product is not present"},"message":"Product is not present"}"#,
            &["Product is not present"],
        );
        says(
            r#"{"Code":"Conflict","Data":{"Reason":"Not online"}}"#,
            &["Conflict (Reason: Not online)"],
        );
        says(
            r#"{"message":"outer","innererror":{"message":"inner"}}"#,
            &["outer", "inner"],
        );
    }

    #[test]
    fn reads_what_is_none_of_these() {
        says("", &[]);
        says("{}", &[]);
        says("[]", &[]);
        says("null", &[]);
        says(r#"{"errors":[]}"#, &[]);
        says(r#"{"errors":[null, ""]}"#, &[]);
        says(r#""no""#, &["\"no\""]);
        says(r#"{"truncated"#, &[r#"{"truncated"#]);
        says(r#"{"count":3}"#, &[r#"{"count":3}"#]);
        says(r#"{"errors":"one"}"#, &["one"]);
        says("abc\u{202e}gnp", &["abc gnp"]);
        says("upstream\n\tfailed\u{1b}[2J", &["upstream failed [2J"]);
        assert_eq!(
            of_body(None, b"\xff\xfe no text"),
            ["\u{fffd}\u{fffd} no text"]
        );
    }

    #[test]
    fn shortens_a_page_to_its_words() {
        let page = format!(
            "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1><p>{}</p></body></html>",
            "nginx ".repeat(200)
        );
        let said = of_body(Some("text/html"), page.as_bytes());
        assert_eq!(said.len(), 1);
        assert!(
            said[0].contains("502 Bad Gateway nginx nginx"),
            "{}",
            said[0]
        );
        assert!(said[0].ends_with('…') && said[0].chars().count() <= SHOWN + 1);
        assert!(!said[0].contains('<'));
    }
}
