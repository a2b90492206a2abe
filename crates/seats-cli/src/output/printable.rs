//! Escapes characters that a terminal would obey or hide, wherever the text comes from.

use std::io;

use serde::Serialize;
use unicode_general_category::{GeneralCategory, get_general_category};

/// The most characters of a value that a message repeats.
const QUOTED_LIMIT: usize = 100;

/// Returns the text with hidden characters, line breaks included, as `\u{...}`.
pub fn text(text: &str) -> String {
    escape(text, is_hidden, |c, escaped| {
        escaped.extend(c.escape_unicode())
    })
}

/// Returns the text with hidden characters as `\u{...}`, except for its line breaks.
pub fn lines(text: &str) -> String {
    let is_hidden = |c| c != '\n' && is_hidden(c);
    escape(text, is_hidden, |c, escaped| {
        escaped.extend(c.escape_unicode())
    })
}

/// Returns the value in quotes for a message, shortened if it is long.
pub fn quoted(value: &str) -> String {
    let quoted = match value.char_indices().nth(QUOTED_LIMIT) {
        None => format!("{value:?}"),
        Some((end, _)) => format!("{:?}…", value.get(..end).unwrap_or_default()),
    };
    text(&quoted)
}

/// Returns the value as JSON on one line, with hidden characters as `\uXXXX`.
///
/// # Errors
/// The value cannot be serialized.
pub fn json(value: &impl Serialize) -> io::Result<String> {
    let json = serde_json::to_string(value).map_err(io::Error::other)?;
    // Outside strings, JSON on one line has no hidden characters.
    Ok(escape(&json, is_hidden, |c, escaped| {
        for unit in c.encode_utf16(&mut [0; 2]) {
            escaped.push_str(&format!("\\u{unit:04x}"));
        }
    }))
}

/// Whether a character controls a terminal, or is invisible, or has no agreed appearance.
pub fn is_hidden(c: char) -> bool {
    matches!(
        get_general_category(c),
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
            | GeneralCategory::PrivateUse
    )
}

fn escape(text: &str, is: impl Fn(char) -> bool, escape: impl Fn(char, &mut String)) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if is(c) {
            escape(c, &mut escaped);
        } else {
            escaped.push(c);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Escape, C1, soft hyphen, Arabic letter mark, Mongolian vowel separator, line and paragraph
    /// separator, override, byte order mark, annotation, a tag, and private use.
    const HIDDEN: &str = "\u{1b}\u{9b}\u{ad}\u{61c}\u{180e}\u{2028}\u{2029}\u{202e}\u{feff}\u{fff9}\u{e0041}\u{e000}\u{f0000}";

    #[test]
    fn hidden_characters_are_escaped_everywhere() {
        let shown = r"\u{1b}\u{9b}\u{ad}\u{61c}\u{180e}\u{2028}\u{2029}\u{202e}\u{feff}\u{fff9}\u{e0041}\u{e000}\u{f0000}";
        assert_eq!(text(HIDDEN), shown);
        assert_eq!(lines(HIDDEN), shown);
        assert_eq!(text("a\r\n\tb"), r"a\u{d}\u{a}\u{9}b");
        assert_eq!(lines("a\r\nb"), "a\\u{d}\nb");
        assert_eq!(quoted("a\u{e000}\"\u{1b}"), r#""a\u{e000}\"\u{1b}""#);
        let line = json(&HIDDEN).unwrap();
        assert!(line.is_ascii(), "{line}");
        assert!(
            line.contains(r"\u202e") && line.contains(r"\udb40\udc41"),
            "{line}"
        );
        assert_eq!(serde_json::from_str::<String>(&line).unwrap(), HIDDEN);
    }

    #[test]
    fn letters_marks_and_emoji_stay() {
        let visible = "zoë e\u{301} 漢字 ‑ “” 😀 \u{fffd}";
        assert_eq!(text(visible), visible);
        assert_eq!(json(&visible).unwrap(), format!("\"{visible}\""));
    }

    #[test]
    fn a_long_value_is_shortened() {
        let longest = "é".repeat(100);
        assert_eq!(quoted(&longest), format!("\"{longest}\""));
        assert_eq!(quoted(&format!("{longest}a")), format!("\"{longest}\"…"));
    }
}
