//! What became of each of many users.

use std::collections::HashSet;
use std::fmt;
use std::hash::Hash;
use std::ops::RangeInclusive;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt};
use seats_transport::{Effect, Exchange};

use crate::error::Error;

/// One user of many, and what became of the user's part.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Outcome<U> {
    /// The user, as the call named them.
    pub user: U,
    /// What became of it.
    pub fate: Fate,
    /// The call that the user was part of.
    call: Option<Arc<Exchange>>,
}

/// What became of one user's part in a call for many.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Fate {
    /// It is done.
    Done,
    /// It is not done, and why.
    Failed(Reason),
    /// It may have been done, and why nobody knows.
    Unknown(Reason),
}

/// Why something was not done, or is not known. Its `Display` is one line, and holds no secret.
#[derive(Clone, Debug)]
pub struct Reason {
    message: String,
    error: Option<Arc<Error>>,
}

impl<U> Outcome<U> {
    pub(crate) fn new(user: U, fate: Fate, call: &Arc<Exchange>) -> Self {
        let call = Some(Arc::clone(call));
        Self { user, fate, call }
    }

    /// The status of the answer to the call that the user was part of, where one came.
    pub fn status(&self) -> Option<u16> {
        Some(self.call.as_ref()?.status()?.as_u16())
    }

    /// The vendor's id of that call, where it gave one.
    pub fn request_id(&self) -> Option<&str> {
        self.call.as_ref()?.request_id()
    }
}

impl Fate {
    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self::Failed(Reason {
            message: message.into(),
            error: None,
        })
    }

    pub(crate) fn unknown(message: impl Into<String>) -> Self {
        Self::Unknown(Reason {
            message: message.into(),
            error: None,
        })
    }

    /// What follows from the error of a call for each of its users.
    pub(crate) fn of_error(error: &Arc<Error>) -> Self {
        let reason = Reason {
            message: error.to_string(),
            error: Some(Arc::clone(error)),
        };
        match error.effect() {
            Effect::Unknown => Self::Unknown(reason),
            Effect::Done => Self::Done,
            Effect::Refused | Effect::TryLater | Effect::NotSent => Self::Failed(reason),
        }
    }

    /// Unknown, because the call that would have told failed.
    pub(crate) fn unverified(message: &str, error: &Arc<Error>) -> Self {
        Self::Unknown(Reason {
            message: format!("{message}: {error}"),
            error: Some(Arc::clone(error)),
        })
    }

    /// Whether it is done.
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done)
    }

    /// Why it is not done, or not known.
    pub fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Done => None,
            Self::Failed(reason) | Self::Unknown(reason) => Some(reason),
        }
    }

    /// The word for it: `done`, `failed` or `unknown`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed(_) => "failed",
            Self::Unknown(_) => "unknown",
        }
    }
}

impl Reason {
    /// The error of the call, where the call as a whole did not end well.
    pub fn error(&self) -> Option<&Error> {
        self.error.as_deref()
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// What becomes of many users, one after the other: a [`Stream`] that makes a call when somebody asks
/// for an outcome of it, and not before.
///
/// Every user that was named comes exactly once, in the order in which they were named. Who drops it
/// before its end leaves the rest of the users alone, but a call that is under way may be carried out.
#[must_use = "nothing is sent until the outcomes are asked for"]
pub struct Outcomes<U>(BoxStream<'static, Outcome<U>>);

impl<U> Outcomes<U> {
    pub(crate) fn new(outcomes: impl Stream<Item = Outcome<U>> + Send + 'static) -> Self {
        Self(outcomes.boxed())
    }

    /// The next user's outcome; none at the end.
    pub async fn next(&mut self) -> Option<Outcome<U>> {
        self.0.next().await
    }

    /// All of them.
    pub async fn collect(self) -> Vec<Outcome<U>> {
        self.0.collect().await
    }
}

impl<U> Stream for Outcomes<U> {
    type Item = Outcome<U>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(context)
    }
}

impl<U> fmt::Debug for Outcomes<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outcomes").finish_non_exhaustive()
    }
}

/// The outcome of each of the users of a call that did not end as done.
pub(crate) fn all<U>(users: Vec<U>, error: Error) -> Vec<Outcome<U>> {
    let (call, error) = (Arc::new(error.exchange().clone()), Arc::new(error));
    users
        .into_iter()
        .map(|user| Outcome::new(user, Fate::of_error(&error), &call))
        .collect()
}

/// The users in their order, each of them once: as `name` tells them apart, by their first spelling.
///
/// # Errors
/// There are no users.
pub(crate) fn once<U: Clone, K: Eq + Hash>(
    users: &[U],
    name: impl Fn(&U) -> K,
) -> Result<Vec<U>, Error> {
    if users.is_empty() {
        return Err(Error::no_users());
    }
    let mut seen = HashSet::new();
    Ok(users
        .iter()
        .filter(|user| seen.insert(name(user)))
        .cloned()
        .collect())
}

/// The users in as many parts as it takes.
pub(crate) fn chunks<U: Clone>(users: &[U], sizes: RangeInclusive<u64>) -> Vec<Vec<U>> {
    let size = usize::try_from(*sizes.end()).unwrap_or(usize::MAX).max(1);
    users.chunks(size).map(<[U]>::to_vec).collect()
}
