//! Which texts a schema takes, as the type that typify makes of it would.

use regress::Regex;

use crate::node::{Content, Node};
use crate::source::Source;

/// The formats of which the generator makes a type of its own; it looks at nothing else then.
pub const NATIVE: [&str; 6] = ["uuid", "date", "date-time", "ip", "ipv4", "ipv6"];

/// What the generated type of a schema takes.
pub enum Accepts {
    /// Numbers, booleans and types of their own, none of which can be written with a separator.
    Safe,
    /// Texts, as far as these rules let them.
    Text {
        /// The only ones, where there is a list.
        values: Option<Vec<String>>,
        /// The text, and what matches it.
        pattern: Option<(String, Regex)>,
        /// The least number of characters.
        min: usize,
        /// The greatest number of characters.
        max: usize,
    },
    /// What every part takes.
    All(Vec<Accepts>),
    /// What one part at least takes.
    Any(Vec<Accepts>),
}

impl Accepts {
    /// None where a reference leads nowhere, or a pattern cannot be compiled.
    pub fn new(source: &Source, schema: &Node, depth: usize) -> Option<Self> {
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

    fn text(schema: &Node) -> Option<Self> {
        let number = |key| match &schema.get(key)?.content {
            Content::Scalar(value) => usize::try_from(value.as_u64()?).ok(),
            _ => None,
        };
        let pattern = match schema.get("pattern").and_then(Node::as_str) {
            Some(text) => Some((text.to_owned(), Regex::new(text).ok()?)),
            None => None,
        };
        Some(Self::Text {
            values: schema.get("enum").map(|list| {
                let texts = list.items().iter().filter_map(Node::as_str);
                texts.map(str::to_owned).collect()
            }),
            pattern,
            min: number("minLength").unwrap_or(0),
            max: number("maxLength").unwrap_or(usize::MAX),
        })
    }

    /// Whether this text is taken.
    pub fn takes(&self, value: &str) -> bool {
        match self {
            Self::Safe => false,
            Self::Text {
                values,
                pattern,
                min,
                max,
            } => {
                let length = value.chars().count();
                values
                    .as_ref()
                    .is_none_or(|values| values.iter().any(|known| known == value))
                    && (*min..=*max).contains(&length)
                    && pattern
                        .as_ref()
                        .is_none_or(|(_, pattern)| pattern.find(value).is_some())
            }
            Self::All(parts) => parts.iter().all(|part| part.takes(value)),
            Self::Any(parts) => parts.iter().any(|part| part.takes(value)),
        }
    }

    /// Whether there is nothing to try: no text is taken, or a closed list of it alone.
    pub fn is_safe_by_type(&self) -> bool {
        match self {
            Self::Safe => true,
            Self::Text { values, .. } => values.is_some(),
            Self::All(parts) => parts.iter().any(Self::is_safe_by_type),
            Self::Any(parts) => parts.iter().all(Self::is_safe_by_type),
        }
    }

    /// The texts of the patterns, and the greatest of the least lengths.
    pub fn asks(&self) -> (Vec<&str>, usize) {
        match self {
            Self::Safe => (Vec::new(), 0),
            Self::Text { pattern, min, .. } => {
                let texts = pattern.iter().map(|(text, _)| text.as_str());
                (texts.collect(), *min)
            }
            Self::All(parts) | Self::Any(parts) => parts.iter().map(Self::asks).fold(
                (Vec::new(), 0),
                |(mut all, min), (texts, own)| {
                    all.extend(texts);
                    (all, min.max(own))
                },
            ),
        }
    }
}
