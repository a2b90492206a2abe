//! What was found, and what it means: for the wire, for Rust callers, for security.

use std::collections::BTreeSet;

/// Words of ours with pieces of a spec between them, which each form of the review quotes its way.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Words(pub Vec<Word>);

/// A part of [`Words`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    /// Our own words.
    Plain(String),
    /// Text of a spec, which may hold anything.
    Quoted(String),
}

/// A piece that is not there. No spec holds it: YAML has no such character.
pub(super) const ABSENT: &str = "\0";

/// The template with each `{}` replaced by a quoted piece.
pub(super) fn say(template: &str, pieces: &[&str]) -> Words {
    let mut pieces = pieces.iter().peekable();
    let mut words = Vec::new();
    for (n, part) in template.split("{}").enumerate() {
        match (n, pieces.next_if(|_| n > 0)) {
            (0, _) => {}
            (_, Some(&ABSENT) | None) => words.push(Word::Plain("nothing".to_owned())),
            (_, Some(piece)) => words.push(Word::Quoted((*piece).to_owned())),
        }
        if !part.is_empty() {
            words.push(Word::Plain(part.to_owned()));
        }
    }
    Words(words)
}

impl Words {
    pub(super) fn then(mut self, more: &Words) -> Self {
        self.0.extend(more.0.iter().cloned());
        self
    }

    /// As many pieces as a person reads: the first ones, quoted, with commas between them.
    pub(super) fn list<T: AsRef<str>>(pieces: &[T]) -> Self {
        const SHOWN: usize = 8;
        let template = vec!["{}"; pieces.len().min(SHOWN)].join(", ");
        let shown: Vec<&str> = pieces.iter().take(SHOWN).map(AsRef::as_ref).collect();
        let words = say(&template, &shown);
        match pieces.len().saturating_sub(SHOWN) {
            0 => words,
            more => words.then(&say(&format!(" and {more} more"), &[])),
        }
    }
}

/// Which way a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// In a request.
    Sent,
    /// In an answer.
    Read,
}

/// Whether the same call still sends the same, and whether its answers are still understood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wire {
    /// Requests are other ones, or some can no longer be sent.
    pub requests: bool,
    /// Some answers that were understood no longer are.
    pub answers: bool,
}

impl Wire {
    pub(super) const SAME: Self = Self {
        requests: false,
        answers: false,
    };
    pub(super) const REQUESTS: Self = Self {
        requests: true,
        answers: false,
    };
    pub(super) const ANSWERS: Self = Self {
        requests: false,
        answers: true,
    };

    pub(super) fn of(direction: Direction) -> Self {
        match direction {
            Direction::Sent => Self::REQUESTS,
            Direction::Read => Self::ANSWERS,
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

/// What a change means for code that calls the generated crate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rust {
    /// The public items are the same.
    #[default]
    Same,
    /// There is more than before.
    Adds,
    /// Code that compiled may compile no longer.
    Breaks,
}

/// What a change is about; a change of a shared component is one of each operation that it reaches.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Site {
    /// The document as a whole: its servers, its credentials, what it says of itself.
    Document,
    /// The operation of this number.
    Operation(usize),
    /// A component, by its kind and name.
    Component(&'static str, String),
}

/// A part of the generated crate that a change may show in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Touch {
    /// A method, by the number of its operation.
    Operation(usize),
    /// One argument of a method, or `returns`, or the types named after it.
    Part(usize, String),
    /// A type, by its schema's name.
    Schema(String),
    /// The name of a type alone, by its schema's name.
    Name(String),
    /// A field or a variant of a type, and the types named after them.
    Property(String, String),
    /// The constant of a security scheme.
    Scheme(String),
}

/// One change, and what it means.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    pub site: Site,
    /// Where at the site; may be empty.
    pub place: Words,
    pub says: Words,
    pub wire: Wire,
    pub rust: Rust,
    pub security: bool,
    /// Whether nobody but a reader of the documents sees it.
    pub is_documentation: bool,
    pub touches: Vec<Touch>,
    /// Whether it breaks the wire only where it changes what the generated method does.
    pub is_up_to_the_method: bool,
    /// What it does to the generated crate.
    pub in_rust: Vec<Words>,
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
            rust: Rust::Same,
            security: false,
            is_documentation: false,
            touches: Vec::new(),
            is_up_to_the_method: false,
            in_rust: Vec::new(),
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
}

/// The findings so far. The same one that is made from several operations is one.
#[derive(Debug, Default)]
pub(super) struct Findings(pub Vec<Finding>);

impl Findings {
    pub fn add(&mut self, finding: Finding) {
        let same = self.0.iter_mut().find(|known| {
            known.site == finding.site && known.place == finding.place && known.says == finding.says
        });
        let Some(known) = same else {
            self.0.push(finding);
            return;
        };
        known.wire = known.wire.or(finding.wire);
        known.security |= finding.security;
        known.is_documentation &= finding.is_documentation;
        known.reach.extend(finding.reach);
        for touch in finding.touches {
            if !known.touches.contains(&touch) {
                known.touches.push(touch);
            }
        }
    }
}
