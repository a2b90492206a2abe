//! Text from elsewhere, so that a terminal shows it and does not obey it.

use std::io;

use serde::Serialize;

/// The text with what a terminal would obey, and what reorders or hides text, as escapes.
pub fn text(text: &str) -> String {
    escaped(text, is_unseen, |c| c.escape_unicode().to_string())
}

/// The value as JSON on one line. JSON lets some control characters stand as they are.
pub fn json(value: &impl Serialize) -> io::Result<String> {
    let json = serde_json::to_string(value).map_err(io::Error::other)?;
    Ok(escaped(&json, char::is_control, |c| {
        format!("\\u{:04x}", u32::from(c))
    }))
}

/// The record as a line of CSV.
pub fn csv<T: AsRef<str>>(cells: impl IntoIterator<Item = T>) -> io::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells.into_iter().map(|cell| text(cell.as_ref())))?;
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

fn escaped(text: &str, is: fn(char) -> bool, escape: fn(char) -> String) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if is(c) {
            escaped.push_str(&escape(c));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// Control characters, and the format characters that reorder or hide what is around them.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_moves_a_cursor() {
        let odd = "a\u{1b}[2J\u{9b}31m\r\n\t\u{202e}\u{feff}zoë";
        let shown = r"a\u{1b}[2J\u{9b}31m\u{d}\u{a}\u{9}\u{202e}\u{feff}zoë";
        assert_eq!(text(odd), shown);
        assert_eq!(csv([odd, "b"]).unwrap(), format!("{shown},b\n"));
        let line = json(&odd).unwrap();
        assert!(!line.contains(char::is_control), "{line}");
        assert_eq!(serde_json::from_str::<String>(&line).unwrap(), odd);
    }

    #[test]
    fn csv_quotes_what_would_end_a_cell() {
        let line = csv(["a,b", "say \"no\"", "", "plain"]).unwrap();
        assert_eq!(line, "\"a,b\",\"say \"\"no\"\"\",,plain\n");
    }
}
