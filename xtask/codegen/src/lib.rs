//! From specs to whole crates, as a pure function; and the files on disk: written, or checked.

mod amend;
mod bounds;
mod client;
pub mod disk;
mod examples;
pub mod fidelity;
mod files;
mod generate;
mod library;
mod manifest;
mod operations;
mod requests;
mod text_types;
mod twins;

pub use files::{FOLDER, Files};
pub use generate::{Outcome, generate, generate_regardless, generate_reviewed, run};
