//! How a command runs: its client and sandbox, interruption, progress, and loops over many items.

pub mod child;
mod each_user;
mod interruption;
mod list;
mod log;
mod offboarding;
mod progress;
mod sandbox;
mod session;

pub use each_user::report_each;
pub use interruption::Signals;
pub use list::print_list;
pub use log::start_log;
pub use offboarding::{PlanningBar, drive};
pub use sandbox::{datadog_seats, store_seats};
pub use session::Session;
