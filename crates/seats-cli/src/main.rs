//! The `seats` command: arguments in, words out.

mod arguments;
mod calls;
mod connection;
mod curl;
mod datadog;
mod demo;
mod input;
mod interruption;
mod list;
mod many;
mod notes;
mod printable;
mod progress;
mod report;
mod row;
mod sandbox;
mod serve;
mod session;
mod store;
mod table;
mod usage;
mod users;
mod verbosity;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return ExitCode::from(usage::explain(&error)),
    };
    let (outcome, output) = match &arguments.command {
        Command::Demo => return demonstrate().await,
        Command::Sandbox(arguments) => return serve::run(arguments).await,
        Command::Datadog(command) => {
            verbosity::begin(command.options().verbose);
            (datadog::run(command).await, command.options().output)
        }
        Command::Store(command) => {
            verbosity::begin(command.options().verbose);
            (store::run(command).await, command.options().output)
        }
    };
    ExitCode::from(outcome.unwrap_or_else(|report| report.print(output)))
}

async fn demonstrate() -> ExitCode {
    match demo::run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
