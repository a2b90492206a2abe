//! The calls at which a fault occurs: a number, a range or a list, as a file writes them.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, SeqAccess, Visitor};

use crate::input::excerpt;

/// A range of calls, counted from 1; without a last one, all from the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Calls {
    pub(crate) first: u64,
    pub(crate) last: Option<u64>,
}

impl Calls {
    pub(crate) const EVERY: Self = Self {
        first: 1,
        last: None,
    };

    pub(crate) fn one(call: u64) -> Self {
        Self {
            first: call,
            last: Some(call),
        }
    }

    pub(crate) fn contains(self, call: u64) -> bool {
        self.first <= call && self.last.is_none_or(|last| call <= last)
    }

    /// Whether the range begins at 1 or later, and does not end before it begins.
    pub(crate) fn is_valid(self) -> bool {
        self.first > 0 && self.last.is_none_or(|last| self.first <= last)
    }

    /// Parses `1`, `2-4`, `9-` or `every`.
    fn parse(text: &str) -> Option<Self> {
        if text == "every" {
            return Some(Self::EVERY);
        }
        let Some((first, last)) = text.split_once('-') else {
            return text.parse().ok().map(Self::one);
        };
        let first = first.trim().parse().ok()?;
        let last = match last.trim() {
            "" => None,
            last => Some(last.parse().ok()?),
        };
        Some(Self { first, last })
    }
}

impl fmt::Display for Calls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.last {
            Some(last) if last == self.first => write!(f, "{last}"),
            Some(last) => write!(f, "{}-{last}", self.first),
            None => write!(f, "{}-", self.first),
        }
    }
}

/// Ranges of calls as a file writes them: a number, a range, `every`, or a list of these.
pub(super) struct CallList(pub(super) Vec<Calls>);

impl<'de> Deserialize<'de> for CallList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CallVisitor)
    }
}

struct CallVisitor;

impl<'de> Visitor<'de> for CallVisitor {
    type Value = CallList;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the number of a call, a range such as 2-4, a list of both, or every")
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
        let invalid = || E::invalid_value(de::Unexpected::Str(&excerpt::value(text)), &self);
        let calls = Calls::parse(text).ok_or_else(invalid)?;
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
