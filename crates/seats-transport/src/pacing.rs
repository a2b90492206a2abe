//! Slows the calls of one client down before the vendor's rate limit refuses them.
//!
//! The first call goes alone. When its answer tells of a limit, no more calls are under way than the
//! window still takes, and the rest wait for the next one; when it does not, nobody waits.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::server_wait::RateLimit;

/// What the answers of one vendor have told, and how many calls are under way.
#[derive(Debug, Default)]
pub(crate) struct Pacer {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    under_way: u32,
    window: Window,
}

#[derive(Clone, Copy, Debug, Default)]
enum Window {
    /// Nothing has been heard, or the window that was heard of is over.
    #[default]
    Unknown,
    /// The vendor tells of no limit.
    None,
    /// So many more requests until then.
    Known { remaining: u32, ends: Instant },
}

/// Somebody's turn; it is given back when dropped.
#[derive(Debug)]
pub(crate) struct Turn<'a> {
    pacer: &'a Pacer,
}

impl Pacer {
    /// Waits until it is this call's turn; None where that would be after `deadline`.
    pub(crate) async fn turn(&self, deadline: Instant) -> Option<Turn<'_>> {
        loop {
            // Registered before the state is read, so that no change in between is missed.
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            let opens = match self.try_turn() {
                Ok(turn) => return Some(turn),
                Err(Some(opens)) if opens >= deadline => return None,
                Err(opens) => opens,
            };
            let until = opens.unwrap_or(deadline);
            tokio::select! {
                () = changed => {}
                () = tokio::time::sleep_until(until) => {
                    // Without a window to wait for, it is the deadline that has come.
                    opens?;
                }
            }
        }
    }

    /// A turn, or when the next window opens, where that is known.
    fn try_turn(&self) -> Result<Turn<'_>, Option<Instant>> {
        let mut state = self.lock();
        if let Window::Known { ends, .. } = state.window
            && ends <= Instant::now()
        {
            state.window = Window::Unknown;
        }
        let (is_open, opens) = match state.window {
            Window::Unknown => (state.under_way == 0, None),
            Window::None => (true, None),
            // Those under way may not have been counted yet.
            Window::Known { remaining, ends } => (state.under_way < remaining, Some(ends)),
        };
        if !is_open {
            return Err(opens);
        }
        state.under_way += 1;
        Ok(Turn { pacer: self })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn<'_> {
    /// Ends the turn with what the answer told; None where no answer came or it told nothing.
    pub(crate) fn finish(self, limit: Option<RateLimit>) {
        let mut state = self.pacer.lock();
        let told = limit.and_then(|limit| {
            let ends = Instant::now().checked_add(limit.resets_in)?;
            Some(Window::Known {
                remaining: limit.remaining,
                ends,
            })
        });
        state.window = match (state.window, told) {
            // Answers overtake each other; within one window, less remains as time goes on.
            (
                Window::Known {
                    remaining: before,
                    ends,
                },
                Some(Window::Known { remaining, .. }),
            ) if ends > Instant::now() => Window::Known {
                remaining: remaining.min(before),
                ends,
            },
            (_, Some(told)) => told,
            (known @ Window::Known { .. }, None) => known,
            (_, None) => Window::None,
        };
        drop(state);
        // The turn's own end wakes the others.
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = self.pacer.lock();
        state.under_way = state.under_way.saturating_sub(1);
        drop(state);
        self.pacer.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn limit(remaining: u32, seconds: u64) -> Option<RateLimit> {
        Some(RateLimit {
            remaining,
            resets_in: Duration::from_secs(seconds),
        })
    }

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(100)
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_call_goes_alone_until_its_answer_tells() {
        let pacer = Pacer::default();
        let first = pacer.turn(soon()).await.unwrap();
        assert!(pacer.try_turn().is_err());
        first.finish(None);
        let turns: Vec<_> = (0..50).map(|_| pacer.try_turn().unwrap()).collect();
        assert_eq!(turns.len(), 50, "without a limit nobody waits");
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_are_under_way_than_the_window_takes() {
        let pacer = Pacer::default();
        pacer.turn(soon()).await.unwrap().finish(limit(3, 10));
        let turns: Vec<_> = std::iter::from_fn(|| pacer.try_turn().ok()).collect();
        assert_eq!(turns.len(), 3);
        // Their answers come, the last first.
        for (turn, remaining) in turns.into_iter().zip([0, 2, 1]) {
            turn.finish(limit(remaining, 10));
        }
        let begun = Instant::now();
        let next = pacer.turn(soon()).await.unwrap();
        assert_eq!(
            begun.elapsed(),
            Duration::from_secs(10),
            "the rest wait for the next window"
        );
        assert!(pacer.try_turn().is_err(), "whose size is not known yet");
        next.finish(limit(7, 10));
        assert!(pacer.try_turn().is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_turn_after_the_deadline_is_not_waited_for() {
        let pacer = Pacer::default();
        pacer.turn(soon()).await.unwrap().finish(limit(0, 60));
        let begun = Instant::now();
        assert!(pacer.turn(begun + Duration::from_secs(30)).await.is_none());
        assert_eq!(begun.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_is_given_up_gives_its_turn_back() {
        let pacer = Pacer::default();
        let first = pacer.turn(soon()).await.unwrap();
        let second = tokio::time::timeout(Duration::from_secs(5), pacer.turn(soon())).await;
        assert!(second.is_err());
        drop(first);
        assert!(pacer.turn(soon()).await.is_some());
    }
}
