//! How a command runs: its client and sandbox, interruption, progress, and loops over many items.

mod client_options;
mod each_user;
mod interruption;
mod list;
mod log;
mod progress;
mod sandbox;
mod session;

pub(crate) use client_options::apply;
pub use each_user::{Users, report_each, report_interrupted};
pub use interruption::{Interrupted, Signals};
pub use list::print_list;
pub use log::start_log;
pub use sandbox::{Hint, datadog_seats, store_seats};
pub use session::Session;
