//! What a command is given: ids, and users in arguments or files.

mod confirm;
mod ids;
mod lines;
mod users;

pub use confirm::{Answer, ask, ask_for_many};
pub use ids::{base_url, parse};
pub use users::{Named, dedup_by, read};
