//! What docs/fidelity.md says is what the specs say.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::fs;

use xtask::fidelity;

#[test]
fn the_document_is_what_the_specs_say() {
    let root = xtask::workspace_root();
    let sources = xtask::spec::read_all(&root).unwrap();
    let expected = fidelity::render(&sources);
    let found = fs::read_to_string(root.join(fidelity::PATH)).unwrap_or_default();
    assert_eq!(found, expected, "run `cargo xtask fidelity`");
}
