//! The review as Markdown for a pull request: the summary, and the rest as it stands in a terminal.
//!
//! Text of a spec stands in code spans and fences alone, each longer than any run of backticks in it, so
//! that it cannot be anything but text.

use super::effects::visible;
use super::{summary, terminal};
use crate::report::Review;
use crate::words::{Word, Words};

/// The review as Markdown.
pub fn markdown(review: &Review) -> String {
    let text = terminal::text(review, false);
    // The first line is the summary, which stands above.
    let rest = text.split_once('\n').map_or("", |(_, rest)| rest.trim());
    let summary = words(&capital(summary::summary(review)));
    let mut page = format!("## Review of the specs\n\n{summary}\n");
    if !rest.is_empty() {
        let fence = "`".repeat(longest_run(rest).max(2) + 1);
        page.push_str(&format!("\n{fence}diff\n{rest}\n{fence}\n"));
    }
    page
}

/// A paragraph begins with a capital letter.
fn capital(mut words: Words) -> Words {
    if let Some(Word::Plain(text)) = words.0.first_mut()
        && let Some(first) = text.get(..1)
    {
        *text = first.to_uppercase() + text.get(1..).unwrap_or_default();
    }
    words
}

fn words(words: &Words) -> String {
    let each = words.0.iter().map(|word| match word {
        Word::Plain(text) => text.clone(),
        Word::Quoted(text) => code(text),
    });
    each.collect()
}

/// A code span that no text can end, or break into another line.
fn code(text: &str) -> String {
    let text = visible(text);
    let fence = "`".repeat(longest_run(&text) + 1);
    let is_bare = !text.starts_with(['`', ' ']) && !text.ends_with(['`', ' ']) && !text.is_empty();
    if is_bare {
        format!("{fence}{text}{fence}")
    } else {
        format!("{fence} {text} {fence}")
    }
}

/// The longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}
