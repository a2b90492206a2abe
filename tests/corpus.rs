//! The base of the corpus is a spec that is linted and generated, so that a case shows its own
//! change alone.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use seats_tests::corpus;
use xtask::generate;
use xtask::spec::Source;

#[test]
fn the_base_is_generated() {
    let source = Source::parse(corpus::NAME, "specs/acme-licences.yaml", corpus::base()).unwrap();
    if let Err(diagnostics) = generate::generate(&[source]) {
        let said: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
        panic!("{}", said.join("\n\n"));
    }
}
