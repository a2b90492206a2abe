//! What is wrong with a spec, where, and what to do about it; shown as rustc shows its errors.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::node::Place;
use crate::rule::{Rule, Severity};

/// What is longer is cut where a person reads it: a diagnostic fits on a screen.
const LONGEST: usize = 400;

/// Columns of a diagnostic; longer lines of a spec are cut around what is meant.
const WIDTH: usize = 120;

/// Characters that are marked at most: a line is cut only where nothing is marked.
const MARKED: usize = 70;

/// One thing that is wrong with a spec.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The rule that is broken.
    pub rule: Rule,
    /// The file, relative to the workspace's root.
    pub path: String,
    /// Where in the file.
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The spec's name: that of its crate.
    pub spec: Option<String>,
    /// The operation within which it stands: its `operationId`, or else its method and path.
    pub operation: Option<String>,
    excerpt: Excerpt,
}

/// The line on which a place begins. A place can span a whole mapping; this is enough to find it.
#[derive(Clone, Debug, Default)]
struct Excerpt {
    line: String,
    span: Range<usize>,
}

impl Excerpt {
    fn new(text: &str, place: &Place) -> Self {
        let start = place.bytes.start.min(text.len());
        let begin = text
            .get(..start)
            .and_then(|before| before.rfind('\n'))
            .map_or(0, |newline| newline + 1);
        let line = text.get(begin..).unwrap_or_default();
        let line = line.split('\n').next().unwrap_or_default();
        let line = line.trim_end_matches('\r');
        // A byte order mark takes no column.
        let mark = if line.starts_with('\u{feff}') { 3 } else { 0 };
        let line = line.get(mark..).unwrap_or_default();
        let start = start.saturating_sub(begin + mark).min(line.len());
        let rest = line.get(start..).unwrap_or_default();
        let length = match place.bytes.len() {
            // A mapping without braces begins with its first key.
            0 => rest.find([':', ' ']).unwrap_or(0),
            length => length.min(rest.len()),
        };
        let marked = rest.get(..length).unwrap_or_default().trim_end();
        Self {
            span: start..start + marked.len(),
            // The renderer takes care of the others. The stand-in has as many bytes.
            line: line.replace(|c| matches!(c, '\u{80}'..='\u{9f}'), "\u{b7}"),
        }
    }

    /// The beginning of what is meant.
    fn shown(&self) -> Range<usize> {
        let marked = self.line.get(self.span.clone()).unwrap_or_default();
        let length: usize = marked.chars().take(MARKED).map(char::len_utf8).sum();
        self.span.start..self.span.start + length
    }
}

impl Diagnostic {
    /// A diagnostic about a place in a text.
    pub fn error(
        rule: Rule,
        path: &str,
        text: &str,
        place: Place,
        message: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            path: path.to_owned(),
            excerpt: Excerpt::new(text, &place),
            place,
            message: message.into(),
            help: None,
            spec: None,
            operation: None,
        }
    }

    /// The same with what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The diagnostic with the line that it is about, with colours where `styled`.
    pub fn render(&self, styled: bool) -> String {
        let renderer = if styled {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let level = match self.rule.severity() {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let message = readable(&self.message);
        let title = level.primary_title(&message).id(self.rule.name());
        let line = usize::try_from(self.place.line).unwrap_or(1).max(1);
        let element = if self.excerpt.line.is_empty() {
            title.element(Origin::path(&self.path).line(line).char_column(1))
        } else {
            title.element(
                Snippet::source(&self.excerpt.line)
                    .line_start(line)
                    .path(&self.path)
                    .annotation(AnnotationKind::Primary.span(self.excerpt.shown())),
            )
        };
        let mut report = vec![element];
        let help = self.help.as_deref().map(readable);
        if let Some(help) = &help {
            report.push(Group::with_title(Level::HELP.secondary_title(help)));
        }
        renderer.term_width(WIDTH).render(&report).to_string()
    }

    /// The column after the last character that is meant, on the line of the place.
    pub(crate) fn end_column(&self) -> u64 {
        let marked = self.excerpt.line.get(self.excerpt.span.clone());
        let length = marked.unwrap_or_default().chars().count().max(1);
        self.place.column.max(1) + u64::try_from(length).unwrap_or(1)
    }
}

/// A text of the spec's may hold anything: no control character reaches the terminal.
fn readable(text: &str) -> String {
    let mut shown = String::new();
    for (count, c) in text.chars().enumerate() {
        if count == LONGEST {
            shown.push_str("...");
            break;
        }
        match c {
            '\n' | '\r' | '\t' => shown.push(' '),
            c if c.is_control() => shown.extend(c.escape_default()),
            c => shown.push(c),
        }
    }
    shown
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}
