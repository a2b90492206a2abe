//! A path parameter stays within its segment of the path, however often it is decoded.
//!
//! The spec says this with a pattern, which is checked here against a direct implementation.

use percent_encoding::percent_decode;
use seats::store::{ProductId, SkuId, Username};

/// The rule of the spec, implemented without its pattern.
fn is_one_segment(text: &str) -> bool {
    let ends_are_visible = text.trim() == text;
    let mut seen = text.as_bytes().to_vec();
    loop {
        let text = String::from_utf8_lossy(&seen);
        let leaves = text.is_empty()
            || text == "."
            || text == ".."
            || text.contains(['/', '\\'])
            || text.chars().any(char::is_control);
        if leaves {
            return false;
        }
        let decoded: Vec<u8> = percent_decode(&seen).collect();
        if decoded == seen {
            return ends_are_visible;
        }
        seen = decoded;
    }
}

#[track_caller]
fn check(text: &str) {
    let expected = is_one_segment(text);
    assert_eq!(
        text.parse::<Username>().is_ok(),
        expected,
        "username {text:?}"
    );
}

#[test]
fn refuses_exactly_the_texts_that_leave_the_segment() {
    for text in [
        "",
        ".",
        "..",
        "...",
        "/",
        "\\",
        "a/b",
        "a\\b",
        "CONTOSO\\bob",
        "..\\..\\x",
        "%2e",
        "%2E%2e",
        ".%2e",
        "%252e",
        "%25252e.",
        "%2f",
        "a%2Fb",
        "%5c",
        "a%255Cb",
        "%00",
        "%0a",
        "%7f",
        "%c2%85",
        "a\nb",
        "a\u{7f}",
        "a\u{85}b",
        " a",
        "a ",
        " ",
        "\u{a0}",
        "a\u{2028}%2f",
        "%%32f",
        "%2%66",
        "%25%32%66",
        "%C%32%85",
        "%C2%8%35",
        "100%",
        "%",
        "%%",
        "%zz",
        "a%20b",
        "%41",
        "%ff",
        "a b",
        "zoë",
        "g#EXT#@x",
        "o'neil",
        "8f2b1c64",
    ] {
        check(text);
    }
}

/// Every text of up to six of the characters that can encode a dot or a slash.
#[test]
fn refuses_exactly_the_escapes_that_leave_the_segment() {
    const ALPHABET: &[u8] = b"%25fe.";
    let mut texts = vec![String::new()];
    for _ in 0..6 {
        let longer: Vec<String> = texts
            .iter()
            .flat_map(|text| {
                ALPHABET
                    .iter()
                    .map(move |&c| format!("{text}{}", char::from(c)))
            })
            .collect();
        longer.iter().for_each(|text| check(text));
        texts = longer;
    }
}

#[test]
fn all_three_parameters_state_the_same_rule() {
    const RULE: &str = "must be one path segment: not empty, not \".\" or \"..\", no \"/\", \"\\\" or control character (nor anything that percent-decodes to these), no white space at its ends";
    for text in ["", "..", "a/b", "%2e%2e", "a\0"] {
        assert_eq!(text.parse::<ProductId>().unwrap_err().to_string(), RULE);
        assert_eq!(text.parse::<SkuId>().unwrap_err().to_string(), RULE);
        assert_eq!(text.parse::<Username>().unwrap_err().to_string(), RULE);
    }
}
