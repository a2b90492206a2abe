//! Paths of plans and ledgers.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::failure::Failure;

/// The extension of ledgers.
const LEDGER: &str = "ledger";

/// The end of the names of plans that undo a run.
const UNDO: &str = ".undo";

/// Returns the ledger beside a plan: `plan.ledger` for `plan.json`.
pub fn ledger_of(plan: &Path) -> PathBuf {
    plan.with_extension(LEDGER)
}

/// Returns the plan that undoes a run: `plan.undo.json` for `plan.ledger`.
pub fn undo_of(ledger: &Path) -> PathBuf {
    let stem = ledger.file_stem().unwrap_or_default().to_string_lossy();
    ledger.with_file_name(format!("{stem}{UNDO}.json"))
}

/// Returns the newest ledger of the working folder.
///
/// # Errors
/// There is none.
pub fn newest_ledger(with_undo: bool) -> Result<PathBuf, Failure> {
    let entries = fs::read_dir(".")?
        .filter_map(Result::ok)
        .map(|entry| entry.path());
    let is_wanted = |path: &PathBuf| {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        path.extension().is_some_and(|it| it == LEDGER) && (with_undo || !stem.ends_with(UNDO))
    };
    let modified = |path: &PathBuf| {
        let modified = fs::metadata(path).and_then(|it| it.modified());
        modified.unwrap_or(SystemTime::UNIX_EPOCH)
    };
    let newest = entries.filter(is_wanted).max_by_key(modified);
    let newest = newest.map(|path| path.strip_prefix(".").map(Path::to_owned).unwrap_or(path));
    newest.ok_or_else(|| {
        Failure::input("there is no ledger in this folder; name a plan that was applied, as in `seats status plan.json`")
    })
}
