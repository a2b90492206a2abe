//! The route guard: a finished request goes to the route of its operation, or is not sent.
//!
//! A caller's ids are validated before a URL is made of them. This looks at the finished URL, because
//! a URL parser takes `..` and `\\` for instructions.

use percent_encoding::{
    AsciiSet, NON_ALPHANUMERIC, percent_decode, percent_decode_str, percent_encode,
    utf8_percent_encode,
};
use reqwest::Method;
use url::Url;

use crate::base_url::BaseUrl;
use crate::operation::Operation;

/// How a finished request differs from the route of its operation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RouteMismatch {
    /// The request belongs to no operation of the spec.
    #[error("it is for no operation of the spec")]
    NoOperation,
    /// The request was not checked before it was handed over for sending.
    #[error("it was not prepared")]
    NotPrepared,
    /// The method differs.
    #[error("its method is {actual}, not {expected}")]
    Method {
        /// The request's method.
        actual: Method,
        /// The operation's method.
        expected: &'static str,
    },
    /// The scheme, host or port differs.
    #[error("it goes to {actual}, not to {expected}")]
    Origin {
        /// The request's scheme, host and port.
        actual: String,
        /// The client's base URL.
        expected: String,
    },
    /// The URL has a part that no operation has.
    #[error("it has a user, a password or a fragment in its URL")]
    UrlParts,
    /// The path has more or fewer segments.
    #[error("its path {actual} has another number of parts than {expected}")]
    SegmentCount {
        /// The request's path.
        actual: String,
        /// The route template.
        expected: String,
    },
    /// A fixed segment of the path differs.
    #[error("its path {actual} is not one of {expected}")]
    Path {
        /// The request's path.
        actual: String,
        /// The route template.
        expected: String,
    },
    /// A path parameter is empty, `.` or `..`, maybe after decoding.
    #[error("{parameter} is empty, \".\" or \"..\"")]
    DotSegment {
        /// The parameter, such as `{username}`.
        parameter: &'static str,
    },
    /// A path parameter holds a separator or a control character, maybe after decoding.
    #[error("{parameter} has a \"/\", a \"\\\" or a control character in it")]
    Separator {
        /// The parameter, such as `{username}`.
        parameter: &'static str,
    },
}

/// Checks that `url` is a URL of `operation` below `base`.
pub(crate) fn check(
    base: &BaseUrl,
    operation: &Operation,
    method: &Method,
    url: &Url,
) -> Result<(), RouteMismatch> {
    if method.as_str() != operation.method {
        return Err(RouteMismatch::Method {
            actual: method.clone(),
            expected: operation.method,
        });
    }
    if !base.has_origin_of(url) {
        return Err(RouteMismatch::Origin {
            actual: url.origin().ascii_serialization(),
            expected: base.to_string(),
        });
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err(RouteMismatch::UrlParts);
    }
    check_path(base, operation, url.path())
}

fn check_path(base: &BaseUrl, operation: &Operation, path: &str) -> Result<(), RouteMismatch> {
    // Most routes have no parameter, and this is on every call's way.
    let below = path.strip_prefix(base.path());
    if !operation.path.contains('{') && below == Some(operation.path) {
        return Ok(());
    }
    let template = || format!("{}{}", base.path(), operation.path);
    if segments(base, operation).count() != path.split('/').count() {
        return Err(RouteMismatch::SegmentCount {
            actual: path.to_owned(),
            expected: template(),
        });
    }
    for (expected, actual) in segments(base, operation).zip(path.split('/')) {
        match expected {
            Segment::Parameter(name) => check_parameter(name, actual)?,
            Segment::Fixed(text) if text != actual => {
                return Err(RouteMismatch::Path {
                    actual: path.to_owned(),
                    expected: template(),
                });
            }
            Segment::Fixed(_) => {}
        }
    }
    Ok(())
}

/// One segment of a route.
enum Segment<'a> {
    Fixed(&'a str),
    /// With its braces.
    Parameter(&'static str),
}

/// The segments of the base URL's path and then of the operation's.
fn segments<'a>(base: &'a BaseUrl, operation: &Operation) -> impl Iterator<Item = Segment<'a>> {
    let own = operation.path.strip_prefix('/').unwrap_or(operation.path);
    let own = own.split('/').map(|segment| match is_parameter(segment) {
        true => Segment::Parameter(segment),
        false => Segment::Fixed(segment),
    });
    base.path().split('/').map(Segment::Fixed).chain(own)
}

/// What stands in a path parameter as it is. The generator and the URL parser leave more unencoded,
/// such as `;`, at which some servers cut a segment, and `^`, which no path may have (RFC 3986).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'@')
    .remove(b'!')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*');

/// Encodes the parameters of a URL that [`check`] accepted, so that no character of them can be taken
/// for something else.
pub(crate) fn encode_parameters(base: &BaseUrl, operation: &Operation, url: &mut Url) {
    if let Some(path) = encoded_path(base, operation, url.path()) {
        url.set_path(&path);
    }
    // The generated code writes a query as a form, with `+` for a space. Not every server reads that;
    // all of them read `%20`.
    if let Some(query) = url.query().filter(|query| query.contains('+')) {
        let query = query.replace('+', "%20");
        url.set_query(Some(&query));
    }
}

/// The path with its parameters encoded; none if nothing would change.
fn encoded_path(base: &BaseUrl, operation: &Operation, path: &str) -> Option<String> {
    if !operation.path.contains('{') {
        return None;
    }
    let mut encoded = String::with_capacity(path.len() + 16);
    for (n, (expected, actual)) in segments(base, operation).zip(path.split('/')).enumerate() {
        if n > 0 {
            encoded.push('/');
        }
        match expected {
            Segment::Fixed(_) => encoded.push_str(actual),
            Segment::Parameter(_) if actual.contains('%') => {
                let decoded: Vec<u8> = percent_decode_str(actual).collect();
                encoded.extend(percent_encode(&decoded, ENCODED));
            }
            Segment::Parameter(_) => encoded.extend(utf8_percent_encode(actual, ENCODED)),
        }
    }
    (encoded != path).then_some(encoded)
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with('{') && segment.ends_with('}')
}

/// Checks that a parameter's value stays one segment, however often it is decoded on the way.
fn check_parameter(parameter: &'static str, value: &str) -> Result<(), RouteMismatch> {
    // As bytes: an escape may hide in bytes that are not text until they are decoded once more.
    let mut bytes = value.as_bytes().to_vec();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if text.is_empty() || text == "." || text == ".." {
            return Err(RouteMismatch::DotSegment { parameter });
        }
        if text.contains(['/', '\\']) || text.chars().any(char::is_control) {
            return Err(RouteMismatch::Separator { parameter });
        }
        if !bytes.contains(&b'%') {
            return Ok(());
        }
        let decoded: Vec<u8> = percent_decode(&bytes).collect();
        if decoded == bytes {
            return Ok(());
        }
        bytes = decoded;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPERATION: Operation = Operation {
        id: "reclaim",
        method: "DELETE",
        path: "/Inventory/{productId}/Seats/{username}",
        idempotent: true,
        permissions: &[],
        reference: None,
    };

    fn outcome(url: &str) -> Result<(), RouteMismatch> {
        let base = BaseUrl::parse("https://vendor.example/V1").unwrap();
        check(
            &base,
            &OPERATION,
            &Method::DELETE,
            &Url::parse(url).unwrap(),
        )
    }

    #[track_caller]
    fn refused(url: &str, reason: &str) {
        assert_eq!(outcome(url).unwrap_err().to_string(), reason);
    }

    #[test]
    fn lets_the_route_pass() {
        outcome("https://vendor.example/V1/Inventory/P/Seats/ada@contoso.example").unwrap();
        outcome("https://vendor.example/V1/Inventory/P/Seats/a%23EXT%23%C3%AB%20").unwrap();
        outcome("https://vendor.example/V1/Inventory/P/Seats/...").unwrap();
    }

    #[test]
    fn encodes_what_could_be_taken_for_something_else() {
        let base = BaseUrl::parse("https://vendor.example/V1").unwrap();
        let mut url = Url::parse(
            "https://vendor.example/V1/Inventory/P/Seats/a;b=c+d&e^f|g[h]%20%C3%AB%2500'~@x",
        )
        .unwrap();
        encode_parameters(&base, &OPERATION, &mut url);
        assert_eq!(
            url.as_str(),
            "https://vendor.example/V1/Inventory/P/Seats/a%3Bb%3Dc%2Bd%26e%5Ef%7Cg%5Bh%5D%20%C3%AB%2500'~@x"
        );
    }

    #[test]
    fn a_space_in_a_query_is_one_to_every_server() {
        let base = BaseUrl::parse("https://vendor.example/V1").unwrap();
        let mut url =
            Url::parse("https://vendor.example/V1/Inventory/P/Seats/a?token=a+b%2Bc&x=%20")
                .unwrap();
        encode_parameters(&base, &OPERATION, &mut url);
        assert_eq!(url.query(), Some("token=a%20b%2Bc&x=%20"));
    }

    #[test]
    fn refuses_another_place() {
        refused(
            "https://elsewhere.example/V1/Inventory/P/Seats/a",
            "it goes to https://elsewhere.example, not to https://vendor.example/V1",
        );
        refused(
            "http://vendor.example/V1/Inventory/P/Seats/a",
            "it goes to http://vendor.example, not to https://vendor.example/V1",
        );
        refused(
            "https://vendor.example:444/V1/Inventory/P/Seats/a",
            "it goes to https://vendor.example:444, not to https://vendor.example/V1",
        );
        refused(
            "https://vendor.example/V2/Inventory/P/Seats/a",
            "its path /V2/Inventory/P/Seats/a is not one of /V1/Inventory/{productId}/Seats/{username}",
        );
        refused(
            "https://u@vendor.example/V1/Inventory/P/Seats/a",
            "it has a user, a password or a fragment in its URL",
        );
    }

    #[test]
    fn refuses_each_part_that_no_operation_has() {
        for url in [
            "https://:p@vendor.example/V1/Inventory/P/Seats/a",
            "https://vendor.example/V1/Inventory/P/Seats/a#f",
        ] {
            refused(url, "it has a user, a password or a fragment in its URL");
        }
    }

    #[test]
    fn refuses_another_fixed_part() {
        refused(
            "https://vendor.example/V1/Licences/P/Seats/a",
            "its path /V1/Licences/P/Seats/a is not one of /V1/Inventory/{productId}/Seats/{username}",
        );
    }

    #[test]
    fn a_route_without_parameters_is_one_path() {
        let base = BaseUrl::parse("https://vendor.example/V1").unwrap();
        let operation = Operation {
            path: "/Inventory",
            ..OPERATION
        };
        let outcome = |url| {
            check(
                &base,
                &operation,
                &Method::DELETE,
                &Url::parse(url).unwrap(),
            )
        };
        outcome("https://vendor.example/V1/Inventory").unwrap();
        for url in [
            "https://vendor.example/V1/Users",
            "https://vendor.example/V1/Inventory/",
            "https://vendor.example/Inventory",
        ] {
            assert!(outcome(url).is_err(), "{url}");
        }
    }

    #[test]
    fn refuses_another_method() {
        let base = BaseUrl::parse("https://vendor.example/V1").unwrap();
        let url = Url::parse("https://vendor.example/V1/Inventory/P/Seats/a").unwrap();
        let reason = check(&base, &OPERATION, &Method::GET, &url).unwrap_err();
        assert_eq!(reason.to_string(), "its method is GET, not DELETE");
    }

    #[test]
    fn refuses_a_path_that_the_parser_has_moved() {
        // What `..`, `.`, an empty name and `CONTOSO\bob` become in a URL.
        refused(
            "https://vendor.example/V1/Inventory/P/Seats/..",
            "its path /V1/Inventory/P/ has another number of parts than /V1/Inventory/{productId}/Seats/{username}",
        );
        refused(
            "https://vendor.example/V1/Inventory/P/Seats/.",
            "{username} is empty, \".\" or \"..\"",
        );
        refused(
            "https://vendor.example/V1/Inventory/P/Seats/",
            "{username} is empty, \".\" or \"..\"",
        );
        refused(
            "https://vendor.example/V1/Inventory/P/Seats/CONTOSO\\bob",
            "its path /V1/Inventory/P/Seats/CONTOSO/bob has another number of parts than /V1/Inventory/{productId}/Seats/{username}",
        );
    }

    #[test]
    fn refuses_what_decodes_to_another_path() {
        for value in ["%252e%252e", "%25252e"] {
            refused(
                &format!("https://vendor.example/V1/Inventory/P/Seats/{value}"),
                "{username} is empty, \".\" or \"..\"",
            );
        }
        for value in [
            "a%2fb",
            "a%5Cb",
            "a%00",
            "a%252fb",
            "%25%32%66",
            "a%C2%85",
            "%25C%32%85",
        ] {
            refused(
                &format!("https://vendor.example/V1/Inventory/P/Seats/{value}"),
                "{username} has a \"/\", a \"\\\" or a control character in it",
            );
        }
    }
}
