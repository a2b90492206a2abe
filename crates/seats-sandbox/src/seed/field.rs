//! Fields of a seed file: their values, and errors about them.

use std::ops::RangeInclusive;

use chrono::DateTime;
use serde_saphyr::Spanned;

use crate::input::error::InputError;
use crate::input::file::File;
use crate::input::number::{MOST, Number};

/// The largest number of users or seats that one entry makes.
const MOST_ENTRIES: u64 = 1_000_000;

/// What stands for the number of an entry.
const NUMBER: &str = "{n}";

/// A field of a seed file, for errors about it.
#[derive(Clone)]
pub(super) struct FieldPath<'f> {
    file: &'f File,
    path: String,
}

impl<'f> FieldPath<'f> {
    pub(super) fn new(file: &'f File, path: String) -> Self {
        Self { file, path }
    }

    pub(super) fn field(&self, name: &str) -> Self {
        let path = format!("{}.{name}", self.path);
        Self {
            path,
            ..self.clone()
        }
    }

    pub(super) fn entry(&self, name: &str, index: usize) -> Self {
        self.field(&format!("{name}[{index}]"))
    }

    pub(super) fn error<T>(
        &self,
        field: &str,
        value: &Spanned<T>,
        problem: impl AsRef<str>,
    ) -> InputError {
        let path = format!("{}.{field}", self.path);
        self.file.error_at(value, &path, problem)
    }

    /// Returns an error about the entry itself.
    pub(super) fn error_at<T>(&self, value: &Spanned<T>, problem: impl AsRef<str>) -> InputError {
        self.file.error_at(value, &self.path, problem)
    }

    /// Returns the number of users or seats that an entry makes. With a `count`, the template must
    /// contain `{n}`.
    pub(super) fn count(
        &self,
        count: Option<&Spanned<Number>>,
        field: &str,
        template: &Spanned<String>,
    ) -> Result<u64, InputError> {
        let Some(count) = count else {
            return Ok(1);
        };
        let count = self.number("count", count, 1..=MOST_ENTRIES)?;
        if !template.value.contains(NUMBER) {
            let problem = format!("must have {NUMBER} in it, because there is a count");
            return Err(self.error(field, template, problem));
        }
        Ok(count)
    }

    /// Checks that a date can be parsed.
    pub(super) fn date(&self, field: &str, date: &Spanned<String>) -> Result<(), InputError> {
        let problem = "must be a date in RFC 3339, such as 2025-03-03T08:00:00Z";
        DateTime::parse_from_rfc3339(&date.value)
            .map(|_| ())
            .map_err(|_| self.error(field, date, problem))
    }

    /// Returns a number within these bounds.
    pub(super) fn number(
        &self,
        field: &str,
        number: &Spanned<Number>,
        bounds: RangeInclusive<u64>,
    ) -> Result<u64, InputError> {
        let within = number.value.within(bounds);
        within.map_err(|problem| self.error(field, number, problem))
    }

    /// Returns the number of seats of a product.
    pub(super) fn capacity(&self, capacity: &Spanned<Number>) -> Result<u64, InputError> {
        self.number("capacity", capacity, 0..=MOST)
    }

    /// Checks that the seats fit into the capacity.
    pub(super) fn fits(
        &self,
        capacity: &Spanned<Number>,
        most: u64,
        seats: u64,
    ) -> Result<(), InputError> {
        if seats <= most {
            return Ok(());
        }
        let problem = format!("{most} is less than the {seats} seats that are assigned");
        Err(self.error("capacity", capacity, problem))
    }
}

/// Returns the text of one of several entries.
pub(super) fn numbered(template: &str, number: u64) -> String {
    template.replace(NUMBER, &number.to_string())
}

/// Returns the id of one of several users: the number is the last part of a UUID.
pub(super) fn numbered_id(template: &str, number: u64) -> String {
    template.replace(NUMBER, &format!("{number:012}"))
}
