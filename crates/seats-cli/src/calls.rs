//! The vendor and the operation behind each command.

use seats::Operation;
use seats::datadog::api::operations as datadog;
use seats::store::api::operations as store;

/// The vendor and the operation that a command calls.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// The vendor, as the command names it.
    pub vendor: &'static str,
    /// The operation.
    pub operation: &'static Operation,
}

/// A call of Datadog.
pub const fn datadog(operation: &'static Operation) -> Call {
    Call {
        vendor: "datadog",
        operation,
    }
}

/// A call of the Store.
pub const fn store(operation: &'static Operation) -> Call {
    Call {
        vendor: "store",
        operation,
    }
}

/// What the command of these words calls, where no argument says otherwise.
pub fn of_command(words: &[String]) -> Option<Call> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    Some(match words.as_slice() {
        ["datadog", "assign"] => self::datadog(&datadog::ASSIGN_SEATS_USER),
        ["datadog", "list"] => self::datadog(&datadog::GET_SEATS_USERS),
        ["datadog", "unassign"] => self::datadog(&datadog::UNASSIGN_SEATS_USER),
        ["store", "assign"] => self::store(&store::ASSIGN_SEAT),
        ["store", "inventory"] => self::store(&store::GET_INVENTORY),
        ["store", "list"] => self::store(&store::GET_SEATS),
        ["store", "reclaim"] => self::store(&store::RECLAIM_SEAT_FROM_USER),
        ["store", "show"] => self::store(&store::GET_SEAT),
        _ => return None,
    })
}
