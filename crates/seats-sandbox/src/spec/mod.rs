//! The vendors' OpenAPI documents: paths, operations, and what a request must satisfy.

pub(crate) mod api;
pub(crate) mod document;
pub(crate) mod schema;
pub(crate) mod security;
pub(crate) mod template;
