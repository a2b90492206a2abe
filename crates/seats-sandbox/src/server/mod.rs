//! The HTTP server: connections, and the log of requests and responses.

pub(crate) mod context;
pub(crate) mod listener;
pub(crate) mod log;
mod redaction;
mod truncation;
