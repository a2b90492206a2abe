//! Tests of the engine: against a vendor in memory, and against both vendors in the sandbox.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::field_reassign_with_default)] // The options of a run may grow.

mod ledger;
mod orphans;
mod people;
mod plan;
mod record;
mod resume;
mod run;
mod sandbox;
mod support;
