//! A script of faults as a file.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use serde::de::{self, Deserializer, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use super::{Calls, Fault, Faults, Kind};
use crate::file::{File, InputError};
use crate::number::{LONGEST, Number};
use crate::spec;

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
    acted: Option<Spanned<bool>>,
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

/// Reads a script; what is wrong has its place.
pub(super) fn read(file: &File, text: &str) -> Result<Faults, InputError> {
    let document: Document = file.read(text, "faults")?;
    let operations = spec::operation_ids()
        .map_err(|error| file.problem(serde_saphyr::Location::UNKNOWN, "", error.to_string()))?;
    let mut faults = Faults::default();
    for (index, entry) in document.faults.iter().enumerate() {
        let reader = Reader {
            file,
            path: format!("faults[{index}]"),
            entry,
        };
        let fault = reader.fault()?;
        fault.check(&operations).map_err(|flaw| {
            let path = format!("{}.{}", reader.path, flaw.field);
            file.problem(reader.place_of(flaw.field), &path, flaw.problem)
        })?;
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
        fault.acted = entry.acted.as_ref().map(|acted| acted.value);
        if let Some(seconds) = &entry.retry_after {
            fault.retry_after = Some(self.number("retry_after", seconds, LONGEST)?);
        }
        if let Some(delay) = &entry.delay {
            let time: Duration = humantime::parse_duration(&delay.value).map_err(|_| {
                let rule = format!("{:?} must be a time such as 200ms or 2s", delay.value);
                self.wrong("delay", rule)
            })?;
            fault = fault.after(time);
        } else if fault.kind == Kind::Delay {
            return Err(self.wrong("fault", "needs a delay, such as 200ms"));
        }
        Ok(fault)
    }

    /// What goes wrong. What belongs to another fault is refused: it would mean nothing.
    fn kind(&self) -> Result<Kind, InputError> {
        let entry = &self.entry.value;
        let name = entry.fault.value;
        for (field, is_there, owner) in [
            ("bytes", entry.bytes.is_some(), Name::Cut),
            ("body_bytes", entry.body_bytes.is_some(), Name::Cut),
            (
                "content_type",
                entry.content_type.is_some(),
                Name::ContentType,
            ),
            ("location", entry.location.is_some(), Name::Redirect),
        ] {
            if is_there && name != owner {
                let owner = if owner == Name::ContentType {
                    "content_type"
                } else if owner == Name::Cut {
                    "cut"
                } else {
                    "redirect"
                };
                return Err(self.wrong(field, format!("is for {owner} alone")));
            }
        }
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
                _ => return Err(self.wrong("fault", "needs either bytes or body_bytes")),
            },
            Name::ContentType => match &entry.content_type {
                Some(label) => Kind::ContentType(label.value.clone()),
                None => return Err(self.wrong("fault", "needs a content_type, such as text/html")),
            },
            Name::Redirect => match &entry.location {
                Some(location) => Kind::Redirect(location.value.clone()),
                None => return Err(self.wrong("fault", "needs a location")),
            },
        })
    }

    fn number(&self, field: &str, number: &Spanned<Number>, most: u64) -> Result<u64, InputError> {
        let within = number.value.within(0..=most);
        within.map_err(|problem| self.wrong(field, problem))
    }

    fn bytes(&self, field: &str, bytes: &Spanned<Number>) -> Result<usize, InputError> {
        let bytes = self.number(field, bytes, u64::from(u32::MAX))?;
        Ok(usize::try_from(bytes).unwrap_or(usize::MAX))
    }

    fn wrong(&self, field: &str, problem: impl Into<String>) -> InputError {
        let path = format!("{}.{field}", self.path);
        self.file.problem(self.place_of(field), &path, problem)
    }

    fn place_of(&self, field: &str) -> serde_saphyr::Location {
        let entry = &self.entry.value;
        let place = match field {
            "on" => Some(entry.on.referenced),
            "calls" => Some(entry.calls.referenced),
            "fault" => Some(entry.fault.referenced),
            "acted" => entry.acted.as_ref().map(|it| it.referenced),
            "delay" => entry.delay.as_ref().map(|it| it.referenced),
            "retry_after" => entry.retry_after.as_ref().map(|it| it.referenced),
            "bytes" => entry.bytes.as_ref().map(|it| it.referenced),
            "body_bytes" => entry.body_bytes.as_ref().map(|it| it.referenced),
            "content_type" => entry.content_type.as_ref().map(|it| it.referenced),
            "location" => entry.location.as_ref().map(|it| it.referenced),
            _ => None,
        };
        place.unwrap_or(self.entry.referenced)
    }
}

/// `1`, `2-4`, `9-`, `every`, or a list of these.
struct CallList(Vec<Calls>);

impl<'de> Deserialize<'de> for CallList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CallVisitor)
    }
}

struct CallVisitor;

impl<'de> Visitor<'de> for CallVisitor {
    type Value = CallList;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a call's number, a range such as 2-4, a list of both, or every")
    }

    fn visit_u64<E: de::Error>(self, call: u64) -> Result<CallList, E> {
        Ok(CallList(vec![Calls::one(call)]))
    }

    fn visit_i64<E: de::Error>(self, call: i64) -> Result<CallList, E> {
        match u64::try_from(call) {
            Ok(call) => self.visit_u64(call),
            Err(_) => Err(E::invalid_value(de::Unexpected::Signed(call), &self)),
        }
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<CallList, E> {
        let calls =
            calls(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))?;
        Ok(CallList(vec![calls]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<CallList, A::Error> {
        let mut calls = Vec::new();
        while let Some(CallList(more)) = list.next_element()? {
            calls.extend(more);
        }
        Ok(CallList(calls))
    }
}

fn calls(text: &str) -> Option<Calls> {
    if text == "every" {
        return Some(Calls::EVERY);
    }
    let Some((first, last)) = text.split_once('-') else {
        return text.parse().ok().map(Calls::one);
    };
    let first = first.trim().parse().ok()?;
    let last = match last.trim() {
        "" => None,
        last => Some(last.parse().ok()?),
    };
    Some(Calls { first, last })
}
