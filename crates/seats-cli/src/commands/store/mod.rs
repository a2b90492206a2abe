//! `seats store`.

mod change;
mod connect;
mod ids;
mod inventory;
mod list;
mod show;

use seats::store::SeatAction;

use crate::arguments::Store;
use crate::outcome::Report;

/// Runs the command, prints its outcome, and returns the exit code.
///
/// # Errors
/// The report that is still to be printed.
pub async fn run(command: &Store) -> Result<u8, Box<Report>> {
    match command {
        Store::Assign(arguments) => change::run(arguments, SeatAction::Assign).await,
        Store::Reclaim(arguments) => change::run(arguments, SeatAction::Reclaim).await,
        Store::Show(arguments) => show::run(arguments).await,
        Store::List(arguments) => list::run(arguments).await,
        Store::Inventory(arguments) => inventory::run(arguments).await,
    }
}
