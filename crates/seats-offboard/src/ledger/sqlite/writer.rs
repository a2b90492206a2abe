//! The thread that writes entries: those that wait together share a commit.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use rusqlite::{Connection, params};
use tokio::sync::oneshot;

use super::columns::time;
use crate::ledger::{Entry, LedgerError};

/// The most entries that share a commit.
const MOST: usize = 4096;

type Written = Result<(), LedgerError>;
type Request = (Vec<Entry>, oneshot::Sender<Written>);

/// Writes entries on a thread of its own.
#[derive(Debug)]
pub(super) struct Writer {
    requests: Option<mpsc::Sender<Request>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(connection: Arc<Mutex<Connection>>, session: Arc<AtomicI64>) -> Self {
        let (requests, received) = mpsc::channel();
        let thread = std::thread::spawn(move || work(&connection, &session, &received));
        Self {
            requests: Some(requests),
            thread: Some(thread),
        }
    }

    pub(super) fn write(&self, entries: Vec<Entry>) -> BoxFuture<'static, Written> {
        let (sender, written) = oneshot::channel();
        let is_sent = self
            .requests
            .as_ref()
            .is_some_and(|requests| requests.send((entries, sender)).is_ok());
        async move {
            let gone = || LedgerError::Write("its thread has ended".to_owned());
            if is_sent {
                written.await.unwrap_or_else(|_| Err(gone()))
            } else {
                Err(gone())
            }
        }
        .boxed()
    }

    /// Writes what is queued, and ends.
    pub(super) fn close(&mut self) {
        drop(self.requests.take());
        if let Some(thread) = self.thread.take() {
            // It does not panic.
            let _ = thread.join();
        }
    }
}

fn work(connection: &Mutex<Connection>, session: &AtomicI64, received: &mpsc::Receiver<Request>) {
    let mut failure: Option<LedgerError> = None;
    while let Ok((mut entries, sender)) = received.recv() {
        let mut waiting = vec![sender];
        while entries.len() < MOST
            && let Ok((more, sender)) = received.try_recv()
        {
            entries.extend(more);
            waiting.push(sender);
        }
        let written = match &failure {
            // After a failure nothing is written, so that no later intent is durable without it.
            Some(failure) => Err(failure.clone()),
            None => {
                let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
                let session = session.load(Ordering::Relaxed);
                commit(&connection, session, &entries)
                    .map_err(|error| LedgerError::Write(error.to_string()))
            }
        };
        if let Err(error) = &written {
            failure = Some(error.clone());
        }
        for sender in waiting {
            // A caller that has gone does not want to know.
            let _ = sender.send(written.clone());
        }
    }
}

const INTENT: &str =
    "UPDATE row SET state = 'begun', begun = ?2, ended = NULL, session = ?3 WHERE id = ?1";
const RELEASE: &str =
    "UPDATE row SET state = 'planned', begun = iif(?2, begun, NULL) WHERE id = ?1";
const OUTCOME: &str = "UPDATE row SET state = ?2, ended = ?3, session = ?4, message = ?5, status = ?6, \
     request_id = ?7, attempts = attempts + ?8 WHERE id = ?1";
/// The last call stays on record if the row was settled by reading.
const SETTLED: &str =
    "UPDATE row SET state = ?2, ended = ?3, session = ?4, message = ?5 WHERE id = ?1";

fn commit(connection: &Connection, session: i64, entries: &[Entry]) -> rusqlite::Result<()> {
    let transaction = connection.unchecked_transaction()?;
    for entry in entries {
        match entry {
            Entry::Intent { row, at } => {
                let mut statement = transaction.prepare_cached(INTENT)?;
                statement.execute(params![row.0, time(*at), session])?;
            }
            Entry::Release { row, may_be_sent } => {
                let mut statement = transaction.prepare_cached(RELEASE)?;
                statement.execute(params![row.0, may_be_sent])?;
            }
            Entry::Outcome {
                row,
                at,
                outcome,
                report: Some(report),
                note,
            } => {
                let message = report.message.as_ref().or(note.as_ref());
                transaction.prepare_cached(OUTCOME)?.execute(params![
                    row.0,
                    outcome.as_str(),
                    time(*at),
                    session,
                    message,
                    report.status,
                    report.request_id,
                    report.attempts
                ])?;
            }
            Entry::Outcome {
                row,
                at,
                outcome,
                report: None,
                note,
            } => {
                let values = params![row.0, outcome.as_str(), time(*at), session, note];
                transaction.prepare_cached(SETTLED)?.execute(values)?;
            }
        }
    }
    transaction.commit()
}
