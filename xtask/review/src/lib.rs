//! `cargo xtask review`: what a change to the specs means, for the wire, for Rust callers and for
//! security, and which version each crate has to have after it.

mod api;
mod compare;
mod consequences;
mod finding;
pub mod git;
mod pairs;
mod renames;
mod render;
mod report;
mod review;
mod sections;
pub mod snapshots;
mod version;
mod words;

pub use consequences::Consequence;
pub use finding::{Direction, Wire};
pub use render::{markdown, text};
pub use report::{Fate, Item, Review, Section, SpecReview};
pub use review::{Side, review};
pub use snapshots::{Files as Snapshots, Snapshot};
pub use version::{Need, Outcome, Verdict};
pub use words::{Word, Words};
