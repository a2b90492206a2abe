//! A response before it is numbered and sent.

use std::fmt;

use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::Value;

/// A response.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Body>,
}

/// The body of a response.
#[derive(Debug)]
pub(crate) enum Body {
    Json(Value),
    Text(&'static str),
}

impl fmt::Display for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(value) => value.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

impl Response {
    /// Returns a response without a body.
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: None,
        }
    }

    /// Returns a response with an HTML page, as an edge server sends it.
    pub(crate) fn html(status: StatusCode, page: &'static str) -> Self {
        let mut response = Self::empty(status);
        response.set_media_type(HeaderValue::from_static("text/html"));
        response.body = Some(Body::Text(page));
        response
    }

    /// Returns a response with a JSON body under this media type.
    pub(crate) fn json(status: StatusCode, media_type: &'static str, body: Value) -> Self {
        let mut response = Self::empty(status);
        response.set_media_type(HeaderValue::from_static(media_type));
        response.body = Some(Body::Json(body));
        response
    }

    pub(crate) fn set_media_type(&mut self, media_type: HeaderValue) {
        self.headers.insert(header::CONTENT_TYPE, media_type);
    }
}
