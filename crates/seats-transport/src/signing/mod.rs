//! Credentials: which header they go into, and how they are kept out of what a vendor echoes.

mod credential;
mod echo;
mod redact;
mod secrets;

#[cfg(test)]
mod properties;

pub use credential::{Credential, InvalidCredential};
pub(crate) use secrets::Secrets;
