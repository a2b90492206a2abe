//! What `cargo xtask lint` says of each case of the corpus, in full.

#![allow(clippy::unwrap_used, clippy::panic, reason = "these are tests")]

use std::collections::BTreeSet;
use std::path::Path;

use spec::{Diagnostic, Rule, Source};

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"))
}

fn found(text: String) -> Vec<Diagnostic> {
    let path = format!("specs/{}.yaml", corpus::NAME);
    match Source::parse(corpus::NAME, &path, text) {
        Ok(source) => lint::review(&source).diagnostics,
        Err(diagnostics) => diagnostics,
    }
}

fn rendered(diagnostics: &[Diagnostic]) -> String {
    let rendered: Vec<String> = diagnostics.iter().map(Diagnostic::to_string).collect();
    rendered.join("\n\n")
}

#[test]
fn the_base_is_clean() {
    assert_eq!(rendered(&found(corpus::base())), "");
}

/// Each case is set aside, is fine, or is told with the line, the rule and what to do.
#[test]
fn each_case_is_told() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../corpus");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let mut missing = Vec::new();
    for case in corpus::cases(folder()) {
        let said = rendered(&found(corpus::patched(folder(), &case)));
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
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus");
    std::path::Path::new(folder).join(format!("{case}.snap"))
}

/// No snapshot of a case that is gone.
#[test]
fn each_snapshot_has_its_case() {
    let cases = corpus::cases(folder());
    for entry in std::fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let (case, _) = name.split_once('.').unwrap();
        assert!(cases.iter().any(|known| known == case), "{name}");
    }
}

#[test]
fn every_rule_is_broken_by_a_case() {
    let broken: BTreeSet<Rule> = corpus::cases(folder())
        .iter()
        .flat_map(|case| found(corpus::patched(folder(), case)))
        .map(|found| found.rule)
        // These are about files and about the generator: see the tests of the command and of `codegen`.
        .chain([
            Rule::SpecFile,
            Rule::SpecName,
            Rule::GeneratorCannotHandle,
            Rule::SchemaEmpty,
        ])
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
    for case in corpus::cases(folder()) {
        for found in found(corpus::patched(folder(), &case)) {
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
        let found = found(corpus::base().replacen(from, &to, 1));
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

/// What a page calls right is right by every rule, not only by its own.
#[test]
fn the_patterns_that_the_pages_call_right_are_clean() {
    for rule in [
        Rule::PathSegment,
        Rule::PathSegmentEncoded,
        Rule::PathSegmentUntried,
    ] {
        let (_, right) = lint::page(rule).split_once("## Right").unwrap();
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
        assert_eq!(rendered(&found(text)), "", "{}", rule.name());
    }
}
