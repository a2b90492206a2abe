//! The route guard: a finished request goes to the place that its operation names, or nowhere.
//!
//! The ids that a caller passes are checked before a URL is made of them. This looks at what came
//! out, because a URL parser takes `..` and `\` for instructions.

use percent_encoding::percent_decode_str;
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
        if expected.starts_with('{') && expected.ends_with('}') {
            segment(expected, actual)?;
        } else if expected != actual {
            return Err(format!("its path {} is not one of {template}", url.path()));
        }
    }
    Ok(())
}

/// Whether what was put into a parameter stays what it is, however often it is decoded on the way.
fn segment(name: &str, value: &str) -> Result<(), String> {
    let mut value = value.to_owned();
    loop {
        if value.is_empty() || value == "." || value == ".." {
            return Err(format!("{name} is empty, \".\" or \"..\""));
        }
        if value.contains(['/', '\\']) || value.chars().any(char::is_control) {
            return Err(format!(
                "{name} has a \"/\", a \"\\\" or a control character in it"
            ));
        }
        let decoded = percent_decode_str(&value).decode_utf8_lossy().into_owned();
        if decoded == value {
            return Ok(());
        }
        value = decoded;
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
        for value in ["a%2fb", "a%5Cb", "a%00", "a%252fb", "%25%32%66", "a%C2%85"] {
            refused(
                &format!("https://vendor.example/V1/Inventory/P/Seats/{value}"),
                "{username} has a \"/\", a \"\\\" or a control character in it",
            );
        }
    }
}
