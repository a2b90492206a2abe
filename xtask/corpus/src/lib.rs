//! The corpus: one spec of a vendor that does not exist, and patches of it, one small change each.
//!
//! A case is a unified diff, `<folder>/<case>.diff`. Where the base changes, the lines
//! of a diff may move; what they say has to stand there still.

#![allow(clippy::panic, reason = "this is for tests")]

use std::fs;
use std::path::Path;

/// What a crate that is generated from the base is called.
pub const NAME: &str = "acme-licences";

/// The text of the spec that every case changes.
#[track_caller]
pub fn base() -> String {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("base.yaml"))
}

/// The base with the change of one case.
#[track_caller]
pub fn patched(folder: &Path, case: &str) -> String {
    patch(&base(), &read(&folder.join(format!("{case}.diff"))), case)
}

/// The names of all cases of a folder, sorted.
#[track_caller]
pub fn cases(folder: &Path) -> Vec<String> {
    let entries = match fs::read_dir(folder) {
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
        Err(error) => panic!("the case {case} does not fit corpus/base.yaml: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";
    const DIFF: &str = "--- a\n+++ b\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n";

    #[test]
    fn a_patch_is_applied_wherever_its_lines_stand() {
        assert_eq!(patch(BASE, DIFF, "c"), BASE.replace("two", "2"));
        let moved = format!("zero\nanother\n{BASE}");
        assert_eq!(patch(&moved, DIFF, "c"), moved.replace("two", "2"));
    }

    #[test]
    #[should_panic(expected = "the case c does not fit corpus/base.yaml: ")]
    fn a_patch_of_other_lines_says_which_case_it_is() {
        patch(&BASE.replace("two", "deux"), DIFF, "c");
    }

    #[test]
    #[should_panic(expected = "the case c is no unified diff: ")]
    fn a_broken_patch_says_which_case_it_is() {
        patch(BASE, "--- a\n+++ b\n@@ -1,9 +1,3 @@\n one\n", "c");
    }

    #[test]
    #[should_panic(expected = "the case c changes nothing; is it a unified diff?")]
    fn a_text_that_is_no_patch_says_which_case_it_is() {
        patch(BASE, "words\n", "c");
    }
}
