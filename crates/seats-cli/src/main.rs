//! The `seats` command: arguments in, words out.

mod arguments;
mod connection;
mod curl;
mod datadog;
mod demo;
mod input;
mod report;
mod sandbox;
mod serve;
mod store;
mod verbosity;

use std::process::ExitCode;

use clap::Parser;

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
        Command::Sandbox(arguments) => return serve::run(arguments).await,
        Command::Datadog(Datadog::Unassign(unassign)) => {
            verbosity::begin(unassign.options.verbose);
            (datadog::unassign(unassign).await, unassign.options.output)
        }
        Command::Store(Store::Reclaim(reclaim)) => {
            verbosity::begin(reclaim.options.verbose);
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

/// The arguments that are options or words, up to a `--`.
fn words() -> Vec<String> {
    let words = std::env::args_os()
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned());
    words.take_while(|word| word != "--").collect()
}

/// Whether JSON is asked for; read from the words, because the arguments as a whole make no sense.
fn wants_json() -> bool {
    let words = words();
    words.iter().any(|word| word == "--output=json")
        || words.windows(2).any(|pair| pair == ["--output", "json"])
}

/// The call that was meant, as far as the words tell: the first vendor among them, and its verb.
fn attempted_call() -> Option<Call> {
    let words = words();
    let is_vendor = |word: &String| matches!(word.as_str(), "datadog" | "store");
    let (vendor, rest) = words
        .get(words.iter().position(is_vendor)?..)?
        .split_first()?;
    let has = |verb: &str| rest.iter().any(|word| word == verb);
    match vendor.as_str() {
        "datadog" if has("unassign") => Some(datadog::UNASSIGN),
        "store" if has("reclaim") => Some(store::RECLAIM),
        _ => None,
    }
}
