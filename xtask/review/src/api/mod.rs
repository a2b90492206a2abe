//! The public items of a generated crate, read from its text.
//!
//! What a change means for Rust callers is not a rule's opinion: the generator is a pure function,
//! so both crates are made and their items compared.

mod compare;
mod items;
mod shape;

pub(crate) use compare::{Change, Names, Owner, compare};
pub(crate) use items::Api;
pub(crate) use shape::read;
