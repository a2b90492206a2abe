//! Checks the examples of a spec against the types generated from it.
//!
//! The generated crates call these functions, which panic if a check fails.

use chrono::DateTime;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

/// Asserts that the example decodes as `T` and encodes as equivalent JSON.
///
/// Numbers, UUIDs and dates may be written differently; an optional field that is null or an empty
/// list may be missing, and a field with a default may be added.
#[track_caller]
pub fn survives<T: Serialize + DeserializeOwned>(example: &str) {
    let before = parse(example);
    let typed: T = serde_json::from_str(example).expect("the example decodes");
    let after = serde_json::to_value(typed).expect("the type encodes");
    assert!(
        is_equivalent(&before, &after),
        "the example changed:\n{before}\n{after}"
    );
}

pub(crate) fn is_equivalent(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => before.iter().all(|(name, value)| {
            let may_be_missing = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
            after
                .get(name)
                .map_or(may_be_missing, |after| is_equivalent(value, after))
        }),
        (Value::Array(before), Value::Array(after)) => {
            before.len() == after.len()
                && before.iter().zip(after).all(|(a, b)| is_equivalent(a, b))
        }
        (Value::Number(before), Value::Number(after)) => before.as_f64() == after.as_f64(),
        (Value::String(before), Value::String(after)) => {
            let uuids = (before.parse::<Uuid>(), after.parse::<Uuid>());
            let dates = (
                DateTime::parse_from_rfc3339(before),
                DateTime::parse_from_rfc3339(after),
            );
            before == after
                || matches!(uuids, (Ok(before), Ok(after)) if before == after)
                || matches!(dates, (Ok(before), Ok(after)) if before == after)
        }
        _ => before == after,
    }
}

/// Asserts that the JSON Schema derived from `T` accepts the example.
#[track_caller]
pub fn fits_schema<T: JsonSchema>(example: &str) {
    if let Err(error) = validator::<T>().validate(&parse(example)) {
        panic!("the derived schema rejects the example: {error}");
    }
}

/// Asserts that the JSON Schema derived from `T` rejects the example without the field at `path`.
#[track_caller]
pub fn does_not_fit_without<T: JsonSchema>(example: &str, path: &[&str]) {
    let mut value = parse(example);
    let (field, parents) = path.split_last().expect("the path is not empty");
    let parent = parents
        .iter()
        .try_fold(&mut value, |value, step| value.get_mut(step));
    let removed = parent
        .and_then(Value::as_object_mut)
        .and_then(|parent| parent.shift_remove(*field));
    assert!(removed.is_some(), "the example has no {path:?}");
    assert!(
        !validator::<T>().is_valid(&value),
        "the derived schema accepts the example without {path:?}"
    );
}

fn parse(example: &str) -> Value {
    serde_json::from_str(example).expect("the example is JSON")
}

fn validator<T: JsonSchema>() -> jsonschema::Validator {
    let schema = schemars::schema_for!(T);
    jsonschema::validator_for(schema.as_value()).expect("the derived schema is valid")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn compare(before: &str, after: &str, same: bool) {
        assert_eq!(
            is_equivalent(&parse(before), &parse(after)),
            same,
            "{before} {after}"
        );
    }

    #[test]
    fn ignores_differences_of_form_only() {
        compare("3", "3.0", true);
        compare("3", "4", false);
        compare(
            r#""2026-01-01T00:00:00+00:00""#,
            r#""2026-01-01T00:00:00Z""#,
            true,
        );
        compare(
            r#""2026-01-01T00:00:00Z""#,
            r#""2026-01-01T01:00:00Z""#,
            false,
        );
        compare(
            r#""626A4E8E-64BD-409D-B80E-428F08AC0B62""#,
            r#""626a4e8e-64bd-409d-b80e-428f08ac0b62""#,
            true,
        );
        compare(r#""a""#, r#""A""#, false);
        compare(r#"{"a":null,"b":[]}"#, r#"{"c":"a default"}"#, true);
        compare(r#"{"a":0}"#, "{}", false);
        compare(r#"{"a":{"b":1}}"#, r#"{"a":{}}"#, false);
        compare("[1,2]", "[2,1]", false);
        compare("[1]", "[1,1]", false);
    }
}
