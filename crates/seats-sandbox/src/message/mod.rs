//! HTTP requests and responses as plain values, apart from any connection.

pub(crate) mod encoding;
pub(crate) mod request;
pub(crate) mod response;
