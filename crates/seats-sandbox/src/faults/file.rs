//! Reads a list of faults from YAML.

use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use serde_saphyr::Spanned;

use super::calls::CallList;
use super::check::check;
use super::fault::{Fault, Kind};
use super::list::Faults;
use crate::input::error::InputError;
use crate::input::excerpt;
use crate::input::file::File;
use crate::input::number::{LONGEST, Number};
use crate::vendor::services::Services;

impl Faults {
    /// Reads a list of faults.
    ///
    /// # Errors
    /// Returns an error with line, column and field if the text is no list of faults.
    ///
    /// # Examples
    /// ```
    /// use seats_sandbox::Faults;
    ///
    /// let text = "faults: [{on: get_seats, calls: 1, fault: losst}]";
    /// let error = Faults::from_yaml(text).unwrap_err().to_string();
    /// assert!(error.starts_with("faults:1:43: faults[0].fault: unknown variant `losst`"));
    /// ```
    pub fn from_yaml(text: &str) -> Result<Self, InputError> {
        parse(&File::named("faults"), text)
    }

    /// Reads a list of faults from a file of at most 16 MiB.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, or if it is no list of faults.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> Result<(), seats_sandbox::InputError> {
    /// # let faults_yaml = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/faults.yaml");
    /// let faults = seats_sandbox::Faults::from_file(faults_yaml)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, InputError> {
        let (file, text) = File::open(path.as_ref())?;
        parse(&file, &text)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    faults: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    on: Spanned<String>,
    calls: Spanned<CallList>,
    fault: Spanned<Name>,
    executed: Option<Spanned<bool>>,
    delay: Option<Spanned<String>>,
    retry_after: Option<Spanned<Number>>,
    bytes: Option<Spanned<Number>>,
    body_bytes: Option<Spanned<Number>>,
    content_type: Option<Spanned<String>>,
    location: Option<Spanned<String>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Name {
    Delay,
    TooManyRequests,
    ServerError,
    BadGateway,
    Unavailable,
    Cut,
    Lost,
    Closed,
    ContentType,
    Redirect,
}

fn parse(file: &File, text: &str) -> Result<Faults, InputError> {
    let document: Document = file.parse(text, "faults")?;
    let services = Services::embedded().map_err(|error| file.whole("", error.to_string()))?;
    let operations = services.operation_ids();
    let mut faults = Faults::default();
    for (index, entry) in document.faults.iter().enumerate() {
        let reader = Reader {
            file,
            path: format!("faults[{index}]"),
            entry,
        };
        let fault = reader.fault()?;
        check(&fault, &operations)
            .map_err(|invalid| reader.error(invalid.field, invalid.problem))?;
        faults.push(fault);
    }
    Ok(faults)
}

struct Reader<'f> {
    file: &'f File,
    path: String,
    entry: &'f Spanned<Entry>,
}

impl Reader<'_> {
    fn fault(&self) -> Result<Fault, InputError> {
        let entry = &self.entry.value;
        let mut fault = Fault::new(self.kind()?).on(entry.on.value.clone());
        fault.calls.clone_from(&entry.calls.value.0);
        fault.executed = entry.executed.as_ref().map(|executed| executed.value);
        if let Some(seconds) = &entry.retry_after {
            fault.retry_after = Some(self.number("retry_after", seconds, LONGEST)?);
        }
        if let Some(delay) = &entry.delay {
            let time: Duration = humantime::parse_duration(&delay.value).map_err(|_| {
                let value = excerpt::value(&delay.value);
                self.error(
                    "delay",
                    format!("\"{value}\" must be a time such as 200ms or 2s"),
                )
            })?;
            fault = fault.after(time);
        } else if fault.kind == Kind::Delay {
            return Err(self.error("fault", "needs a delay, such as 200ms"));
        }
        Ok(fault)
    }

    /// Returns the kind of the fault. A field that belongs to another kind is an error, because it
    /// would have no effect.
    fn kind(&self) -> Result<Kind, InputError> {
        let entry = &self.entry.value;
        let name = entry.fault.value;
        self.check_fields_of(name)?;
        Ok(match name {
            Name::Delay => Kind::Delay,
            Name::TooManyRequests => Kind::TooManyRequests,
            Name::ServerError => Kind::ServerError,
            Name::BadGateway => Kind::BadGateway,
            Name::Unavailable => Kind::Unavailable,
            Name::Lost => Kind::Lost,
            Name::Closed => Kind::Closed,
            Name::Cut => match (&entry.bytes, &entry.body_bytes) {
                (Some(bytes), None) => Kind::Cut {
                    bytes: self.bytes("bytes", bytes)?,
                    of_body: false,
                },
                (None, Some(bytes)) => Kind::Cut {
                    bytes: self.bytes("body_bytes", bytes)?,
                    of_body: true,
                },
                _ => return Err(self.error("fault", "needs either bytes or body_bytes")),
            },
            Name::ContentType => match &entry.content_type {
                Some(label) => Kind::ContentType(label.value.clone()),
                None => return Err(self.error("fault", "needs a content_type, such as text/html")),
            },
            Name::Redirect => match &entry.location {
                Some(location) => Kind::Redirect(location.value.clone()),
                None => return Err(self.error("fault", "needs a location")),
            },
        })
    }

    /// Checks that each field that belongs to one kind stands with that kind.
    fn check_fields_of(&self, name: Name) -> Result<(), InputError> {
        let entry = &self.entry.value;
        for (field, is_there, owner, kind) in [
            ("bytes", entry.bytes.is_some(), Name::Cut, "cut"),
            ("body_bytes", entry.body_bytes.is_some(), Name::Cut, "cut"),
            (
                "content_type",
                entry.content_type.is_some(),
                Name::ContentType,
                "content_type",
            ),
            (
                "location",
                entry.location.is_some(),
                Name::Redirect,
                "redirect",
            ),
        ] {
            if is_there && name != owner {
                return Err(self.error(field, format!("is for {kind} alone")));
            }
        }
        Ok(())
    }

    fn number(&self, field: &str, number: &Spanned<Number>, most: u64) -> Result<u64, InputError> {
        let within = number.value.within(0..=most);
        within.map_err(|problem| self.error(field, problem))
    }

    fn bytes(&self, field: &str, bytes: &Spanned<Number>) -> Result<usize, InputError> {
        let bytes = self.number(field, bytes, u64::from(u32::MAX))?;
        Ok(usize::try_from(bytes).unwrap_or(usize::MAX))
    }

    fn error(&self, field: &str, problem: impl AsRef<str>) -> InputError {
        let path = format!("{}.{field}", self.path);
        self.file.error(self.location_of(field), &path, problem)
    }

    fn location_of(&self, field: &str) -> serde_saphyr::Location {
        let entry = &self.entry.value;
        let location = match field {
            "on" => Some(entry.on.referenced),
            "calls" => Some(entry.calls.referenced),
            "fault" => Some(entry.fault.referenced),
            "executed" => entry.executed.as_ref().map(|it| it.referenced),
            "delay" => entry.delay.as_ref().map(|it| it.referenced),
            "retry_after" => entry.retry_after.as_ref().map(|it| it.referenced),
            "bytes" => entry.bytes.as_ref().map(|it| it.referenced),
            "body_bytes" => entry.body_bytes.as_ref().map(|it| it.referenced),
            "content_type" => entry.content_type.as_ref().map(|it| it.referenced),
            "location" => entry.location.as_ref().map(|it| it.referenced),
            _ => None,
        };
        location.unwrap_or(self.entry.referenced)
    }
}
