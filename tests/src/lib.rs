//! Shared by the tests of all crates: a scripted HTTP server, checks of examples, planted credentials.
//!
//! It depends on no other crate of the workspace, so that the generated crates can use it in their
//! tests.

pub mod credentials;
pub mod examples;
pub mod requests;
pub mod wire;
