//! What is said of arguments that cannot be read; and the help, and the version.

use clap::CommandFactory;

use crate::arguments::{Arguments, Output};
use crate::calls::{self, Call};
use crate::report::Report;

/// Help, the version, or arguments that cannot be read: also as JSON, where that is asked for.
pub fn explain(error: &clap::Error) -> u8 {
    if error.use_stderr() && wants_json() {
        return Report::unacceptable(attempted_call(), first_paragraph(error)).print(Output::Json);
    }
    // Where even this cannot be printed, the exit code still tells.
    let _ = error.print();
    u8::try_from(error.exit_code()).unwrap_or(2)
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
fn words() -> impl Iterator<Item = String> {
    let words = std::env::args_os()
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned());
    words.take_while(|word| word != "--")
}

/// Whether JSON is asked for; read from the words, because the arguments as a whole make no sense.
fn wants_json() -> bool {
    let words: Vec<String> = words().collect();
    words.iter().any(|word| word == "--output=json")
        || words.windows(2).any(|pair| pair == ["--output", "json"])
}

/// The call that was meant, as far as the words tell: the first subcommand among them, the first one
/// of its own after that, and so on.
fn attempted_call() -> Option<Call> {
    let mut command = Arguments::command();
    let mut path = Vec::new();
    for word in words() {
        if let Some(subcommand) = command.find_subcommand(&word) {
            path.push(subcommand.get_name().to_owned());
            command = subcommand.clone();
        }
    }
    calls::of_command(&path)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A usage error of each command names its operation.
    #[test]
    fn every_command_of_a_vendor_has_a_call() {
        let command = Arguments::command();
        for vendor in ["datadog", "store"] {
            let vendor = command.find_subcommand(vendor).unwrap();
            assert!(vendor.has_subcommands());
            for verb in vendor.get_subcommands() {
                let path = [vendor.get_name(), verb.get_name()].map(str::to_owned);
                let call = calls::of_command(&path);
                assert_eq!(
                    call.map(|call| call.vendor),
                    Some(vendor.get_name()),
                    "{path:?}"
                );
            }
        }
    }

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }
}
