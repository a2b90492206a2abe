//! Reads YAML files into typed documents.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;
use serde_saphyr::{Location, Spanned};

use super::error::InputError;
use super::excerpt;

/// The largest file that is read, in MiB.
const MOST_MIB: u64 = 16;

/// The name of a file, for the errors about its content.
#[derive(Clone, Debug)]
pub(crate) struct File(String);

impl File {
    pub(crate) fn named(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// Reads the text of a file. No more than [`MOST_MIB`] is read of a file without an end.
    pub(crate) fn open(path: &Path) -> Result<(Self, String), InputError> {
        let file = Self::named(path.display().to_string());
        let most = MOST_MIB * 1024 * 1024;
        let text = read_at_most(path, most + 1)
            .map_err(|error| file.whole("", format!("cannot be read: {error}")))?;
        if text.len() as u64 > most {
            let problem = format!("must not be larger than {MOST_MIB} MiB");
            return Err(file.whole("", problem));
        }
        let text = String::from_utf8(text).map_err(|_| file.whole("", "must be UTF-8"))?;
        Ok((file, text))
    }

    /// Parses a document of this form, whose first field is `first`.
    pub(crate) fn parse<T: DeserializeOwned>(
        &self,
        text: &str,
        first: &str,
    ) -> Result<T, InputError> {
        let is_nothing = |line: &str| matches!(line.trim(), "" | "---") || line.starts_with('#');
        if text.lines().all(is_nothing) {
            return Err(self.whole(first, "is missing; the file is empty"));
        }
        // A parser's own excerpt of the text would be a second message.
        let options = serde_saphyr::options! { with_snippet: false, strict_booleans: true };
        let mut field = String::new();
        serde_saphyr::with_deserializer_from_str_with_options(text, options, |document| {
            let mut track = serde_path_to_error::Track::new();
            let document = serde_path_to_error::Deserializer::new(document, &mut track);
            T::deserialize(document).inspect_err(|_| field = path(&track.path()))
        })
        .map_err(|error| {
            let message = error.render();
            let message = message.strip_prefix("error: ").unwrap_or(&message);
            let location = error.location().unwrap_or(Location::UNKNOWN);
            self.error(location, &field, without_location(message))
        })
    }

    /// Returns an error about the whole file, or about no line of it.
    pub(crate) fn whole(&self, field: &str, problem: impl AsRef<str>) -> InputError {
        self.error(Location::UNKNOWN, field, problem)
    }

    /// Returns an error about a value.
    pub(crate) fn error_at<T>(
        &self,
        value: &Spanned<T>,
        field: &str,
        problem: impl AsRef<str>,
    ) -> InputError {
        self.error(value.referenced, field, problem)
    }

    pub(crate) fn error(
        &self,
        location: Location,
        field: &str,
        problem: impl AsRef<str>,
    ) -> InputError {
        InputError {
            file: self.0.clone(),
            line: location.line(),
            column: location.column(),
            field: excerpt::message(field),
            problem: excerpt::message(problem.as_ref()),
        }
    }
}

fn read_at_most(path: &Path, bytes: u64) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    fs::File::open(path)?.take(bytes).read_to_end(&mut text)?;
    Ok(text)
}

/// The path of a field. [`Spanned`] is a step of its own, called `value`.
fn path(path: &serde_path_to_error::Path) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Segment::Seq { index } => text.push_str(&format!("[{index}]")),
            Segment::Map { key } if key == "value" => {}
            Segment::Map { key } if text.is_empty() => text.push_str(&excerpt::value(key)),
            Segment::Map { key } => text.push_str(&format!(".{}", excerpt::value(key))),
            Segment::Enum { .. } | Segment::Unknown => break,
        }
    }
    text
}

/// Returns the parser's message without its own position, on one line, and without its advice to
/// callers of the parser.
fn without_location(message: &str) -> &str {
    let message = message.lines().next().unwrap_or_default();
    let message = message
        .split(", set DuplicateKeyPolicy")
        .next()
        .unwrap_or_default();
    match message.rfind(" at line ") {
        Some(end) => &message[..end],
        None => message,
    }
}
