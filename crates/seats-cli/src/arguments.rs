//! What the command takes: its arguments, and the help for them.

mod datadog;
mod options;
mod store;

use clap::{Parser, Subcommand};

pub use datadog::{
    AssignToUsers, Datadog, ListUsers, Place as DatadogPlace, Unassign, Users as DatadogUsers,
};
pub use options::{Options, Output};
pub use store::{ChangeSeats, Inventory, ListSeats, Place as StorePlace, ShowSeat, Store};

use crate::serve::{self, Serve};

/// Takes software licence seats back, gives and lists them: at Datadog and in the Microsoft Store for Business.
#[derive(Debug, Parser)]
#[command(name = "seats", version, after_help = EXIT_CODES)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  refused by the vendor: nothing changed; of a read also an answer that makes no sense
  2  the input was not acceptable: nothing was sent
  3  unknown: it may have happened
  4  not authorised (401, 403, or no credentials): nothing changed
  5  try later (408, 429, 503, could not connect): nothing changed
Of many users the worst counts, in the order 3, 4, 1, 5, 0.
A command that only reads never ends with 3.
Ctrl-C ends a call that changes something with 3, and one that reads with 5.";

/// The vendors, and a demonstration.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show both vendors' calls against a sandbox on this machine; needs no account
    Demo,
    /// Serve both vendors on this machine, to develop against without an account
    ///
    /// It prints the environment that leads `seats` there, and a line on stderr for each request. It
    /// ends with Ctrl-C, and forgets everything.
    #[command(after_help = serve::EXAMPLE)]
    Sandbox(Serve),
    /// Seats at Datadog
    #[command(subcommand)]
    Datadog(Datadog),
    /// Seats in the Microsoft Store for Business
    #[command(subcommand)]
    Store(Store),
}
