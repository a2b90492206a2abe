//! What `cargo xtask lint` says of each case of the corpus, in full.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::collections::BTreeSet;

use seats_tests::corpus;
use xtask::diagnostic::{Diagnostic, Rule};
use xtask::generate;
use xtask::spec::Source;

fn lint(text: String) -> Vec<Diagnostic> {
    let path = format!("specs/{}.yaml", corpus::NAME);
    match Source::parse(corpus::NAME, &path, text) {
        Ok(source) => generate::run(&[source]).diagnostics,
        Err(diagnostics) => diagnostics,
    }
}

fn rendered(diagnostics: &[Diagnostic]) -> String {
    let rendered: Vec<String> = diagnostics.iter().map(Diagnostic::to_string).collect();
    rendered.join("\n\n")
}

#[test]
fn the_base_is_clean() {
    assert_eq!(rendered(&lint(corpus::base())), "");
}

/// Each case is set aside, is fine, or is told with the line, the rule and what to do.
#[test]
fn each_case_is_told() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("corpus/lint");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let mut missing = Vec::new();
    for case in corpus::cases("lint") {
        let said = rendered(&lint(corpus::patched("lint", &case)));
        let said = if said.is_empty() {
            "clean".to_owned()
        } else {
            said
        };
        settings.bind(|| insta::assert_snapshot!(case.clone(), said));
        if !snapshot(&case).exists() {
            missing.push(case);
        }
    }
    assert_eq!(missing, Vec::<String>::new(), "cases without a snapshot");
}

fn snapshot(case: &str) -> std::path::PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/lint");
    std::path::Path::new(folder).join(format!("{case}.snap"))
}

/// No snapshot of a case that is gone.
#[test]
fn each_snapshot_has_its_case() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/lint");
    let cases = corpus::cases("lint");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let (case, _) = name.split_once('.').unwrap();
        assert!(cases.iter().any(|known| known == case), "{name}");
    }
}

#[test]
fn every_rule_is_broken_by_a_case() {
    let broken: BTreeSet<Rule> = corpus::cases("lint")
        .iter()
        .flat_map(|case| lint(corpus::patched("lint", case)))
        .map(|found| found.rule)
        // These are about files: see `lint_command.rs`.
        .chain([Rule::SpecFile, Rule::SpecName])
        .collect();
    let silent: Vec<&str> = Rule::ALL
        .iter()
        .filter(|rule| !broken.contains(rule))
        .map(|rule| rule.name())
        .collect();
    assert_eq!(silent, Vec::<&str>::new());
}

#[test]
fn every_diagnostic_fits_on_a_screen() {
    for case in corpus::cases("lint") {
        for found in lint(corpus::patched("lint", &case)) {
            fits(&found);
        }
    }
    // Whatever stands on the line.
    let long = "a".repeat(20_000);
    let cases = [
        (
            "      operationId: get_licence\n",
            format!("      operationId: 'new{long}'\n      {long}: 1\n"),
        ),
        ("'^L-[0-9]{1,12}$'", format!("'^L-[0-9]{{1,12}}$|{long}|['")),
        (
            "#/components/schemas/SeatPage",
            format!("#/components/schemas/{long}"),
        ),
        ("openapi: 3.0.3", format!("openapi: {long}")),
    ];
    for (from, to) in cases {
        let found = lint(corpus::base().replacen(from, &to, 1));
        assert!(!found.is_empty());
        found.iter().for_each(fits);
    }
}

/// 24 lines of 120 columns, where a terminal breaks longer ones.
#[track_caller]
fn fits(found: &Diagnostic) {
    let rendered = found.to_string();
    let lines: usize = rendered
        .lines()
        .map(|line| line.chars().count().div_ceil(120).max(1))
        .sum();
    assert!(lines <= 24, "{lines} lines:\n{rendered}");
    let excerpt = rendered.lines().filter(|line| line.contains(" | "));
    for line in excerpt {
        assert!(line.chars().count() <= 130, "{line}");
    }
}

/// What merely is not right can be generated; of what cannot be, the same is told.
#[test]
fn a_spec_that_is_older_than_a_rule_can_be_generated() {
    for case in corpus::cases("lint") {
        let path = format!("specs/{}.yaml", corpus::NAME);
        let Ok(source) = Source::parse(corpus::NAME, &path, corpus::patched("lint", &case)) else {
            continue;
        };
        let diagnostics = generate::run(std::slice::from_ref(&source)).diagnostics;
        let broken = diagnostics
            .iter()
            .any(|found| found.rule.breaks_the_generator());
        match generate::generate_regardless(&source) {
            Ok(files) => assert!(!broken && files.len() == 4, "{case}"),
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
        "      required: [user, state]\n      x-lint-allow:\n        closed-object: {reason}\n      additionalProperties: false\n"
    );
    let text = corpus::base().replacen("      required: [user, state]\n", &aside, 1);
    let path = format!("specs/{}.yaml", corpus::NAME);
    let source = Source::parse(corpus::NAME, &path, text).unwrap();
    let outcome = generate::run(&[source]);
    assert_eq!(rendered(&outcome.diagnostics), "");
    for (path, text) in outcome.files.unwrap() {
        assert!(!text.contains(reason), "{path}");
        assert!(!text.contains("x-lint-allow"), "{path}");
    }
}

/// What a page calls right is right by every rule, not only by its own.
#[test]
fn the_patterns_that_the_pages_call_right_are_clean() {
    for rule in [
        Rule::PathSegment,
        Rule::PathSegmentEncoded,
        Rule::PathSegmentUntried,
    ] {
        let (_, right) = rule.page().split_once("## Right").unwrap();
        let (right, _) = right.split_once("\n## ").unwrap();
        let after = |key: &str| {
            let line = right.lines().find_map(|line| line.trim().strip_prefix(key));
            line.map(str::to_owned)
        };
        let pattern = after("pattern: ").unwrap();
        let example = after("example: ").unwrap_or("L-2041".to_owned());
        let text = corpus::base()
            .replacen("'^L-[0-9]{1,12}$'", &pattern, 1)
            .replacen("example: L-2041", &format!("example: {example}"), 1);
        assert!(text.contains(&pattern));
        assert_eq!(rendered(&lint(text)), "", "{}", rule.name());
    }
}
