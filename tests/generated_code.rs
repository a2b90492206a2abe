//! The generated crates are what the specs say, and the check of that notices every departure.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use xtask::codegen::{self, Departure};

/// `cargo test` catches what `cargo xtask codegen --check` catches.
#[test]
fn the_generated_crates_are_what_the_specs_say() {
    let departures = codegen::check(&xtask::workspace_root()).unwrap().departures;
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
    assert_eq!(codegen::check(copy.path()).unwrap().departures, []);
    copy
}

fn edit(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{} has no {from:?}", file.display());
    fs::write(file, text.replacen(from, to, 1)).unwrap();
}

#[track_caller]
fn departs(root: &Path, expected: &[&str]) {
    let departures = codegen::check(root).unwrap().departures;
    assert_eq!(
        departures
            .iter()
            .map(Departure::to_string)
            .collect::<Vec<_>>(),
        expected
    );
    codegen::write(root).unwrap();
    assert_eq!(
        codegen::check(root).unwrap().departures,
        [],
        "codegen mends it"
    );
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

/// Also where the generated code stays the same.
#[test]
fn notices_a_changed_comment_in_a_spec() {
    let copy = workspace();
    edit(
        &copy.path().join("specs/datadog-seats.yaml"),
        "# Seats",
        "# SEATS",
    );
    departs(
        copy.path(),
        &["crates/generated/datadog-seats/src/lib.rs differs"],
    );
}

#[test]
fn a_spec_cannot_take_the_name_of_a_hand_written_package() {
    let copy = workspace();
    let crates = copy.path().join("crates/seats");
    fs::create_dir_all(&crates).unwrap();
    fs::write(crates.join("Cargo.toml"), "").unwrap();
    let specs = copy.path().join("specs");
    for name in ["seats", "xtask", "seats-tests"] {
        let taken = specs.join(format!("{name}.yaml"));
        fs::copy(specs.join("datadog-seats.yaml"), &taken).unwrap();
        let error = codegen::check(copy.path()).unwrap_err().to_string();
        assert!(
            error.contains(&format!(
                "a package of this workspace is called `{name}` already"
            )),
            "{error}"
        );
        fs::remove_file(taken).unwrap();
    }
    fs::create_dir(specs.join("folder")).unwrap();
    let error = codegen::check(copy.path()).unwrap_err().to_string();
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

/// `cargo xtask` with these arguments in a workspace: its exit code, stdout and stderr.
fn xtask_in(root: &Path, arguments: &[&str]) -> (u8, String, String) {
    let arguments = [&["xtask"], arguments, &["--root"]].concat();
    let arguments = arguments
        .into_iter()
        .map(Into::into)
        .chain([root.as_os_str().to_owned()]);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = xtask::command::run(arguments, false, &mut out, &mut err).unwrap();
    (
        code,
        String::from_utf8(out).unwrap(),
        String::from_utf8(err).unwrap(),
    )
}

#[test]
fn the_command_names_each_file_and_what_mends_it() {
    let copy = workspace();
    fs::remove_file(
        copy.path()
            .join("crates/generated/datadog-seats/Cargo.toml"),
    )
    .unwrap();
    let said = "crates/generated/datadog-seats/Cargo.toml is missing
1 file is not as the specs say; to mend it, run `cargo xtask codegen`\n";
    assert_eq!(
        xtask_in(copy.path(), &["codegen", "--check"]),
        (1, said.to_owned(), String::new())
    );
    let said = "crates/generated/datadog-seats/Cargo.toml is missing
mended: 1 file was not as the specs say\n";
    assert_eq!(
        xtask_in(copy.path(), &["codegen"]),
        (0, said.to_owned(), String::new())
    );
    let said = "crates/generated/ is what the specs say\n";
    assert_eq!(
        xtask_in(copy.path(), &["codegen", "--check"]),
        (0, said.to_owned(), String::new())
    );
}

#[test]
fn the_command_says_what_is_wrong_with_a_spec() {
    let copy = workspace();
    fs::write(copy.path().join("specs/new.yaml"), "openapi: 3.1.0\n").unwrap();
    let said = "error[openapi-version]: OpenAPI 3.1.0 is not taken
 --> specs/new.yaml:1:10
  |
1 | openapi: 3.1.0
  |          ^^^^^
  |
help: begin the document with `openapi: 3.0.3`; the generator takes no other line of versions

nothing was written\n";
    assert_eq!(
        xtask_in(copy.path(), &["codegen"]),
        (1, String::new(), said.to_owned())
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
    let departures = codegen::check(copy.path()).unwrap().departures;
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
