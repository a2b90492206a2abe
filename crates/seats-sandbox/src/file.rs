//! Seed and fault files: YAML whose errors name the file, the place and the field.

use std::fmt;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;
use serde_saphyr::{Location, Spanned};

/// What is wrong with a seed or with a script of faults.
///
/// As text it is one line: `seed.yaml:12:15: tenants[0].store.token: must not be empty`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}{}: {problem}", Place(*.line, *.column), Field(.field))]
#[non_exhaustive]
pub struct InputError {
    /// The file, as it was named; what stands in its place where there is none.
    pub file: String,
    /// The line, counted from 1; 0 where the whole file is meant.
    pub line: u64,
    /// The column, counted from 1; 0 where the whole file is meant.
    pub column: u64,
    /// The way to the field, such as `tenants[0].store.token`; may be empty.
    pub field: String,
    /// The rule that the value breaks.
    pub problem: String,
}

struct Place(u64, u64);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self(0, _) => Ok(()),
            Self(line, column) => write!(f, ":{line}:{column}"),
        }
    }
}

struct Field<'f>(&'f str);

impl fmt::Display for Field<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            Ok(())
        } else {
            write!(f, ": {}", self.0)
        }
    }
}

/// A file's name, for the errors about what stands in it.
#[derive(Clone, Debug)]
pub(crate) struct File(String);

impl File {
    pub(crate) fn named(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The text of a file.
    pub(crate) fn open(path: &Path) -> Result<(Self, String), InputError> {
        let file = Self::named(path.display().to_string());
        match std::fs::read_to_string(path) {
            Ok(text) => Ok((file, text)),
            Err(error) => {
                Err(file.problem(Location::UNKNOWN, "", format!("cannot be read: {error}")))
            }
        }
    }

    /// A document of this form, which begins with `first`.
    pub(crate) fn read<T: DeserializeOwned>(
        &self,
        text: &str,
        first: &str,
    ) -> Result<T, InputError> {
        let is_nothing = |line: &str| matches!(line.trim(), "" | "---") || line.starts_with('#');
        if text.lines().all(is_nothing) {
            return Err(self.problem(Location::UNKNOWN, first, "is missing; the file is empty"));
        }
        // A parser's own excerpt of the text would be a second message.
        let options = serde_saphyr::options! { with_snippet: false, strict_booleans: true };
        let mut field = String::new();
        serde_saphyr::with_deserializer_from_str_with_options(text, options, |document| {
            let mut track = serde_path_to_error::Track::new();
            let document = serde_path_to_error::Deserializer::new(document, &mut track);
            T::deserialize(document).inspect_err(|_| field = known(&track.path()))
        })
        .map_err(|error| {
            let message = error.render();
            let message = message.strip_prefix("error: ").unwrap_or(&message);
            let place = error.location().unwrap_or(Location::UNKNOWN);
            self.problem(place, &field, without_location(message))
        })
    }

    /// What is wrong with a value.
    pub(crate) fn fault<T>(
        &self,
        value: &Spanned<T>,
        field: &str,
        problem: impl Into<String>,
    ) -> InputError {
        self.problem(value.referenced, field, problem)
    }

    pub(crate) fn problem(
        &self,
        place: Location,
        field: &str,
        problem: impl Into<String>,
    ) -> InputError {
        InputError {
            file: self.0.clone(),
            line: place.line(),
            column: place.column(),
            field: field.to_owned(),
            problem: problem.into(),
        }
    }
}

/// The way to a field, as far as the document goes: [`Spanned`] is a step of its own, called `value`.
fn known(path: &serde_path_to_error::Path) -> String {
    let mut way = String::new();
    for step in path {
        match step {
            Segment::Seq { index } => way.push_str(&format!("[{index}]")),
            Segment::Map { key } if key == "value" => {}
            Segment::Map { key } if way.is_empty() => way.push_str(key),
            Segment::Map { key } => way.push_str(&format!(".{key}")),
            Segment::Enum { .. } | Segment::Unknown => break,
        }
    }
    way
}

/// The message without its own account of the place, on one line, and without advice to whoever
/// wrote the parser.
fn without_location(message: &str) -> String {
    let message = message.lines().next().unwrap_or_default();
    let message = message
        .split(", set DuplicateKeyPolicy")
        .next()
        .unwrap_or_default();
    match message.rfind(" at line ") {
        Some(end) => message[..end].to_owned(),
        None => message.to_owned(),
    }
}
