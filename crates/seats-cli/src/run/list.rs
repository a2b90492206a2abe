//! Prints a list page by page.

use std::io;

use futures_util::{FutureExt, Stream, StreamExt};
use seats::Error;

use super::progress::Progress;
use crate::outcome::Ending;
use crate::output::{Format, Row, RowWriter, streams};

/// The most rows that are held at once.
const CHUNK: usize = 100;

/// Prints the items, and returns the exit code. A person reads `if_empty` about an empty list.
///
/// # Errors
/// The list could not be read to its end; the rows before that have been printed.
pub async fn print_list<T: Row>(
    mut items: impl Stream<Item = Result<T, Error>> + Unpin,
    format: Format,
    if_empty: &str,
) -> Result<u8, Error> {
    let mut writer = RowWriter::new(format);
    let progress = Progress::of_list(T::PLURAL);
    let mut is_empty = true;
    loop {
        let (rows, end) = next_rows(&mut items).await;
        let has_failed = matches!(end, Some(Err(_)));
        // A list that cannot be read has no heading.
        if !(has_failed && rows.is_empty())
            && let Err(error) = writer.write(&rows)
        {
            drop(progress);
            return Ok(exit_code_unwritten(&error));
        }
        is_empty &= rows.is_empty();
        progress.add(rows.len());
        match end {
            None => {}
            Some(Err(error)) => return Err(error),
            Some(Ok(())) => break,
        }
    }
    drop(progress);
    if is_empty && format == Format::Text {
        streams::note(if_empty);
    }
    Ok(Ending::Done.exit_code())
}

/// Returns the rows that are ready, at least one, and the end of the list if it is there. Does not
/// wait for the next page.
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
        if rows.len() == CHUNK {
            return (rows, None);
        }
        match items.next().now_or_never() {
            Some(ready) => next = ready,
            None => return (rows, None),
        }
    }
}

/// A reader that has gone has read enough; otherwise a part of the list is missing.
fn exit_code_unwritten(error: &io::Error) -> u8 {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Ending::Done.exit_code();
    }
    streams::unwritten("the list", error);
    Ending::Refused.exit_code()
}
