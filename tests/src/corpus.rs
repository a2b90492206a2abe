//! The corpus: one spec of a vendor that does not exist, and patches of it, one small change each.
//!
//! A case is a unified diff, `tests/corpus/<kind>/<case>.diff`. Where the base changes, the lines
//! of a diff may move; what they say has to stand there still.

use std::fs;
use std::path::{Path, PathBuf};

/// What a crate that is generated from the base is called.
pub const NAME: &str = "acme-licences";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// The text of the spec that every case changes.
#[track_caller]
pub fn base() -> String {
    read(&folder().join("base.yaml"))
}

/// The base with the change of one case.
#[track_caller]
pub fn patched(kind: &str, case: &str) -> String {
    let file = folder().join(kind).join(format!("{case}.diff"));
    patch(&base(), &read(&file), &format!("{kind}/{case}"))
}

/// The names of all cases of a kind, sorted.
#[track_caller]
pub fn cases(kind: &str) -> Vec<String> {
    let folder = folder().join(kind);
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) => panic!("{}: {error}", folder.display()),
    };
    let mut names: Vec<String> = entries
        .filter_map(|entry| {
            let name = entry.ok()?.file_name().to_string_lossy().into_owned();
            Some(name.strip_suffix(".diff")?.to_owned())
        })
        .collect();
    names.sort();
    names
}

#[track_caller]
fn read(file: &Path) -> String {
    match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) => panic!("{}: {error}", file.display()),
    }
}

#[track_caller]
fn patch(base: &str, diff: &str, case: &str) -> String {
    let patch = match diffy::Patch::from_str(diff) {
        Ok(patch) => patch,
        Err(error) => panic!("the case {case} is no unified diff: {error}"),
    };
    assert!(
        !patch.hunks().is_empty(),
        "the case {case} changes nothing; is it a unified diff?"
    );
    match diffy::apply(base, &patch) {
        Ok(text) => text,
        Err(error) => panic!("the case {case} does not fit tests/corpus/base.yaml: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";
    const DIFF: &str = "--- a\n+++ b\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n";

    #[test]
    fn a_patch_is_applied_wherever_its_lines_stand() {
        assert_eq!(patch(BASE, DIFF, "k/c"), BASE.replace("two", "2"));
        let moved = format!("zero\nanother\n{BASE}");
        assert_eq!(patch(&moved, DIFF, "k/c"), moved.replace("two", "2"));
    }

    #[test]
    #[should_panic(expected = "the case k/c does not fit tests/corpus/base.yaml: ")]
    fn a_patch_of_other_lines_says_which_case_it_is() {
        patch(&BASE.replace("two", "deux"), DIFF, "k/c");
    }

    #[test]
    #[should_panic(expected = "the case k/c is no unified diff: ")]
    fn a_broken_patch_says_which_case_it_is() {
        patch(BASE, "--- a\n+++ b\n@@ -1,9 +1,3 @@\n one\n", "k/c");
    }

    #[test]
    #[should_panic(expected = "the case k/c changes nothing; is it a unified diff?")]
    fn a_text_that_is_no_patch_says_which_case_it_is() {
        patch(BASE, "words\n", "k/c");
    }
}
