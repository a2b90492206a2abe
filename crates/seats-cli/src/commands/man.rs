//! `seats man`: prints the manual page.

use clap::CommandFactory;

use crate::arguments::Arguments;
use crate::output::streams;

/// Prints the page in roff, and returns the exit code.
pub fn run() -> u8 {
    let mut page = Vec::new();
    match clap_mangen::Man::new(Arguments::command()).render(&mut page) {
        Ok(()) => streams::print("the manual page", &String::from_utf8_lossy(&page)),
        Err(error) => {
            streams::note(&format!("error: {error}"));
            1
        }
    }
}
