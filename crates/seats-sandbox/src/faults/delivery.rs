//! How a response is delivered: whole, truncated, or not at all.

use std::time::Duration;

use super::limit::Limit;
use crate::message::response::Response;

/// What a caller received.
///
/// ```
/// # use seats_sandbox::{Outcome, Sandbox};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let sandbox = Sandbox::start().await?;
/// for entry in sandbox.log() {
///     match entry.outcome {
///         Outcome::Answered(status) => println!("{} {status}", entry.target),
///         other => println!("{} {other:?}", entry.target),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// A response with this status.
    Answered(u16),
    /// The beginning of a response with this status.
    Cut(u16),
    /// No response: the operation was executed, and the connection closed.
    Lost,
    /// No response: the connection was closed, and the operation not executed.
    Closed,
}

/// A response, and how it is delivered.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub(crate) response: Response,
    pub(crate) outcome: Outcome,
    pub(crate) limit: Option<Limit>,
    pub(crate) delay: Duration,
}
