//! The list of people, as a personnel department sends it.

mod cell;
mod columns;
mod decode;
mod identity;
mod read;

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use columns::ColumnError;
pub use identity::{Identity, IdentityKey, IdentityKind};
pub use read::{PeopleError, ReadOptions};

/// A person of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The person's line in the list; none if the person comes from a vendor's list of holders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The person's name for people to read; none if the list has no such column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Each way in which vendors may know the person; there is at least one.
    pub identities: Vec<Identity>,
}

impl Person {
    /// Returns how to call the person: the first identity.
    pub fn label(&self) -> &str {
        let identity = self
            .identities
            .first()
            .map(|identity| identity.value.as_str());
        identity.or(self.name.as_deref()).unwrap_or("?")
    }
}

/// Why a line of the list, or a cell of it, cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "reason", deny_unknown_fields)]
pub enum UnusableReason {
    /// Each column that could identify the person is empty.
    NoIdentity,
    /// The text is neither an email address or user principal name, nor a UUID.
    NotAnIdentity,
    /// The same person is on an earlier line.
    Twice {
        /// The earlier line.
        line: u64,
    },
    /// An identity is also on another line, with other identities beside it.
    SharedIdentity {
        /// The identity.
        identity: String,
        /// The other line.
        line: u64,
    },
    /// The line is longer than a line of a list of people can be.
    TooLong,
    /// The line is not text in UTF-8.
    NotText,
}

impl fmt::Display for UnusableReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoIdentity => f.write_str("no email address, user name or id"),
            Self::NotAnIdentity => {
                f.write_str("not an email address, a user principal name or a UUID")
            }
            Self::Twice { line } => write!(f, "the same person is on line {line}"),
            Self::SharedIdentity { identity, line } => {
                write!(
                    f,
                    "\"{identity}\" is also on line {line}, for somebody else"
                )
            }
            Self::TooLong => f.write_str("the line is too long"),
            Self::NotText => f.write_str("not text in UTF-8; save the list as \"CSV UTF-8\""),
        }
    }
}

/// A line of the list that cannot be used, or a cell of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnusableLine {
    /// The line.
    pub line: u64,
    /// What stands there, shortened.
    pub text: String,
    /// Why it cannot be used.
    pub reason: UnusableReason,
}

/// The people of a list, and the lines that cannot be used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// The people, in the order of the list.
    pub people: Vec<Person>,
    /// The lines that cannot be used, in the order of the list.
    pub unusable: Vec<UnusableLine>,
}

impl People {
    /// Creates a list of one person, who has these identities.
    ///
    /// # Errors
    /// The first text that is not an identity.
    pub fn of_one(identities: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let parse = |text: String| Identity::parse(IdentityKind::Id, &text).ok_or(text);
        let identities = identities
            .into_iter()
            .map(parse)
            .collect::<Result<_, _>>()?;
        let person = Person {
            line: None,
            name: None,
            identities,
        };
        Ok(Self {
            people: vec![person],
            unusable: Vec::new(),
        })
    }
}
