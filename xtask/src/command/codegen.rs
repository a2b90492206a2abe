//! `cargo xtask codegen`: writes what is derived from the specs, or checks it.

use std::io::{self, Write};
use std::path::PathBuf;

use codegen::disk::{self, Departure, Error};

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Write nothing; exit with 1 and name each file that is not as the specs say
    #[arg(long)]
    check: bool,
    /// The workspace to work in [default: this one]
    #[arg(long, value_name = "FOLDER")]
    root: Option<PathBuf>,
}

pub(super) fn run(
    arguments: Arguments,
    styled: bool,
    out: &mut impl Write,
    err: &mut impl Write,
) -> io::Result<u8> {
    let Arguments { check, root } = arguments;
    let root = root.unwrap_or_else(crate::workspace_root);
    let outcome = if check {
        disk::check(&root)
    } else {
        disk::write(&root)
    };
    match outcome {
        Ok(outcome) => {
            for warning in &outcome.warnings {
                writeln!(err, "{}\n", warning.render(styled))?;
            }
            tell(check, &outcome.departures, out)
        }
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
        (true, 0) => writeln!(
            out,
            "crates/generated/ and docs/fidelity.md are what the specs say"
        )?,
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
            "nothing to write: crates/generated/ and docs/fidelity.md are what the specs say"
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
