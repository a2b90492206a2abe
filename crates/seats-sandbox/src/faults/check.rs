//! The rules that a fault must follow.

use super::fault::{Execution, Fault, Kind};
use crate::input::excerpt;

/// Error from checking a fault.
pub(super) struct InvalidField {
    pub(super) field: &'static str,
    pub(super) problem: String,
}

/// Checks a fault against the rules; `operations` are the names that it may be for.
pub(super) fn check(fault: &Fault, operations: &[&str]) -> Result<(), InvalidField> {
    check_operation(fault, operations)?;
    check_calls(fault)?;
    check_execution(fault)?;
    check_headers(fault)
}

fn invalid(field: &'static str, problem: impl Into<String>) -> Result<(), InvalidField> {
    let problem = problem.into();
    Err(InvalidField { field, problem })
}

fn check_operation(fault: &Fault, operations: &[&str]) -> Result<(), InvalidField> {
    let known = operations.join(", ");
    match &fault.operation {
        None => invalid("on", format!("must name an operation: {known}")),
        Some(operation) if !operations.contains(&&**operation) => {
            let operation = excerpt::value(operation);
            let problem = format!("\"{operation}\" is no operation; there are {known}");
            invalid("on", problem)
        }
        Some(_) => Ok(()),
    }
}

fn check_calls(fault: &Fault) -> Result<(), InvalidField> {
    if fault.calls.is_empty() {
        return invalid("calls", "must name a call");
    }
    match fault.calls.iter().find(|calls| !calls.is_valid()) {
        None => Ok(()),
        Some(calls) => {
            let rule = "must be a call counted from 1, or a range from an earlier to a later one";
            invalid("calls", format!("{calls} {rule}"))
        }
    }
}

fn check_execution(fault: &Fault) -> Result<(), InvalidField> {
    let problem = match (fault.executed, fault.kind.execution()) {
        (Some(false), Execution::Always) => "with this fault an operation is always executed",
        (Some(true), Execution::Never) => "with this fault an operation is never executed",
        _ => return Ok(()),
    };
    invalid("executed", problem)
}

fn check_headers(fault: &Fault) -> Result<(), InvalidField> {
    let waits = matches!(fault.kind, Kind::TooManyRequests | Kind::Unavailable);
    if fault.retry_after.is_some() && !waits {
        let problem = "is for too_many_requests and unavailable alone";
        return invalid("retry_after", problem);
    }
    let (field, text) = match &fault.kind {
        Kind::ContentType(text) => ("content_type", text),
        Kind::Redirect(text) => ("location", text),
        _ => return Ok(()),
    };
    match http::HeaderValue::from_str(text) {
        Ok(_) => Ok(()),
        Err(_) => invalid(field, "must be printable ASCII"),
    }
}
