//! A request as it goes on the wire, with its secrets left out.

use std::fmt;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_LENGTH, HOST};
use url::Url;

use crate::credential::Credential;
use crate::operation::SecurityScheme;

/// The request of a call: what was sent, or what would be sent in a dry run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRecord {
    method: String,
    url: Url,
    headers: Vec<RecordedHeader>,
    body: Bytes,
}

/// One header of a [`RequestRecord`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedHeader {
    /// The header's name, in lower case.
    pub name: String,
    /// The header's value.
    pub value: RecordedValue,
}

/// The value of a [`RecordedHeader`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordedValue {
    /// A value that anybody may see.
    Plain(String),
    /// A credential, of which nothing is kept but its scheme.
    Secret(SecurityScheme),
}

impl RequestRecord {
    /// The record of a request before it is signed with `credentials`.
    pub(crate) fn new(request: &reqwest::Request, credentials: &[Credential]) -> Self {
        let body = request
            .body()
            .and_then(reqwest::Body::as_bytes)
            .map(Bytes::copy_from_slice)
            .unwrap_or_default();
        let mut headers = Vec::new();
        let mut plain = |name: &str, value: String| {
            headers.push(RecordedHeader {
                name: name.to_owned(),
                value: RecordedValue::Plain(value),
            });
        };
        // The HTTP client adds these three by itself, as it writes the request.
        if !request.headers().contains_key(HOST) {
            plain("host", host(request.url()));
        }
        if !request.headers().contains_key(ACCEPT) {
            plain("accept", "*/*".to_owned());
        }
        if !body.is_empty() && !request.headers().contains_key(CONTENT_LENGTH) {
            plain("content-length", body.len().to_string());
        }
        for (name, value) in request.headers() {
            plain(
                name.as_str(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            );
        }
        for credential in credentials {
            let name = credential.header().as_str();
            headers.retain(|header| header.name != name);
            headers.push(RecordedHeader {
                name: name.to_owned(),
                value: RecordedValue::Secret(*credential.scheme()),
            });
        }
        headers.sort_by(|a, b| a.name.cmp(&b.name));
        Self {
            method: request.method().to_string(),
            url: request.url().clone(),
            headers,
            body,
        }
    }

    /// The HTTP method.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The whole URL.
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// The path and query, as they stand in the request line.
    pub fn target(&self) -> String {
        let path = self.url.path();
        self.url
            .query()
            .map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"))
    }

    /// Every header, in the order of their names.
    pub fn headers(&self) -> &[RecordedHeader] {
        &self.headers
    }

    /// The body; empty where there is none.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

/// The host as it stands in the header: with its port, where that is not the scheme's own.
fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// The request as it stands on the wire, with `***` for each secret.
impl fmt::Display for RequestRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {} HTTP/1.1", self.method, self.target())?;
        for header in &self.headers {
            writeln!(f, "{}: {}", header.name, header.value)?;
        }
        if !self.body.is_empty() {
            write!(f, "\n{}\n", String::from_utf8_lossy(&self.body))?;
        }
        Ok(())
    }
}

impl fmt::Display for RecordedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(value) => f.write_str(value),
            Self::Secret(scheme) => write!(f, "{}***", scheme.prefix),
        }
    }
}
