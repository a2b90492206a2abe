//! The sandbox from outside, byte by byte over loopback.

#![allow(
    clippy::expect_used,
    reason = "clippy.toml allows it in test functions, not in what they call"
)]

mod assign_cases;
mod authority;
mod cases;
mod conformance;
mod datadog;
mod datadog_cases;
mod faults;
mod list_cases;
mod listener;
mod paging;
mod seeds;
mod store;
mod store_cases;
mod tenants;
mod tokens;
mod wire;
