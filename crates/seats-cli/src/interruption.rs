//! Ctrl-C, or the system's request to end: noticed, so that what is known can still be said.

use std::io;
use std::pin::pin;
use std::process;
use std::sync::mpsc;
use std::thread;

use futures_util::future::{self, Either};
use tokio::sync::watch;

use crate::calls::Call;

/// Whether somebody has asked the command to end.
pub struct Interruption(watch::Receiver<bool>);

/// Somebody has, before it was over.
#[derive(Clone, Copy, Debug)]
pub struct Interrupted;

impl Interruption {
    /// Watches for it from now on. The second time the command ends at once, whatever it is doing;
    /// that is what the thread is for: the runtime may be waiting for a reader.
    ///
    /// # Errors
    /// The system lets nobody watch.
    pub fn of(call: Call) -> io::Result<Self> {
        let exit_code = exit_code(call);
        let (asked, receiver) = watch::channel(false);
        let (ready, watching) = mpsc::channel();
        thread::Builder::new()
            .name("interruption".to_owned())
            .spawn(move || watch(&asked, &ready, exit_code))?;
        let unheard = |_| Err(io::Error::other("nobody watches for signals"));
        watching.recv().unwrap_or_else(unheard)?;
        Ok(Self(receiver))
    }

    /// Nobody watches: a signal ends the command, as it ends any other.
    pub fn unwatched() -> Self {
        // Its sender is gone, so that it waits for ever.
        Self(watch::channel(false).1)
    }

    /// Whether it has come.
    pub fn has_come(&self) -> bool {
        *self.0.borrow()
    }

    /// What comes of `work`, unless it is interrupted. Work that is over counts as over.
    ///
    /// # Errors
    /// It was interrupted.
    pub async fn during<T>(&self, work: impl Future<Output = T>) -> Result<T, Interrupted> {
        let mut asked = self.0.clone();
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

/// The exit code of a call that was cut off: what changes something may have happened.
pub fn exit_code(call: Call) -> u8 {
    if call.operation.is_read() { 5 } else { 3 }
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
        let mut signals = match Signals::begin() {
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

/// What asks a program to end.
#[cfg(unix)]
pub struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// From now on they end nothing by themselves.
    ///
    /// # Errors
    /// The system lets nobody watch.
    pub fn begin() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for one.
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
    /// Nothing is to be done before.
    ///
    /// # Errors
    /// None.
    pub fn begin() -> io::Result<Self> {
        Ok(Self)
    }

    /// Waits for it.
    pub async fn next(&mut self) {
        drop(tokio::signal::ctrl_c().await);
    }
}
