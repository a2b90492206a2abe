//! How each vendor responds: its operations, its errors and its credentials.

pub(crate) mod datadog;
pub(crate) mod entra;
pub(crate) mod interface;
pub(crate) mod services;
pub(crate) mod store;
