//! Two specs side by side, part by part: what was changed, and what that means on the wire and for
//! security. What it means for Rust callers is read from the generated crates (`../api`).

mod bodies;
mod components;
mod document;
mod operations;
mod parameters;
mod schema;
mod security;
mod walk;

use std::collections::HashSet;

use spec::Source;

use crate::finding::{Finding, Findings};
use crate::pairs::Pair;
use crate::renames::Renamed;
use walk::Walk;

/// What is said of two specs whose operations are paired.
pub(crate) fn compare<'a>(
    old: &'a Source,
    new: &'a Source,
    operations: &[Pair<'a>],
    schemas: &Renamed,
) -> Vec<Finding> {
    let mut walk = Walk {
        old,
        new,
        schemas,
        operations,
        findings: Findings::default(),
        seen: HashSet::new(),
    };
    document::compare(&mut walk);
    security::schemes(&mut walk);
    for number in 0..operations.len() {
        operations::compare(&mut walk, number);
    }
    walk.findings.0
}
