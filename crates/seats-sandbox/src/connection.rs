//! A connection that can be cut in the middle of an answer.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// What ends the head of an answer.
const END_OF_HEAD: &[u8; 4] = b"\r\n\r\n";

/// How much of an answer is still let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    left: usize,
    /// How much of the end of the head has gone by, where the head is not counted and not over.
    head: Option<usize>,
}

impl Cut {
    pub(crate) fn after(bytes: usize, of_body: bool) -> Self {
        Self {
            left: bytes,
            head: of_body.then_some(0),
        }
    }

    /// Lets a byte through, or not.
    fn pass(&mut self, byte: u8) -> bool {
        match self.head {
            Some(seen) => {
                let seen = match END_OF_HEAD.get(seen) {
                    Some(wanted) if *wanted == byte => seen + 1,
                    _ => usize::from(byte == END_OF_HEAD[0]),
                };
                self.head = (seen < END_OF_HEAD.len()).then_some(seen);
                true
            }
            None if self.left == 0 => false,
            None => {
                self.left -= 1;
                true
            }
        }
    }

    /// How many of these bytes go through.
    fn allows(mut self, bytes: &[u8]) -> usize {
        bytes.iter().take_while(|byte| self.pass(**byte)).count()
    }
}

/// Where to cut the answer that is under way, shared with whoever makes it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scissors(Arc<Mutex<Option<Cut>>>);

impl Scissors {
    pub(crate) fn set(&self, cut: Option<Cut>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = cut;
    }

    fn get(&self) -> Option<Cut> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection with scissors.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    scissors: Scissors,
}

impl Connection {
    pub(crate) fn new(stream: TcpStream) -> (Self, Scissors) {
        let scissors = Scissors::default();
        let connection = Self {
            stream,
            scissors: scissors.clone(),
        };
        (connection, scissors)
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let Some(mut cut) = self.scissors.get() else {
            return Pin::new(&mut self.stream).poll_write(context, bytes);
        };
        let allowed = &bytes[..cut.allows(bytes)];
        if allowed.is_empty() && !bytes.is_empty() {
            // The server drops a connection that fails, and with it closes the socket.
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        let written = ready!(Pin::new(&mut self.stream).poll_write(context, allowed))?;
        for byte in &allowed[..written] {
            cut.pass(*byte);
        }
        self.scissors.set(Some(cut));
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_counts_or_does_not() {
        let answer = b"HTTP/1.1 200 OK\r\na: b\r\n\r\n\r\n\r\nbody";
        assert_eq!(Cut::after(5, false).allows(answer), 5);
        assert_eq!(Cut::after(0, false).allows(answer), 0);
        assert_eq!(Cut::after(0, true).allows(answer), 25);
        assert_eq!(Cut::after(6, true).allows(answer), 31);
        assert_eq!(Cut::after(99, true).allows(answer), answer.len());
    }
}
