//! The route guard: a finished request goes to the place that its operation names, or nowhere.
//!
//! The ids that a caller passes are checked before a URL is made of them. This looks at what came
//! out, because a URL parser takes `..` and `\` for instructions.

use percent_encoding::{
    AsciiSet, NON_ALPHANUMERIC, percent_decode, percent_decode_str, percent_encode,
};
use reqwest::Method;
use url::Url;

use crate::base_url::BaseUrl;
use crate::operation::Operation;

/// Whether `url` is a URL of `operation` below `base`.
///
/// # Errors
/// What is wrong with it, in words.
pub(crate) fn check(
    base: &BaseUrl,
    operation: &Operation,
    method: &Method,
    url: &Url,
) -> Result<(), String> {
    if method.as_str() != operation.method {
        return Err(format!("its method is {method}, not {}", operation.method));
    }
    if url.origin() != base.origin() {
        return Err(format!(
            "it goes to {}, not to {base}",
            url.origin().ascii_serialization()
        ));
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err("it has a user, a password or a fragment in its URL".to_owned());
    }
    let template = format!("{}{}", base.path(), operation.path);
    let expected: Vec<&str> = template.split('/').collect();
    let actual: Vec<&str> = url.path().split('/').collect();
    if expected.len() != actual.len() {
        return Err(format!(
            "its path {} has another number of parts than {template}",
            url.path()
        ));
    }
    for (expected, actual) in expected.into_iter().zip(actual) {
        if is_parameter(expected) {
            segment(expected, actual)?;
        } else if expected != actual {
            return Err(format!("its path {} is not one of {template}", url.path()));
        }
    }
    Ok(())
}

/// What stands in a parameter as it is. The generator and the URL parser leave more as it is, such as
/// `;`, which some servers cut a segment at, and `^`, which is no character of a path (RFC 3986).
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

/// Encodes the parameters in a path that [`check`] let pass, so that none of their characters can be
/// taken for something else.
pub(crate) fn encode_parameters(base: &BaseUrl, operation: &Operation, url: &mut Url) {
    let template = format!("{}{}", base.path(), operation.path);
    let segments: Vec<String> = template
        .split('/')
        .zip(url.path().split('/'))
        .map(|(expected, actual)| match is_parameter(expected) {
            true => percent_encode(&percent_decode_str(actual).collect::<Vec<u8>>(), ENCODED)
                .to_string(),
            false => actual.to_owned(),
        })
        .collect();
    url.set_path(&segments.join("/"));
    // The generated code writes a query as a form does, with `+` for a space; not every server reads
    // it so, and `%20` means the same to all of them.
    if let Some(query) = url.query().map(|query| query.replace('+', "%20")) {
        url.set_query(Some(&query));
    }
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with('{') && segment.ends_with('}')
}

/// Whether what was put into a parameter stays what it is, however often it is decoded on the way.
fn segment(name: &str, value: &str) -> Result<(), String> {
    // As bytes: an escape may hide in bytes that are no text until they are decoded once more.
    let mut bytes = value.as_bytes().to_vec();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if text.is_empty() || text == "." || text == ".." {
            return Err(format!("{name} is empty, \".\" or \"..\""));
        }
        if text.contains(['/', '\\']) || text.chars().any(char::is_control) {
            return Err(format!(
                "{name} has a \"/\", a \"\\\" or a control character in it"
            ));
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

    fn outcome(url: &str) -> Result<(), String> {
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
        assert_eq!(outcome(url).unwrap_err(), reason);
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
    fn refuses_another_method() {
        let base = BaseUrl::parse("https://vendor.example/V1").unwrap();
        let url = Url::parse("https://vendor.example/V1/Inventory/P/Seats/a").unwrap();
        let reason = check(&base, &OPERATION, &Method::GET, &url).unwrap_err();
        assert_eq!(reason, "its method is GET, not DELETE");
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
