//! Reads a plan row by row.

use std::fmt;
use std::io::{BufReader, Read};

use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserializer, de};

use super::hash::Hasher;
use super::{Counter, FORMAT, PlanHead, Row, Totals};
use crate::ledger::LedgerError;

/// Head, totals and hash of a plan that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanEnd {
    /// What the plan says about itself.
    pub head: PlanHead,
    /// How many rows it has of each kind.
    pub totals: Totals,
    /// Its hash, which fits its content.
    pub hash: String,
}

/// Error from reading a plan.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanReadError {
    /// The document is not a plan, or not JSON.
    #[error("not a plan: {0}")]
    NotAPlan(#[source] serde_json::Error),
    /// The plan has a format of another version.
    #[error(
        "the plan has format {found}, and this version of seats reads format {FORMAT}; make a new plan"
    )]
    Format {
        /// The plan's format.
        found: u64,
    },
    /// The plan was changed after it was made.
    #[error(
        "the plan was changed after it was made: it says {stated}, and its content has {computed}; make a new plan"
    )]
    Changed {
        /// The hash in the document.
        stated: String,
        /// The hash of the content.
        computed: String,
    },
    /// A row cannot be kept.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// Reads a plan, hands out each row, and verifies the hash at the end. A caller must not act on a row before
/// this returns, since the plan may turn out to be changed.
///
/// # Errors
/// The document cannot be read, is no plan, or was changed; or `each` failed.
pub fn read_plan(
    document: impl Read,
    each: &mut dyn FnMut(Row) -> Result<(), LedgerError>,
) -> Result<PlanEnd, PlanReadError> {
    let mut reading = Reading {
        each,
        hasher: Hasher::default(),
        counter: Counter::default(),
        failure: None,
    };
    let mut json = serde_json::Deserializer::from_reader(BufReader::new(document));
    let read = json
        .deserialize_map(Document(&mut reading))
        .and_then(|parts| json.end().map(|()| parts));
    let (head, totals, stated) = match (read, reading.failure.take()) {
        (_, Some(failure)) => return Err(failure),
        (Err(error), None) => return Err(PlanReadError::NotAPlan(error)),
        (Ok(parts), None) => parts,
    };
    let computed = reading
        .hasher
        .finish(&head, &totals)
        .map_err(PlanReadError::NotAPlan)?;
    if computed != stated || reading.counter.totals() != totals {
        return Err(PlanReadError::Changed { stated, computed });
    }
    Ok(PlanEnd {
        head,
        totals,
        hash: stated,
    })
}

struct Reading<'a> {
    each: &'a mut dyn FnMut(Row) -> Result<(), LedgerError>,
    hasher: Hasher,
    counter: Counter,
    /// Why reading ended, if it is not the document's fault.
    failure: Option<PlanReadError>,
}

/// Visits the members of the document, in any order.
struct Document<'r, 'a>(&'r mut Reading<'a>);

impl<'de> Visitor<'de> for Document<'_, '_> {
    type Value = (PlanHead, Totals, String);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the document of a plan")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut head = serde_json::Map::new();
        let (mut totals, mut hash, mut has_rows) = (None, None, false);
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "rows" if !has_rows => {
                    has_rows = true;
                    map.next_value_seed(Rows(&mut *self.0))?;
                }
                "totals" if totals.is_none() => totals = Some(map.next_value::<Totals>()?),
                "hash" if hash.is_none() => hash = Some(map.next_value::<String>()?),
                "format" => {
                    let format: u64 = map.next_value()?;
                    if format != u64::from(FORMAT) {
                        self.0.failure = Some(PlanReadError::Format { found: format });
                        return Err(A::Error::custom("another format"));
                    }
                    insert(&mut head, name, format.into())?;
                }
                "action" | "basis" | "made" | "accounts" | "products" => {
                    let value: serde_json::Value = map.next_value()?;
                    insert(&mut head, name, value)?;
                }
                "rows" | "totals" | "hash" => {
                    return Err(A::Error::custom(format_args!("`{name}` is there twice")));
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    return Err(A::Error::custom(format_args!(
                        "it has an unknown member `{name}`"
                    )));
                }
            }
        }
        if !has_rows {
            return Err(A::Error::missing_field("rows"));
        }
        let head = serde_json::from_value(head.into()).map_err(A::Error::custom)?;
        let totals = totals.ok_or_else(|| A::Error::missing_field("totals"))?;
        let hash = hash.ok_or_else(|| A::Error::missing_field("hash"))?;
        Ok((head, totals, hash))
    }
}

fn insert<E: de::Error>(
    head: &mut serde_json::Map<String, serde_json::Value>,
    name: String,
    value: serde_json::Value,
) -> Result<(), E> {
    if head.contains_key(&name) {
        return Err(E::custom(format_args!("`{name}` is there twice")));
    }
    head.insert(name, value);
    Ok(())
}

/// Visits the rows one by one.
struct Rows<'r, 'a>(&'r mut Reading<'a>);

impl<'de> DeserializeSeed<'de> for Rows<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the rows of a plan")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        while let Some(row) = rows.next_element::<Row>()? {
            self.0.hasher.row(&row).map_err(A::Error::custom)?;
            self.0.counter.count(&row);
            if let Err(error) = (self.0.each)(row) {
                self.0.failure = Some(error.into());
                return Err(A::Error::custom("a row cannot be kept"));
            }
        }
        Ok(())
    }
}
