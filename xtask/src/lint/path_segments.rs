//! Every value that a path parameter takes stays in its segment of the path.
//!
//! This is found out by trying: values that would leave the segment are held against the schema, by
//! themselves and within values that it takes, as the generated type would.

use regress::Regex;

use super::Rule;
use super::patterns::NATIVE;
use crate::diagnostic::Diagnostic;
use crate::spec::{Content, Node, Place, Source};

/// What a URL parser reads as an instruction, or a router as another path, when it is all there is.
const WHOLE: [&str; 3] = ["", ".", ".."];

/// What must not stand anywhere in a value: separators and control characters.
const WITHIN: [&str; 9] = [
    "/", "\\", "\0", "\t", "\n", "\r", "\u{1f}", "\u{7f}", "\u{85}",
];

/// The same once a server, or something before it, has decoded them.
const WHOLE_ENCODED: [&str; 5] = ["%2e", "%2E%2E", ".%2e", "%2e.", "%252e%252e"];
const WITHIN_ENCODED: [&str; 7] = ["%2F", "%2f", "%5C", "%00", "%0a", "%7F", "%252F"];

/// Values to build upon, beside the examples of the spec.
const SAMPLES: [&str; 12] = [
    "a",
    "1",
    "A",
    "ab",
    "a1",
    "abcd",
    "1234",
    "ABCD1234",
    "a-b",
    "a.b",
    "ada@contoso.example",
    "626a4e8e-64bd-409d-b80e-428f08ac0b62",
];

/// A pattern can be slow; no more values than these are tried as a ground to build upon.
const GROUNDS: usize = 4;

pub(super) fn check(source: &Source) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for operation in source.operations() {
        for parameter in super::parameters::of(source, operation) {
            if super::parameters::text(parameter, "in") == "path" {
                found.extend(parameter_troubles(source, parameter));
            }
        }
    }
    found
}

fn parameter_troubles(source: &Source, parameter: &Node) -> Vec<Diagnostic> {
    let Some(schema) = parameter.get("schema") else {
        return Vec::new();
    };
    let Some(accepts) = Accepts::new(source, schema, 0) else {
        // Another rule tells that it leads nowhere, or cannot be compiled.
        return Vec::new();
    };
    let place = place(source, schema);
    let name = super::parameters::text(parameter, "name");
    let grounds = grounds(source, parameter, schema, &accepts);
    let leaving = passing(&accepts, &grounds, &WHOLE, &WITHIN);
    if !leaving.is_empty() {
        let message = format!("the path parameter `{name}` takes {}", listed(&leaving));
        return vec![source.error(Rule::PathSegment, place, message).help(
            "add a `pattern` that refuses these; each would send the request somewhere else",
        )];
    }
    let encoded = passing(&accepts, &grounds, &WHOLE_ENCODED, &WITHIN_ENCODED);
    if !encoded.is_empty() {
        let message = format!("the path parameter `{name}` takes {}", listed(&encoded));
        return vec![
            source
                .error(Rule::PathSegmentEncoded, place, message)
                .help("refuse these in the `pattern` too; something on the way may decode them"),
        ];
    }
    if grounds.is_empty() && !accepts.is_safe_by_type() {
        let message = format!("no value is known that the path parameter `{name}` takes");
        return vec![source.error(Rule::PathSegmentUntried, place, message).help(
            "give the parameter an `example`; what would leave the path is then tried within it",
        )];
    }
    Vec::new()
}

/// Where the schema says what it takes: its pattern, or else the schema.
fn place<'a>(source: &'a Source, schema: &'a Node) -> &'a Place {
    let resolved = source.resolve(schema).unwrap_or(schema);
    &resolved.get("pattern").unwrap_or(resolved).place
}

/// Values that the schema takes: examples first.
fn grounds(source: &Source, parameter: &Node, schema: &Node, accepts: &Accepts<'_>) -> Vec<String> {
    let resolved = source.resolve(schema).unwrap_or(schema);
    let named = parameter
        .get("examples")
        .map(Node::entries)
        .unwrap_or_default();
    let named = named.iter().filter_map(|(_, example)| example.get("value"));
    let single = [
        parameter.get("example"),
        resolved.get("example"),
        resolved.get("default"),
    ];
    let own = single.into_iter().flatten().chain(named).filter_map(scalar);
    own.chain(SAMPLES.map(str::to_owned))
        .filter(|value| accepts.takes(value))
        .take(GROUNDS)
        .collect()
}

fn scalar(node: &Node) -> Option<String> {
    match &node.content {
        Content::Scalar(serde_json::Value::String(text)) => Some(text.clone()),
        Content::Scalar(serde_json::Value::Number(number)) => Some(number.to_string()),
        _ => None,
    }
}

/// The values that get through, of each kind one.
fn passing(
    accepts: &Accepts<'_>,
    grounds: &[String],
    whole: &[&str],
    within: &[&str],
) -> Vec<String> {
    let alone = whole.iter().map(|value| vec![(*value).to_owned()]);
    let embedded = within.iter().map(|bad| {
        let mut values = vec![(*bad).to_owned(), format!("a{bad}b")];
        values.extend(grounds.iter().flat_map(|ground| around(ground, bad)));
        values
    });
    alone
        .chain(embedded)
        .filter_map(|values| values.into_iter().find(|value| accepts.takes(value)))
        .collect()
}

/// A value with something bad before, after and in it, added or in the place of characters.
fn around(ground: &str, bad: &str) -> Vec<String> {
    let characters: Vec<char> = ground.chars().collect();
    let length = bad.chars().count();
    let mut values = Vec::new();
    for at in [0, characters.len() / 2, characters.len()] {
        let (before, after) = characters.split_at(at);
        let join = |after: &[char]| {
            let parts: [String; 2] = [before.iter().collect(), after.iter().collect()];
            parts.join(bad)
        };
        values.push(join(after));
        values.push(join(after.get(length..).unwrap_or_default()));
    }
    // A pattern may fix the length, and what its parts are.
    if characters.len() <= 64 {
        for at in 0..characters.len() {
            let (before, after) = characters.split_at(at);
            let before: String = before.iter().collect();
            let after: String = after.iter().skip(1).collect();
            values.push([before.as_str(), bad, after.as_str()].concat());
        }
    }
    values
}

fn listed(values: &[String]) -> String {
    let words: Vec<String> = values.iter().map(|value| in_words(value)).collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

fn in_words(value: &str) -> String {
    if value.is_empty() {
        return "an empty value".to_owned();
    }
    let shown: String = value.chars().take(40).collect();
    // As Rust writes it, but a backslash of the value's own stands for itself.
    let escaped: String = shown
        .chars()
        .map(|c| {
            if c.is_control() {
                c.escape_default().to_string()
            } else {
                c.to_string()
            }
        })
        .collect();
    format!("\"{escaped}\"")
}

/// What the generated type of a schema takes.
enum Accepts<'a> {
    /// Numbers, booleans and types of their own, none of which can be written with a separator.
    Safe,
    Text {
        values: Option<Vec<&'a str>>,
        pattern: Option<Regex>,
        min: usize,
        max: usize,
    },
    All(Vec<Accepts<'a>>),
    Any(Vec<Accepts<'a>>),
}

impl<'a> Accepts<'a> {
    /// None where a reference leads nowhere, or a pattern cannot be compiled.
    fn new(source: &'a Source, schema: &'a Node, depth: usize) -> Option<Self> {
        let schema = source.resolve(schema)?;
        if depth > 16 {
            return None;
        }
        let word = |key| schema.get(key).and_then(Node::as_str).unwrap_or_default();
        if matches!(
            word("type"),
            "integer" | "number" | "boolean" | "array" | "object"
        ) || NATIVE.contains(&word("format"))
        {
            return Some(Self::Safe);
        }
        let inner = |key| -> Option<Option<Vec<Self>>> {
            let Some(parts) = schema.get(key) else {
                return Some(None);
            };
            let parts = parts.items().iter();
            parts
                .map(|part| Self::new(source, part, depth + 1))
                .collect::<Option<Vec<_>>>()
                .map(Some)
        };
        let text = Self::text(schema)?;
        let mut all = vec![text];
        all.extend(inner("allOf")?.map(Self::All));
        all.extend(inner("oneOf")?.map(Self::Any));
        all.extend(inner("anyOf")?.map(Self::Any));
        Some(Self::All(all))
    }

    fn text(schema: &'a Node) -> Option<Self> {
        let number = |key| match &schema.get(key)?.content {
            Content::Scalar(value) => usize::try_from(value.as_u64()?).ok(),
            _ => None,
        };
        let pattern = match schema.get("pattern").and_then(Node::as_str) {
            Some(pattern) => Some(Regex::new(pattern).ok()?),
            None => None,
        };
        Some(Self::Text {
            values: schema
                .get("enum")
                .map(|list| list.items().iter().filter_map(Node::as_str).collect()),
            pattern,
            min: number("minLength").unwrap_or(0),
            max: number("maxLength").unwrap_or(usize::MAX),
        })
    }

    fn takes(&self, value: &str) -> bool {
        match self {
            Self::Safe => false,
            Self::Text {
                values,
                pattern,
                min,
                max,
            } => {
                let length = value.chars().count();
                values.as_ref().is_none_or(|values| values.contains(&value))
                    && (*min..=*max).contains(&length)
                    && pattern
                        .as_ref()
                        .is_none_or(|pattern| pattern.find(value).is_some())
            }
            Self::All(parts) => parts.iter().all(|part| part.takes(value)),
            Self::Any(parts) => parts.iter().any(|part| part.takes(value)),
        }
    }

    /// Whether there is nothing to try: no text is taken, or a closed list of it alone.
    fn is_safe_by_type(&self) -> bool {
        match self {
            Self::Safe => true,
            Self::Text { values, .. } => values.is_some(),
            Self::All(parts) => parts.iter().any(Self::is_safe_by_type),
            Self::Any(parts) => parts.iter().all(Self::is_safe_by_type),
        }
    }
}
