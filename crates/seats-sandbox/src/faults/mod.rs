//! Faults: responses that are delayed, replaced, truncated or lost on demand.

pub(crate) mod apply;
mod calls;
mod check;
pub(crate) mod delivery;
pub(crate) mod fault;
mod file;
pub(crate) mod limit;
pub(crate) mod list;
pub(crate) mod schedule;
