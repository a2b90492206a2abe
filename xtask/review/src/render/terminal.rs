//! The review for a terminal: aligned, with colours where they are shown.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::effects::{effect, in_rust, shown, visible};
use super::summary;
use crate::report::{Fate, Item, Review, Section, SpecReview};
use crate::snapshots::Snapshot;
use crate::version::Outcome;
use crate::words::{Word, Words};

const BOLD: Style = Style::new().bold();
const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const GREEN: Style = AnsiColor::Green.on_default();
const DIM: Style = Style::new().dimmed();

/// The review as a person reads it in a terminal.
pub fn text(review: &Review, styled: bool) -> String {
    let mut page = Page {
        text: String::new(),
        styled,
    };
    page.line(0, BOLD, &plain(&summary::summary(review)));
    for spec in &review.specs {
        page.spec(spec);
    }
    page.text
}

struct Page {
    text: String,
    styled: bool,
}

/// The width of the column that says what breaks.
const EFFECT: usize = 15;

impl Page {
    fn line(&mut self, indent: usize, style: Style, text: &str) {
        let text = format!("{:indent$}{}", "", self.paint(style, text));
        let _ = writeln!(self.text, "{}", text.trim_end());
    }

    fn paint(&self, style: Style, text: &str) -> String {
        if self.styled && !text.is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    fn spec(&mut self, spec: &SpecReview) {
        self.text.push('\n');
        let path = format!("specs/{}.yaml", spec.name);
        let fate = match spec.fate {
            Fate::Added => " is new",
            Fate::Removed => " WAS REMOVED, and its crate with it: breaks the wire and Rust",
            Fate::Rewritten => " says the same in another text (comments, order or layout)",
            Fate::Changed | Fate::Same => "",
        };
        let style = if spec.fate == Fate::Removed {
            RED
        } else {
            BOLD
        };
        self.line(0, style, &(path + fate));
        if let Some(verdict) = spec.verdict.as_ref().filter(|_| spec.fate != Fate::Same) {
            let style = match verdict.outcome {
                Outcome::TooSmall { .. } => RED,
                _ => Style::new(),
            };
            self.line(2, style, &plain(&summary::verdict(spec, verdict)));
        }
        if let Some(says) = summary::lint(spec) {
            self.line(2, RED, &plain(&says));
        }
        for section in &spec.sections {
            self.section(section);
        }
        if !spec.snapshots.is_empty() {
            self.text.push('\n');
            self.line(2, BOLD, "recorded requests of no operation");
            for snapshot in &spec.snapshots {
                self.snapshot(snapshot);
            }
        }
    }

    fn section(&mut self, section: &Section) {
        self.text.push('\n');
        let mut title = plain(&section.title);
        if let Some(reaches) = &section.reaches {
            title = format!("{title} (reaches {})", plain(reaches));
        }
        self.line(2, BOLD, &title);
        for item in &section.items {
            self.item(item);
        }
        let (shown, more) = shown(&section.consequences);
        for one in shown {
            let style = if one.breaks { RED } else { GREEN };
            self.columns(style, in_rust(one), &plain(&one.says));
        }
        if more > 0 {
            self.columns(
                DIM,
                "",
                &format!("and {more} more items of the generated crate"),
            );
        }
        for snapshot in &section.snapshots {
            self.snapshot(snapshot);
        }
    }

    fn columns(&mut self, style: Style, left: &str, right: &str) {
        let left = format!("{left:<EFFECT$}");
        let left = self.paint(style, &left);
        let _ = writeln!(self.text, "    {left}  {right}");
    }

    fn item(&mut self, item: &Item) {
        let style = if item.wire.breaks() { RED } else { GREEN };
        let mut says = plain(&item.says);
        if item.security {
            says = format!("{} {says}", self.paint(YELLOW, "SECURITY:"));
        }
        self.columns(style, effect(item), &says);
    }

    fn snapshot(&mut self, snapshot: &Snapshot) {
        let mut title = format!("recorded request {}", visible(&snapshot.name));
        if let Some(former) = &snapshot.former {
            title = format!("{title} (was {})", visible(former));
        }
        if snapshot.diff.is_empty() {
            title.push_str(": the same bytes");
        }
        self.line(4, Style::new(), &title);
        for line in snapshot.diff.lines() {
            let style = match line.chars().next() {
                Some('+') => GREEN,
                Some('-') => RED,
                _ => DIM,
            };
            self.line(6, style, &visible(line));
        }
    }
}

fn plain(words: &Words) -> String {
    words
        .0
        .iter()
        .map(|word| match word {
            Word::Plain(text) => text.clone(),
            Word::Quoted(text) => format!("`{}`", visible(text)),
        })
        .collect()
}
