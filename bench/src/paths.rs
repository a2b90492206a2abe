//! Where things are in the repository.

use std::path::{Path, PathBuf};

/// This workspace.
pub fn bench() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The repository.
pub fn root() -> PathBuf {
    let bench = bench();
    bench.parent().map_or(bench.clone(), Path::to_path_buf)
}

/// What is built here stays apart from the product's own builds.
pub fn target() -> PathBuf {
    root().join("target/bench")
}

/// The document.
pub fn document() -> PathBuf {
    root().join("docs/performance.md")
}

/// Raw data and plots.
pub fn raw() -> PathBuf {
    root().join("docs/performance")
}

/// The committed figures that a change must not exceed.
pub fn budget() -> PathBuf {
    bench().join("budget.json")
}
