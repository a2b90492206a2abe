//! Reviews a spec by rules: what the generator would fail on, what it would silently get wrong, and
//! what would send a request to the wrong place or lose a seat without a word.

mod answers;
mod bodies;
mod document;
mod evidence;
mod examples;
mod extensions;
mod operations;
mod pages;
mod parameter_names;
mod parameters;
mod path_segments;
mod patterns;
mod references;
mod security;
mod servers;
mod set_aside;
mod version;
mod walk;

use spec::{Diagnostic, Rule, Severity, Source, Spec};

pub use pages::{page, summary};

/// Looks for the breaches of some rules in one spec.
type Check = fn(&Source) -> Vec<Diagnostic>;

const CHECKS: &[Check] = &[
    document::check,
    version::check,
    references::check,
    extensions::check,
    servers::check,
    security::check,
    operations::check,
    evidence::check,
    examples::check,
    parameters::check,
    parameter_names::check,
    path_segments::check,
    patterns::check,
    bodies::check,
    answers::check,
];

/// What was found in one spec, and the spec where the generator can have it.
pub struct Reviewed {
    /// None where a rule is broken that breaks the generator; there may be other errors.
    pub spec: Option<Spec>,
    /// Everything that was found, in the order of the lines.
    pub diagnostics: Vec<Diagnostic>,
}

/// Looks at one spec by every rule, also by those that stand behind a broken one.
pub fn review(source: &Source) -> Reviewed {
    let mut found: Vec<Diagnostic> = CHECKS.iter().flat_map(|check| check(source)).collect();
    let mut spec = None;
    if document::is_3_0(source) {
        match Spec::from_source(source.clone()) {
            Ok(read) => spec = Some(read),
            Err(faults) => found.extend(faults),
        }
    } else {
        // Of another version, the rest would be told by the wrong rules.
        found.retain(|found| matches!(found.rule, Rule::OpenapiVersion | Rule::SpecName));
    }
    let mut diagnostics = set_aside::apply(source, found);
    sort(&mut diagnostics);
    Reviewed {
        spec: spec.filter(|_| {
            !diagnostics
                .iter()
                .any(|found| found.rule.breaks_the_generator())
        }),
        diagnostics,
    }
}

/// Whether one of them is an error.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics
        .iter()
        .any(|found| found.rule.severity() == Severity::Error)
}

/// By place; what is shared, and was found from several sides, is told once.
fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| {
        let key = |found: &Diagnostic| (found.place.line, found.place.column, found.rule);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    diagnostics.dedup_by(|a, b| (a.rule, &a.place, &a.message) == (b.rule, &b.place, &b.message));
}
