//! The `seats` command as a process: arguments, environment, stdout, stderr and exit code.

// As in `tests/`: here they are assertions.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod already_free;
mod assigning;
mod bad_ids;
mod bad_input;
mod bad_settings;
mod batches_and_bulk;
mod concurrency;
mod curl_line;
mod dry_run;
mod help;
mod hidden_characters;
#[cfg(unix)]
mod interruption;
mod list_ends;
mod lists;
mod many;
mod no_response;
mod offboard;
mod offboard_crash;
mod offboard_story;
mod outcomes;
mod process;
mod retries;
mod sandbox_and_demo;
mod secrets;
mod serve;
mod spreadsheets;
#[cfg(target_os = "linux")]
mod terminal;
#[cfg(target_os = "linux")]
mod unwritten;
mod usage;
mod users_file;
mod vendor_messages;
