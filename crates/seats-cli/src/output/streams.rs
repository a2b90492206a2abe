//! Writes to stdout and stderr; neither `println!` nor `eprintln!`, which panic if that fails.

use std::io::{self, Write};

use super::printable;

/// Writes to stdout, and waits until it is written.
///
/// # Errors
/// It cannot be written: the reader has gone, or the disk is full.
pub fn stdout(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

/// Writes to stderr. If that fails there is nowhere left to say so.
pub fn stderr(text: &str) {
    drop(io::stderr().lock().write_all(text.as_bytes()));
}

/// Writes a line for a person to stderr, with hidden characters escaped.
pub fn note(line: &str) {
    stderr(&(printable::text(line) + "\n"));
}

/// Says on stderr why output is missing on stdout.
pub fn unwritten(what: &str, error: &io::Error) {
    note(&format!(
        "error: {what} cannot be written to stdout: {error}"
    ));
}

/// Writes to stdout, and returns the exit code. A reader that has gone has read enough.
pub fn print(what: &str, text: &str) -> u8 {
    match stdout(text) {
        Ok(()) => 0,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => 0,
        Err(error) => {
            unwritten(what, &error);
            1
        }
    }
}
