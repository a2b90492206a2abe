//! A row of a plan.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::people::{Person, UnusableReason};
use crate::vendor::Product;

/// A row of a plan: a seat to change, or why something is not changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "decision", deny_unknown_fields)]
pub enum Row {
    /// A seat to take back; in a plan that undoes a run, a seat to give.
    Change {
        /// Who holds it.
        person: Person,
        /// The seat.
        seat: HeldSeat,
    },
    /// A person who holds no seat of the products that were looked at.
    NothingHeld {
        /// The person.
        person: Person,
    },
    /// A person whom no vendor knows.
    NotFound {
        /// The person.
        person: Person,
    },
    /// A person, or a seat, that is left alone because it is not certain whose seat it is.
    NotDecided {
        /// The person, if there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<Person>,
        /// The seat, if it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seat: Option<HeldSeat>,
        /// Why.
        why: UndecidedReason,
    },
    /// A line of the list, or a cell of it, that cannot be used.
    Unusable {
        /// The line.
        line: u64,
        /// What stands there, shortened.
        text: String,
        /// Why.
        why: UnusableReason,
    },
}

/// A seat with a holder.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HeldSeat {
    /// The product.
    pub product: Product,
    /// The user, as the vendor takes it.
    pub user: String,
    /// When the seat was assigned, as the vendor wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_since: Option<String>,
}

/// Why a row was not decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "reason", deny_unknown_fields)]
pub enum UndecidedReason {
    /// An identity of the person fits several users of the vendor.
    AmbiguousUser {
        /// How many users.
        users: u64,
    },
    /// The holder fits several people of the list.
    AmbiguousPerson {
        /// The other person.
        other: String,
    },
    /// The vendor states no holder, or not by an identity that the list uses.
    NotComparable,
    /// The vendor does not take back seats of this product, such as one with an offline license.
    NotReclaimable,
    /// The vendor does not state the seat's product.
    NoProduct,
    /// The vendor could not be asked about the person.
    VendorRefused {
        /// What the vendor said.
        message: String,
    },
}

impl fmt::Display for UndecidedReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AmbiguousUser { users } => {
                write!(f, "ambiguous: {users} users of the vendor fit")
            }
            Self::AmbiguousPerson { other } => {
                write!(f, "ambiguous: the seat's holder also fits {other}")
            }
            Self::NotComparable => {
                f.write_str("the vendor names the holder in no way that the list has")
            }
            Self::NotReclaimable => {
                f.write_str("the vendor does not take back seats of this product (offline license)")
            }
            Self::NoProduct => f.write_str("the vendor does not say which product it is"),
            Self::VendorRefused { message } => write!(f, "the vendor refused to tell: {message}"),
        }
    }
}

impl Row {
    /// Returns the person, if the row is about one.
    pub fn person(&self) -> Option<&Person> {
        match self {
            Self::Change { person, .. }
            | Self::NothingHeld { person }
            | Self::NotFound { person } => Some(person),
            Self::NotDecided { person, .. } => person.as_ref(),
            Self::Unusable { .. } => None,
        }
    }

    /// Returns the seat, if the row is about one.
    pub fn seat(&self) -> Option<&HeldSeat> {
        match self {
            Self::Change { seat, .. } => Some(seat),
            Self::NotDecided { seat, .. } => seat.as_ref(),
            _ => None,
        }
    }

    /// Returns why the row is not a change, in words.
    pub fn reason(&self) -> Option<String> {
        match self {
            Self::Change { .. } => None,
            Self::NothingHeld { .. } => Some("holds no seat".to_owned()),
            Self::NotFound { .. } => Some("no vendor knows this person".to_owned()),
            Self::NotDecided { why, .. } => Some(why.to_string()),
            Self::Unusable { why, .. } => Some(why.to_string()),
        }
    }
}
