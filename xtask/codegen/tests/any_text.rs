//! The lint says something of any text, and never falls over it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "these are tests")]

use proptest::prelude::*;

use spec::{Diagnostic, Source};

/// Everything that is said of a text, in each form.
fn lint(text: &str) -> Vec<Diagnostic> {
    let path = format!("specs/{}.yaml", corpus::NAME);
    let found = match Source::parse(corpus::NAME, &path, text.to_owned()) {
        Ok(source) => codegen::run(&[source]).diagnostics,
        Err(diagnostics) => diagnostics,
    };
    for found in &found {
        let rendered = found.to_string();
        let is_plain = |c: char| !c.is_control() || c == '\n';
        assert!(rendered.chars().all(is_plain), "{rendered:?}");
        for line in [found.json(), found.github()] {
            assert!(!line.contains(['\n', '\r']), "{line:?}");
        }
        assert!(!found.render(true).is_empty());
        assert!(found.place.line >= 1 && found.place.column >= 1);
    }
    found
}

/// The rule, line and column of the first thing that is said.
#[track_caller]
fn first(text: &str, expected: &str) {
    let found = lint(text);
    let place = &found[0].place;
    let said = format!("{} {}:{}", found[0].rule.name(), place.line, place.column);
    assert_eq!(said, expected, "{text:?}");
}

#[test]
fn texts_that_are_no_spec() {
    for (text, expected) in [
        ("", "openapi-version 1:1"),
        ("\u{feff}", "openapi-version 1:1"),
        ("~", "openapi-version 1:1"),
        ("[]", "openapi-version 1:1"),
        ("3.0.3", "openapi-version 1:1"),
        ("openapi:\n", "openapi-version 1:8"),
        ("openapi: 3.0.3", "openapi-structure 1:1"),
        ("a: 1\n---\nb: 2\n", "yaml 3:1"),
        ("~: 1\n", "yaml 1:1"),
        ("? [a]\n: 1\n", "yaml 1:3"),
        ("a: &a [*a]\n", "yaml 1:8"),
        ("a: *nobody\n", "yaml 1:4"),
        ("a: 1e999\n", "yaml 1:4"),
        ("a: \u{1}\n", "yaml 1:4"),
        ("a:\n\t- b\n", "yaml 2:2"),
    ] {
        first(text, expected);
    }
}

#[test]
fn numbers_that_are_too_large_for_their_place() {
    let text = corpus::base().replacen("maxLength: 64", "maxLength: 99999999999999999999999999", 1);
    assert!(
        lint(&text)
            .iter()
            .all(|found| found.rule.name() == "openapi-structure")
    );
    let text = corpus::base().replacen("      minimum: 1\n", "      minimum: -1e300\n", 1);
    lint(&text);
}

#[test]
fn what_is_nested_deeply_or_multiplies_itself() {
    for depth in [60, 64, 100, 1_000, 100_000] {
        let text = format!("openapi: {}{}", "[".repeat(depth), "]".repeat(depth));
        let found = lint(&text);
        assert_eq!(found.len(), 1);
        if depth > 64 {
            assert_eq!(
                found[0].message,
                "this is not YAML: it is nested too deeply"
            );
        }
    }
    let mut schema = "{type: string}".to_owned();
    for _ in 0..25 {
        schema = format!("{{type: array, items: {schema}}}");
    }
    let text = corpus::base().replacen(
        "  schemas:\n",
        &format!("  schemas:\n    Deep: {schema}\n"),
        1,
    );
    assert_eq!(lint(&text).len(), 0);
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..12 {
        let items = vec![format!("*a{}", n - 1); 10].join(", ");
        bomb.push_str(&format!("a{n}: &a{n} [{items}]\n"));
    }
    let found = lint(&bomb);
    assert_eq!(
        found[0].message,
        "this is not YAML: it is too large, or its aliases make it so"
    );
}

/// What is made of itself in a way that never ends would end the process, not only the task.
#[test]
fn schemas_that_hold_themselves() {
    for schema in [
        "{type: array, items: {$ref: '#/components/schemas/Loop'}}",
        "{type: object, additionalProperties: {$ref: '#/components/schemas/Loop'}}",
        "{type: object, properties: {loop: {$ref: '#/components/schemas/Loop'}}}",
        "{type: object, required: [loop], properties: {loop: {$ref: '#/components/schemas/Loop'}}}",
        "{oneOf: [{type: string}, {type: array, items: {$ref: '#/components/schemas/Loop'}}]}",
        "{allOf: [{type: object, properties: {loop: {$ref: '#/components/schemas/Loop'}}}]}",
        "{not: {$ref: '#/components/schemas/Loop'}}",
        "{$ref: '#/components/schemas/Loop'}",
        "{$ref: '#/components/schemas/Loop/properties/loop'}",
    ] {
        let text = corpus::base()
            .replacen("  schemas:\n", &format!("  schemas:\n    Loop: {schema}\n"), 1)
            .replacen(
                "            - $ref: '#/components/schemas/FaultyField'\n",
                "            - $ref: '#/components/schemas/FaultyField'\n            - $ref: '#/components/schemas/Loop'\n",
                1,
            );
        lint(&text);
    }
}

/// Windows' ends of lines and a byte order mark change no place.
#[test]
fn the_places_are_those_that_an_editor_shows() {
    let broken = corpus::base().replacen("      x-idempotent: true\n", "", 1);
    let crlf = format!("\u{feff}{}", broken.replace('\n', "\r\n"));
    let places = |text: &str| -> Vec<(u64, u64, String)> {
        let found = lint(text);
        let place = |found: &Diagnostic| (found.place.line, found.place.column, found.to_string());
        found.iter().map(place).collect()
    };
    assert_eq!(places(&broken).len(), 1);
    assert_eq!(places(&crlf), places(&broken));
    let found = lint("\u{feff}openapi: 3.1.0\r\n");
    assert_eq!(
        found[0].to_string(),
        "error[openapi-version]: OpenAPI 3.1.0 is not taken
 --> specs/acme-licences.yaml:1:10
  |
1 | openapi: 3.1.0
  |          ^^^^^
  |
help: begin the document with `openapi: 3.0.3`; the generator takes no other line of versions"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in ".{0,200}") {
        lint(&text);
        lint(&format!("openapi: 3.0.3\npaths: {text}"));
    }
}
