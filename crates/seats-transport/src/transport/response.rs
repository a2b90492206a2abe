//! Reads a response, within bounds, and records it without the request's credentials.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::stream;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, LINK, LOCATION};
use http::{HeaderMap, HeaderName, StatusCode};
use reqwest::ResponseBuilderExt;

use crate::causes::causes;
use crate::exchange::{BodyEnd, KEPT_BODY, ResponseRecord};
use crate::messages;
use crate::response_format::ResponseFormat;
use crate::signing::Secrets;

/// How much of a success is read: no response of these services is nearly as long.
const READ_BODY: usize = 8 * 1024 * 1024;
/// A longer request id is not one, but something to fill a terminal with.
const LONGEST_REQUEST_ID: usize = 200;

/// What is done with a response after it was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// The record is all that is looked at: the response is returned without its body.
    Record,
    /// The generated code decodes it.
    Decode,
}

/// Reads the body of a response. Returns its record, and the response for the generated code.
pub(super) async fn read(
    mut response: reqwest::Response,
    retry_after: Option<Duration>,
    secrets: &Secrets,
    format: &ResponseFormat,
    then: Use,
) -> (ResponseRecord, reqwest::Response) {
    let status = response.status();
    let limit = if status.is_success() {
        READ_BODY
    } else {
        KEPT_BODY
    };
    let (body, failure) = read_body(&mut response, limit).await;
    let messages = if status.is_success() {
        Vec::new()
    } else {
        // From the body as it came: cleaning it first would leave a secret that the turning into text
        // puts together.
        let messages = messages_of(format, response.headers(), &body);
        secrets.all_shown(&messages)
    };
    let body = Bytes::from(secrets.redact(body.into()));
    let body_end = match &failure {
        None => BodyEnd::Complete,
        Some(Failure::TooLong) => BodyEnd::TooLong,
        Some(Failure::BrokenOff(error)) => BodyEnd::BrokenOff {
            cause: causes(error),
        },
    };
    let record = ResponseRecord {
        body: body.clone(),
        body_end,
        request_id: request_id(format, response.headers()).map(|id| secrets.shown(id)),
        location: location(status, response.headers())
            .map(|place| secrets.shown(&messages::one_line(place))),
        messages,
        retry_after,
        has_next_link: has_next_link(response.headers()),
        secrets: secrets.clone(),
        ..ResponseRecord::new(status)
    };
    let response = match then {
        Use::Record => response,
        Use::Decode => {
            let headers = secrets.redact_headers(response.headers());
            rebuild(&response, headers, body, failure)
        }
    };
    (record, response)
}

/// Why the whole of a body was not read.
enum Failure {
    TooLong,
    BrokenOff(reqwest::Error),
}

async fn read_body(response: &mut reqwest::Response, limit: usize) -> (BytesMut, Option<Failure>) {
    let mut body = BytesMut::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => {
                let room = limit - body.len();
                body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
                if chunk.len() > room {
                    return (body, Some(Failure::TooLong));
                }
            }
            Ok(None) => return (body, None),
            Err(error) => return (body, Some(Failure::BrokenOff(error))),
        }
    }
}

/// Returns what a response that is not a success says.
fn messages_of(format: &ResponseFormat, headers: &HeaderMap, body: &[u8]) -> Vec<String> {
    match header(headers, CONTENT_ENCODING).filter(|name| *name != "identity") {
        Some(encoding) => {
            let encoding = messages::one_line(encoding);
            vec![format!(
                "a body of {} bytes that is encoded as {encoding}",
                body.len()
            )]
        }
        None => messages::of_body(format, header(headers, CONTENT_TYPE), body),
    }
}

fn request_id<'h>(format: &ResponseFormat, headers: &'h HeaderMap) -> Option<&'h str> {
    format
        .request_id_headers
        .iter()
        .filter_map(|name| headers.get(name)?.to_str().ok())
        .find(|id| !id.is_empty())
        .filter(|id| id.len() <= LONGEST_REQUEST_ID)
}

fn location(status: StatusCode, headers: &HeaderMap) -> Option<&str> {
    if !status.is_redirection() {
        return None;
    }
    // It may hold more than ASCII, though it should not.
    let place = std::str::from_utf8(headers.get(LOCATION)?.as_bytes()).ok()?;
    Some(place).filter(|place| !place.is_empty())
}

/// Whether a `Link` header names a next page (RFC 8288).
fn has_next_link(headers: &HeaderMap) -> bool {
    let links = headers.get_all(LINK).iter();
    links.filter_map(|link| link.to_str().ok()).any(|link| {
        let link = link.to_ascii_lowercase();
        let relations = link.split([';', ',']).filter_map(|part| {
            let (name, value) = part.split_once('=')?;
            (name.trim() == "rel").then(|| value.trim().trim_matches('"').to_owned())
        });
        relations
            .flat_map(|it| it.split(' ').map(str::to_owned).collect::<Vec<_>>())
            .any(|relation| relation == "next")
    })
}

fn header(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// Makes the response again from what was read of it. If reading failed, reading it again fails too.
fn rebuild(
    response: &reqwest::Response,
    headers: HeaderMap,
    body: Bytes,
    failure: Option<Failure>,
) -> reqwest::Response {
    let failure = failure.map(|failure| match failure {
        Failure::TooLong => std::io::Error::other("the answer is too long"),
        Failure::BrokenOff(error) => std::io::Error::other(error),
    });
    let body = match failure {
        None => reqwest::Body::from(body),
        Some(error) => reqwest::Body::wrap_stream(stream::iter([Ok(body), Err(error)])),
    };
    let mut rebuilt = http::Response::new(body);
    *rebuilt.status_mut() = response.status();
    *rebuilt.headers_mut() = headers;
    let url = http::Response::builder().url(response.url().clone());
    if let Some(extensions) = url.extensions_ref() {
        *rebuilt.extensions_mut() = extensions.clone();
    }
    rebuilt.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_a_next_page_is_seen() {
        let has = |links: &[&str]| {
            let links = links.iter().map(|it| (LINK, it.parse().unwrap()));
            has_next_link(&links.collect())
        };
        for links in [
            &[r#"<https://x/?a=b;c>; rel="next""#][..],
            &["</a>; rel=prev, </b>; Rel=NEXT"],
            &["</a>; rel=prev", r#"</b>; title="b"; rel="last next""#],
        ] {
            assert!(has(links), "{links:?}");
        }
        for links in [&[][..], &["</next>; rel=help"], &["</a>; rel=\"nextish\""]] {
            assert!(!has(links), "{links:?}");
        }
    }
}
