//! How many bytes of a response are sent before the connection is closed.

/// The end of a response's head.
const END_OF_HEAD: &[u8; 4] = b"\r\n\r\n";

/// The number of bytes of a response that may still be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limit {
    remaining: usize,
    /// The number of bytes of [`END_OF_HEAD`] that were sent, while the head is sent and does not
    /// count.
    head: Option<usize>,
}

impl Limit {
    /// Returns a limit on the body, or on the whole response.
    pub(crate) fn new(bytes: usize, of_body: bool) -> Self {
        Self {
            remaining: bytes,
            head: of_body.then_some(0),
        }
    }

    /// Returns how many of these bytes may be sent.
    pub(crate) fn allowed(mut self, bytes: &[u8]) -> usize {
        bytes.iter().take_while(|byte| self.take(**byte)).count()
    }

    /// Counts bytes that were sent.
    pub(crate) fn record(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.take(*byte);
        }
    }

    /// Counts a byte if it may be sent.
    fn take(&mut self, byte: u8) -> bool {
        match self.head {
            Some(seen) => {
                let seen = match END_OF_HEAD.get(seen) {
                    Some(expected) if *expected == byte => seen + 1,
                    _ => usize::from(byte == END_OF_HEAD[0]),
                };
                self.head = (seen < END_OF_HEAD.len()).then_some(seen);
                true
            }
            None if self.remaining == 0 => false,
            None => {
                self.remaining -= 1;
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_counts_or_does_not() {
        let response = b"HTTP/1.1 200 OK\r\na: b\r\n\r\n\r\n\r\nbody";
        assert_eq!(Limit::new(5, false).allowed(response), 5);
        assert_eq!(Limit::new(0, false).allowed(response), 0);
        assert_eq!(Limit::new(0, true).allowed(response), 25);
        assert_eq!(Limit::new(6, true).allowed(response), 31);
        assert_eq!(Limit::new(99, true).allowed(response), response.len());
    }
}
