//! The generated crates are what the specs say, and the check of that notices every departure.

#![allow(clippy::unwrap_used, clippy::panic, reason = "these are tests")]

use std::fs;
use std::path::{Path, PathBuf};

use codegen::disk::{self, Departure};
use spec::Source;
use tempfile::TempDir;

/// A workspace with two specs and what is generated from them.
fn workspace() -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    let specs = copy.path().join("specs");
    fs::create_dir(&specs).unwrap();
    for name in [corpus::NAME, "beta-seats"] {
        fs::write(specs.join(format!("{name}.yaml")), corpus::base()).unwrap();
    }
    disk::write(copy.path()).unwrap();
    assert_eq!(disk::check(copy.path()).unwrap().departures, []);
    copy
}

fn base() -> Source {
    Source::parse(corpus::NAME, "specs/acme-licences.yaml", corpus::base()).unwrap()
}

fn edit(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{} has no {from:?}", file.display());
    fs::write(file, text.replacen(from, to, 1)).unwrap();
}

#[track_caller]
fn departs(root: &Path, expected: &[&str]) {
    let departures = disk::check(root).unwrap().departures;
    assert_eq!(
        departures
            .iter()
            .map(Departure::to_string)
            .collect::<Vec<_>>(),
        expected
    );
    disk::write(root).unwrap();
    assert_eq!(
        disk::check(root).unwrap().departures,
        [],
        "codegen mends it"
    );
}

#[test]
fn notices_a_changed_byte_in_a_spec() {
    let copy = workspace();
    edit(
        &copy.path().join("specs/acme-licences.yaml"),
        "/v1/licences/{licenceId}:",
        "/v2/licences/{licenceId}:",
    );
    departs(
        copy.path(),
        &[
            "crates/generated/acme-licences/src/client.rs differs",
            "crates/generated/acme-licences/src/lib.rs differs",
            "crates/generated/acme-licences/tests/requests.rs differs",
            "docs/fidelity.md differs",
        ],
    );
}

/// Also where the generated code stays the same.
#[test]
fn notices_a_changed_comment_in_a_spec() {
    let copy = workspace();
    edit(
        &copy.path().join("specs/acme-licences.yaml"),
        "# The spec",
        "# THE SPEC",
    );
    departs(
        copy.path(),
        &["crates/generated/acme-licences/src/lib.rs differs"],
    );
}

#[test]
fn a_spec_cannot_take_the_name_of_a_hand_written_package() {
    let copy = workspace();
    let crates = copy.path().join("crates/seats");
    fs::create_dir_all(&crates).unwrap();
    fs::write(crates.join("Cargo.toml"), "").unwrap();
    let specs = copy.path().join("specs");
    for name in ["seats", "seats-tests"] {
        let taken = specs.join(format!("{name}.yaml"));
        fs::copy(specs.join("acme-licences.yaml"), &taken).unwrap();
        let error = disk::check(copy.path()).unwrap_err().to_string();
        assert!(
            error.contains(&format!(
                "a package of this workspace is called `{name}` already"
            )),
            "{error}"
        );
        fs::remove_file(taken).unwrap();
    }
    fs::create_dir(specs.join("folder")).unwrap();
    let error = disk::check(copy.path()).unwrap_err().to_string();
    assert!(
        error.contains("a file in specs/ that is no spec"),
        "{error}"
    );
}

#[test]
fn notices_an_empty_folder() {
    let copy = workspace();
    fs::create_dir_all(copy.path().join("crates/generated/stray/src")).unwrap();
    departs(
        copy.path(),
        &["crates/generated/stray/src/ is orphaned (no spec asks for it)"],
    );
}

#[test]
fn notices_a_changed_byte_in_a_generated_file() {
    let copy = workspace();
    edit(
        &copy.path().join("crates/generated/beta-seats/Cargo.toml"),
        "regress",
        "regresS",
    );
    departs(
        copy.path(),
        &["crates/generated/beta-seats/Cargo.toml differs"],
    );
}

#[test]
fn notices_a_file_that_is_gone_and_one_that_is_too_many() {
    let copy = workspace();
    let generated = copy.path().join("crates/generated");
    fs::remove_file(generated.join("beta-seats/src/lib.rs")).unwrap();
    fs::create_dir_all(generated.join("stray/src")).unwrap();
    fs::write(generated.join("stray/src/lib.rs"), "").unwrap();
    fs::write(generated.join("acme-licences/notes.txt"), "").unwrap();
    departs(
        copy.path(),
        &[
            "crates/generated/acme-licences/notes.txt is orphaned (no spec asks for it)",
            "crates/generated/beta-seats/src/lib.rs is missing",
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
    fs::remove_file(copy.path().join("specs/acme-licences.yaml")).unwrap();
    let departures = disk::check(copy.path()).unwrap().departures;
    assert!(
        departures
            .iter()
            .all(|departure| matches!(departure, Departure::Orphaned(_) | Departure::Differs(_)))
    );
    disk::write(copy.path()).unwrap();
    assert!(!copy.path().join("crates/generated/acme-licences").exists());
}

#[test]
fn writes_nothing_where_one_spec_cannot_be_generated() {
    let copy = workspace();
    edit(
        &copy.path().join("specs/acme-licences.yaml"),
        "/v1/licences/{licenceId}:",
        "/v2/licences/{licenceId}:",
    );
    edit(
        &copy.path().join("specs/beta-seats.yaml"),
        "openapi: 3.0.3",
        "openapi: 3.1.0",
    );
    let before = files(copy.path());
    disk::write(copy.path()).unwrap_err();
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
    let sources = [base()];
    let first = codegen::generate(&sources).unwrap();
    for _ in 0..3 {
        assert_eq!(codegen::generate(&sources).unwrap(), first);
    }
}

/// Progenitor's constructors make or take an HTTP client; the only one in reach takes a transport.
#[test]
fn a_generated_client_cannot_be_built_without_a_transport() {
    let sources = [base()];
    for (path, text) in codegen::generate(&sources).unwrap() {
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

/// The transport signs with whatever it was given: what an operation does not ask for is taken off.
#[test]
fn an_operation_carries_the_credentials_that_it_asks_for() {
    let generated = |text: String| {
        let source = Source::parse(corpus::NAME, "specs/acme-licences.yaml", text).unwrap();
        let files = codegen::generate(&[source]).unwrap();
        let file = |name: &str| files[&format!("crates/generated/acme-licences/{name}")].clone();
        (file("src/lib.rs"), file("tests/requests.rs"))
    };
    let (library, _) = generated(corpus::base());
    assert!(!library.contains("unasked"), "all ask for both");

    let own = "      operationId: release_seat\n      security: [{accessToken: []}]\n";
    let none = "      operationId: get_licence\n      security: []\n";
    let text = corpus::base()
        .replacen("      operationId: release_seat\n", own, 1)
        .replacen("      operationId: get_licence\n", none, 1);
    let (library, requests) = generated(text);
    for line in [
        "\"get_licence\" => &[\"acme-key\", \"authorization\"],",
        "\"list_seats\" => &[],",
        "\"release_seat\" => &[\"acme-key\"],",
        "request.headers_mut().remove(*header);",
    ] {
        assert!(library.contains(line), "{line}\n{library}");
    }
    // The test gives the client both, and expects none.
    assert!(
        requests.contains("let head = \"GET /v1/licences/L-2041\\n\";"),
        "{requests}"
    );
}
