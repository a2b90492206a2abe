//! What became of one of many users.

use std::fmt;
use std::sync::Arc;

use seats_transport::{Effect, Exchange};
use serde::{Serialize, Serializer, ser::SerializeStruct};

use crate::done::Done;
use crate::error::Error;

/// One user of many, and what became of the user's part.
///
/// It serializes as `{"user", "fate"}`, with `status`, `reason` and `request_id` if there is one.
///
/// ```
/// use seats::{Fate, Outcome};
///
/// let outcome = Outcome::new("ada@contoso.example", Fate::AlreadyFree);
/// assert_eq!(
///     serde_json::to_string(&outcome)?,
///     r#"{"user":"ada@contoso.example","fate":"already_free"}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Outcome<U> {
    /// The user, as the caller named them.
    pub user: U,
    /// What became of the user's part.
    pub fate: Fate,
    /// The call that the user was part of.
    call: Option<Arc<Exchange>>,
}

/// What became of one user's part in a call for many.
///
/// `Display` is the word for it, and serde uses the same: `done`, `already_free`, `failed`, `unknown`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Fate {
    /// The change was made.
    Done,
    /// The user held no seat before; nothing changed.
    AlreadyFree,
    /// Nothing changed for this user, for this reason.
    Failed(Reason),
    /// The change may have been made; the reason says why it is not known.
    Unknown(Reason),
}

/// Why a user's part failed, or is not known. `Display` is one line, and holds no secret.
#[derive(Clone, Debug)]
pub struct Reason {
    message: String,
    error: Option<Arc<Error>>,
}

impl<U> Outcome<U> {
    /// Creates an outcome that no call had, for tests of code that uses this crate.
    pub fn new(user: U, fate: Fate) -> Self {
        Self {
            user,
            fate,
            call: None,
        }
    }

    /// Creates the outcome of a user in a call.
    pub(crate) fn of_call(user: U, fate: Fate, call: &Arc<Exchange>) -> Self {
        let call = Some(Arc::clone(call));
        Self { user, fate, call }
    }

    /// Creates the outcome of the one user of a call.
    pub(crate) fn of_result<T>(user: U, result: Result<Done<T>, Error>) -> Self {
        match result {
            Ok(done) => {
                let fate = match done.effect() {
                    Effect::AlreadyFree => Fate::AlreadyFree,
                    _ => Fate::Done,
                };
                Self::of_call(user, fate, &Arc::new(done.into_exchange()))
            }
            Err(error) => Self::new(user, Fate::of_error(&Arc::new(error))),
        }
    }

    /// Returns what is known about the change for this user.
    pub fn effect(&self) -> Effect {
        match &self.fate {
            Fate::Done => Effect::Done,
            Fate::AlreadyFree => Effect::AlreadyFree,
            Fate::Unknown(_) => Effect::Unknown,
            Fate::Failed(reason) => reason.error().map_or(Effect::Refused, Error::effect),
        }
    }

    /// Returns the error of the call that the user was part of, if the call as a whole failed.
    pub fn error(&self) -> Option<&Error> {
        self.fate.reason()?.error()
    }

    /// Returns the status of the response to the call that the user was part of.
    pub fn status(&self) -> Option<u16> {
        Some(self.exchange()?.status()?.as_u16())
    }

    /// Returns the vendor's id of that call.
    pub fn request_id(&self) -> Option<&str> {
        self.exchange()?.request_id()
    }

    /// Returns how many attempts that call had.
    pub fn attempts(&self) -> u32 {
        self.exchange().map_or(0, Exchange::attempts)
    }

    fn exchange(&self) -> Option<&Exchange> {
        self.call
            .as_deref()
            .or_else(|| self.error().map(Error::exchange))
    }

    /// Returns the user if the aim is reached ([`Fate::is_success`]).
    ///
    /// # Errors
    /// The whole outcome, if it is not.
    ///
    /// ```
    /// use seats::{Fate, Outcome};
    ///
    /// let users: Result<Vec<_>, _> = [Outcome::new("ada", Fate::Done), Outcome::new("bob", Fate::AlreadyFree)]
    ///     .into_iter()
    ///     .map(Outcome::into_result)
    ///     .collect();
    /// assert_eq!(users.unwrap(), ["ada", "bob"]);
    /// ```
    pub fn into_result(self) -> Result<U, Self> {
        if self.fate.is_success() {
            Ok(self.user)
        } else {
            Err(self)
        }
    }
}

impl Fate {
    /// Creates the fate of a user whose part failed.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::Failed(Reason::new(message))
    }

    /// Creates the fate of a user whose outcome is unknown.
    pub fn unknown(message: impl Into<String>) -> Self {
        Self::Unknown(Reason::new(message))
    }

    /// The fate of each user of a call that ended in this error.
    pub(crate) fn of_error(error: &Arc<Error>) -> Self {
        let reason = Reason {
            message: error.to_string(),
            error: Some(Arc::clone(error)),
        };
        match error.effect() {
            Effect::Unknown => Self::Unknown(reason),
            _ => Self::Failed(reason),
        }
    }

    /// The fate of a user for whom no call was made, because an earlier call ended in this error.
    pub(crate) fn not_begun(error: &Arc<Error>) -> Self {
        Self::Failed(Reason {
            message: format!("not sent: {error}"),
            error: None,
        })
    }

    /// Unknown, because the call that would have told failed.
    pub(crate) fn unverified(message: &str, error: &Arc<Error>) -> Self {
        Self::Unknown(Reason {
            message: format!("{message}: {error}"),
            error: Some(Arc::clone(error)),
        })
    }

    /// Returns whether the aim is reached: the change was made, or the seat was already free.
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Done | Self::AlreadyFree)
    }

    /// Returns whether the user held no seat before.
    pub fn is_already_free(&self) -> bool {
        matches!(self, Self::AlreadyFree)
    }

    /// Returns why it failed or is not known.
    pub fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Done | Self::AlreadyFree => None,
            Self::Failed(reason) | Self::Unknown(reason) => Some(reason),
        }
    }

    /// Returns the word for it: `done`, `already_free`, `failed` or `unknown`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::AlreadyFree => "already_free",
            Self::Failed(_) => "failed",
            Self::Unknown(_) => "unknown",
        }
    }
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Fate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Reason {
    fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            error: None,
        }
    }

    /// Returns the error of the call, if the call as a whole failed.
    pub fn error(&self) -> Option<&Error> {
        self.error.as_deref()
    }

    pub(crate) fn shared_error(&self) -> Option<&Arc<Error>> {
        self.error.as_ref()
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl<U: Serialize> Serialize for Outcome<U> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut outcome = serializer.serialize_struct("Outcome", 5)?;
        outcome.serialize_field("user", &self.user)?;
        outcome.serialize_field("fate", &self.fate)?;
        match self.status() {
            Some(status) => outcome.serialize_field("status", &status)?,
            None => outcome.skip_field("status")?,
        }
        match self.fate.reason() {
            Some(reason) => outcome.serialize_field("reason", &reason.message)?,
            None => outcome.skip_field("reason")?,
        }
        match self.request_id() {
            Some(id) => outcome.serialize_field("request_id", id)?,
            None => outcome.skip_field("request_id")?,
        }
        outcome.end()
    }
}

/// The outcome of each user of a call that failed.
pub(crate) fn outcomes_of_error<U>(users: Vec<U>, error: Error) -> Vec<Outcome<U>> {
    let fate = Fate::of_error(&Arc::new(error));
    users
        .into_iter()
        .map(|user| Outcome::new(user, fate.clone()))
        .collect()
}
