//! Words of ours with pieces of a spec between them, which each form of the review quotes its way.

/// What is said, in its parts.
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
pub(crate) const ABSENT: &str = "\0";

/// The template with each `{}` replaced by a quoted piece.
pub(crate) fn say(template: &str, pieces: &[&str]) -> Words {
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
    pub(crate) fn then(mut self, more: &Words) -> Self {
        self.0.extend(more.0.iter().cloned());
        self
    }

    /// As many pieces as a person reads: the first ones, quoted, with commas between them.
    pub(crate) fn list<T: AsRef<str>>(pieces: &[T]) -> Self {
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
