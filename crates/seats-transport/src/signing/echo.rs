//! Tells whether a text repeats a credential, however it is spelled.
//!
//! Cleaning a text by pattern is a race against every encoding there is. So the text that would be shown
//! is brought into a normal form, letters and digits only, in lower case, and is not shown if it shares
//! a run of [`RUN`] characters with the credential's normal form. Percent-encoding, character references
//! and markup of HTML, escapes of JSON, hexadecimal and base64 are decoded first, also within one another.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use percent_encoding::percent_decode_str;

use crate::messages::is_invisible;

/// So many letters and digits in a row are a repetition; a shorter credential counts as a whole.
const RUN: usize = 12;
/// A credential of fewer letters and digits is not looked for: it may be an ordinary word.
const SHORTEST: usize = 8;
/// How many encodings within one another are decoded.
const DEPTH: usize = 3;

/// Returns whether `text` repeats 12 or more letters and digits in a row of `secret`.
pub(super) fn repeats(text: &str, secret: &[u8]) -> bool {
    let secret = normal(secret);
    let run = RUN.min(secret.len());
    if run < SHORTEST {
        return false;
    }
    let runs: HashSet<&[u8]> = secret.windows(run).collect();
    let mut texts = vec![text.to_owned()];
    for _ in 0..=DEPTH {
        let holds_run = |text: &String| {
            let text = normal(text.as_bytes());
            text.windows(run).any(|window| runs.contains(window))
        };
        if texts.iter().any(holds_run) {
            return true;
        }
        texts = texts.iter().flat_map(|text| decoded(text, run)).collect();
    }
    false
}

/// Letters and digits, in lower case.
fn normal(text: &[u8]) -> Vec<u8> {
    let kept = text.iter().filter(|byte| byte.is_ascii_alphanumeric());
    kept.map(u8::to_ascii_lowercase).collect()
}

/// What the text may be an encoding of; only texts that differ from it and are long enough to matter.
fn decoded(text: &str, run: usize) -> Vec<String> {
    let mut texts = vec![unescaped(text), without_markup(text)];
    let unbroken = unbroken(text);
    if unbroken != text {
        // Line breaks within an escape, or what is left of the zero bytes of UTF-16.
        texts.extend([unescaped(&unbroken), without_markup(&unbroken)]);
    }
    texts.extend(from_hexadecimal(text));
    texts.extend(from_base64(text));
    texts.retain(|decoded| decoded.len() >= run && decoded != text);
    texts.dedup();
    texts
}

/// The text without white space, line breaks as escapes, and what nobody sees.
fn unbroken(text: &str) -> String {
    let breaks = ["\\n", "\\r", "\\t", "\\N", "\\R", "\\T"];
    // JSON that is shown as JSON has each backslash twice.
    let text = text.replace(r"\\", r"\");
    let text = breaks.iter().fold(text, |text, it| text.replace(it, ""));
    text.replace(|c: char| c.is_whitespace() || is_invisible(c), "")
}

/// The text without percent-encoding, character references and backslash escapes.
fn unescaped(text: &str) -> String {
    let text = percent_decode_str(text).decode_utf8_lossy();
    let text = html_escape::decode_html_entities(&text);
    let mut plain = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some(at) = rest.find(['\\', '&']) {
        let (before, escape) = rest.split_at(at);
        plain.push_str(before);
        let (decoded, length) = match escape.strip_prefix("&#") {
            Some(reference) => open_reference(reference),
            None => backslash_escape(escape),
        };
        plain.extend(decoded);
        rest = escape.get(length..).unwrap_or_default();
    }
    plain.push_str(rest);
    plain
}

/// What `&#65` or `&#x41` without its semicolon stands for, and how long it is; `digits` follow the `&#`.
fn open_reference(digits: &str) -> (Option<char>, usize) {
    let (digits, radix, before) = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16, "&#x".len()),
        None => (digits, 10, "&#".len()),
    };
    let end = digits.find(|c: char| !c.is_digit(radix));
    let length = end.unwrap_or(digits.len());
    let number = digits
        .get(..length)
        .map(|it| u32::from_str_radix(it, radix));
    match number.and_then(Result::ok).and_then(char::from_u32) {
        Some(c) => (Some(c), before + length),
        None => (None, 1),
    }
}

/// The text without tags and comments of HTML.
fn without_markup(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        plain.push_str(before);
        let end = if tag.starts_with("!--") { "-->" } else { ">" };
        match tag.split_once(end) {
            Some((_, after)) => rest = after,
            None => rest = tag,
        }
    }
    plain.push_str(rest);
    plain
}

/// What `\u0041`, `\u{41}` or `\x41` stands for, and how long the escape is.
fn backslash_escape(escape: &str) -> (Option<char>, usize) {
    // Half of a character beyond 16 bits is no letter and no digit.
    let number = |digits: Option<&str>| {
        let number = u32::from_str_radix(digits?, 16).ok()?;
        Some(char::from_u32(number).unwrap_or(' '))
    };
    let attempts = match escape.as_bytes().get(1) {
        Some(b'u' | b'U') if escape.as_bytes().get(2) == Some(&b'{') => {
            let end = escape.find('}').unwrap_or(0);
            (number(escape.get(3..end)), end + 1)
        }
        Some(b'u' | b'U') => (number(escape.get(2..6)), 6),
        Some(b'x' | b'X') => (number(escape.get(2..4)), 4),
        // A line break or another control character, which breaks up what it stands in.
        Some(b'n' | b'r' | b't' | b'b' | b'f' | b'N' | b'R' | b'T' | b'B' | b'F') => (Some(' '), 2),
        Some(b'\\') => (Some('\\'), 2),
        _ => (None, 1),
    };
    match attempts {
        (Some(c), length) => (Some(c), length),
        (None, _) => (None, 1),
    }
}

/// What the hexadecimal digits of the text encode, whatever stands between them.
fn from_hexadecimal(text: &str) -> Vec<String> {
    let digits: Vec<u8> = text
        .bytes()
        .filter_map(|byte| char::from(byte).to_digit(16))
        .filter_map(|digit| u8::try_from(digit).ok())
        .collect();
    (0..2)
        .filter_map(|start| digits.get(start..))
        .map(|digits| {
            let bytes = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]);
            String::from_utf8_lossy(&bytes.collect::<Vec<u8>>()).into_owned()
        })
        .collect()
}

/// What the base64 characters of the text encode, whatever stands between them. Where a run begins is not
/// known, so each of the four offsets is tried.
fn from_base64(text: &str) -> Vec<String> {
    let characters: Vec<u8> = text
        .bytes()
        .filter_map(|byte| match byte {
            b'-' => Some(b'+'),
            b'_' => Some(b'/'),
            b'+' | b'/' => Some(byte),
            byte => byte.is_ascii_alphanumeric().then_some(byte),
        })
        .collect();
    (0..4)
        .filter_map(|start| {
            let mut run = characters.get(start..)?.to_vec();
            // The last characters may be less than a whole group, and still hold a byte or two.
            run.resize(run.len().next_multiple_of(4), b'A');
            let bytes = STANDARD_NO_PAD.decode(run).ok()?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    use super::*;

    const SECRET: &str = "planted+key/5f9a-0b1c2d3e4f";

    #[track_caller]
    fn is_seen(text: &str) {
        assert!(repeats(text, SECRET.as_bytes()), "{text}");
    }

    fn hexadecimal(text: &str) -> String {
        text.bytes().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn a_secret_is_seen_in_each_spelling() {
        is_seen(&format!("key {SECRET} is wrong"));
        is_seen(&SECRET.to_uppercase());
        is_seen("planted key 5f9a 0b1c");
        is_seen("pl\u{ad}anted\u{200b}key\u{2060}/5f9a-0b1c");
        is_seen(
            "pl<b>anted</b>+key/5f9a-0b1c"
                .replace("<b>", "")
                .replace("</b>", "")
                .as_str(),
        );
        is_seen("planted&#43;k&#x65;y&sol;5f9a");
        is_seen("p%6cant%65d%2Bk%65y%2f5f9a");
        is_seen("%2570lanted%252Bk%2565y%252f5f9a");
        is_seen(r"\u0070lant\u0065d\u002bk\x65y/5f9a");
        is_seen(&SECRET[3..]);
        is_seen(&SECRET[..SECRET.len() - 5]);
        is_seen(&hexadecimal(SECRET));
        let wide: String = SECRET.chars().flat_map(|c| [c, '\0']).collect();
        is_seen(&wide);
        is_seen(&STANDARD.encode(&wide));
    }

    #[test]
    fn a_secret_is_seen_in_base64_wherever_it_begins() {
        for before in ["", "a", "ab", "abc", "user:"] {
            let encoded = STANDARD.encode(format!("{before}{SECRET}"));
            is_seen(&encoded);
            is_seen(&format!("no such key: {encoded}."));
            let wrapped: Vec<&str> = vec![&encoded[..10], &encoded[10..20], &encoded[20..]];
            is_seen(&wrapped.join("\r\n"));
            is_seen(&URL_SAFE_NO_PAD.encode(&encoded));
            is_seen(&hexadecimal(&encoded));
        }
    }

    #[test]
    fn other_texts_are_not_withheld() {
        for text in [
            "",
            "Forbidden",
            "planted key",
            "Generic Error: product_code is required",
            "AADSTS7000215: Invalid client secret provided.",
            r"\u \x \u{ \u{zz} %zz &#; &nbsp",
        ] {
            assert!(!repeats(text, SECRET.as_bytes()), "{text}");
        }
        assert!(!repeats("a short one", b"short"));
        assert!(repeats("an eightdig one", b"eightdig"));
    }
}
