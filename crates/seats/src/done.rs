//! A call that the vendor carried out.

use seats_transport::{Exchange, RequestRecord};

/// What a vendor did, and what it said of it.
///
/// The value is missing where an answer was lost and the repeated call found the seat gone, and where
/// the vendor said that it is done (a 2xx) in a body that cannot be read: the seat is gone all the
/// same. [`body`](Self::body) holds what came.
#[derive(Clone, Debug)]
pub struct Done<T> {
    value: Option<T>,
    exchange: Exchange,
}

impl<T> Done<T> {
    pub(crate) fn new(value: Option<T>, exchange: Exchange) -> Self {
        Self { value, exchange }
    }

    /// The same, with what `read` makes of the body in place of what the generated code made of it.
    pub(crate) fn read<U>(self, read: impl FnOnce(&[u8]) -> Option<U>) -> Done<U> {
        Done::new(read(self.exchange.body()), self.exchange)
    }

    /// The exchange of the call.
    pub(crate) fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    /// What the vendor answered.
    pub fn value(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// What the vendor answered.
    pub fn into_value(self) -> Option<T> {
        self.value
    }

    /// The status of the answer: a 2xx, or the 404 of a repeated call that says that the seat is gone.
    pub fn status(&self) -> Option<u16> {
        self.exchange.status().map(|status| status.as_u16())
    }

    /// The vendor's id of the request, where it gave one.
    pub fn request_id(&self) -> Option<&str> {
        self.exchange.request_id()
    }

    /// The body as it came.
    pub fn body(&self) -> &[u8] {
        self.exchange.body()
    }

    /// How often the request was sent.
    pub fn attempts(&self) -> u32 {
        self.exchange.attempts()
    }

    /// The request as it was sent, without its secrets.
    pub fn request(&self) -> Option<&RequestRecord> {
        self.exchange.request()
    }
}
