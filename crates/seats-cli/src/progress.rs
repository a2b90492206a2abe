//! How far a long command has come: on stderr, while nothing else tells.

use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A line on stderr, where that is a terminal and the rows go elsewhere. It is gone at the end.
pub struct Progress(ProgressBar);

impl Progress {
    /// `fetched 1200 seats`
    pub fn of_list(plural: &'static str) -> Self {
        Self::begin(ProgressBar::no_length(), "fetched {pos} {msg}", plural)
    }

    /// `12 of 300 users`
    pub fn of_users(users: usize) -> Self {
        let bar = ProgressBar::new(u64::try_from(users).unwrap_or(u64::MAX));
        Self::begin(bar, "{pos} of {len} {msg}", "users")
    }

    fn begin(bar: ProgressBar, template: &str, plural: &'static str) -> Self {
        // On a terminal the rows themselves tell, and the line would stand among them.
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

    /// So many more.
    pub fn more(&self, count: usize) {
        self.0.inc(u64::try_from(count).unwrap_or(0));
    }
}
