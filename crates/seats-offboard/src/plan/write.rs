//! Writes a plan row by row.

use std::io::{self, Write};

use super::hash::Hasher;
use super::{Counter, PlanHead, Row, RowSink, Totals};

/// Writes the JSON document of a plan, a row a line, in as little memory as one row takes.
///
/// The document is complete only after [`finish`](Self::finish).
#[derive(Debug)]
pub struct PlanWriter<W> {
    document: W,
    head: PlanHead,
    hasher: Hasher,
    counter: Counter,
    is_first: bool,
}

impl<W: Write> PlanWriter<W> {
    /// Writes the head.
    ///
    /// # Errors
    /// The document cannot be written.
    pub fn new(mut document: W, head: PlanHead) -> io::Result<Self> {
        let text = serde_json::to_string(&head)?;
        // The rows follow inside the same object.
        let members = text.strip_suffix('}').unwrap_or(&text);
        write!(document, "{members},\n\"rows\":[")?;
        Ok(Self {
            document,
            head,
            hasher: Hasher::default(),
            counter: Counter::default(),
            is_first: true,
        })
    }

    /// Writes a row.
    ///
    /// # Errors
    /// The document cannot be written.
    pub fn row(&mut self, row: &Row) -> io::Result<()> {
        let separator = if std::mem::take(&mut self.is_first) {
            "\n"
        } else {
            ",\n"
        };
        self.document.write_all(separator.as_bytes())?;
        serde_json::to_writer(&mut self.document, row)?;
        self.hasher.row(row)?;
        self.counter.count(row);
        Ok(())
    }

    /// Writes the totals and the hash, and returns the document, the hash and the totals.
    ///
    /// # Errors
    /// The document cannot be written.
    pub fn finish(mut self) -> io::Result<(W, String, Totals)> {
        let totals = self.counter.totals();
        let hash = self.hasher.finish(&self.head, &totals)?;
        let text = serde_json::to_string(&totals)?;
        writeln!(
            self.document,
            "\n],\n\"totals\":{text},\n\"hash\":\"{hash}\"}}"
        )?;
        self.document.flush()?;
        Ok((self.document, hash, totals))
    }
}

impl<W: Write> RowSink for PlanWriter<W> {
    fn take(&mut self, row: Row) -> io::Result<()> {
        self.row(&row)
    }
}
