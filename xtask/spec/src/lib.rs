//! A spec as text and as a tree in which everything knows its place; what diagnostics are made of.

pub mod accepts;
mod diagnostic;
pub mod evidence;
mod files;
mod machine;
mod node;
mod rule;
mod samples;
pub mod security;
pub mod segment;
mod source;
pub mod stack;
mod structure;
pub mod version;

pub use diagnostic::Diagnostic;
pub use files::{Read, read, read_all, spec_files};
pub use node::{Content, Key, Node, Place};
pub use rule::{Rule, Severity, closest};
pub use source::{METHODS, OperationNode, Source};
pub use structure::Spec;
