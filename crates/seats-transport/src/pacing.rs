//! Slows the calls of one client down before the vendor's rate limit refuses them.
//!
//! The first call goes alone. If its response states a limit, no more calls are in flight than the
//! window still allows, and the rest wait for the next window; if it does not, no call waits.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::rate_limit_headers::RateLimit;

/// While the first response is awaited, each such time doubles how many calls may be in flight.
const PATIENCE: Duration = Duration::from_secs(2);
/// A window that is said to last longer is ignored: one odd response would stop the client.
const LONGEST_WINDOW: Duration = Duration::from_secs(10 * 60);

/// The rate limit of one vendor, and how many calls are in flight.
#[derive(Debug, Default)]
pub(crate) struct Pacer {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    in_flight: u32,
    window: Window,
    /// Since when a response is awaited that could state a window.
    awaited_since: Option<Instant>,
}

#[derive(Clone, Copy, Debug, Default)]
enum Window {
    /// No response has stated a window, or the window that was stated is over.
    #[default]
    Unknown,
    /// The vendor states no limit.
    None,
    /// The window allows this many more requests until it ends.
    Known { remaining: u32, ends: Instant },
}

/// A call's turn; dropping it gives it back.
#[derive(Debug)]
pub(crate) struct Turn<'a> {
    pacer: &'a Pacer,
}

impl Pacer {
    /// Waits until it is this call's turn.
    ///
    /// # Errors
    /// The vendor's rate limit leaves it no turn before `deadline`; the error is when the next window
    /// opens.
    pub(crate) async fn turn(&self, deadline: Instant) -> Result<Turn<'_>, Instant> {
        let now = Instant::now();
        // Rather too early than never: no response has said that it would be refused.
        let at_last = now + deadline.saturating_duration_since(now) / 2;
        loop {
            // Registered before the state is read, so that no change in between is missed.
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            let opens = match self.try_turn() {
                Ok(turn) => return Ok(turn),
                Err(Some(opens)) if opens >= deadline => return Err(opens),
                Err(opens) => opens,
            };
            let until = opens.unwrap_or_else(|| at_last.min(Instant::now() + PATIENCE));
            tokio::select! {
                () = changed => {}
                () = tokio::time::sleep_until(until) => {
                    if opens.is_none() && Instant::now() >= at_last {
                        return Ok(self.take(&mut self.lock()));
                    }
                }
            }
        }
    }

    /// Returns how long until the next window opens, if this one allows no more requests.
    pub(crate) fn opens_in(&self) -> Option<Duration> {
        match self.lock().window {
            Window::Known { remaining: 0, ends } => {
                Some(ends.saturating_duration_since(Instant::now()))
            }
            _ => None,
        }
    }

    /// Returns a turn, or when the next window opens, if that is known.
    fn try_turn(&self) -> Result<Turn<'_>, Option<Instant>> {
        let mut state = self.lock();
        if let Window::Known { ends, .. } = state.window
            && ends <= Instant::now()
        {
            state.window = Window::Unknown;
        }
        let (is_open, opens) = match state.window {
            Window::Unknown => (state.in_flight < state.may_be_first(), None),
            Window::None => (true, None),
            // The vendor may not have counted the ones in flight yet.
            Window::Known { remaining, ends } => (state.in_flight < remaining, Some(ends)),
        };
        if !is_open {
            return Err(opens);
        }
        Ok(self.take(&mut state))
    }

    fn take(&self, state: &mut State) -> Turn<'_> {
        state.in_flight += 1;
        Turn { pacer: self }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// How many calls may go before any answer has told of a window: one, and more as time goes on.
    fn may_be_first(&mut self) -> u32 {
        let now = Instant::now();
        if self.in_flight == 0 {
            self.awaited_since = Some(now);
        }
        let awaited = self
            .awaited_since
            .map_or(Duration::ZERO, |since| now - since);
        1 << (awaited.as_secs() / PATIENCE.as_secs()).min(10)
    }
}

impl Turn<'_> {
    /// Ends the turn with the rate limit that the response states; none if no response came, or if it
    /// states none.
    pub(crate) fn finish(self, limit: Option<RateLimit>) {
        let mut state = self.pacer.lock();
        let believed = limit.filter(|limit| limit.resets_in <= LONGEST_WINDOW);
        let stated = believed.and_then(|limit| {
            let ends = Instant::now().checked_add(limit.resets_in)?;
            Some(Window::Known {
                remaining: limit.remaining,
                ends,
            })
        });
        state.window = match (state.window, stated) {
            // Responses overtake each other; within one window, less remains as time goes on.
            (
                Window::Known {
                    remaining: before,
                    ends,
                },
                Some(Window::Known {
                    remaining,
                    ends: stated,
                }),
            ) if ends > Instant::now() => Window::Known {
                remaining: remaining.min(before),
                ends: ends.min(stated),
            },
            (_, Some(stated)) => stated,
            (known @ Window::Known { .. }, None) => known,
            (_, None) => Window::None,
        };
        drop(state);
        // Dropping the turn wakes the others.
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = self.pacer.lock();
        state.in_flight = state.in_flight.saturating_sub(1);
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
    async fn no_more_are_in_flight_than_the_window_takes() {
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
        let opens = pacer
            .turn(begun + Duration::from_secs(30))
            .await
            .unwrap_err();
        assert_eq!(begun.elapsed(), Duration::ZERO);
        assert_eq!(opens - begun, Duration::from_secs(60));
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_first_call_does_not_hold_the_others_up() {
        let pacer = Pacer::default();
        let begun = Instant::now();
        let mut turns = vec![pacer.turn(soon()).await.unwrap()];
        for waited in [2, 4, 4, 6, 6, 6, 6, 8] {
            turns.push(pacer.turn(soon()).await.unwrap());
            assert_eq!(begun.elapsed().as_secs(), waited, "call {}", turns.len());
        }
        let short = Instant::now() + Duration::from_secs(1);
        let pacer = Pacer::default();
        let _first = pacer.turn(soon()).await.unwrap();
        assert!(pacer.turn(short).await.is_ok(), "well before its deadline");
        assert!(Instant::now() < short);
    }

    #[tokio::test(start_paused = true)]
    async fn an_absurd_window_is_not_believed() {
        let pacer = Pacer::default();
        pacer.turn(soon()).await.unwrap().finish(limit(0, 999_999));
        assert!(pacer.try_turn().is_ok());
        // One that is corrected ends as the later answer says.
        pacer.try_turn().unwrap().finish(limit(5, 600));
        pacer.try_turn().unwrap().finish(limit(0, 1));
        let begun = Instant::now();
        pacer.turn(soon()).await.unwrap();
        assert_eq!(begun.elapsed(), Duration::from_secs(1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_is_given_up_gives_its_turn_back() {
        let pacer = Pacer::default();
        let first = pacer.turn(soon()).await.unwrap();
        let second = tokio::time::timeout(PATIENCE / 2, pacer.turn(soon())).await;
        assert!(second.is_err());
        drop(first);
        assert!(pacer.try_turn().is_ok());
    }
}
