//! What was called, and what became of it.

mod ending;
mod endpoint;
mod report;
mod user;

pub use ending::Ending;
pub use endpoint::Endpoint;
pub use report::{Report, Subject};
pub use user::{LOST, UserOutcome};
