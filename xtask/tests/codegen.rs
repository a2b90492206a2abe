//! `cargo xtask codegen`: what it says, and how it ends.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::fs;
use std::path::Path;

use tempfile::TempDir;

/// The generated crates and the documents of this repository are what its specs say.
#[test]
fn what_is_committed_is_what_the_specs_say() {
    let departures = codegen::disk::check(&xtask::workspace_root())
        .unwrap()
        .departures;
    assert_eq!(departures, [], "run `cargo xtask codegen`");
}

/// A workspace with one spec and what is generated from it.
fn workspace() -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    fs::create_dir(copy.path().join("specs")).unwrap();
    fs::write(copy.path().join("specs/acme-licences.yaml"), corpus::base()).unwrap();
    codegen::disk::write(copy.path()).unwrap();
    copy
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
            .join("crates/generated/acme-licences/Cargo.toml"),
    )
    .unwrap();
    let said = "crates/generated/acme-licences/Cargo.toml is missing
1 file is not as the specs say; to mend it, run `cargo xtask codegen`\n";
    assert_eq!(
        xtask_in(copy.path(), &["codegen", "--check"]),
        (1, said.to_owned(), String::new())
    );
    let said = "crates/generated/acme-licences/Cargo.toml is missing
mended: 1 file was not as the specs say\n";
    assert_eq!(
        xtask_in(copy.path(), &["codegen"]),
        (0, said.to_owned(), String::new())
    );
    let said = "crates/generated/ and docs/fidelity.md are what the specs say\n";
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
fn the_document_is_written_and_checked_as_well() {
    let copy = workspace();
    let file = copy.path().join("docs/fidelity.md");
    fs::write(&file, "something else").unwrap();
    let said = "docs/fidelity.md differs
1 file is not as the specs say; to mend it, run `cargo xtask codegen`\n";
    assert_eq!(
        xtask_in(copy.path(), &["codegen", "--check"]),
        (1, said.to_owned(), String::new())
    );
    fs::remove_file(&file).unwrap();
    let (code, out, _) = xtask_in(copy.path(), &["codegen"]);
    assert!(
        code == 0 && out.starts_with("docs/fidelity.md is missing\n"),
        "{out}"
    );
    assert!(
        fs::read_to_string(&file)
            .unwrap()
            .contains("# The specs against the truth")
    );
}
