//! A spec's examples against the types that were generated from it.
//!
//! The generated crates call these, once for each example. They panic where something is wrong.

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The example decodes as `T`, and encodes as the same JSON again.
#[track_caller]
pub fn survives<T: Serialize + DeserializeOwned>(example: &str) {
    let before = parse(example);
    let typed: T = serde_json::from_str(example).expect("the example decodes");
    let after = serde_json::to_value(typed).expect("the type encodes");
    assert_eq!(before, after, "the example came back changed");
}

/// The JSON Schema that is derived from `T` accepts the example.
#[track_caller]
pub fn fits_schema<T: JsonSchema>(example: &str) {
    if let Err(error) = validator::<T>().validate(&parse(example)) {
        panic!("the derived schema refuses the example: {error}");
    }
}

/// The JSON Schema that is derived from `T` refuses the example without the field at `path`.
#[track_caller]
pub fn does_not_fit_without<T: JsonSchema>(example: &str, path: &[&str]) {
    let mut value = parse(example);
    let (field, parents) = path.split_last().expect("a path has a last step");
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
    jsonschema::validator_for(schema.as_value()).expect("the derived schema is a schema")
}
