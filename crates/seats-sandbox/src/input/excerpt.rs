//! The part of a file that a message repeats: printable, and bounded.

/// The number of characters of a value that a message shows.
const VALUE: usize = 60;

/// The number of characters of a whole message.
const MESSAGE: usize = 400;

/// What stands in place of the rest.
const REST: char = '…';

/// Returns the beginning of a value, with characters that do not print escaped.
pub(crate) fn value(text: &str) -> String {
    let mut shown: String = text.chars().take(VALUE).flat_map(printable).collect();
    if text.chars().nth(VALUE).is_some() {
        shown.push(REST);
    }
    shown
}

/// Returns a message that is short enough for a terminal: of a longer one, the beginning and the end.
pub(crate) fn message(text: &str) -> String {
    let length = text.chars().count();
    let shown = |from: usize, to: usize| {
        let part = text.chars().skip(from).take(to - from);
        part.flat_map(printable).collect::<String>()
    };
    if length <= MESSAGE {
        return shown(0, length);
    }
    let (beginning, end) = (shown(0, VALUE), shown(length - MESSAGE / 2, length));
    format!("{beginning}{REST}{end}")
}

/// The character, or its escape if it is a control or formatting character.
fn printable(character: char) -> impl Iterator<Item = char> {
    let is_quote = matches!(character, '"' | '\'' | '\\');
    let plain = is_quote.then_some(character);
    let escaped = (!is_quote).then(|| character.escape_debug());
    plain.into_iter().chain(escaped.into_iter().flatten())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_cut_short_and_prints() {
        assert_eq!(value("zoë \"x\" \\"), "zoë \"x\" \\");
        assert_eq!(value("a\u{202e}b\n\u{1b}"), "a\\u{202e}b\\n\\u{1b}");
        assert_eq!(value(&"x".repeat(60)), "x".repeat(60));
        assert_eq!(value(&"ë".repeat(61)), "ë".repeat(60) + "…");
    }

    #[test]
    fn a_long_message_keeps_its_beginning_and_its_end() {
        let short = format!("unknown field `{}`", "x".repeat(300));
        assert_eq!(message(&short), short);
        let long = format!("unknown field `{}`, expected one of a, b", "x".repeat(9000));
        let shown = message(&long);
        assert_eq!(shown.chars().count(), 60 + 1 + 200);
        assert!(shown.starts_with("unknown field `xxx"), "{shown}");
        assert!(shown.ends_with("xxx`, expected one of a, b"), "{shown}");
    }
}
