//! Counts the calls of each operation, and finds the fault of each.

use std::collections::HashMap;

use super::fault::Fault;
use super::list::Faults;

/// The faults of a sandbox, and the number of calls so far.
#[derive(Debug)]
pub(crate) struct Schedule {
    faults: Faults,
    calls: HashMap<String, u64>,
}

impl Schedule {
    pub(crate) fn new(faults: Faults) -> Self {
        let calls = HashMap::new();
        Self { faults, calls }
    }

    /// Counts a call; returns its number, and the fault that applies to it.
    pub(crate) fn next_call(&mut self, operation: &str) -> (u64, Option<&Fault>) {
        let call = match self.calls.get_mut(operation) {
            Some(calls) => {
                *calls += 1;
                *calls
            }
            None => {
                self.calls.insert(operation.to_owned(), 1);
                1
            }
        };
        let mut faults = self.faults.0.iter();
        (call, faults.find(|fault| fault.applies_to(operation, call)))
    }
}
