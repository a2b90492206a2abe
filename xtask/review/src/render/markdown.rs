//! The review as Markdown for a pull request. Text of a spec stands in code spans and fences alone,
//! each longer than any run of backticks in it, so that it cannot be anything but text.

use std::fmt::Write;

use super::effects::{effect, in_rust, shown, visible};
use super::summary;
use crate::report::{Fate, Item, Review, Section, SpecReview};
use crate::snapshots::Snapshot;
use crate::version::Outcome;
use crate::words::{Word, Words};

/// The review as Markdown.
pub fn markdown(review: &Review) -> String {
    let mut page = String::from("## Review of the specs\n\n");
    let _ = writeln!(page, "{}", words(&capital(summary::summary(review))));
    for reviewed in &review.specs {
        spec(reviewed, &mut page);
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

fn spec(spec: &SpecReview, page: &mut String) {
    let fate = match spec.fate {
        Fate::Added => " is new",
        Fate::Removed => " **was removed**, and its crate with it: **breaks the wire and Rust**",
        Fate::Rewritten => " says the same in another text (comments, order or layout)",
        Fate::Changed | Fate::Same => "",
    };
    let _ = writeln!(
        page,
        "\n### {}{fate}",
        code(&format!("specs/{}.yaml", spec.name))
    );
    if let Some(verdict) = spec.verdict.as_ref().filter(|_| spec.fate != Fate::Same) {
        let says = words(&capital(summary::verdict(spec, verdict)));
        let _ = match verdict.outcome {
            Outcome::TooSmall { .. } => writeln!(page, "\n**Wrong version.** {says}"),
            _ => writeln!(page, "\n{says}"),
        };
    }
    if let Some(says) = summary::lint(spec) {
        let _ = writeln!(page, "\n**{}**", words(&capital(says)));
    }
    for one in &spec.sections {
        section(one, page);
    }
    if !spec.snapshots.is_empty() {
        page.push_str("\n#### Recorded requests of no operation\n");
        for one in &spec.snapshots {
            snapshot(one, page);
        }
    }
}

fn section(section: &Section, page: &mut String) {
    let _ = write!(page, "\n#### {}", words(&capital(section.title.clone())));
    if let Some(reaches) = &section.reaches {
        let _ = write!(page, " (reaches {})", words(reaches));
    }
    page.push_str("\n\n");
    for one in &section.items {
        item(one, page);
    }
    let (shown, more) = shown(&section.consequences);
    for one in shown {
        let mark = if one.breaks { "**" } else { "" };
        let _ = writeln!(page, "- {mark}{}{mark}: {}", in_rust(one), words(&one.says));
    }
    if more > 0 {
        let _ = writeln!(page, "- and {more} more items of the generated crate");
    }
    for one in &section.snapshots {
        snapshot(one, page);
    }
}

fn item(item: &Item, page: &mut String) {
    page.push_str("- ");
    if item.security {
        page.push_str("**Security**, ");
    }
    let mark = if item.wire.breaks() { "**" } else { "" };
    let _ = writeln!(page, "{mark}{}{mark}: {}", effect(item), words(&item.says));
}

fn snapshot(snapshot: &Snapshot, page: &mut String) {
    let _ = write!(page, "\nRecorded request {}", code(&snapshot.name));
    if let Some(former) = &snapshot.former {
        let _ = write!(page, " (was {})", code(former));
    }
    if snapshot.diff.is_empty() {
        page.push_str(": the same bytes\n");
        return;
    }
    let fence = "`".repeat(longest_run(&snapshot.diff).max(2) + 1);
    let _ = writeln!(
        page,
        "\n\n{fence}diff\n{}\n{fence}",
        snapshot.diff.trim_end_matches('\n')
    );
}

fn words(words: &Words) -> String {
    words
        .0
        .iter()
        .map(|word| match word {
            Word::Plain(text) => text.clone(),
            Word::Quoted(text) => code(text),
        })
        .collect()
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
