//! The progress of a long command, on stderr.

use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A line on stderr, if that is a terminal and the rows go elsewhere. Dropping it removes the line.
pub struct Progress(ProgressBar);

impl Progress {
    /// Shows `fetched 1200 seats`.
    pub fn of_list(plural: &'static str) -> Self {
        Self::start(ProgressBar::no_length(), "fetched {pos} {msg}", plural)
    }

    /// Shows `12 of 300 users`.
    pub fn of_users(users: usize) -> Self {
        let bar = ProgressBar::new(u64::try_from(users).unwrap_or(u64::MAX));
        Self::start(bar, "{pos} of {len} {msg}", "users")
    }

    fn start(bar: ProgressBar, template: &str, plural: &'static str) -> Self {
        // The rows themselves show the progress on a terminal.
        if io::stdout().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(plural);
        bar.tick();
        Self(bar)
    }

    /// Adds to the count.
    pub fn add(&self, count: usize) {
        self.0.inc(u64::try_from(count).unwrap_or(0));
    }
}
