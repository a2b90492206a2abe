//! A review in words: for a terminal, and as Markdown for a pull request.

mod effects;
mod markdown;
mod summary;
mod terminal;

pub use markdown::markdown;
pub use terminal::text;
