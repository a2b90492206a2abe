//! The `seats` command: arguments in, words out.

mod arguments;
mod curl;
mod datadog;
mod demo;
mod input;
mod report;
mod sandbox;
mod store;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use arguments::{Arguments, Command, Datadog, Output, Store};
use report::{Call, Report, Subject};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return unparsed(&error),
    };
    let (report, output) = match &arguments.command {
        Command::Demo => return demonstrate().await,
        Command::Datadog(Datadog::Unassign(unassign)) => {
            (datadog::unassign(unassign).await, unassign.options.output)
        }
        Command::Store(Store::Reclaim(reclaim)) => {
            (store::reclaim(reclaim).await, reclaim.options.output)
        }
    };
    ExitCode::from(report.print(output))
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

/// Help, the version, or arguments that cannot be read: also as JSON, where that is asked for.
fn unparsed(error: &clap::Error) -> ExitCode {
    if error.use_stderr() && wants_json() {
        let report =
            Report::unacceptable(attempted_call(), first_paragraph(error), Subject::default());
        return ExitCode::from(report.print(Output::Json));
    }
    // Where even this cannot be printed, the exit code still tells.
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// What is wrong, without the usage that follows it.
fn first_paragraph(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .take_while(|line| !line.is_empty())
        .collect();
    lines.join(" ").trim_start_matches("error: ").to_owned()
}

/// What can be read of the arguments all the same.
fn readable() -> Option<clap::ArgMatches> {
    Arguments::command()
        .ignore_errors(true)
        .try_get_matches()
        .ok()
}

fn wants_json() -> bool {
    let matches = readable();
    let mut level = matches.as_ref();
    while let Some(matches) = level {
        if matches!(
            matches.try_get_one::<Output>("output"),
            Ok(Some(Output::Json))
        ) {
            return true;
        }
        level = matches.subcommand().map(|(_, matches)| matches);
    }
    false
}

fn attempted_call() -> Option<Call> {
    match readable()?.subcommand()? {
        ("datadog", matches) => matches
            .subcommand_matches("unassign")
            .map(|_| datadog::UNASSIGN),
        ("store", matches) => matches
            .subcommand_matches("reclaim")
            .map(|_| store::RECLAIM),
        _ => None,
    }
}
