//! Ctrl-C and SIGTERM, caught so that the command can still report what it knows.

use std::io;
use std::pin::pin;
use std::process;
use std::sync::mpsc;
use std::thread;

use futures_util::future::{self, Either};
use tokio::sync::watch;

use crate::outcome::{Ending, Endpoint};

/// Whether the command has been interrupted.
pub struct Interruption(watch::Receiver<bool>);

/// The command was interrupted before its work was done.
#[derive(Clone, Copy, Debug)]
pub struct Interrupted;

impl Interruption {
    /// Catches signals from now on, in a thread of its own: the second one exits at once, even if the
    /// main thread waits for a reader of its output.
    ///
    /// # Errors
    /// The system does not allow it.
    pub fn of(endpoint: Endpoint) -> io::Result<Self> {
        let exit_code = Ending::of_interrupted(endpoint).exit_code();
        let (asked, receiver) = watch::channel(false);
        let (ready, watching) = mpsc::channel();
        thread::Builder::new()
            .name("interruption".to_owned())
            .spawn(move || watch(&asked, &ready, exit_code))?;
        let unheard = |_| Err(io::Error::other("cannot watch for signals"));
        watching.recv().unwrap_or_else(unheard)?;
        Ok(Self(receiver))
    }

    /// Catches nothing: a signal ends the process, as by default.
    pub fn uncaught() -> Self {
        // Without a sender it never comes.
        Self(watch::channel(false).1)
    }

    /// Returns the result of `work`, unless it is interrupted before it is ready. After a signal, no work
    /// begins: it may have come while a line was written.
    ///
    /// # Errors
    /// It was interrupted.
    pub async fn during<T>(&self, work: impl Future<Output = T>) -> Result<T, Interrupted> {
        let mut asked = self.0.clone();
        if *asked.borrow() {
            return Err(Interrupted);
        }
        let interrupted = async move {
            if asked.wait_for(|has_come| *has_come).await.is_err() {
                future::pending::<()>().await;
            }
        };
        match future::select(pin!(work), pin!(interrupted)).await {
            Either::Left((value, _)) => Ok(value),
            Either::Right(_) => Err(Interrupted),
        }
    }
}

fn watch(asked: &watch::Sender<bool>, ready: &mpsc::Sender<io::Result<()>>, exit_code: u8) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return drop(ready.send(Err(error))),
    };
    runtime.block_on(async {
        let mut signals = match Signals::catch() {
            Ok(signals) => signals,
            Err(error) => return drop(ready.send(Err(error))),
        };
        drop(ready.send(Ok(())));
        signals.next().await;
        let _ = asked.send(true);
        signals.next().await;
        process::exit(i32::from(exit_code));
    });
}

/// The signals that ask a process to end.
#[cfg(unix)]
pub struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// Catches the signals from now on.
    ///
    /// # Errors
    /// The system does not allow it.
    pub fn catch() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for a signal.
    pub async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Ctrl-C.
#[cfg(not(unix))]
pub struct Signals;

#[cfg(not(unix))]
impl Signals {
    /// Does nothing: [`next`](Self::next) catches it.
    ///
    /// # Errors
    /// None.
    pub fn catch() -> io::Result<Self> {
        Ok(Self)
    }

    /// Waits for Ctrl-C.
    pub async fn next(&mut self) {
        drop(tokio::signal::ctrl_c().await);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn after_a_signal_no_work_begins() {
        let (signal, receiver) = watch::channel(false);
        let interruption = Interruption(receiver);
        assert!(interruption.during(async {}).await.is_ok());
        signal.send(true).unwrap();
        let mut has_begun = false;
        assert!(
            interruption
                .during(async { has_begun = true })
                .await
                .is_err()
        );
        assert!(!has_begun);
    }

    #[tokio::test]
    async fn work_that_is_not_ready_is_interrupted() {
        let (signal, receiver) = watch::channel(false);
        let interruption = Interruption(receiver);
        let work = async {
            signal.send(true).unwrap();
            future::pending::<()>().await;
        };
        assert!(interruption.during(work).await.is_err());
        // Without anything that could interrupt it, work goes on to its end.
        let work = tokio::task::yield_now();
        assert!(Interruption::uncaught().during(work).await.is_ok());
    }
}
