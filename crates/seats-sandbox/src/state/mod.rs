//! What the vendors remember: tenants with their credentials, users, products and seats.

pub(crate) mod account;
pub(crate) mod calendar;
pub(crate) mod datadog;
pub(crate) mod page;
pub(crate) mod rate_limit;
pub(crate) mod store;
pub(crate) mod tokens;
