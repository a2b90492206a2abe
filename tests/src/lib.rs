//! What the tests across the crates share.
//!
//! It depends on no other crate of the workspace, so that the generated crates can test with it.

pub mod examples;
pub mod requests;
pub mod wire;
