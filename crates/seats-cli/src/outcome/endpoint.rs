//! The vendor and the operation that a command calls.

use seats::Operation;

/// A vendor's operation.
#[derive(Clone, Copy, Debug)]
pub struct Endpoint {
    /// The vendor, as the command names it.
    pub vendor: &'static str,
    /// The operation.
    pub operation: &'static Operation,
}

impl Endpoint {
    /// Returns an operation of Datadog.
    pub const fn datadog(operation: &'static Operation) -> Self {
        Self {
            vendor: "datadog",
            operation,
        }
    }

    /// Returns an operation of the Store.
    pub const fn store(operation: &'static Operation) -> Self {
        Self {
            vendor: "store",
            operation,
        }
    }
}
