//! The whole review in one paragraph, and what is said of versions.

use std::collections::BTreeSet;

use crate::report::{Fate, Item, Review, SpecReview};
use crate::snapshots::Snapshot;
use crate::version::{Need, Outcome, Verdict};
use crate::words::{Words, say};

/// What changed, what it breaks, and which versions are needed.
pub(super) fn summary(review: &Review) -> Words {
    let specs = &review.specs;
    if specs.is_empty() {
        return say(
            "nothing changed: the specs are those of {}",
            &[&review.base],
        );
    }
    let items: Vec<&Item> = specs
        .iter()
        .flat_map(|spec| &spec.sections)
        .flat_map(|section| &section.items)
        .collect();
    let mut words = say(&subjects(specs), &[]);
    words = words.then(&say(breaks(specs, &items), &[]));
    let matters = items.iter().filter(|item| item.security).count();
    if matters > 0 {
        words = words.then(&say(
            &format!("; {}", count(matters, "matter", "matters")),
            &[],
        ));
        words = words.then(&say(" of security", &[]));
    }
    for spec in specs {
        words = words.then(&in_short(spec));
    }
    words
}

fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

fn subjects(specs: &[SpecReview]) -> String {
    let fates = |fate: Fate| specs.iter().filter(|spec| spec.fate == fate).count();
    let mut subjects = Vec::new();
    if fates(Fate::Removed) > 0 {
        subjects.push(format!(
            "{} removed",
            count(fates(Fate::Removed), "whole spec", "whole specs")
        ));
    }
    if fates(Fate::Added) > 0 {
        subjects.push(format!(
            "{} added",
            count(fates(Fate::Added), "spec", "specs")
        ));
    }
    let mut operations = BTreeSet::new();
    let mut documented = BTreeSet::new();
    let mut whole = false;
    let mut unreached = false;
    for spec in specs.iter().filter(|spec| spec.fate == Fate::Changed) {
        for section in &spec.sections {
            let ids = section.operations.iter().map(|id| (&spec.name, id));
            if section.is_documentation() {
                documented.extend(ids);
                continue;
            }
            operations.extend(ids);
            whole |= section.operations.is_empty() && section.reaches.is_none();
            unreached |= section.operations.is_empty() && section.reaches.is_some();
        }
    }
    if whole {
        subjects.push("what holds for a whole spec changed".to_owned());
    }
    if !operations.is_empty() {
        subjects.push(format!(
            "{} changed",
            count(operations.len(), "operation", "operations")
        ));
    }
    if unreached {
        subjects.push("schemas changed that no operation reaches".to_owned());
    }
    if subjects.is_empty() {
        subjects.push(
            if fates(Fate::Changed) > 0 {
                "documentation alone changed"
            } else if fates(Fate::Rewritten) > 0 {
                "the specs say the same in another text"
            } else {
                "recorded requests changed, the specs did not"
            }
            .to_owned(),
        );
    }
    subjects.join(", ")
}

fn breaks(specs: &[SpecReview], items: &[&Item]) -> &'static str {
    let is_gone = specs.iter().any(|spec| spec.fate == Fate::Removed);
    let wire = is_gone || items.iter().any(|item| item.wire.breaks());
    let sections = specs.iter().flat_map(|spec| &spec.sections);
    let mut consequences = sections.flat_map(|section| &section.consequences);
    let rust = is_gone || consequences.any(|one| one.breaks);
    // A recorded request is the wire itself; what is read in the specs is only about it.
    if !wire && specs.iter().any(has_unexplained_requests) {
        return if rust {
            ": breaks Rust callers; requests are other ones than before, and the specs do not say why"
        } else {
            ": requests are other ones than before, and the specs do not say why"
        };
    }
    match (wire, rust) {
        (true, true) => ": breaks the wire and Rust callers",
        (true, false) => ": breaks the wire, not Rust callers",
        (false, true) => ": breaks Rust callers, not the wire",
        (false, false) => ": breaks neither the wire nor Rust callers",
    }
}

/// Whether a recorded request is another one, and no finding says that requests are.
fn has_unexplained_requests(spec: &SpecReview) -> bool {
    let of_sections = spec.sections.iter().flat_map(|section| &section.snapshots);
    let mut snapshots = of_sections.chain(&spec.snapshots);
    snapshots.any(Snapshot::is_another_request)
}

fn in_short(spec: &SpecReview) -> Words {
    match spec.fate {
        Fate::Removed => return say("; the crate {} is gone", &[&spec.name]),
        Fate::Added => return say("; the crate {} is new", &[&spec.name]),
        Fate::Changed | Fate::Rewritten | Fate::Same => {}
    }
    let Some(verdict) = &spec.verdict else {
        return Words::default();
    };
    match (&verdict.before, &verdict.outcome) {
        (Some(before), Outcome::TooSmall { .. }) => {
            let mut says = format!("; {{}} {before} -> {} needed", verdict.needed);
            if *before != verdict.after {
                says.push_str(&format!(", and it is {}", verdict.after));
            }
            say(&says, &[&spec.name])
        }
        (Some(before), _) if *before != verdict.after => say(
            &format!("; {{}} {before} -> {}", verdict.after),
            &[&spec.name],
        ),
        _ => Words::default(),
    }
}

/// What the lint has against the spec, where it has something.
pub(super) fn lint(spec: &SpecReview) -> Option<Words> {
    let errors = count(spec.lint_errors, "error", "errors");
    let command = format!("cargo xtask lint specs/{}.yaml", spec.name);
    let says = format!("the lint finds {errors} here, and nothing is generated; {{}} shows them");
    (spec.lint_errors > 0).then(|| say(&says, &[&command]))
}

/// What is said of a crate's version.
pub(super) fn verdict(spec: &SpecReview, verdict: &Verdict) -> Words {
    let reason = match verdict.need {
        Need::Nothing => "documentation alone asks for no other version",
        Need::Patch => "what adds or behaves another way asks for a patch version",
        Need::Breaking => {
            "a break asks for a new minor version before 1.0, and a new major one after"
        }
    };
    let Some(before) = &verdict.before else {
        return say(
            "version {}: the base said none, so any is right",
            &[&verdict.full.to_string()],
        );
    };
    match &verdict.outcome {
        Outcome::Right if *before == verdict.after => say(
            &format!("version {{}} stays: {reason}"),
            &[&verdict.full.to_string()],
        ),
        Outcome::Right => say(
            &format!("version {{}} is right: {reason}"),
            &[&verdict.full.to_string()],
        ),
        Outcome::Larger => say(
            &format!(
                "version {{}} is larger than it has to be ({{}} would do), which is allowed: {reason}"
            ),
            &[&verdict.full.to_string(), &verdict.needed.to_string()],
        ),
        Outcome::TooSmall { line, write } if verdict.after < *before => say(
            &format!(
                "version {{}} is lower than the base's {before}; change line {line} of {{}} to {{}}"
            ),
            &[
                &verdict.after.to_string(),
                &format!("specs/{}.yaml", spec.name),
                write,
            ],
        ),
        Outcome::TooSmall { line, write } => say(
            &format!("version {{}} is too small: {reason}; change line {line} of {{}} to {{}}"),
            &[
                &verdict.after.to_string(),
                &format!("specs/{}.yaml", spec.name),
                write,
            ],
        ),
    }
}
