//! The tasks of this repository, as a library under the thin command `cargo xtask`.
//!
//! From the specs in `specs/` it writes the client crates in `crates/generated/`:
//! [`spec`] reads them with the place of everything in them, [`lint`] looks at them by its rules,
//! [`generate`] is the pure function from specs to files, and [`codegen`] writes or checks the
//! files. [`review`] says what a change to the specs means, and [`fidelity`] where each thing in them
//! is known from.

pub mod codegen;
pub mod command;
pub mod diagnostic;
pub mod evidence;
pub mod fidelity;
pub mod generate;
pub mod lint;
pub mod review;
pub mod spec;
mod stack;

use std::path::PathBuf;

/// The root of this workspace.
pub fn workspace_root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(PathBuf::from).unwrap_or(here)
}
