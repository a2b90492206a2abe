//! Seed and fault files: bounded reading, and errors that name the file, the line and the field.

pub(crate) mod error;
pub(crate) mod excerpt;
pub(crate) mod file;
pub(crate) mod number;
