//! Writes lines to stderr from a thread of its own, so that a slow reader does not block the caller.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;
use std::time::Duration;

use super::streams;

/// The most lines in the queue; more are dropped.
const CAPACITY: usize = 1024;

/// How long `finish` waits for the lines in the queue.
const PATIENCE: Duration = Duration::from_secs(1);

/// Writes lines to stderr in the background.
#[derive(Clone)]
pub struct QueuedStderr {
    lines: SyncSender<Line>,
    dropped: Arc<AtomicU64>,
}

enum Line {
    Text(String),
    /// The end of the queue, which is confirmed.
    End(SyncSender<()>),
}

impl QueuedStderr {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system cannot start a thread.
    pub fn start() -> io::Result<Self> {
        let (lines, receiver) = mpsc::sync_channel(CAPACITY);
        let dropped = Arc::new(AtomicU64::new(0));
        let dropped_lines = Arc::clone(&dropped);
        thread::Builder::new()
            .name("stderr".to_owned())
            .spawn(move || write_all(&receiver, &dropped_lines))?;
        Ok(Self { lines, dropped })
    }

    /// Queues a line, or drops it if the queue is full.
    pub fn write(&self, line: String) {
        if self.lines.try_send(Line::Text(line)).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits until the lines so far are written, but not for long.
    pub fn finish(&self) {
        let (written, wait) = mpsc::sync_channel(1);
        if self.lines.try_send(Line::End(written)).is_ok() {
            let _ = wait.recv_timeout(PATIENCE);
        }
    }
}

fn write_all(lines: &Receiver<Line>, dropped: &AtomicU64) {
    for line in lines {
        match line {
            Line::Text(line) => streams::note(&line),
            Line::End(written) => {
                let _ = written.send(());
                return;
            }
        }
        match dropped.swap(0, Ordering::Relaxed) {
            0 => {}
            1 => streams::note("(1 line was dropped)"),
            many => streams::note(&format!("({many} lines were dropped)")),
        }
    }
}
