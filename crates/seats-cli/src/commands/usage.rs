//! What is printed instead of a command's output: help, the version, and errors in arguments.

use std::io;

use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue};
use seats::datadog::api::operations as datadog;
use seats::store::api::operations as store;

use crate::arguments::Arguments;
use crate::outcome::{Ending, Endpoint, Report};
use crate::output::{Format, print_report, streams};

/// Prints help, the version, or what is wrong with the arguments (as JSON if that is asked for), and
/// returns the exit code.
pub fn explain(mut error: clap::Error) -> u8 {
    remove_opposites(&mut error);
    if error.use_stderr() && wants_json() {
        let report = Report::invalid_input(attempted_endpoint(), first_paragraph(&error));
        return print_report(&report, Format::Json);
    }
    match error.print() {
        Err(unwritten) if !error.use_stderr() && unwritten.kind() != io::ErrorKind::BrokenPipe => {
            streams::unwritten("the text", &unwritten);
            Ending::Refused.exit_code()
        }
        _ => u8::try_from(error.exit_code()).unwrap_or(2),
    }
}

/// Removes suggestions that would do the opposite of what was meant: `unasign` is not `assign`.
fn remove_opposites(error: &mut clap::Error) {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else {
        return;
    };
    let is_opposite = |suggestion: &String| match suggestion.as_str() {
        "assign" => word.starts_with(['u', 'r']),
        "unassign" | "reclaim" => !word.starts_with(['u', 'r']),
        _ => false,
    };
    let kept: Vec<String> = match error.get(ContextKind::SuggestedSubcommand) {
        Some(ContextValue::Strings(words)) => words
            .iter()
            .filter(|it| !is_opposite(it))
            .cloned()
            .collect(),
        Some(ContextValue::String(word)) if !is_opposite(word) => vec![word.clone()],
        _ => Vec::new(),
    };
    match kept.is_empty() {
        true => error.remove(ContextKind::SuggestedSubcommand),
        false => error.insert(
            ContextKind::SuggestedSubcommand,
            ContextValue::Strings(kept),
        ),
    };
}

/// Returns the problem, without the usage that follows it.
fn first_paragraph(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .take_while(|line| !line.is_empty())
        .collect();
    lines.join(" ").trim_start_matches("error: ").to_owned()
}

/// Returns the arguments up to `--`.
fn words() -> impl Iterator<Item = String> {
    let words = std::env::args_os()
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned());
    words.take_while(|word| word != "--")
}

/// Whether the arguments ask for JSON, although they cannot be parsed as a whole.
fn wants_json() -> bool {
    let words: Vec<String> = words().collect();
    words.iter().any(|word| word == "--output=json")
        || words.windows(2).any(|pair| pair == ["--output", "json"])
}

/// Returns what the arguments were meant to call: the first subcommand among them, then the first of
/// its own subcommands after that, and so on.
fn attempted_endpoint() -> Option<Endpoint> {
    let mut command = Arguments::command();
    let mut path = Vec::new();
    for word in words() {
        if let Some(subcommand) = command.find_subcommand(&word) {
            path.push(subcommand.get_name().to_owned());
            command = subcommand.clone();
        }
    }
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    endpoint(&path)
}

/// Returns what a subcommand calls, unless its arguments say otherwise.
fn endpoint(path: &[&str]) -> Option<Endpoint> {
    Some(match path {
        ["datadog", "assign"] => Endpoint::datadog(&datadog::ASSIGN_SEATS_USER),
        ["datadog", "list"] => Endpoint::datadog(&datadog::GET_SEATS_USERS),
        ["datadog", "unassign"] => Endpoint::datadog(&datadog::UNASSIGN_SEATS_USER),
        ["store", "assign"] => Endpoint::store(&store::ASSIGN_SEAT),
        ["store", "inventory"] => Endpoint::store(&store::GET_INVENTORY),
        ["store", "list"] => Endpoint::store(&store::GET_SEATS),
        ["store", "reclaim"] => Endpoint::store(&store::RECLAIM_SEAT_FROM_USER),
        ["store", "show"] => Endpoint::store(&store::GET_SEAT),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An error in the arguments of each command names its operation.
    #[test]
    fn every_command_of_a_vendor_has_an_endpoint() {
        let command = Arguments::command();
        for vendor in ["datadog", "store"] {
            let vendor = command.find_subcommand(vendor).unwrap();
            assert!(vendor.has_subcommands());
            for verb in vendor.get_subcommands() {
                let path = [vendor.get_name(), verb.get_name()];
                assert_eq!(
                    endpoint(&path).map(|endpoint| endpoint.vendor),
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
