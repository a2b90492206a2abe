//! What a change to the specs means, as it is written.

use std::collections::BTreeSet;

use crate::consequences::Consequence;
use crate::finding::Wire;
use crate::snapshots::Snapshot;
use crate::version::{Outcome, Verdict};
use crate::words::Words;

/// What a change to the specs means.
#[derive(Debug)]
pub struct Review {
    /// What was compared with, in words.
    pub base: String,
    /// Each spec that changed.
    pub specs: Vec<SpecReview>,
}

/// What became of one spec.
#[derive(Debug)]
pub struct SpecReview {
    /// The name of its crate.
    pub name: String,
    /// What became of it.
    pub fate: Fate,
    /// What changed, by what it is of.
    pub sections: Vec<Section>,
    /// Recorded requests that are of no operation.
    pub snapshots: Vec<Snapshot>,
    /// What its crate's version has to be; nothing is asked of a spec that is new or gone.
    pub verdict: Option<Verdict>,
    /// How many errors the lint finds in it as it is now.
    pub lint_errors: usize,
}

/// What became of a spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is new.
    Added,
    /// It is gone, and so is its crate.
    Removed,
    /// It says something else.
    Changed,
    /// It says the same in another text: a comment, the order, the layout.
    Rewritten,
    /// It is the same to the byte; its recorded requests are not.
    Same,
}

/// What changed of some operations, of one shared part, or of the document as a whole.
#[derive(Debug)]
pub struct Section {
    /// What it is of.
    pub title: Words,
    /// What a shared part reaches, in words.
    pub reaches: Option<Words>,
    /// The operations that it is of or reaches.
    pub operations: BTreeSet<String>,
    /// The changes, the gravest first.
    pub items: Vec<Item>,
    /// What they do to the generated crate, what breaks first.
    pub consequences: Vec<Consequence>,
    /// The recorded requests that changed.
    pub snapshots: Vec<Snapshot>,
}

/// One change.
#[derive(Debug, PartialEq, Eq)]
pub struct Item {
    /// What changed.
    pub says: Words,
    /// What it means on the wire.
    pub wire: Wire,
    /// Whether it is a matter of security.
    pub security: bool,
    /// Whether only readers of the documents see it.
    pub is_documentation: bool,
}

impl Review {
    /// Whether every crate's version is what the change asks for.
    pub fn versions_are_right(&self) -> bool {
        let mut verdicts = self.specs.iter().filter_map(|spec| spec.verdict.as_ref());
        verdicts.all(|verdict| !matches!(verdict.outcome, Outcome::TooSmall { .. }))
    }
}

impl Section {
    /// Whether only readers of the documents see it.
    pub fn is_documentation(&self) -> bool {
        self.consequences.is_empty() && self.items.iter().all(|item| item.is_documentation)
    }
}
