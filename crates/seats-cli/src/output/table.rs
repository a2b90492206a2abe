//! Rows as a table with a heading, whose columns are as wide as its first rows need.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::printable;
use super::row::Row;

/// The space between two columns.
const GAP: usize = 2;

/// No column is made wider than this for one long cell.
const WIDEST: usize = 64;

/// The first column holds what other commands take as an argument, so that on a terminal the others
/// shrink before it does, if it is not wider than this.
const FIRST: usize = 40;

/// No column shrinks below this.
const NARROWEST: usize = 6;

/// The layout of a table, in columns of a terminal.
pub struct Table {
    widths: Vec<usize>,
    /// The terminal's width; none if stdout is not a terminal.
    terminal: Option<usize>,
}

impl Table {
    /// Returns a table for rows like these, and its heading.
    pub fn for_rows<T: Row>(rows: &[T], terminal: Option<usize>) -> (Self, String) {
        let heading: Vec<String> = T::NAMES.iter().map(|name| title(name)).collect();
        let mut widths: Vec<usize> = heading.iter().map(|word| word.width()).collect();
        for row in rows {
            for (width, cell) in widths.iter_mut().zip(shown(row)) {
                *width = cell.width().min(WIDEST).max(*width);
            }
        }
        let table = Self { widths, terminal };
        let line = table.line(&heading);
        (table, line)
    }

    /// Returns the row as a line. A cell that is wider than its column moves those after it; on a
    /// terminal, cells that would make the line too long are truncated.
    pub fn row<T: Row>(&self, row: &T) -> String {
        self.line(&shown(row))
    }

    fn line(&self, cells: &[String]) -> String {
        let widths = cells.iter().map(|cell| cell.width()).zip(&self.widths);
        let widths = widths.map(|(cell, column)| cell.max(*column)).collect();
        let widths = match self.terminal {
            Some(terminal) => shrink(widths, terminal),
            None => widths,
        };
        let mut line = String::new();
        for (cell, (width, column)) in cells.iter().zip(widths.iter().zip(&self.widths)) {
            let cell = truncate(cell, *width);
            line.push_str(&cell);
            let space = width.min(column).saturating_sub(cell.width()) + GAP;
            line.extend(std::iter::repeat_n(' ', space));
        }
        line.truncate(line.trim_end().len());
        if let Some(terminal) = self.terminal {
            line = truncate(&line, terminal);
        }
        line.push('\n');
        line
    }
}

/// Returns widths of columns that fit on a terminal, if the columns are not too many.
fn shrink(mut widths: Vec<usize>, terminal: usize) -> Vec<usize> {
    let gaps = GAP * widths.len().saturating_sub(1);
    let room = terminal.saturating_sub(gaps);
    for width in &mut widths {
        *width = (*width).min(room);
    }
    while widths.iter().sum::<usize>() > room {
        let (first, others) = match widths.split_first_mut() {
            Some(parts) => parts,
            None => break,
        };
        match others.iter_mut().max() {
            Some(widest) if *widest > NARROWEST && (*first <= FIRST || widest > first) => {
                *widest -= 1;
            }
            _ if *first > NARROWEST => *first -= 1,
            _ => break,
        }
    }
    widths
}

/// Returns the text, or as much of it as fits with an ellipsis.
fn truncate(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut room = width.saturating_sub(1);
    let fits = |c: &char| match room.checked_sub(c.width().unwrap_or(0)) {
        Some(rest) => {
            room = rest;
            true
        }
        None => false,
    };
    let mut truncated: String = text.chars().take_while(fits).collect();
    truncated.push('…');
    truncated
}

fn shown<T: Row>(row: &T) -> Vec<String> {
    let cells = row.cells().into_iter();
    let shown = cells.map(|cell| match cell {
        Some(text) if !text.is_empty() => printable::text(&text),
        _ => "-".to_owned(),
    });
    shown.collect()
}

/// Returns `ASSIGNED TO` for `assignedTo` or `assigned_to`.
fn title(name: &str) -> String {
    let mut title = String::new();
    for c in name.chars() {
        match c {
            '_' => title.push(' '),
            c if c.is_ascii_uppercase() => title.extend([' ', c]),
            c => title.push(c.to_ascii_uppercase()),
        }
    }
    title
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;

    #[derive(Serialize)]
    struct User(String, Option<&'static str>);

    fn user(name: impl Into<String>, assigned_to: &'static str) -> User {
        User(name.into(), Some(assigned_to))
    }

    impl Row for User {
        const NAMES: &'static [&'static str] = &["name", "assignedTo"];
        const PLURAL: &'static str = "users";

        fn cells(&self) -> Vec<Option<String>> {
            vec![Some(self.0.clone()), self.1.map(str::to_owned)]
        }
    }

    #[test]
    fn columns_are_as_wide_as_the_first_rows() {
        let rows = [user("zoë", "a"), User("愛子さん".to_owned(), None)];
        let (table, heading) = Table::for_rows(&rows, None);
        assert_eq!(heading, "NAME      ASSIGNED TO\n");
        assert_eq!(table.row(&rows[0]), "zoë       a\n");
        assert_eq!(table.row(&rows[1]), "愛子さん  -\n");
        assert_eq!(table.row(&user("somebody else", "b")), "somebody else  b\n");
        assert_eq!(table.row(&user("\u{1b}[2J", "")), "\\u{1b}[2J  -\n");
    }

    #[test]
    fn one_long_cell_does_not_pad_the_other_rows() {
        let long = "a".repeat(10_000);
        let rows = [user(long.as_str(), "b"), user("ada", "c")];
        let (table, heading) = Table::for_rows(&rows, None);
        assert_eq!(heading.len(), WIDEST + GAP + "ASSIGNED TO\n".len());
        assert_eq!(table.row(&rows[0]), format!("{long}  b\n"));
        assert_eq!(table.row(&rows[1]).len(), WIDEST + GAP + "c\n".len());
    }

    #[test]
    fn a_terminal_gets_no_line_longer_than_it_is_wide() {
        let long = "愛".repeat(10_000);
        for terminal in [1, 5, 20, 40, 80] {
            let rows = [user("ada", "b"), user(long.as_str(), "b")];
            let (table, heading) = Table::for_rows(&rows, Some(terminal));
            let later = user(long.as_str(), "somebody with a name that is long");
            for line in [
                &heading,
                &table.row(&rows[0]),
                &table.row(&rows[1]),
                &table.row(&later),
            ] {
                let line = line.strip_suffix('\n').unwrap();
                assert!(line.width() <= terminal, "{terminal}: {line:?}");
            }
        }
        let rows = [user("ada", "b"), user(long.as_str(), "b")];
        let (table, _) = Table::for_rows(&rows, Some(40));
        assert!(table.row(&rows[0]).starts_with("ada  "));
        assert!(table.row(&rows[1]).ends_with("愛…   b\n"));
    }

    /// The first column holds what other commands take as an argument.
    #[test]
    fn the_first_column_is_the_last_to_be_truncated() {
        let rows = [user(
            "626a4e8e-64bd-409d-b80e-428f08ac0b62",
            "Ada Lovelace, Countess",
        )];
        let (table, heading) = Table::for_rows(&rows, Some(50));
        assert_eq!(heading, format!("NAME{}ASSIGNED TO\n", " ".repeat(34)));
        let line = "626a4e8e-64bd-409d-b80e-428f08ac0b62  Ada Lovelac…\n";
        assert_eq!(table.row(&rows[0]), line);
    }
}
