//! Lists, printed as their pages come.

use std::io::{self, Write};

use futures_util::{FutureExt, Stream, StreamExt};
use seats::Error;

use crate::arguments::Output;
use crate::printable;
use crate::progress::Progress;
use crate::row::Row;
use crate::table::Table;

/// The most rows that are held at once.
const MOST: usize = 100;

/// Prints the items, and gives the exit code. `nothing` is what a person reads of an empty list.
///
/// # Errors
/// The list could not be had, or not to its end; what came before has been printed.
pub async fn print<T: Row>(
    mut items: impl Stream<Item = Result<T, Error>> + Unpin,
    output: Output,
    nothing: &str,
) -> Result<u8, Error> {
    let mut paper = Paper::new(output);
    let progress = Progress::of_list(T::PLURAL);
    let mut is_empty = true;
    loop {
        let (rows, end) = next_rows(&mut items).await;
        let failed = matches!(end, Some(Err(_)));
        // Of a list that cannot be had there is not even a heading.
        if !(failed && rows.is_empty())
            && let Err(error) = paper.print(&rows)
        {
            drop(progress);
            return Ok(unwritten(&error));
        }
        is_empty &= rows.is_empty();
        progress.more(rows.len());
        match end {
            None => {}
            Some(Err(error)) => return Err(error),
            Some(Ok(())) => break,
        }
    }
    drop(progress);
    if is_empty && output == Output::Text {
        drop(writeln!(io::stderr(), "{nothing}"));
    }
    Ok(0)
}

/// The rows that are there, at least one, and whether the list ends after them. The next page is
/// not waited for.
async fn next_rows<T>(
    items: &mut (impl Stream<Item = Result<T, Error>> + Unpin),
) -> (Vec<T>, Option<Result<(), Error>>) {
    let mut rows = Vec::new();
    let mut next = items.next().await;
    loop {
        match next {
            None => return (rows, Some(Ok(()))),
            Some(Err(error)) => return (rows, Some(Err(error))),
            Some(Ok(row)) => rows.push(row),
        }
        if rows.len() == MOST {
            return (rows, None);
        }
        match items.next().now_or_never() {
            Some(ready) => next = ready,
            None => return (rows, None),
        }
    }
}

/// Where the rows go, and how.
struct Paper {
    output: Output,
    /// The columns, once the heading has been printed.
    table: Option<Table>,
}

impl Paper {
    fn new(output: Output) -> Self {
        Self {
            output,
            table: None,
        }
    }

    /// Prints the rows, and the heading before the first of them.
    fn print<T: Row>(&mut self, rows: &[T]) -> io::Result<()> {
        let mut lines = String::new();
        let table = match self.table.take() {
            Some(table) => table,
            None => {
                let (table, heading) = Table::begin(rows);
                match self.output {
                    Output::Text => lines.push_str(&heading),
                    Output::Csv => lines.push_str(&printable::csv(T::NAMES)?),
                    Output::Json => {}
                }
                table
            }
        };
        for row in rows {
            match self.output {
                Output::Text => lines.push_str(&table.row(row)),
                Output::Csv => {
                    let cells = row.cells().into_iter().map(Option::unwrap_or_default);
                    lines.push_str(&printable::csv(cells)?);
                }
                Output::Json => {
                    lines.push_str(&printable::json(row)?);
                    lines.push('\n');
                }
            }
        }
        self.table = Some(table);
        let mut stdout = io::stdout().lock();
        stdout.write_all(lines.as_bytes())?;
        stdout.flush()
    }
}

/// A reader that has gone away has read enough; otherwise a part of the list is missing.
fn unwritten(error: &io::Error) -> u8 {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return 0;
    }
    drop(writeln!(
        io::stderr(),
        "error: the list cannot be written: {error}"
    ));
    1
}
