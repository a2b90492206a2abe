//! The generated crates are what the specs say, and the check of that notices every departure.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use xtask::codegen::{self, Departure};

/// `cargo test` catches what `cargo xtask codegen --check` catches.
#[test]
fn the_generated_crates_are_what_the_specs_say() {
    let departures = codegen::check(&xtask::workspace_root()).unwrap();
    assert_eq!(departures, [], "run `cargo xtask codegen`");
}

/// A copy of the specs and of what is generated from them.
fn workspace() -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    let specs = copy.path().join("specs");
    fs::create_dir(&specs).unwrap();
    for entry in fs::read_dir(xtask::workspace_root().join("specs")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), specs.join(entry.file_name())).unwrap();
    }
    codegen::write(copy.path()).unwrap();
    assert_eq!(codegen::check(copy.path()).unwrap(), []);
    copy
}

fn edit(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{} has no {from:?}", file.display());
    fs::write(file, text.replacen(from, to, 1)).unwrap();
}

#[track_caller]
fn departs(root: &Path, expected: &[&str]) {
    let departures = codegen::check(root).unwrap();
    assert_eq!(
        departures
            .iter()
            .map(Departure::to_string)
            .collect::<Vec<_>>(),
        expected
    );
    codegen::write(root).unwrap();
    assert_eq!(codegen::check(root).unwrap(), [], "codegen mends it");
}

#[test]
fn notices_a_changed_byte_in_a_spec() {
    let copy = workspace();
    edit(
        &copy.path().join("specs/datadog-seats.yaml"),
        "/api/v2/seats/users",
        "/api/v3/seats/users",
    );
    departs(
        copy.path(),
        &[
            "crates/generated/datadog-seats/src/client.rs differs",
            "crates/generated/datadog-seats/src/lib.rs differs",
        ],
    );
}

#[test]
fn notices_a_changed_byte_in_a_generated_file() {
    let copy = workspace();
    edit(
        &copy
            .path()
            .join("crates/generated/store-for-business/Cargo.toml"),
        "regress",
        "regresS",
    );
    departs(
        copy.path(),
        &["crates/generated/store-for-business/Cargo.toml differs"],
    );
}

#[test]
fn notices_a_file_that_is_gone_and_one_that_is_too_many() {
    let copy = workspace();
    let generated = copy.path().join("crates/generated");
    fs::remove_file(generated.join("store-for-business/src/lib.rs")).unwrap();
    fs::create_dir_all(generated.join("stray/src")).unwrap();
    fs::write(generated.join("stray/src/lib.rs"), "").unwrap();
    fs::write(generated.join("datadog-seats/notes.txt"), "").unwrap();
    departs(
        copy.path(),
        &[
            "crates/generated/datadog-seats/notes.txt is orphaned (no spec asks for it)",
            "crates/generated/store-for-business/src/lib.rs is missing",
            "crates/generated/stray/src/lib.rs is orphaned (no spec asks for it)",
        ],
    );
    assert!(
        !generated.join("stray").exists(),
        "no empty folder is left to be taken for a crate"
    );
}

#[test]
fn notices_that_a_spec_is_gone() {
    let copy = workspace();
    fs::remove_file(copy.path().join("specs/datadog-seats.yaml")).unwrap();
    let departures = codegen::check(copy.path()).unwrap();
    assert!(
        departures
            .iter()
            .all(|departure| matches!(departure, Departure::Orphaned(_)))
    );
    codegen::write(copy.path()).unwrap();
    assert!(!copy.path().join("crates/generated/datadog-seats").exists());
}

#[test]
fn writes_nothing_where_one_spec_cannot_be_generated() {
    let copy = workspace();
    edit(
        &copy.path().join("specs/datadog-seats.yaml"),
        "/api/v2/seats/users",
        "/api/v3/seats/users",
    );
    edit(
        &copy.path().join("specs/store-for-business.yaml"),
        "openapi: 3.0.3",
        "openapi: 3.1.0",
    );
    let before = files(copy.path());
    codegen::write(copy.path()).unwrap_err();
    assert_eq!(files(copy.path()), before);
}

fn files(root: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut folders = vec![root.join("crates")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push((path.clone(), fs::read(path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn generates_the_same_bytes_on_every_run() {
    let sources = xtask::spec::read_all(&xtask::workspace_root()).unwrap();
    let first = xtask::generate::generate(&sources).unwrap();
    for _ in 0..3 {
        assert_eq!(xtask::generate::generate(&sources).unwrap(), first);
    }
}

/// Progenitor's constructors make or take an HTTP client; the only one in reach takes a transport.
#[test]
fn a_generated_client_cannot_be_built_without_a_transport() {
    let sources = xtask::spec::read_all(&xtask::workspace_root()).unwrap();
    for (path, text) in xtask::generate::generate(&sources).unwrap() {
        if path.ends_with("/src/client.rs") {
            assert!(!text.contains("pub fn new"), "{path}");
            assert!(text.contains("pub(crate) fn new_with_client("), "{path}");
        } else if path.ends_with("/src/lib.rs") {
            assert_eq!(text.matches("pub fn new").count(), 1, "{path}");
            assert!(
                text.contains("pub fn new(transport: Transport) -> Self {"),
                "{path}"
            );
        }
    }
}
