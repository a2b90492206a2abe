//! What docs/fidelity.md says of a spec.
#![allow(clippy::unwrap_used, clippy::panic, reason = "these are tests")]

use codegen::fidelity;
use spec::Source;

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
