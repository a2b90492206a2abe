//! Asks before seats are changed.

use std::io::{self, BufRead, IsTerminal};

use super::failure::Failure;
use crate::output::{printable, streams};

/// Asks a person; `yes` answers in advance.
///
/// # Errors
/// There is nobody to ask, or the answer is no.
pub fn confirm(question: &str, yes: bool) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Failure::input(format!(
            "{} There is no terminal to ask on; add --yes to go ahead",
            question.replace('\n', " ")
        )));
    }
    streams::stderr(&(printable::lines(question) + " [y/N] "));
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    match answer.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::try_later("nothing was sent")),
    }
}
