//! docs/fidelity.md is what the specs say, and the command that writes it.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::fs;
use std::path::Path;

use seats_tests::corpus;
use xtask::spec::Source;
use xtask::{command, fidelity};

/// The exit code, and what the command says.
fn run(arguments: &[&str]) -> (u8, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let words = ["cargo xtask", "fidelity"].iter().chain(arguments);
    let code = command::run(words.map(Into::into), false, &mut out, &mut err).unwrap();
    (code, String::from_utf8([out, err].concat()).unwrap())
}

fn workspace() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("specs")).unwrap();
    fs::write(root.path().join("specs/acme-licences.yaml"), corpus::base()).unwrap();
    root
}

fn at(root: &Path, more: &[&str]) -> (u8, String) {
    run(&[&["--root", root.to_str().unwrap()], more].concat())
}

#[test]
fn the_document_is_what_the_specs_say() {
    assert_eq!(
        run(&["--check"]),
        (0, "docs/fidelity.md is what the specs say\n".to_owned())
    );
}

#[test]
fn a_document_that_departs_is_told_and_mended() {
    let root = workspace();
    let root = root.path();
    let departs =
        "docs/fidelity.md is not what the specs say; to mend it, run `cargo xtask fidelity`\n";
    assert_eq!(at(root, &["--check"]), (1, departs.to_owned()));
    assert!(!root.join("docs").exists());
    let mended = "mended: docs/fidelity.md was not what the specs say\n";
    assert_eq!(at(root, &[]), (0, mended.to_owned()));
    assert_eq!(at(root, &["--check"]).0, 0);
    assert_eq!(
        at(root, &[]),
        (0, "docs/fidelity.md is what the specs say\n".to_owned())
    );
    fs::write(root.join("docs/fidelity.md"), "something else").unwrap();
    assert_eq!(at(root, &["--check"]), (1, departs.to_owned()));
}

#[test]
fn a_spec_that_cannot_be_read_writes_nothing() {
    let root = workspace();
    fs::write(root.path().join("specs/acme-licences.yaml"), "a: [").unwrap();
    let (code, said) = at(root.path(), &[]);
    assert_eq!(code, 1);
    assert!(
        said.starts_with("error[yaml]: ") && said.ends_with("nothing was written\n"),
        "{said}"
    );
    assert!(!root.path().join("docs").exists());
}

/// The table of the corpus's base, with evidence put into it.
fn rendered(evidence: &str) -> String {
    let text = corpus::base().replace(
        "      operationId: release_seat\n",
        &format!("      operationId: release_seat\n{evidence}"),
    );
    let source = Source::parse(corpus::NAME, "specs/acme-licences.yaml", text).unwrap();
    fidelity::render(&[source])
}

#[test]
fn evidence_is_inherited_until_something_says_otherwise() {
    let plain = rendered("");
    assert!(plain.contains("`specs/acme-licences.yaml`, version 3.1.0. Known from [licences](https://docs.acme.example/licences) (2026-01-15): certain.\n"));
    assert!(!plain.contains("What is less certain"));
    let line = |operation: &str| {
        let start = format!("| `{operation}`");
        plain.lines().find(|line| line.starts_with(&start)).unwrap()
    };
    // The same page has the date of the document; of another page, nobody has said one.
    let line_of_page = line("get_licence");
    assert!(
        line_of_page.ends_with("/licences#get) | 2026-01-15 | certain |"),
        "{line_of_page}"
    );
    let line_of_other = line("release_seat");
    assert!(
        line_of_other.ends_with("/seats#release) | undated | certain |"),
        "{line_of_other}"
    );
    // Another source has another date; what is not said is inherited.
    let recorded =
        rendered("      x-evidence: {source: 'a | recorded <answer>', certainty: likely}\n");
    let line = recorded
        .lines()
        .find(|line| line.starts_with("| `release_seat`"))
        .unwrap();
    assert!(
        line.ends_with("| a \\| recorded &lt;answer> | undated | likely |"),
        "{line}"
    );
}

#[test]
fn a_departure_is_told_with_its_reason_and_the_operations_that_it_reaches() {
    let text = corpus::base().replace(
        "    FaultyField:\n      description: Which part of the request is wrong.\n",
        "    FaultyField:\n      description: Which part of the request is wrong.\n      x-evidence: {certainty: unknown, departs: the page has no body, because: one was recorded}\n",
    );
    let source = Source::parse(corpus::NAME, "specs/acme-licences.yaml", text).unwrap();
    let text = fidelity::render(&[source]);
    let line = text
        .lines()
        .find(|line| line.starts_with("| `FaultyField`"))
        .unwrap();
    assert_eq!(
        line,
        "| `FaultyField` | every operation | the page has no body | one was recorded | as what it belongs to |  | unknown |"
    );
}
