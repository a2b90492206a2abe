//! The command-line arguments and their help texts, a file for each subcommand.

mod datadog;
mod offboard;
mod options;
mod sandbox;
mod store;

use clap::{Parser, Subcommand};

pub use datadog::{AssignToUsers, Datadog, DatadogOptions, DatadogUsers, ListUsers, Unassign};
pub use offboard::{
    Apply, Completions, Config, Offboard, Plan, PlanFormat, RunOptions, Schema, SettingsOptions,
    Status, StatusFormat, Undo,
};
pub use options::CallOptions;
pub use sandbox::Sandbox;
pub use store::{ChangeSeats, Inventory, ListSeats, ShowSeat, Store, StoreOptions};

/// Reclaims, assigns and lists software license seats at Datadog and in the Microsoft Store for Business.
#[derive(Debug, Parser)]
#[command(name = "seats", version, after_help = EXIT_CODES)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  done, or already free: nothing had to change
  1  refused by the vendor: nothing changed; for reads, also a response that cannot be parsed;
     also an outcome that cannot be written
  2  invalid input: nothing was sent
  3  unknown: it may have happened
  4  not authorized (401, 403, or no credentials): nothing changed
  5  try later (408, 429, 503, could not connect): nothing changed; for reads, also no response
     and any other 5xx
For many users the worst counts, in the order 3, 4, 1, 5, 0.
A command that only reads never ends with 3.
Ctrl-C ends a call that changes something with 3, and one that reads with 5.";

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Plan taking back the seats of people who have left; only reads
    #[command(after_help = offboard::PLAN_EXAMPLE)]
    Plan(Box<Plan>),
    /// Apply a plan, or go on with one
    Apply(Box<Apply>),
    /// Show what became of a plan, and what needs a person
    Status(Status),
    /// Give back exactly what a run took
    Undo(Box<Undo>),
    /// Plan and apply for one person
    Offboard(Box<Offboard>),
    /// Show and check the configuration
    #[command(subcommand)]
    Config(Config),
    /// Print the schema of a document
    #[command(subcommand)]
    Schema(Schema),
    /// Print completions for a shell
    Completions(Completions),
    /// Print the manual page
    Man,
    /// Show calls to both vendors against a sandbox on this machine; needs no account
    Demo,
    /// Serve both vendors on this machine, to develop against without an account
    ///
    /// Prints the environment variables that point `seats` at it, and logs each request on stderr.
    /// Runs until Ctrl-C; its state is not kept.
    #[command(after_help = sandbox::EXAMPLE)]
    Sandbox(Sandbox),
    /// Manage seats at Datadog
    #[command(subcommand)]
    Datadog(Datadog),
    /// Manage seats in the Microsoft Store for Business
    #[command(subcommand)]
    Store(Store),
}
