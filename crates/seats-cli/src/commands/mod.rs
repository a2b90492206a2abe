//! The subcommands, a folder for each vendor and a file for each of the others.

mod completions;
mod datadog;
mod demo;
mod man;
mod offboard;
mod sandbox;
mod schema;
mod store;
pub mod usage;

use crate::arguments::Command;
use crate::output::print_report;
use crate::run::start_log;

/// Runs a command, prints its outcome, and returns the exit code.
pub async fn run(command: &Command) -> u8 {
    let (result, format) = match command {
        Command::Plan(arguments) => return offboard::plan(arguments).await,
        Command::Apply(arguments) => return offboard::apply(arguments).await,
        Command::Status(arguments) => return offboard::status(arguments),
        Command::Undo(arguments) => return offboard::undo(arguments).await,
        Command::Offboard(arguments) => return offboard::offboard(arguments).await,
        Command::Config(arguments) => return offboard::config(arguments).await,
        Command::Schema(arguments) => return schema::run(arguments),
        Command::Completions(arguments) => return completions::run(arguments),
        Command::Man => return man::run(),
        Command::Demo => return demo::run().await,
        Command::Sandbox(arguments) => return sandbox::run(arguments).await,
        Command::Datadog(command) => {
            start_log(command.call_options().verbose);
            let result = datadog::run(command).await;
            (result, command.call_options().format())
        }
        Command::Store(command) => {
            start_log(command.call_options().verbose);
            let result = store::run(command).await;
            (result, command.call_options().format())
        }
    };
    result.unwrap_or_else(|report| print_report(&report, format))
}
