//! What the generator says of each case of its corpus, in full, and that it takes what the lint lets by.

#![allow(clippy::unwrap_used, clippy::panic, reason = "these are tests")]

use std::path::Path;

use spec::{Diagnostic, Source};

fn cases() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"))
}

fn lint_cases() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../lint/corpus"))
}

fn said(text: String) -> Vec<Diagnostic> {
    let path = format!("specs/{}.yaml", corpus::NAME);
    let source = Source::parse(corpus::NAME, &path, text).unwrap();
    codegen::run(&[source]).diagnostics
}

fn rendered(diagnostics: &[Diagnostic]) -> String {
    let rendered: Vec<String> = diagnostics.iter().map(Diagnostic::to_string).collect();
    rendered.join("\n\n")
}

/// So that a case shows its own change alone.
#[test]
fn the_base_is_clean() {
    assert_eq!(rendered(&said(corpus::base())), "");
}

#[test]
fn each_case_is_told() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../corpus");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for case in corpus::cases(cases()) {
        let said = rendered(&said(corpus::patched(cases(), &case)));
        settings.bind(|| insta::assert_snapshot!(case.clone(), said));
    }
}

/// What merely is not right can be generated; of what cannot be, the same is told.
#[test]
fn a_spec_that_is_older_than_a_rule_can_be_generated() {
    for case in corpus::cases(lint_cases()) {
        let path = format!("specs/{}.yaml", corpus::NAME);
        let Ok(source) = Source::parse(corpus::NAME, &path, corpus::patched(lint_cases(), &case))
        else {
            continue;
        };
        let diagnostics = codegen::run(std::slice::from_ref(&source)).diagnostics;
        let broken = diagnostics
            .iter()
            .any(|found| found.rule.breaks_the_generator());
        match codegen::generate_regardless(&source) {
            Ok(files) => assert!(!broken && files.len() >= 4, "{case}"),
            Err(told) => {
                let told: Vec<&str> = told.iter().map(|found| found.rule.name()).collect();
                assert!(broken && !told.is_empty(), "{case}: {told:?}");
            }
        }
    }
}

/// `x-lint-allow` is ours; nothing of it is in what is generated, but for the digest of the spec.
#[test]
fn a_set_aside_does_not_leak_into_the_generated_code() {
    let reason = "zebras graze here";
    let aside = format!(
        "      required: [user, state]\n      x-lint-allow:\n        answer-constraint: {reason}\n      additionalProperties: false\n"
    );
    let text = corpus::base().replacen("      required: [user, state]\n", &aside, 1);
    let path = format!("specs/{}.yaml", corpus::NAME);
    let source = Source::parse(corpus::NAME, &path, text).unwrap();
    let outcome = codegen::run(&[source]);
    assert_eq!(rendered(&outcome.diagnostics), "");
    for (path, text) in outcome.files.unwrap() {
        assert!(!text.contains(reason), "{path}");
        assert!(!text.contains("x-lint-allow"), "{path}");
    }
}
