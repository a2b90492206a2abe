//! The `seats` command as whoever runs it sees it: a process with arguments, an environment, two
//! outputs and an exit code.

// As in `tests/`: here they are assertions.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod assigning;
mod bad_ids;
mod bad_input;
mod dry_run;
#[cfg(unix)]
mod interruption;
mod lists;
mod many;
mod outcomes;
mod process;
#[cfg(target_os = "linux")]
mod progress;
mod retries;
mod sandbox_and_demo;
mod secrets;
mod serve;
mod usage;
mod users_file;
mod vendors_words;
