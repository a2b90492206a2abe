//! What is kept of a vendor's response.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;

use crate::signing::Secrets;

/// How many bytes of the body are kept of a response that is not a success.
pub const KEPT_BODY: usize = 64 * 1024;

/// What is kept of a response. No part of it holds a credential of the request.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ResponseRecord {
    /// The status.
    pub status: StatusCode,
    /// What was read of the body: up to 8 MiB of a success, up to [`KEPT_BODY`] bytes otherwise.
    pub body: Bytes,
    /// How reading the body ended.
    pub body_end: BodyEnd,
    /// The vendor's id of the request.
    pub request_id: Option<String>,
    /// Where a redirect points. It is never followed.
    pub location: Option<String>,
    /// What the vendor says, each message on one line; empty for a success.
    pub messages: Vec<String>,
    /// How long the vendor asks to wait before the next attempt.
    pub retry_after: Option<Duration>,
    /// Whether a `Link` header names a next page, so that the body is not the whole of a list.
    pub has_next_link: bool,
    /// The credentials of the request, for what is shown of the body.
    pub(crate) secrets: Secrets,
}

impl ResponseRecord {
    /// Creates the record of a response without a body.
    pub fn new(status: StatusCode) -> Self {
        Self {
            status,
            body: Bytes::new(),
            body_end: BodyEnd::Complete,
            request_id: None,
            location: None,
            messages: Vec::new(),
            retry_after: None,
            has_next_link: false,
            secrets: Secrets::default(),
        }
    }
}

/// How reading a body ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyEnd {
    /// The whole body was read.
    Complete,
    /// The body is longer than what is read of one.
    TooLong,
    /// The connection broke off within the body.
    BrokenOff {
        /// What the HTTP client reported.
        cause: String,
    },
}
