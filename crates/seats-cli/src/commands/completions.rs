//! `seats completions`: prints completions for a shell.

use clap::CommandFactory;

use crate::arguments::{Arguments, Completions};
use crate::output::streams;

/// Prints the completions, and returns the exit code.
pub fn run(arguments: &Completions) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut Arguments::command(),
        "seats",
        &mut script,
    );
    streams::print("the completions", &String::from_utf8_lossy(&script))
}
