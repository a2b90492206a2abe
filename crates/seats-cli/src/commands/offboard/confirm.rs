//! Asks before seats are changed.

use super::failure::Failure;
use crate::input::{Answer, ask};

/// Asks a person; `yes` answers in advance.
///
/// # Errors
/// There is no terminal to ask on, or the answer is no.
pub fn confirm(question: &str, yes: bool) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    match ask(question)? {
        Answer::Yes => Ok(()),
        Answer::No => Err(Failure::try_later("the answer was no; nothing was sent")),
        Answer::Nobody => Err(Failure::input(format!(
            "{} There is no terminal to ask on; add --yes to go ahead",
            question.replace('\n', " ")
        ))),
    }
}
