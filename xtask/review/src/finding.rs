//! What was found in two specs, and what it means for the wire and for security.

use std::collections::BTreeSet;

use crate::words::Words;

/// Which way a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// In a request.
    Sent,
    /// In an answer.
    Read,
}

/// Whether the same call still sends the same, and whether its answers are still understood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wire {
    /// Requests are other ones, or some can no longer be sent.
    pub requests: bool,
    /// Some answers that were understood no longer are.
    pub answers: bool,
}

impl Wire {
    pub(crate) const SAME: Self = Self {
        requests: false,
        answers: false,
    };
    pub(crate) const REQUESTS: Self = Self {
        requests: true,
        answers: false,
    };
    pub(crate) const ANSWERS: Self = Self {
        requests: false,
        answers: true,
    };

    pub(crate) fn of(direction: Direction) -> Self {
        match direction {
            Direction::Sent => Self::REQUESTS,
            Direction::Read => Self::ANSWERS,
        }
    }

    /// That of the direction where something breaks, or none.
    pub(crate) fn breaks_if(breaks: bool, direction: Direction) -> Self {
        if breaks {
            Self::of(direction)
        } else {
            Self::SAME
        }
    }

    /// Whether either of them breaks.
    pub fn breaks(self) -> bool {
        self.requests || self.answers
    }

    fn or(self, other: Self) -> Self {
        Self {
            requests: self.requests || other.requests,
            answers: self.answers || other.answers,
        }
    }
}

/// What a change is about; a change of a shared component is one of each operation that it reaches.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Site {
    /// The document as a whole: its servers, its credentials, what it says of itself.
    Document,
    /// The operation of this number.
    Operation(usize),
    /// A component, by its kind and name.
    Component(&'static str, String),
}

/// One change, and what it means.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub site: Site,
    /// Where at the site; may be empty.
    pub place: Words,
    pub says: Words,
    pub wire: Wire,
    pub security: bool,
    /// Whether nobody but a reader of the documents sees it.
    pub is_documentation: bool,
    /// The operations that it reaches, and which way.
    pub reach: BTreeSet<(usize, Direction)>,
}

impl Finding {
    pub fn new(site: Site, place: Words, says: Words) -> Self {
        Self {
            site,
            place,
            says,
            wire: Wire::SAME,
            security: false,
            is_documentation: false,
            reach: BTreeSet::new(),
        }
    }

    pub fn wire(mut self, wire: Wire) -> Self {
        self.wire = wire;
        self
    }

    pub fn security(mut self) -> Self {
        self.security = true;
        self
    }

    pub fn documentation(mut self) -> Self {
        self.is_documentation = true;
        self
    }

    /// Takes in the same finding that was made from another operation.
    fn join(&mut self, other: Self) {
        self.wire = self.wire.or(other.wire);
        self.security |= other.security;
        self.is_documentation &= other.is_documentation;
        self.reach.extend(other.reach);
    }
}

/// The findings so far. The same one that is made from several operations is one.
#[derive(Debug, Default)]
pub(crate) struct Findings(pub Vec<Finding>);

impl Findings {
    pub fn add(&mut self, finding: Finding) {
        let is_same = |known: &&mut Finding| {
            known.site == finding.site && known.place == finding.place && known.says == finding.says
        };
        match self.0.iter_mut().find(is_same) {
            Some(known) => known.join(finding),
            None => self.0.push(finding),
        }
    }
}
