//! Members of the Store's JSON, whose names are compared case-insensitively: its own pages disagree about
//! their case.

use serde_json::{Map, Value};

/// Returns the text of a member.
pub(super) fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    find(object, name, Value::as_str).map(str::to_owned)
}

/// Returns a member, if it has the type that is asked for. The exact name takes precedence.
pub(super) fn find<'a, T>(
    object: &'a Map<String, Value>,
    name: &str,
    of_type: impl Fn(&'a Value) -> Option<T>,
) -> Option<T> {
    object.get(name).and_then(&of_type).or_else(|| {
        object
            .iter()
            .filter(|(other, _)| other.eq_ignore_ascii_case(name))
            .find_map(|(_, value)| of_type(value))
    })
}
