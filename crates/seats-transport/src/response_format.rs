//! How one vendor's responses are read: the part of a response that differs between vendors.

use http::HeaderName;
use serde_json::Value;

/// The usual header for the id of a request.
static REQUEST_ID: [HeaderName; 1] = [HeaderName::from_static("x-request-id")];

/// Where a vendor puts the id of a request, and its messages in the body of an error.
///
/// Vendor-specific code makes one and hands it to [`TransportBuilder::response_format`].
///
/// [`TransportBuilder::response_format`]: crate::TransportBuilder::response_format
#[derive(Clone, Copy, Debug)]
pub struct ResponseFormat {
    /// Headers that may hold the vendor's id of the request; the first one found counts.
    pub request_id_headers: &'static [HeaderName],
    /// Reads the messages from the JSON body of an error; empty if it does not have the vendor's form.
    pub error_messages: fn(&Value) -> Vec<String>,
}

impl Default for ResponseFormat {
    /// The usual header `x-request-id`, and no known form of an error.
    fn default() -> Self {
        Self {
            request_id_headers: &REQUEST_ID,
            error_messages: |_| Vec::new(),
        }
    }
}
