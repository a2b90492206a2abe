//! Runs programs: their output, or what they cost.

use std::ffi::OsStr;
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use wait4::Wait4;

/// What a program and its children cost.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct Cost {
    pub wall_s: f64,
    pub cpu_s: f64,
    /// Of the largest process.
    pub peak_mb: f64,
}

/// Begins a command, with these arguments.
pub fn command<I: IntoIterator<Item: AsRef<OsStr>>>(
    program: impl AsRef<OsStr>,
    arguments: I,
) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null());
    command
}

/// Runs a command, and returns its stdout and stderr.
pub fn outputs(command: &mut Command) -> Result<(String, String)> {
    let output = command
        .output()
        .with_context(|| format!("cannot run {command:?}"))?;
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        bail!("{command:?} failed: {}\n{stdout}{stderr}", output.status);
    }
    Ok((stdout, stderr))
}

/// Runs a command, and returns its stdout.
pub fn output(command: &mut Command) -> Result<String> {
    outputs(command).map(|(stdout, _)| stdout)
}

/// Runs a command without its output, and returns what it cost.
pub fn cost(command: &mut Command) -> Result<Cost> {
    output_and_cost(command.stderr(Stdio::null())).map(|(_, cost)| cost)
}

/// Runs a command, and returns its stdout and what it cost.
pub fn output_and_cost(command: &mut Command) -> Result<(String, Cost)> {
    let start = Instant::now();
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {command:?}"))?;
    let mut printed = String::new();
    if let Some(mut stdout) = child.stdout.take() {
        stdout.read_to_string(&mut printed)?;
    }
    let used = child.wait4()?;
    let wall = start.elapsed();
    if !used.status.success() {
        bail!("{command:?} failed: {}", used.status);
    }
    Ok((
        printed,
        Cost {
            wall_s: wall.as_secs_f64(),
            cpu_s: (used.rusage.utime + used.rusage.stime).as_secs_f64(),
            peak_mb: megabytes(used.rusage.maxrss),
        },
    ))
}

/// Milliseconds of a command without its output.
pub fn milliseconds(command: &mut Command) -> Result<f64> {
    Ok(cost(command)?.wall_s * Duration::from_secs(1).as_millis() as f64)
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52 bytes")]
pub fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
