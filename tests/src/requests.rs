//! The requests of a generated client, held against what its spec says.
//!
//! The generated crates call these, once for each example of a request. They panic where something
//! is wrong.

use std::fmt::Write;

use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;

use crate::examples::is_equivalent;
use crate::wire::{Wire, answer};

/// Headers that the transport writes for every operation alike.
const COMMON: [&str; 4] = ["accept", "content-length", "host", "user-agent"];

/// The value that this JSON says.
#[track_caller]
pub fn value<T: DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).expect("the example decodes")
}

/// The call, which gets the base URL of a listener, sends one request: this head, and this body.
///
/// The head has the method and the path, a line for each parameter of the query, and the headers in the
/// order of their names; everything is decoded.
#[track_caller]
pub fn sends(head: &str, body: Option<&str>, call: impl AsyncFnOnce(String)) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime starts");
    let requests = runtime.block_on(async {
        let wire = Wire::start(vec![answer("204 No Content", &[], b"")]).await?;
        call(wire.url()).await;
        wire.finish().await
    });
    let requests = requests.expect("the listener works");
    let [request] = requests.as_slice() else {
        panic!("{} requests were sent", requests.len());
    };
    let request = String::from_utf8_lossy(request);
    let (sent, sent_body) = request.split_once("\r\n\r\n").expect("the head ends");
    assert_eq!(decoded(sent), head);
    match body {
        None => assert_eq!(sent_body, ""),
        Some(body) => {
            let (example, sent) = (value(body), value(sent_body));
            assert!(
                is_equivalent(&example, &sent),
                "not the example: {sent_body}"
            );
        }
    }
}

fn decoded(head: &str) -> String {
    let mut lines = head.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (method, target) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let mut text = format!("{method} {}\n", plain(path));
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let _ = writeln!(text, "?{}", plain(pair));
    }
    let mut headers: Vec<&str> = lines
        .filter(|line| {
            !COMMON
                .iter()
                .any(|name| line.starts_with(&format!("{name}:")))
        })
        .collect();
    headers.sort_unstable();
    for header in headers {
        let _ = writeln!(text, "{header}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_decoded_line_by_line() {
        let head = "GET /a%20b/c?d%5B%5D=%26&e=1 HTTP/1.1\r\nz: 1\r\nhost: x\r\na: 2";
        assert_eq!(decoded(head), "GET /a b/c\n?d[]=&\n?e=1\na: 2\nz: 1\n");
    }
}
