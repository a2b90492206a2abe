//! Turns the body of an error into lines that a person can read.
//!
//! A JSON body is read by the vendor's [`ResponseFormat`]; this handles what proxies and gateways put
//! in its place: HTML pages, plain text, other JSON.

use serde_json::Value;

use crate::response_format::ResponseFormat;

/// How many characters of one message are shown.
const SHOWN: usize = 300;
/// How many messages are shown.
const MESSAGES: usize = 20;
/// How many bytes of an HTML page are read; its first words tell what it is.
const READ_HTML: usize = 4 * 1024;

/// Returns the messages of a body; none if it is empty.
pub(crate) fn of_body(
    format: &ResponseFormat,
    content_type: Option<&str>,
    body: &[u8],
) -> Vec<String> {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Vec::new();
    }
    // Tried before the content type is looked at, because that is not always right.
    if let Ok(json) = serde_json::from_str::<Value>(text) {
        return of_json(format, &json);
    }
    let is_html = content_type.is_some_and(|kind| kind.to_ascii_lowercase().contains("html"));
    if is_html || text.starts_with('<') {
        let text = nanohtml2text::html2text(beginning(text, READ_HTML));
        return Some(one_line(&text))
            .filter(|line| !line.is_empty())
            .into_iter()
            .collect();
    }
    vec![one_line(text)]
}

fn of_json(format: &ResponseFormat, value: &Value) -> Vec<String> {
    let mut messages: Vec<String> = (format.error_messages)(value)
        .iter()
        .map(|message| one_line(message))
        .filter(|message| !message.is_empty())
        .collect();
    if messages.is_empty() && !is_blank(value) {
        messages.push(one_line(&value.to_string()));
    }
    messages.dedup();
    messages.truncate(MESSAGES);
    messages
}

/// Returns whether a JSON value holds no text, number or boolean.
pub fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.iter().all(is_blank),
        Value::Object(members) => members.values().all(is_blank),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Returns the first `length` bytes of a text, or less if that would cut a character.
fn beginning(text: &str, length: usize) -> &str {
    let end = (0..=length.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or_default()).unwrap_or_default()
}

/// Returns the text on one line of at most 300 characters, without control or formatting characters.
pub fn one_line(text: &str) -> String {
    let mut line = String::new();
    let mut shown = 0;
    for word in text.split(|c: char| c.is_whitespace() || is_invisible(c)) {
        if word.is_empty() {
            continue;
        }
        if shown > 0 {
            line.push(' ');
            shown += 1;
        }
        for c in word.chars() {
            if shown >= SHOWN {
                line.truncate(line.trim_end().len());
                line.push('…');
                return line;
            }
            line.push(c);
            shown += 1;
        }
    }
    line
}

/// Returns whether a character is a control or formatting character, or for private use: something
/// that moves a terminal's cursor, or reorders or hides the text around it.
pub(crate) fn is_invisible(c: char) -> bool {
    use unicode_general_category::GeneralCategory as Category;
    matches!(
        unicode_general_category::get_general_category(c),
        Category::Control
            | Category::Format
            | Category::LineSeparator
            | Category::ParagraphSeparator
            | Category::PrivateUse
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn says(body: &str, expected: &[&str]) {
        let format = ResponseFormat::default();
        assert_eq!(
            of_body(&format, Some("application/json"), body.as_bytes()),
            expected
        );
    }

    #[test]
    fn shows_json_of_an_unknown_form_as_it_is() {
        says("", &[]);
        says("{}", &[]);
        says("[]", &[]);
        says("null", &[]);
        says(r#"{"errors":[null, ""]}"#, &[]);
        says(r#""no""#, &["\"no\""]);
        says(r#"{"truncated"#, &[r#"{"truncated"#]);
        says(r#"{"count":3}"#, &[r#"{"count":3}"#]);
    }

    #[test]
    fn reads_json_by_the_vendors_format() {
        let format = ResponseFormat {
            error_messages: |value| {
                let text = value.get("oops").and_then(Value::as_str);
                text.map(str::to_owned).into_iter().collect()
            },
            ..ResponseFormat::default()
        };
        let says = |body: &str| of_body(&format, None, body.as_bytes());
        assert_eq!(says(r#"{"oops":"one\ntwo"}"#), ["one two"]);
        assert_eq!(says(r#"{"other":1}"#), [r#"{"other":1}"#]);
    }

    #[test]
    fn control_and_formatting_characters_are_left_out() {
        says("abc\u{202e}gnp", &["abc gnp"]);
        says(
            "a\u{ad}b\u{61c}c\u{180e}d\u{fff9}e\u{e0041}f\u{e000}g",
            &["a b c d e f g"],
        );
        says("upstream\n\tfailed\u{1b}[2J", &["upstream failed [2J"]);
        let format = ResponseFormat::default();
        assert_eq!(
            of_body(&format, None, b"\xff\xfe no text"),
            ["\u{fffd}\u{fffd} no text"]
        );
    }

    #[test]
    fn shortens_a_page_to_its_words() {
        let page = format!(
            "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1><p>{}</p></body></html>",
            "nginx ".repeat(200)
        );
        let format = ResponseFormat::default();
        let said = of_body(&format, Some("text/html"), page.as_bytes());
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
