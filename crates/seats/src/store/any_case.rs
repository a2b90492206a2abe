//! Members of the Store's JSON, whose names count in any case: its own pages disagree about it.

use serde_json::{Map, Value};

/// The text of a member whose name is this in any case.
pub(super) fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    find(object, name, Value::as_str).map(str::to_owned)
}

/// A member whose name is this in any case, where it is of the type that is asked for. The name as it
/// stands goes first.
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
