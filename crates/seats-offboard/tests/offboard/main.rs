//! Tests of the engine: against a vendor in memory, and against both vendors in the sandbox.

mod ledger;
mod orphans;
mod people;
mod plan;
mod resume;
mod run;
mod sandbox;
mod support;
