//! The command `cargo xtask`: arguments in, words and an exit code out. Each task has a file.

mod codegen;
mod lint;
mod review;

use std::ffi::OsString;
use std::io::{self, Write};

use clap::{Parser, Subcommand};

/// The tasks of this repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Write what is derived from the specs: the crates in crates/generated/ and docs/fidelity.md
    Codegen(codegen::Arguments),
    /// Say what is wrong with the specs, and what to do about it
    ///
    /// Looks at each spec by the rules that `--rules` lists, and at what the generator makes of it.
    /// What is found goes to stdout, in every format. Exits with 0 where there is no error (warnings
    /// stop nothing), with 1 where there is one, and with 2 where the arguments are not right.
    Lint(lint::Arguments),
    /// Say what a change to the specs means on the wire, for Rust callers and for security
    Review(review::Arguments),
}

/// Runs the command, and gives its exit code. Diagnostics have colours where `styled`.
///
/// # Errors
/// What it says cannot be written.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    styled: bool,
    out: &mut impl Write,
    err: &mut impl Write,
) -> io::Result<u8> {
    let task = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments.task,
        Err(error) => return usage(&error, styled, out, err),
    };
    match task {
        Task::Codegen(arguments) => codegen::run(arguments, styled, out, err),
        Task::Lint(arguments) => lint::run(arguments, styled, out, err),
        Task::Review(arguments) => review::run(arguments, styled, out, err),
    }
}

/// What is wrong with the arguments, or the help that they ask for.
fn usage(
    error: &clap::Error,
    styled: bool,
    out: &mut impl Write,
    err: &mut impl Write,
) -> io::Result<u8> {
    let words = error.render();
    let words = if styled {
        words.ansi().to_string()
    } else {
        words.to_string()
    };
    if error.use_stderr() {
        write!(err, "{words}")?;
    } else {
        write!(out, "{words}")?;
    }
    Ok(u8::try_from(error.exit_code()).unwrap_or(2))
}
