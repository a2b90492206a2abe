//! Reads a list of people: CSV with a header, or a person a line.

use std::collections::HashMap;
use std::io::{self, Read};

use csv::{ByteRecord, ReaderBuilder, Trim};

use super::cell::{filled, shortened};
use super::columns::{self, ColumnError, Columns};
use super::decode::decode;
use super::{Identity, IdentityKey, People, Person, UnusableLine, UnusableReason};

/// The most bytes that a line of the list may have.
const LONGEST_LINE: usize = 64 << 10;

/// How to read a list.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The columns with identities; if there are none, those with usual names.
    pub columns: Vec<String>,
}

/// Error from reading a list of people.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PeopleError {
    /// The list cannot be read.
    #[error("cannot read the list: {0}")]
    Read(#[source] io::Error),
    /// The list has too many bytes.
    #[error("the list is larger than {most} bytes")]
    TooLarge {
        /// How many it may have.
        most: u64,
    },
    /// The list is not text.
    #[error("the list is not text: it has zero bytes; save it as \"CSV UTF-8\"")]
    NotText,
    /// A quote is opened and not closed, so that the rest of the list is one cell.
    #[error(
        "line {line}: a quote is opened and never closed, so the lines after it cannot be told apart"
    )]
    OpenQuote {
        /// The line on which the record begins.
        line: u64,
    },
    /// The columns cannot be found.
    #[error(transparent)]
    Columns(#[from] ColumnError),
}

impl People {
    /// Reads a list: CSV with a header line, separated by commas, semicolons or tabs, or a person a line.
    ///
    /// Blank lines are skipped, and in a list without a header also lines that begin with `#`. What cannot
    /// be used is in [`unusable`](Self::unusable), with its line and the reason.
    ///
    /// # Errors
    /// The list cannot be read or is too large, or no column identifies a person.
    ///
    /// ```
    /// use seats_offboard::{People, ReadOptions};
    ///
    /// let list = "\u{feff}Name;E-Mail\r\nAda Lovelace;ada@contoso.example \r\nBob;\r\n";
    /// let people = People::read(list.as_bytes(), &ReadOptions::default())?;
    /// assert_eq!(people.people[0].label(), "ada@contoso.example");
    /// assert_eq!(people.unusable[0].line, 3);
    /// # Ok::<(), seats_offboard::PeopleError>(())
    /// ```
    pub fn read(list: impl Read, options: &ReadOptions) -> Result<Self, PeopleError> {
        let bytes = decode(list)?;
        let (text, separator, first_line) = separator(&bytes);
        let header = first_record(text, separator)?;
        let known = header.iter().any(|cell| columns::kind(cell).is_some());
        let has_header = known || !options.columns.is_empty() || header.len() > 1;
        let mut reading = Reading::default();
        if has_header {
            let columns = Columns::find(&header, &options.columns)?;
            reading.table(text, separator, first_line, &columns)?;
        } else {
            reading.lines(text);
        }
        Ok(reading.finish())
    }
}

/// Finds the separator by the first line. Excel writes it out, as in `sep=;`; otherwise it is the one that
/// occurs most often. Returns the text after such a line, the separator, and how many lines are before it.
fn separator(bytes: &[u8]) -> (&[u8], u8, u64) {
    let end = bytes
        .iter()
        .position(|byte| *byte == b'\n')
        .unwrap_or(bytes.len());
    let line = &bytes[..end];
    if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator, ..] = line {
        return (bytes.get(end + 1..).unwrap_or_default(), *separator, 1);
    }
    let first = bytes
        .split(|byte| *byte == b'\n')
        .find(|line| !line.trim_ascii().is_empty());
    let count = |separator: &u8| {
        first
            .unwrap_or_default()
            .iter()
            .filter(|byte| *byte == separator)
            .count()
    };
    let separators = [b'\t', b';', b','];
    let most = separators.into_iter().max_by_key(count).unwrap_or(b',');
    (bytes, most, 0)
}

/// The cells of the first line that is not blank.
fn first_record(text: &[u8], separator: u8) -> Result<Vec<String>, PeopleError> {
    let mut reader = reader(text, separator);
    let mut record = ByteRecord::new();
    reader.read_byte_record(&mut record).map_err(of_csv)?;
    let cell = |cell: &[u8]| {
        let text = String::from_utf8_lossy(cell);
        text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
            .to_owned()
    };
    Ok(record.iter().map(cell).collect())
}

fn reader(text: &[u8], separator: u8) -> csv::Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .trim(Trim::None)
        .from_reader(text)
}

fn of_csv(error: csv::Error) -> PeopleError {
    PeopleError::Read(io::Error::other(error))
}

/// Counts the lines of a table. The parser's own count is behind by one after a line that ends in CRLF.
struct Lines<'a> {
    text: &'a [u8],
    place: usize,
    line: u64,
}

impl Lines<'_> {
    /// Returns the line on which a record begins; records come in their order.
    fn of(&mut self, record: &ByteRecord) -> u64 {
        let start = record.position().map_or(0, csv::Position::byte);
        let start = usize::try_from(start)
            .unwrap_or(usize::MAX)
            .min(self.text.len());
        let is_break = |byte: &&u8| matches!(**byte, b'\r' | b'\n');
        let blank = self.text[start..].iter().take_while(is_break).count();
        let end = (start + blank).max(self.place);
        let breaks = self.text[self.place..end]
            .iter()
            .filter(|byte| **byte == b'\n');
        self.line += breaks.count() as u64;
        self.place = end;
        self.line
    }
}

#[derive(Default)]
struct Reading {
    people: People,
    /// Who has an identity: the place in `people`.
    known: HashMap<IdentityKey, usize>,
    /// People whose identity appears again on a later line: the index in `people`, the identity and that line.
    conflicts: Vec<(usize, String, u64)>,
}

impl Reading {
    /// Reads the records of a table after its header.
    fn table(
        &mut self,
        text: &[u8],
        separator: u8,
        lines_before: u64,
        columns: &Columns,
    ) -> Result<(), PeopleError> {
        let mut reader = reader(text, separator);
        let mut record = ByteRecord::new();
        let mut lines = Lines {
            text,
            place: 0,
            line: 1,
        };
        let mut is_header = true;
        while reader.read_byte_record(&mut record).map_err(of_csv)? {
            let line = lines.of(&record) + lines_before;
            if std::mem::take(&mut is_header) {
                continue;
            }
            if record.as_slice().contains(&b'\n') && has_open_quote(text) {
                return Err(PeopleError::OpenQuote { line });
            }
            self.record(line, &record, columns);
        }
        Ok(())
    }

    /// Reads a person a line.
    fn lines(&mut self, text: &[u8]) {
        let columns = Columns::plain();
        for (line, number) in text.split(|byte| *byte == b'\n').zip(1..) {
            if !line.trim_ascii_start().starts_with(b"#") {
                self.record(number, &ByteRecord::from(vec![line]), &columns);
            }
        }
    }

    fn record(&mut self, line: u64, record: &ByteRecord, columns: &Columns) {
        if record.as_slice().len() > LONGEST_LINE {
            let text = String::from_utf8_lossy(&record.as_slice()[..LONGEST_LINE]).into_owned();
            return self.unusable(line, &text, UnusableReason::TooLong);
        }
        let Ok(text) = std::str::from_utf8(record.as_slice()) else {
            let text = String::from_utf8_lossy(record.as_slice()).into_owned();
            return self.unusable(line, &text, UnusableReason::NotText);
        };
        if text.trim().is_empty() {
            return;
        }
        let cell = |n: usize| {
            let cell = record
                .get(n)
                .and_then(|cell| std::str::from_utf8(cell).ok());
            cell.and_then(filled)
        };
        let mut identities: Vec<Identity> = Vec::new();
        for (column, kind) in &columns.identities {
            let Some(text) = cell(*column) else { continue };
            match Identity::parse(*kind, text) {
                Some(identity) if identities.contains(&identity) => {}
                Some(identity) => identities.push(identity),
                None => self.unusable(line, text, UnusableReason::NotAnIdentity),
            }
        }
        let was_unusable = self
            .people
            .unusable
            .last()
            .is_some_and(|it| it.line == line);
        if !identities.is_empty() {
            let name = columns.name.and_then(cell).map(shortened);
            self.person(Person {
                line: Some(line),
                name,
                identities,
            });
        } else if !was_unusable {
            let cells: Vec<_> = record.iter().map(String::from_utf8_lossy).collect();
            self.unusable(line, &cells.join(" "), UnusableReason::NoIdentity);
        }
    }

    /// Adds a person, unless an identity already belongs to another one.
    fn person(&mut self, person: Person) {
        let keys: Vec<IdentityKey> = person.identities.iter().flat_map(Identity::keys).collect();
        let known = |key: &IdentityKey| self.known.get(key).copied();
        let earlier = keys.iter().find_map(known);
        let Some(earlier) = earlier else {
            for key in keys {
                self.known.insert(key, self.people.people.len());
            }
            return self.people.people.push(person);
        };
        let before = &mut self.people.people[earlier];
        let line_before = before.line.unwrap_or(0);
        let line = person.line.unwrap_or(0);
        let keys_before: Vec<IdentityKey> =
            before.identities.iter().flat_map(Identity::keys).collect();
        let is_of_earlier = |key: &IdentityKey| self.known.get(key) == Some(&earlier);
        let says_less = keys.iter().all(is_of_earlier);
        let says_more = keys_before.iter().all(|key| keys.contains(key))
            && keys
                .iter()
                .all(|key| is_of_earlier(key) || !self.known.contains_key(key));
        let label = person.label().to_owned();
        if !says_less && !says_more {
            let is_shared = |identity: &&Identity| identity.keys().iter().any(is_of_earlier);
            let shared = person
                .identities
                .iter()
                .find(is_shared)
                .map(|it| it.value.clone());
            let identity = shared.unwrap_or(label.clone());
            self.conflicts.push((earlier, identity.clone(), line));
            let reason = UnusableReason::SharedIdentity {
                identity,
                line: line_before,
            };
            return self.unusable(line, &label, reason);
        }
        if says_more && !says_less {
            before.identities = person.identities;
            for key in keys {
                self.known.insert(key, earlier);
            }
        }
        self.unusable(line, &label, UnusableReason::Twice { line: line_before });
    }

    /// Removes the people whose identity appears again on a later line.
    fn finish(mut self) -> People {
        for (place, identity, line) in std::mem::take(&mut self.conflicts) {
            let person = &mut self.people.people[place];
            if !person.identities.is_empty() {
                let label = person.label().to_owned();
                person.identities.clear();
                let of_person = person.line.unwrap_or(0);
                self.unusable(
                    of_person,
                    &label,
                    UnusableReason::SharedIdentity { identity, line },
                );
            }
        }
        self.people
            .people
            .retain(|person| !person.identities.is_empty());
        self.people.unusable.sort_by_key(|unusable| unusable.line);
        self.people
    }

    fn unusable(&mut self, line: u64, text: &str, reason: UnusableReason) {
        self.people.unusable.push(UnusableLine {
            line,
            text: shortened(text),
            reason,
        });
    }
}

/// Whether the text has an odd number of quotes. Each cell in quotes has two, and a quote in it is doubled.
fn has_open_quote(text: &[u8]) -> bool {
    text.iter().filter(|byte| **byte == b'"').count() % 2 == 1
}
