//! Asks a person before seats are taken.

use std::io::{self, BufRead, IsTerminal};

use crate::output::{printable, streams};

/// The answer to a question on the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Go ahead.
    Yes,
    /// Do not.
    No,
    /// There is no terminal to ask on.
    Nobody,
}

/// Asks on the terminal.
///
/// # Errors
/// The answer cannot be read.
pub fn ask(question: &str) -> io::Result<Answer> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Ok(Answer::Nobody);
    }
    streams::stderr(&(printable::lines(question) + " [y/N] "));
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(match answer.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" => Answer::Yes,
        _ => Answer::No,
    })
}

/// Asks if several users are meant, unless `yes` answers in advance or there is no terminal.
///
/// # Errors
/// The answer is no, or cannot be read.
pub fn ask_for_many(what: &str, users: usize, yes: bool) -> Result<(), String> {
    if yes || users < 2 {
        return Ok(());
    }
    match ask(&format!("{what} {users} users?")) {
        Ok(Answer::No) => Err("the answer was no; nothing was sent".to_owned()),
        Ok(_) => Ok(()),
        Err(error) => Err(format!("the answer cannot be read: {error}")),
    }
}
