//! `cargo xtask`: the tasks of this repository.

use std::io::{self, IsTerminal};
use std::process::ExitCode;

fn main() -> ExitCode {
    match xtask::survive::run() {
        Ok(None) => {}
        Ok(Some(code)) => return ExitCode::from(code),
        Err(error) => {
            eprintln!("error: cannot start the task: {error}");
            return ExitCode::FAILURE;
        }
    }
    // What is said goes to either; a file must not get the colours of a terminal.
    let styled = io::stdout().is_terminal() && io::stderr().is_terminal();
    match xtask::command::run(
        std::env::args_os(),
        styled,
        &mut io::stdout(),
        &mut io::stderr(),
    ) {
        Ok(code) => ExitCode::from(code),
        // Nobody reads what is said; the exit code would be wrong if it were 0.
        Err(_) => ExitCode::FAILURE,
    }
}
