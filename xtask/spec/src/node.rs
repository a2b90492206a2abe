//! A YAML document as a tree in which every key and value knows its place in the text.

use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};

/// Where something stands in a document: as bytes, and as a person counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The bytes of the text that are meant.
    pub bytes: Range<usize>,
    /// The line, from 1.
    pub line: u64,
    /// The column in characters, from 1.
    pub column: u64,
}

impl Place {
    /// The place of a line and column, where nothing is known of bytes.
    pub(crate) fn at(text: &str, line: u64, column: u64) -> Self {
        let (line, column) = (line.max(1), column.max(1));
        let before: usize = text
            .split_inclusive('\n')
            .zip(1..line)
            .map(|(text, _)| text.len())
            .sum();
        let rest = text.get(before..).unwrap_or_default();
        let within: usize = rest.chars().zip(1..column).map(|(c, _)| c.len_utf8()).sum();
        let start = before + within;
        let end = text.len().min(start + 1);
        Self {
            bytes: start..end.max(start),
            line,
            column,
        }
    }

    pub(crate) fn from_location(location: Location) -> Self {
        let span = location.span();
        let start = span
            .byte_offset()
            .and_then(|n| usize::try_from(n).ok())
            .unwrap_or(0);
        let len = span
            .byte_len()
            .and_then(|n| usize::try_from(n).ok())
            .unwrap_or(0);
        Self {
            bytes: start..start.saturating_add(len),
            line: location.line().max(1),
            column: location.column().max(1),
        }
    }
}

/// A value of the document and its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// What stands there.
    pub content: Content,
    /// Where it stands.
    pub place: Place,
}

/// What a [`Node`] holds.
#[derive(Clone, Debug)]
pub enum Content {
    /// A string, number, boolean or null.
    Scalar(serde_json::Value),
    /// A sequence.
    Sequence(Vec<Node>),
    /// A mapping, in the document's order.
    Mapping(Vec<(Key, Node)>),
}

/// A key of a mapping and its place.
#[derive(Clone, Debug)]
pub struct Key {
    /// The key as text, also where YAML reads a number (`204:`).
    pub name: String,
    /// Where the key stands.
    pub place: Place,
}

impl Node {
    /// A mapping without entries.
    pub fn empty() -> Self {
        Self {
            content: Content::Mapping(Vec::new()),
            place: Place::default(),
        }
    }

    /// The value under `name`, where this is a mapping that has it.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.entry(name).map(|(_, value)| value)
    }

    /// The key and the value under `name`, where this is a mapping that has it.
    pub fn entry(&self, name: &str) -> Option<(&Key, &Node)> {
        self.entries()
            .iter()
            .find(|(key, _)| key.name == name)
            .map(|(key, value)| (key, value))
    }

    /// The entries of a mapping; none of anything else.
    pub fn entries(&self) -> &[(Key, Node)] {
        match &self.content {
            Content::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a sequence; none of anything else.
    pub fn items(&self) -> &[Node] {
        match &self.content {
            Content::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar(scalar) => scalar.as_str(),
            _ => None,
        }
    }

    /// Whether this is the boolean `true`.
    pub fn is_true(&self) -> bool {
        self.is_bool(true)
    }

    /// Whether this is this boolean.
    pub fn is_bool(&self, value: bool) -> bool {
        matches!(&self.content, Content::Scalar(serde_json::Value::Bool(held)) if *held == value)
    }

    /// The byte after the last one that stands in it.
    pub fn end(&self) -> usize {
        let inner = match &self.content {
            Content::Scalar(_) => None,
            Content::Sequence(items) => items.iter().map(Node::end).max(),
            Content::Mapping(entries) => entries
                .iter()
                .map(|(key, value)| value.end().max(key.place.bytes.end))
                .max(),
        };
        inner.unwrap_or(0).max(self.place.bytes.end)
    }

    /// The node at the end of a path of keys and indexes.
    pub fn at<'a>(&self, path: impl IntoIterator<Item = &'a str>) -> Option<&Node> {
        path.into_iter()
            .try_fold(self, |node, step| match &node.content {
                Content::Sequence(items) => items.get(step.parse::<usize>().ok()?),
                _ => node.get(step),
            })
    }

    /// The parts of a schema: the items of its `allOf`, `oneOf` and `anyOf`.
    pub fn parts(&self) -> impl Iterator<Item = &Node> {
        let lists = ["allOf", "oneOf", "anyOf"].into_iter();
        lists.filter_map(|key| self.get(key)).flat_map(Node::items)
    }

    /// The same value without places.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.content {
            Content::Scalar(scalar) => scalar.clone(),
            Content::Sequence(items) => items.iter().map(Node::to_json).collect(),
            Content::Mapping(entries) => serde_json::Value::Object(
                entries
                    .iter()
                    .map(|(key, value)| (key.name.clone(), value.to_json()))
                    .collect(),
            ),
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Content>::deserialize(deserializer)?;
        Ok(Self {
            place: Place::from_location(spanned.referenced),
            content: spanned.value,
        })
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ContentVisitor)
    }
}

struct ContentVisitor;

impl<'de> Visitor<'de> for ContentVisitor {
    type Value = Content;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Content, E> {
        Ok(Content::Scalar(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Content, E> {
        Ok(Content::Scalar(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Content, E> {
        Ok(Content::Scalar(value.into()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Content, E> {
        // No number of OpenAPI's is that large; its text is all that is left to say of it.
        Ok(Content::Scalar(value.to_string().into()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Content, E> {
        Ok(Content::Scalar(value.to_string().into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Content, E> {
        Ok(Content::Scalar(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Content, E> {
        Ok(Content::Scalar(value.into()))
    }

    fn visit_unit<E>(self) -> Result<Content, E> {
        Ok(Content::Scalar(serde_json::Value::Null))
    }

    fn visit_none<E>(self) -> Result<Content, E> {
        Ok(Content::Scalar(serde_json::Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Content, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Content::Sequence(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Content, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, value)) = access.next_entry::<Spanned<String>, Node>()? {
            let place = Place::from_location(key.referenced);
            entries.push((
                Key {
                    name: key.value,
                    place,
                },
                value,
            ));
        }
        Ok(Content::Mapping(entries))
    }
}
