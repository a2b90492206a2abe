//! A request as it goes on the wire, with its secrets left out.

use std::fmt;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_LENGTH, HOST};
use http::{HeaderMap, Method};
use url::Url;

use crate::operation::SecurityScheme;

/// The request of a call: what was sent, or what a dry run would send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRecord {
    method: Method,
    url: Url,
    /// The headers before signing.
    headers: HeaderMap,
    /// The schemes that sign the request.
    signed_with: Vec<SecurityScheme>,
    body: Bytes,
}

/// One header of a [`RequestRecord`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedHeader {
    /// The header's name, in lower case.
    pub name: String,
    /// The header's value.
    pub value: RecordedValue,
}

/// The value of a [`RecordedHeader`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordedValue {
    /// A value that is not secret.
    Plain(String),
    /// A credential; only its scheme is kept.
    Secret(SecurityScheme),
}

impl RequestRecord {
    /// Records a request before it is signed by `schemes`.
    pub(crate) fn new(request: &reqwest::Request, schemes: Vec<SecurityScheme>) -> Self {
        let body = request
            .body()
            .and_then(reqwest::Body::as_bytes)
            .map(Bytes::copy_from_slice)
            .unwrap_or_default();
        Self {
            method: request.method().clone(),
            url: request.url().clone(),
            headers: request.headers().clone(),
            signed_with: schemes,
            body,
        }
    }

    /// Makes the request again, without a signature.
    pub(crate) fn to_request(&self) -> reqwest::Request {
        let mut request = reqwest::Request::new(self.method.clone(), self.url.clone());
        *request.headers_mut() = self.headers.clone();
        if !self.body.is_empty() {
            *request.body_mut() = Some(self.body.clone().into());
        }
        request
    }

    /// Returns the HTTP method.
    pub fn method(&self) -> &str {
        self.method.as_str()
    }

    /// Returns the whole URL.
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Returns the path and query, as they stand in the request line.
    pub fn target(&self) -> String {
        let path = self.url.path();
        self.url
            .query()
            .map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"))
    }

    /// Returns every header, sorted by name.
    pub fn headers(&self) -> Vec<RecordedHeader> {
        let plain = |name: &str, value: String| RecordedHeader {
            name: name.to_owned(),
            value: RecordedValue::Plain(value),
        };
        let mut headers = Vec::new();
        // The HTTP client adds these three itself when it writes the request.
        if !self.headers.contains_key(HOST) {
            headers.push(plain("host", host(&self.url)));
        }
        if !self.headers.contains_key(ACCEPT) {
            headers.push(plain("accept", "*/*".to_owned()));
        }
        if !self.body.is_empty() && !self.headers.contains_key(CONTENT_LENGTH) {
            headers.push(plain("content-length", self.body.len().to_string()));
        }
        headers.extend(self.headers.iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            plain(name.as_str(), value)
        }));
        for scheme in &self.signed_with {
            let name = scheme.header.to_ascii_lowercase();
            headers.retain(|header| header.name != name);
            headers.push(RecordedHeader {
                name,
                value: RecordedValue::Secret(*scheme),
            });
        }
        headers.sort_by(|a, b| a.name.cmp(&b.name));
        headers
    }

    /// Returns the body; empty if there is none.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

/// Returns the value of the `host` header: with the port, unless it is the scheme's default.
fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Writes the request as it stands on the wire, with `***` for each secret.
impl fmt::Display for RequestRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {} HTTP/1.1", self.method, self.target())?;
        for header in self.headers() {
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
