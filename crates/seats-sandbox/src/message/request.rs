//! A request after its body was read.

use bytes::Bytes;
use http::{HeaderMap, Method, header};

/// A request whose body was read to its end, or as far as the sandbox reads.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Result<Bytes, BodyError>,
}

/// Error from reading a body.
#[derive(Debug, Clone, Copy)]
pub(crate) enum BodyError {
    TooLarge,
    /// The body broke off, or did not arrive in time.
    Incomplete,
}

impl Request {
    /// Whether the body is labelled with this media type; parameters such as `charset` are ignored.
    pub(crate) fn has_media_type(&self, media_type: &str) -> bool {
        self.headers
            .get(header::CONTENT_TYPE)
            .and_then(|label| label.to_str().ok())
            .and_then(|label| label.split(';').next())
            .is_some_and(|label| label.trim().eq_ignore_ascii_case(media_type))
    }
}
