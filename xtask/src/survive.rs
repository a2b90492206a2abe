//! The generator calls itself once a level of a schema, and a stack that overflows ends the process. So
//! the task runs in a process of its own, and the reason it ended is reported here, with the spec.

use std::env;
use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

/// Set in the process that does the task.
const CHILD: &str = "XTASK_CHILD";

/// Runs the task in a process of its own and gives its exit code; None in that process.
///
/// # Errors
/// The process cannot be started.
pub fn run() -> io::Result<Option<u8>> {
    if env::var_os(CHILD).is_some() {
        return Ok(None);
    }
    let status = task().args(env::args_os().skip(1)).status()?;
    if let Some(code) = code(status) {
        return Ok(Some(code));
    }
    eprintln!("error: the generator ended the process ({status})");
    for spec in spec::spec_files(&crate::workspace_root()).unwrap_or_default() {
        if ends_the_process(&spec)? {
            eprintln!(
                "  --> {}\nhelp: take its operations away one by one, until `cargo xtask lint` on it ends; schemas that contain each other may be the reason",
                spec.display()
            );
        }
    }
    Ok(Some(1))
}

fn task() -> Command {
    let mut command = Command::new(env::current_exe().unwrap_or_else(|_| "xtask".into()));
    command.env(CHILD, "1");
    command
}

/// The exit code; None where the process did not come to its end.
fn code(status: ExitStatus) -> Option<u8> {
    status.code().map(|code| u8::try_from(code).unwrap_or(1))
}

fn ends_the_process(spec: &Path) -> io::Result<bool> {
    let mut alone = task();
    alone.arg("lint").arg(spec);
    let status = alone.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    Ok(code(status).is_none())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;

    #[test]
    fn a_process_that_was_ended_has_no_code() {
        assert_eq!(code(ExitStatus::from_raw(2 << 8)), Some(2));
        // SIGABRT, as after an overflow of the stack.
        assert_eq!(code(ExitStatus::from_raw(6)), None);
    }
}
