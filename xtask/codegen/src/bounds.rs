//! The limits that a spec states for its named schemas.

use std::collections::BTreeMap;

use spec::{Node, Source};

/// How large a number may be, or how many items a list may have.
pub(super) struct Bound {
    /// The schema's name in the spec.
    pub schema: String,
    /// What the spec says of it.
    pub description: String,
    /// The constant's name.
    pub constant: String,
    pub least: u64,
    /// None where there is no limit.
    pub most: Option<u64>,
}

/// The limits of named integers and arrays, where they state any, by the constant's name.
pub(super) fn read(source: &Source) -> Vec<Bound> {
    let schemas = source
        .root
        .at(["components", "schemas"])
        .map(Node::entries)
        .unwrap_or_default();
    let bounds = schemas.iter().filter_map(|(key, schema)| {
        let (least, most) = match schema.get("type")?.as_str()? {
            "integer" => (number(schema, "minimum"), number(schema, "maximum")),
            "array" => (number(schema, "minItems"), number(schema, "maxItems")),
            _ => return None,
        };
        if least.is_none() && most.is_none() {
            return None;
        }
        let description = schema.get("description").and_then(Node::as_str);
        let constant = constant(&key.name);
        let bound = Bound {
            schema: key.name.clone(),
            description: description.unwrap_or_default().to_owned(),
            constant: constant.clone(),
            least: least.unwrap_or_default(),
            most,
        };
        Some((constant, bound))
    });
    // Two schemas whose names differ in case alone cannot both have a constant.
    bounds.collect::<BTreeMap<_, _>>().into_values().collect()
}

fn number(schema: &Node, name: &str) -> Option<u64> {
    schema.get(name)?.to_json().as_u64()
}

/// `MaxResults` as `MAX_RESULTS`.
fn constant(name: &str) -> String {
    let mut constant = String::new();
    let mut after_lower = false;
    for c in name.chars() {
        if !c.is_ascii_alphanumeric() {
            constant.push('_');
            after_lower = false;
            continue;
        }
        if c.is_ascii_uppercase() && after_lower {
            constant.push('_');
        }
        after_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        constant.push(c.to_ascii_uppercase());
    }
    match constant.chars().next() {
        Some(c) if c.is_ascii_digit() => format!("_{constant}"),
        _ => constant,
    }
}
