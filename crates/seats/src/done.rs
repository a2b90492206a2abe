//! A call whose aim is reached.

use reqwest::StatusCode;
use seats_transport::{Effect, End, Exchange, RequestRecord, ResponseRecord};

/// The result of a call whose aim is reached: the change was made, or the seat was already free.
///
/// The value is missing if the seat was already free, if a response was lost and the retry found the seat
/// gone, and if the vendor reported success (a 2xx) in a body that cannot be read: the change is made all
/// the same. [`body`](Self::body) holds what came.
///
/// Code that uses this crate can build one for its own tests:
///
/// ```
/// use seats::Done;
///
/// let done = Done::new(Some("value")).with_status(200);
/// assert_eq!(done.status(), Some(200));
/// ```
#[derive(Clone, Debug)]
pub struct Done<T> {
    value: Option<T>,
    exchange: Exchange,
}

impl<T> Done<T> {
    /// Creates the result of a call that was never made, for tests of code that uses this crate. Its
    /// effect is [`Effect::Done`].
    pub fn new(value: Option<T>) -> Self {
        let exchange = Exchange::default().with_effect(Effect::Done);
        Self { value, exchange }
    }

    /// Creates the result of taking back a seat that nobody holds, for tests of code that uses this crate.
    ///
    /// ```
    /// let done = seats::Done::<()>::already_free();
    /// assert!(done.is_already_free());
    /// ```
    pub fn already_free() -> Self {
        let exchange = Exchange::default().with_effect(Effect::AlreadyFree);
        Self {
            value: None,
            exchange,
        }
    }

    /// Sets the status of a result that was built for a test. A number that is not an HTTP status is
    /// ignored.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        if let Ok(status) = StatusCode::from_u16(status) {
            let effect = self.effect();
            let end = End::Responded(ResponseRecord::new(status));
            self.exchange = Exchange::new(end).with_effect(effect);
        }
        self
    }

    pub(crate) fn of_call(value: Option<T>, exchange: Exchange) -> Self {
        Self { value, exchange }
    }

    pub(crate) fn into_exchange(self) -> Exchange {
        self.exchange
    }

    /// Returns what the vendor answered.
    pub fn value(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// Returns what the vendor answered.
    pub fn into_value(self) -> Option<T> {
        self.value
    }

    /// Returns the effect: [`Effect::Done`] or [`Effect::AlreadyFree`].
    pub fn effect(&self) -> Effect {
        self.exchange.effect()
    }

    /// Returns whether nothing changed, because the user held no seat before the call.
    pub fn is_already_free(&self) -> bool {
        self.effect() == Effect::AlreadyFree
    }

    /// Returns the status of the response: a 2xx, or the 404 that says that the user holds no seat.
    pub fn status(&self) -> Option<u16> {
        self.exchange.status().map(|status| status.as_u16())
    }

    /// Returns the vendor's id of the request.
    pub fn request_id(&self) -> Option<&str> {
        self.exchange.request_id()
    }

    /// Returns what the vendor says beside the value, each message on one line. It is empty for a 2xx.
    pub fn messages(&self) -> Vec<String> {
        self.exchange.messages()
    }

    /// Returns the body as it came.
    pub fn body(&self) -> &[u8] {
        self.exchange.body()
    }

    /// Returns how many attempts were made.
    pub fn attempts(&self) -> u32 {
        self.exchange.attempts()
    }

    /// Returns the request as it was sent, without its secrets.
    pub fn request(&self) -> Option<&RequestRecord> {
        self.exchange.request()
    }
}
