//! Lines on stderr from a thread of its own, so that nobody waits for a reader who does not read.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;
use std::time::Duration;

/// How many lines wait for the reader; more are dropped.
const MOST: usize = 1024;

/// How long the end waits for the lines before it.
const PATIENCE: Duration = Duration::from_secs(1);

/// Takes lines, and never waits.
#[derive(Clone)]
pub struct Notes {
    lines: SyncSender<Line>,
    dropped: Arc<AtomicU64>,
}

enum Line {
    Note(String),
    /// The last one; who sends it hears of it.
    End(SyncSender<()>),
}

impl Notes {
    /// Begins to write.
    ///
    /// # Errors
    /// The system has no thread for it.
    pub fn begin() -> io::Result<Self> {
        let (lines, receiver) = mpsc::sync_channel(MOST);
        let dropped = Arc::new(AtomicU64::new(0));
        let of_thread = Arc::clone(&dropped);
        thread::Builder::new()
            .name("notes".to_owned())
            .spawn(move || write(&receiver, &of_thread))?;
        Ok(Self { lines, dropped })
    }

    /// Writes a line, or drops it where too many are waiting.
    pub fn say(&self, line: String) {
        if self.lines.try_send(Line::Note(line)).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits for the lines so far, unless nobody reads them.
    pub fn end(&self) {
        let (written, wait) = mpsc::sync_channel(1);
        if self.lines.try_send(Line::End(written)).is_ok() {
            let _ = wait.recv_timeout(PATIENCE);
        }
    }
}

fn write(lines: &Receiver<Line>, dropped: &AtomicU64) {
    for line in lines {
        // A reader that has gone away has its reasons.
        match line {
            Line::Note(line) => drop(io::stderr().write_all(format!("{line}\n").as_bytes())),
            Line::End(written) => {
                let _ = written.send(());
                return;
            }
        }
        match dropped.swap(0, Ordering::Relaxed) {
            0 => {}
            1 => drop(writeln!(io::stderr(), "(1 line was dropped)")),
            many => drop(writeln!(io::stderr(), "({many} lines were dropped)")),
        }
    }
}
