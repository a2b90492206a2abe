//! Rows as a table with a heading, whose columns are as wide as its first rows.

use unicode_width::UnicodeWidthStr;

use crate::printable;
use crate::row::Row;

/// The widths of a table's columns, in characters of a terminal.
pub struct Table {
    widths: Vec<usize>,
}

impl Table {
    /// A table for rows like these, and its heading.
    pub fn begin<T: Row>(rows: &[T]) -> (Self, String) {
        let heading: Vec<String> = T::NAMES.iter().map(|name| words(name)).collect();
        let mut widths: Vec<usize> = heading.iter().map(|word| word.width()).collect();
        for row in rows {
            for (width, cell) in widths.iter_mut().zip(shown(row)) {
                *width = cell.width().max(*width);
            }
        }
        let table = Self { widths };
        let line = table.line(heading);
        (table, line)
    }

    /// The row as a line. A cell that is wider than its column moves those after it.
    pub fn row<T: Row>(&self, row: &T) -> String {
        self.line(shown(row))
    }

    fn line(&self, cells: impl IntoIterator<Item = String>) -> String {
        let mut line = String::new();
        for (cell, width) in cells.into_iter().zip(&self.widths) {
            line.push_str(&cell);
            let space = width.saturating_sub(cell.width()) + 2;
            line.extend(std::iter::repeat_n(' ', space));
        }
        line.truncate(line.trim_end().len());
        line.push('\n');
        line
    }
}

fn shown<T: Row>(row: &T) -> impl Iterator<Item = String> {
    let cells = row.cells().into_iter();
    cells.map(|cell| match cell {
        Some(text) if !text.is_empty() => printable::text(&text),
        _ => "-".to_owned(),
    })
}

/// `ASSIGNED TO` for `assignedTo` or `assigned_to`.
fn words(name: &str) -> String {
    let mut words = String::new();
    for c in name.chars() {
        match c {
            '_' => words.push(' '),
            c if c.is_ascii_uppercase() => words.extend([' ', c]),
            c => words.push(c.to_ascii_uppercase()),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;

    #[derive(Serialize)]
    struct User(&'static str, Option<&'static str>);

    impl Row for User {
        const NAMES: &'static [&'static str] = &["name", "assignedTo"];
        const PLURAL: &'static str = "users";

        fn cells(&self) -> Vec<Option<String>> {
            vec![Some(self.0.to_owned()), self.1.map(str::to_owned)]
        }
    }

    #[test]
    fn columns_are_as_wide_as_the_first_rows() {
        let rows = [User("zoë", Some("a")), User("愛子さん", None)];
        let (table, heading) = Table::begin(&rows);
        assert_eq!(heading, "NAME      ASSIGNED TO\n");
        assert_eq!(table.row(&rows[0]), "zoë       a\n");
        assert_eq!(table.row(&rows[1]), "愛子さん  -\n");
        let wider = User("somebody else", Some("b"));
        assert_eq!(table.row(&wider), "somebody else  b\n");
        let odd = User("\u{1b}[2J", Some(""));
        assert_eq!(table.row(&odd), "\\u{1b}[2J  -\n");
    }
}
