//! What the forms of the review share: what breaks in few words, and text that stays text.

use crate::consequences::Consequence;
use crate::finding::Wire;
use crate::report::Item;

/// What an item breaks, in few words.
pub(super) fn effect(item: &Item) -> &'static str {
    let Wire { requests, answers } = item.wire;
    match (requests, answers) {
        (true, true) => "breaks the wire",
        (true, false) => "breaks requests",
        (false, true) => "breaks answers",
        _ if item.is_documentation => "documentation",
        _ => "changes",
    }
}

/// What a consequence does to callers, in few words.
pub(super) fn in_rust(consequence: &Consequence) -> &'static str {
    if consequence.breaks {
        "breaks Rust"
    } else {
        "adds to Rust"
    }
}

/// The consequences that are shown, and how many are not: a report is read on a screen.
pub(super) fn shown(consequences: &[Consequence]) -> (&[Consequence], usize) {
    const SHOWN: usize = 12;
    let shown = consequences.get(..SHOWN).unwrap_or(consequences);
    (shown, consequences.len() - shown.len())
}

/// A control character of a spec must not command the terminal, nor end a line of Markdown.
pub(super) fn visible(text: &str) -> String {
    let mut visible = String::new();
    for c in text.chars() {
        if c.is_control() || is_reordering(c) {
            visible.extend(c.escape_default());
        } else {
            visible.push(c);
        }
    }
    visible
}

/// Characters that show text in another order than it has.
fn is_reordering(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
