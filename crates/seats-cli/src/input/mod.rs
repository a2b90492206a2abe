//! What a command is given: ids, and users in arguments or files.

mod ids;
mod lines;
mod users;

pub use ids::{base_url, parse};
pub use users::{Named, dedup_by, read};
