//! The request that a dry run shows instead of sending it.

use std::io;

use seats::RequestRecord;
use serde::Serialize;
use serde_json::Value;

use super::{csv, curl, printable};

/// A request as JSON shows it.
#[derive(Debug, Serialize)]
pub struct ShownRequest {
    method: String,
    url: String,
    headers: Value,
    body: Option<Value>,
    curl: String,
}

impl ShownRequest {
    /// Returns the request without its secrets.
    pub fn new(request: &RequestRecord) -> Self {
        let headers = request
            .headers()
            .into_iter()
            .map(|header| (header.name, header.value.to_string().into()));
        let body = String::from_utf8_lossy(request.body()).into_owned();
        Self {
            method: request.method().to_owned(),
            url: request.url().to_owned(),
            headers: Value::Object(headers.collect()),
            body: (!body.is_empty())
                .then(|| serde_json::from_str(&body).unwrap_or(Value::String(body))),
            curl: curl::line(request),
        }
    }

    /// Returns the request as a row of CSV, after the heading if it is the first.
    ///
    /// # Errors
    /// The row cannot be written.
    pub fn csv(&self, is_first: bool, raw: bool) -> io::Result<String> {
        let body = self.body.as_ref().map(ToString::to_string);
        let cells = [
            &self.method,
            &self.url,
            &body.unwrap_or_default(),
            &self.curl,
        ];
        let heading = match is_first {
            true => csv::line(["method", "url", "body", "curl"], raw)?,
            false => String::new(),
        };
        Ok(heading + &csv::line(cells, raw)?)
    }
}

/// Returns the request as it would be sent, and its curl line. A blank line precedes it unless it is
/// the first.
pub fn text(request: &RequestRecord, is_first: bool) -> String {
    let blank = if is_first { "" } else { "\n" };
    let shown = printable::lines(&request.to_string());
    format!("{blank}{shown}\n{}\n", curl::line(request))
}
