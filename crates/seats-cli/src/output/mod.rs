//! What a command prints: text, JSON, CSV and tables, for a terminal, a program or a spreadsheet.

pub mod csv;
mod curl;
mod dry_run;
mod format;
mod outcomes;
pub mod printable;
mod queued_stderr;
mod report;
mod row;
mod rows;
pub mod streams;
mod summary;
mod table;

pub use format::Format;
pub use outcomes::{OutcomeWriter, line};
pub use queued_stderr::QueuedStderr;
pub use report::{dry_run, print_report};
pub use row::Row;
pub use rows::RowWriter;
pub use summary::Summary;
pub use table::Table;
