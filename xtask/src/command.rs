//! The command `cargo xtask`: arguments in, words and an exit code out.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::codegen::{self, Departure, Error};
use crate::review;

/// The tasks of this repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Write the client crates in crates/generated/ from the specs in specs/
    Codegen {
        /// Write nothing; exit with 1 and name each file that is not as the specs say
        #[arg(long)]
        check: bool,
        /// The workspace to work in [default: this one]
        #[arg(long, value_name = "FOLDER")]
        root: Option<PathBuf>,
    },
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
        Err(error) => {
            error.print()?;
            return Ok(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let (check, root) = match task {
        Task::Codegen { check, root } => (check, root),
        Task::Review(arguments) => return review::run(arguments, styled, out, err),
    };
    let root = root.unwrap_or_else(crate::workspace_root);
    let outcome = if check {
        codegen::check(&root)
    } else {
        codegen::write(&root)
    };
    match outcome {
        Ok(departures) => tell(check, &departures, out),
        Err(error) => report(&error, styled, err),
    }
}

fn tell(check: bool, departures: &[Departure], out: &mut impl Write) -> io::Result<u8> {
    for departure in departures {
        writeln!(out, "{departure}")?;
    }
    let files = if departures.len() == 1 {
        "file"
    } else {
        "files"
    };
    match (check, departures.len()) {
        (true, 0) => writeln!(out, "crates/generated/ is what the specs say")?,
        (true, n) => {
            let are = if n == 1 { "is" } else { "are" };
            writeln!(
                out,
                "{n} {files} {are} not as the specs say; to mend it, run `cargo xtask codegen`"
            )?;
            return Ok(1);
        }
        (false, 0) => writeln!(
            out,
            "nothing to write: crates/generated/ is what the specs say"
        )?,
        (false, n) => {
            let were = if n == 1 { "was" } else { "were" };
            writeln!(out, "mended: {n} {files} {were} not as the specs say")?;
        }
    }
    Ok(0)
}

fn report(error: &Error, styled: bool, err: &mut impl Write) -> io::Result<u8> {
    match error {
        Error::Specs(diagnostics) => {
            for diagnostic in diagnostics {
                writeln!(err, "{}\n", diagnostic.render(styled))?;
            }
            writeln!(err, "nothing was written")?;
        }
        Error::Disk { .. } => writeln!(err, "error: {error}")?,
    }
    Ok(1)
}
