//! Whatever is done to a spec, there is an answer or a diagnostic with a place: never a panic.
//!
//! How many specs are tried is set by `PROPTEST_CASES`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "these are tests")]

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;

use codegen::fidelity;
use review::Side;
use serde_json::{Map, Value, json};
use spec::{Diagnostic, Source};

/// What is done to one node.
#[derive(Clone, Debug)]
enum Mutation {
    Delete(Index),
    /// Puts a copy of the second node in the place of the first.
    Duplicate(Index, Index),
    /// Puts something of another type there.
    Retype(Index, Value),
    /// Gives the node another key.
    Rename(Index, String),
}

/// Values that mean something somewhere in a spec, and some that mean nothing anywhere.
fn values() -> impl Strategy<Value = Value> {
    let known = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1e300),
        json!(u64::MAX),
        json!(""),
        json!("string"),
        json!("object"),
        json!("array"),
        json!("integer"),
        json!("3.1.0"),
        json!("("),
        json!("^.*$"),
        json!("uuid"),
        json!("cookie"),
        json!("query"),
        json!("{x}"),
        json!("/{a}/{a}"),
        json!("self"),
        json!("ünïcödé\u{0}\u{7f}\u{85}"),
        json!([]),
        json!({}),
        json!([null]),
        json!({"type": "object"}),
        json!({"$ref": "#/components/schemas/Missing"}),
        json!({"$ref": "#/components/schemas/ErrorResponse"}),
        json!({"$ref": "#"}),
        json!({"$ref": "https://elsewhere.example/x.yaml"}),
        json!({"oneOf": []}),
        json!({"allOf": [{"type": "string"}, {"type": "integer"}]}),
        json!({"not": {}}),
        json!({"enum": []}),
        json!({"type": "string", "enum": ["a", "A", "-", "", 1, null]}),
        json!({"type": "array", "items": {}}),
        json!({"type": "string", "pattern": "("}),
        json!({"additionalProperties": true}),
    ];
    proptest::sample::select(known.to_vec())
}

/// Keys that mean something somewhere in a spec, and some that mean nothing anywhere.
fn keys() -> impl Strategy<Value = String> {
    let known = [
        "",
        "$ref",
        "0",
        "2XX",
        "200",
        "204",
        "404",
        "99",
        "default",
        "get",
        "post",
        "trace",
        "x-",
        "x-idempotent",
        "x-evidence",
        "type",
        "Type",
        "self",
        "a-b",
        "a_b",
        "AB",
        "paths",
        "/",
        "//",
        "/{x}",
        "schema",
        "content",
        "application/json",
        "text/plain",
        "*/*",
        "ErrorResponse",
        "ü",
    ];
    proptest::sample::select(known.to_vec()).prop_map(str::to_owned)
}

fn mutations() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        any::<Index>().prop_map(Mutation::Delete),
        (any::<Index>(), any::<Index>()).prop_map(|(to, from)| Mutation::Duplicate(to, from)),
        (any::<Index>(), values()).prop_map(|(at, value)| Mutation::Retype(at, value)),
        (any::<Index>(), keys()).prop_map(|(at, key)| Mutation::Rename(at, key)),
    ]
}

/// The pointers of all nodes but the root.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| (key.replace('~', "~0").replace('/', "~1"), value))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(n, item)| (n.to_string(), item))
            .collect(),
        _ => Vec::new(),
    };
    for (key, child) in children {
        let pointer = format!("{at}/{key}");
        pointers(child, &pointer, found);
        found.push(pointer);
    }
}

fn mutate(spec: &mut Value, mutation: &Mutation) {
    let mut all = Vec::new();
    pointers(spec, "", &mut all);
    if all.is_empty() {
        return;
    }
    let (Mutation::Delete(at)
    | Mutation::Duplicate(at, _)
    | Mutation::Retype(at, _)
    | Mutation::Rename(at, _)) = mutation;
    let pointer = at.get(&all);
    match mutation {
        Mutation::Duplicate(_, from) => {
            let copy = spec
                .pointer(from.get(&all).as_str())
                .cloned()
                .unwrap_or_default();
            *spec.pointer_mut(pointer).unwrap() = copy;
        }
        Mutation::Retype(_, value) => *spec.pointer_mut(pointer).unwrap() = value.clone(),
        Mutation::Delete(_) | Mutation::Rename(..) => {
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            let key = key.replace("~1", "/").replace("~0", "~");
            match spec.pointer_mut(parent).unwrap() {
                Value::Object(members) => {
                    let renamed = |new: &String| (new.clone(), members[&key].clone());
                    let extra = match mutation {
                        Mutation::Rename(_, new) => Some(renamed(new)),
                        _ => None,
                    };
                    members.shift_remove(&key);
                    members.extend(extra.into_iter().collect::<Map<_, _>>());
                }
                Value::Array(items) => {
                    items.remove(key.parse::<usize>().unwrap());
                }
                _ => unreachable!("a parent has children"),
            }
        }
    }
}

/// The corpus's base, as JSON, which is YAML as well.
static BASE: LazyLock<Value> = LazyLock::new(|| {
    let base = Source::parse(corpus::NAME, "specs/acme-licences.yaml", corpus::base()).unwrap();
    base.root.to_json()
});

fn source(spec: &Value) -> Result<Source, Vec<Diagnostic>> {
    let text = serde_json::to_string_pretty(spec).unwrap();
    Source::parse(corpus::NAME, "specs/acme-licences.yaml", text)
}

/// At least one, and each with a place in the text.
fn tell(diagnostics: &[Diagnostic]) {
    assert!(!diagnostics.is_empty());
    for diagnostic in diagnostics {
        assert!(
            diagnostic.place.line >= 1 && diagnostic.place.column >= 1,
            "{diagnostic}"
        );
        assert!(diagnostic.render(false).contains(".yaml:"), "{diagnostic}");
    }
}

/// What a change from one spec to the other means, in both formats, or diagnostics.
fn reviews_or_tells(old: &Source, new: &Source) {
    let side = |source: &Source| Side {
        specs: vec![source.clone()],
        ..Side::default()
    };
    match review::review("base", &side(old), &side(new)) {
        Ok(review) => {
            assert!(!review::text(&review, false).is_empty());
            assert!(!review::markdown(&review).is_empty());
        }
        Err(diagnostics) => tell(&diagnostics),
    }
}

/// The lint tells, the generator generates or tells, and the review says what changed, or tells.
fn answers_or_tells(original: &Value, mutilated: &Value) {
    let original = source(original).unwrap();
    let mutilated = match source(mutilated) {
        Ok(mutilated) => mutilated,
        Err(diagnostics) => return tell(&diagnostics),
    };
    let linted = lint::review(&mutilated).diagnostics;
    if !linted.is_empty() {
        tell(&linted);
    }
    match codegen::generate(std::slice::from_ref(&mutilated)) {
        Ok(files) => assert!(!files.is_empty()),
        Err(diagnostics) => tell(&diagnostics),
    }
    reviews_or_tells(&original, &mutilated);
    reviews_or_tells(&mutilated, &original);
    assert!(!fidelity::render(&[mutilated]).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_spec_that_was_mutilated_is_answered_or_told_of(
        mutations in proptest::collection::vec(mutations(), 1..4),
    ) {
        let mut spec = BASE.clone();
        for mutation in &mutations {
            mutate(&mut spec, mutation);
        }
        answers_or_tells(&BASE, &spec);
    }
}
