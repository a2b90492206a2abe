//! `cargo xtask`: the tasks of this repository.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::codegen::{self, Error};

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
}

fn main() -> ExitCode {
    let Task::Codegen { check, root } = Arguments::parse().task;
    let root = root.unwrap_or_else(xtask::workspace_root);
    let outcome = if check {
        codegen::check(&root)
    } else {
        codegen::write(&root)
    };
    match outcome {
        Err(error) => {
            report(&error);
            ExitCode::FAILURE
        }
        Ok(departures) => {
            for departure in &departures {
                println!("{departure}");
            }
            match (check, departures.len()) {
                (true, 0) => println!("crates/generated/ is what the specs say"),
                (true, n) => {
                    println!(
                        "{n} {} not as the specs say; to mend it, run `cargo xtask codegen`",
                        files_are(n)
                    );
                    return ExitCode::FAILURE;
                }
                (false, 0) => println!("nothing to write: crates/generated/ is what the specs say"),
                (false, n) => println!(
                    "mended: {n} {} not as the specs say",
                    if n == 1 { "file was" } else { "files were" }
                ),
            }
            ExitCode::SUCCESS
        }
    }
}

fn files_are(n: usize) -> &'static str {
    if n == 1 { "file is" } else { "files are" }
}

fn report(error: &Error) {
    let styled = std::io::stderr().is_terminal();
    match error {
        Error::Specs(diagnostics) => {
            for diagnostic in diagnostics {
                eprintln!("{}\n", diagnostic.render(styled));
            }
            eprintln!("nothing was written");
        }
        Error::Disk { .. } => eprintln!("error: {error}"),
    }
}
