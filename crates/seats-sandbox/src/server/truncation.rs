//! A connection that can be closed in the middle of a response.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::faults::limit::Limit;

/// The limit on the current response of a connection, shared with the code that makes the response.
#[derive(Clone, Debug, Default)]
pub(super) struct SharedLimit(Arc<Mutex<Option<Limit>>>);

impl SharedLimit {
    pub(super) fn set(&self, limit: Option<Limit>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = limit;
    }

    fn get(&self) -> Option<Limit> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that fails once the limit is reached.
#[derive(Debug)]
pub(super) struct LimitedStream {
    stream: TcpStream,
    limit: SharedLimit,
}

impl LimitedStream {
    pub(super) fn new(stream: TcpStream) -> (Self, SharedLimit) {
        let limit = SharedLimit::default();
        let shared = limit.clone();
        (Self { stream, limit }, shared)
    }
}

impl AsyncRead for LimitedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for LimitedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let Some(mut limit) = self.limit.get() else {
            return Pin::new(&mut self.stream).poll_write(context, bytes);
        };
        let allowed = &bytes[..limit.allowed(bytes)];
        if allowed.is_empty() && !bytes.is_empty() {
            // The server drops a connection that fails, which closes the socket.
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        let written = ready!(Pin::new(&mut self.stream).poll_write(context, allowed))?;
        limit.record(&allowed[..written]);
        self.limit.set(Some(limit));
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
