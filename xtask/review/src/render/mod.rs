//! A review in words: for a terminal, and as Markdown for a pull request.

mod markdown;
mod summary;
mod terminal;

pub use markdown::markdown;
pub use terminal::text;

use super::finding::{Rust, Wire};
use super::sections::Item;

/// What an item breaks, in few words.
fn effect(item: &Item) -> &'static str {
    match (item.wire, item.rust) {
        (wire, Rust::Breaks) if wire.breaks() => "breaks the wire and Rust",
        (
            Wire {
                requests: false,
                answers: false,
            },
            Rust::Breaks,
        ) => "breaks Rust, not the wire",
        (wire, _) if wire.breaks() => "breaks the wire, not Rust",
        (_, Rust::Adds) => "adds",
        _ if item.is_documentation => "documentation",
        _ => "breaks neither",
    }
}

/// Which way the wire breaks.
fn ways(wire: Wire) -> Option<&'static str> {
    match (wire.requests, wire.answers) {
        (true, true) => Some("requests and answers"),
        (true, false) => Some("requests"),
        (false, true) => Some("answers"),
        (false, false) => None,
    }
}

/// A control character of a spec must not command the terminal, nor end a line of Markdown.
fn visible(text: &str) -> String {
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
