//! The command `cargo xtask`, as a library under a thin binary.

pub mod command;
pub mod survive;

use std::path::PathBuf;

/// The root of this repository.
pub fn workspace_root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(PathBuf::from).unwrap_or(here)
}
