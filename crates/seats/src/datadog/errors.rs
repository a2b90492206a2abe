//! How Datadog's error responses are read.

use reqwest::header::HeaderName;
use seats_transport::{ResponseFormat, is_blank, one_line};
use serde_json::Value;

static REQUEST_ID_HEADERS: [HeaderName; 2] = [
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("dd-request-id"),
];

/// Datadog's request-id headers, and its documented and recorded forms of an error.
pub(super) static RESPONSE_FORMAT: ResponseFormat = ResponseFormat {
    request_id_headers: &REQUEST_ID_HEADERS,
    error_messages: messages,
};

/// Reads `errors`: texts as documented, or the JSON:API objects that were recorded.
fn messages(body: &Value) -> Vec<String> {
    match body.get("errors") {
        Some(Value::Array(errors)) => errors.iter().filter_map(message).collect(),
        Some(error) => message(error).into_iter().collect(),
        None => ["message", "detail", "title", "error"]
            .into_iter()
            .find_map(|name| text(body, name))
            .into_iter()
            .collect(),
    }
}

fn message(error: &Value) -> Option<String> {
    if let Some(text) = error.as_str() {
        return Some(text.to_owned());
    }
    let detail = text(error, "detail").or_else(|| text(error, "message"));
    match (text(error, "title"), detail) {
        (Some(title), Some(detail)) => Some(format!("{title}: {detail}")),
        (Some(text), None) | (None, Some(text)) => Some(text),
        (None, None) if is_blank(error) => None,
        (None, None) => Some(error.to_string()),
    }
}

fn text(value: &Value, name: &str) -> Option<String> {
    let line = one_line(value.get(name)?.as_str()?);
    Some(line).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn says(body: &str, expected: &[&str]) {
        assert_eq!(messages(&serde_json::from_str(body).unwrap()), expected);
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
        says(r#"{"errors":"one"}"#, &["one"]);
        says(r#"{"message":"from a gateway"}"#, &["from a gateway"]);
        says(r#"{"errors":[]}"#, &[]);
        says(r#"{"errors":[null,{"id":7}]}"#, &[r#"{"id":7}"#]);
    }
}
