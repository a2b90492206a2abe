//! The time by which rate limits and tokens run.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A clock for rate limits and the lifetime of tokens: the system's, or one that a test moves.
///
/// ```
/// use std::time::Duration;
/// use seats_sandbox::{Clock, Sandbox};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), seats_sandbox::StartError> {
/// let clock = Clock::manual();
/// let sandbox = Sandbox::builder().clock(clock.clone()).start().await?;
/// clock.advance(Duration::from_secs(3600)); // every token that was issued has expired
/// # drop(sandbox);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System(Instant),
    /// In nanoseconds.
    Manual(Arc<AtomicU64>),
}

impl Clock {
    /// Returns a clock that runs by the system's time.
    ///
    /// ```
    /// let clock = seats_sandbox::Clock::system();
    /// ```
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System(Instant::now()))
    }

    /// Returns a clock that stands still until it is moved. Its clones move with it.
    ///
    /// ```
    /// let clock = seats_sandbox::Clock::manual();
    /// ```
    #[must_use]
    pub fn manual() -> Self {
        Self(Source::Manual(Arc::default()))
    }

    /// Moves a manual clock forward; has no effect on the system's.
    ///
    /// ```
    /// let clock = seats_sandbox::Clock::manual();
    /// clock.advance(std::time::Duration::from_secs(60));
    /// ```
    pub fn advance(&self, time: Duration) {
        if let Source::Manual(nanoseconds) = &self.0 {
            let time = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
            nanoseconds.fetch_add(time, Ordering::SeqCst);
        }
    }

    /// Returns the time since the clock was made.
    pub(crate) fn now(&self) -> Duration {
        match &self.0 {
            Source::System(start) => start.elapsed(),
            Source::Manual(nanoseconds) => Duration::from_nanos(nanoseconds.load(Ordering::SeqCst)),
        }
    }
}
