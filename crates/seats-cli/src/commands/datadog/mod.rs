//! `seats datadog`.

mod assign;
mod connect;
mod emails;
mod list;
mod unassign;
mod users;

use crate::arguments::Datadog;
use crate::outcome::Report;

/// Runs the command, prints its outcome, and returns the exit code.
///
/// # Errors
/// The report that is still to be printed.
pub async fn run(command: &Datadog) -> Result<u8, Box<Report>> {
    match command {
        Datadog::Assign(arguments) => assign::run(arguments).await,
        Datadog::List(arguments) => list::run(arguments).await,
        Datadog::Unassign(arguments) => unassign::run(arguments).await,
    }
}
