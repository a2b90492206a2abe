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
