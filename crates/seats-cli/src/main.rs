//! The `seats` command: arguments in, words out.

mod arguments;
mod commands;
mod input;
mod outcome;
mod output;
mod run;

use std::process::ExitCode;

use clap::Parser;

use arguments::Arguments;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let exit_code = match Arguments::try_parse() {
        Ok(arguments) => commands::run(&arguments.command).await,
        Err(error) => commands::usage::explain(error),
    };
    ExitCode::from(exit_code)
}
