//! The record of a run: counts, savings, and the rows that need a person.

mod csv;
mod html;
mod summary;

pub use csv::{CsvRows, write_csv};
pub use html::write_html;
pub use summary::{ProductSummary, Savings, Summary};
