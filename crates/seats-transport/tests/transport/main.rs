//! The transport against sockets on loopback.

// clippy.toml allows these in test functions, but not in the functions that they call.
#![allow(clippy::panic, clippy::unwrap_used)]

mod attempts;
mod token;
