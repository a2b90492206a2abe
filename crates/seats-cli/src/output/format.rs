//! The output format of a command.

/// The output format of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Sentences and tables for a person.
    Text,
    /// One JSON object per line.
    Json,
    /// A header, and a row for each user, seat or product.
    Csv {
        /// Whether cells are written as they are, even if a spreadsheet would run them as formulas.
        raw: bool,
    },
}
