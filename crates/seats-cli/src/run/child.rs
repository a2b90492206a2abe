//! A command that runs with a sandbox's environment.

use std::ffi::OsString;

use tokio::process::Command;

use super::interruption::Signals;

/// The variables that would lead the command to a real vendor.
const REAL: [&str; 7] = [
    "DD_SITE",
    "DD_API_KEY",
    "DD_APP_KEY",
    "AZURE_AUTHORITY_HOST",
    "AZURE_TENANT_ID",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
];

/// Runs the command, and returns its exit code. An interruption reaches the command as well, which decides
/// what it does; a second one ends it.
///
/// # Errors
/// The command cannot be run.
pub async fn run(
    program: &OsString,
    arguments: &[OsString],
    variables: &[(&str, String)],
    mut signals: Signals,
) -> Result<u8, String> {
    let mut command = Command::new(program);
    command.args(arguments).kill_on_drop(true);
    REAL.iter().for_each(|name| {
        command.env_remove(name);
    });
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    let shown = program.to_string_lossy();
    let failed = |error: std::io::Error| format!("cannot run {shown}: {error}");
    let mut child = command.spawn().map_err(failed)?;
    let mut interruptions = 0;
    let status = loop {
        tokio::select! {
            status = child.wait() => break status.map_err(failed)?,
            () = signals.next() => {
                interruptions += 1;
                if interruptions > 1 {
                    child.start_kill().map_err(failed)?;
                }
            }
        }
    };
    // Ended by a signal, it has no code of its own.
    Ok(status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(1))
}
