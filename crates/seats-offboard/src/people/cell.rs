//! A cell of the list.

/// How much of an unusable text is shown.
const SHOWN: usize = 200;

/// The texts that people write into a cell that has to be empty.
const PLACEHOLDERS: [&str; 6] = ["-", "--", "n/a", "none", "null", "#n/a"];

/// Returns the cell's text without the space around it; none if the cell is empty or says so.
pub(super) fn filled(cell: &str) -> Option<&str> {
    let is_space = |c: char| c.is_whitespace() || c == '\u{feff}';
    let text = cell.trim_matches(is_space);
    let is_placeholder = PLACEHOLDERS.iter().any(|it| text.eq_ignore_ascii_case(it));
    (!text.is_empty() && !is_placeholder).then_some(text)
}

/// Shortens a text that cannot be used.
pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}
