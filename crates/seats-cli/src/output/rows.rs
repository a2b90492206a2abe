//! Writes the rows of a list: as a table, as JSON or as CSV.

use std::io;

use super::format::Format;
use super::row::Row;
use super::table::Table;
use super::{csv, printable, streams};

/// Writes rows to stdout, and the heading before the first of them.
pub struct RowWriter {
    format: Format,
    /// The table, after its heading has been written.
    table: Option<Table>,
    has_heading: bool,
}

impl RowWriter {
    /// Returns a writer that has written nothing yet.
    pub fn new(format: Format) -> Self {
        Self {
            format,
            table: None,
            has_heading: false,
        }
    }

    /// Writes the rows.
    ///
    /// # Errors
    /// They cannot be written.
    pub fn write<T: Row>(&mut self, rows: &[T]) -> io::Result<()> {
        let is_first = !std::mem::replace(&mut self.has_heading, true);
        streams::stdout(&match self.format {
            Format::Text => self.table(rows),
            Format::Json => json(rows)?,
            Format::Csv { raw } => csv(rows, is_first, raw)?,
        })
    }

    fn table<T: Row>(&mut self, rows: &[T]) -> String {
        let mut lines = String::new();
        let table = self.table.get_or_insert_with(|| {
            let width = terminal_size::terminal_size_of(io::stdout());
            let width = width.map(|(width, _)| usize::from(width.0));
            let (table, heading) = Table::for_rows(rows, width);
            lines = heading;
            table
        });
        for row in rows {
            lines.push_str(&table.row(row));
        }
        lines
    }
}

fn json<T: Row>(rows: &[T]) -> io::Result<String> {
    let lines = rows.iter().map(|row| Ok(printable::json(row)? + "\n"));
    lines.collect()
}

fn csv<T: Row>(rows: &[T], is_first: bool, raw: bool) -> io::Result<String> {
    let mut lines = match is_first {
        true => csv::line(T::NAMES, raw)?,
        false => String::new(),
    };
    for row in rows {
        let cells = row.cells().into_iter().map(Option::unwrap_or_default);
        lines.push_str(&csv::line(cells, raw)?);
    }
    Ok(lines)
}
