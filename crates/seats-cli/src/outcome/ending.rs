//! What became of a call, or of one user of many.

use seats::{Done, Effect, Error, ErrorKind, Fate, Outcome};
use serde::{Serialize, Serializer};

use super::endpoint::Endpoint;

/// What became of a call, or of one user of many. The order is from good to bad: the worst of many is
/// their `max()`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// A dry run, which sends nothing.
    DryRun,
    /// The vendor did it.
    Done,
    /// The user held no seat; nothing changed.
    AlreadyFree,
    /// Nothing changed, and another attempt may succeed.
    TryLater,
    /// The vendor refused; nothing changed.
    Refused,
    /// The input is invalid; nothing was sent.
    InvalidInput,
    /// The caller is not authorized, or there are no credentials; nothing changed.
    Denied,
    /// It may have happened.
    Unknown,
}

impl Ending {
    /// Returns what an error says about its call.
    pub fn of_error(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::DryRun => return Self::DryRun,
            ErrorKind::InvalidInput | ErrorKind::Route => return Self::InvalidInput,
            _ => {}
        }
        match error.effect() {
            // An attempt before the one that was refused may have been applied.
            Effect::Unknown => Self::Unknown,
            _ if error.is_access_denied() => Self::Denied,
            Effect::TryLater | Effect::NotSent => Self::TryLater,
            _ => Self::Refused,
        }
    }

    /// Returns what a call says that reached its aim.
    pub fn of_done<T>(done: &Done<T>) -> Self {
        match done.is_already_free() {
            true => Self::AlreadyFree,
            false => Self::Done,
        }
    }

    /// Returns what an outcome says about its user.
    pub fn of_outcome<U>(outcome: &Outcome<U>) -> Self {
        match &outcome.fate {
            Fate::Done => Self::Done,
            Fate::AlreadyFree => Self::AlreadyFree,
            // Without an error, the response as a whole is a success that names this user as failed.
            Fate::Failed(reason) => reason.error().map_or(Self::Refused, Self::of_error),
            _ => Self::Unknown,
        }
    }

    /// Returns what is known about a call that was interrupted.
    pub fn of_interrupted(endpoint: Endpoint) -> Self {
        if endpoint.operation.is_read() {
            Self::TryLater
        } else {
            Self::Unknown
        }
    }

    /// Returns the exit code of the process.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::DryRun | Self::Done | Self::AlreadyFree => 0,
            Self::Refused => 1,
            Self::InvalidInput => 2,
            Self::Unknown => 3,
            Self::Denied => 4,
            Self::TryLater => 5,
        }
    }

    /// Returns what became of a user, as JSON and CSV name it.
    pub fn fate(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::AlreadyFree => "already_free",
            Self::Unknown => "unknown",
            Self::DryRun | Self::TryLater | Self::Refused | Self::InvalidInput | Self::Denied => {
                "failed"
            }
        }
    }
}

/// Serializes as the user's fate.
impl Serialize for Ending {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.fate())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The README promises this order.
    #[test]
    fn the_worst_of_many_is_their_maximum() {
        let worst_first = [
            (Ending::Unknown, 3),
            (Ending::Denied, 4),
            (Ending::InvalidInput, 2),
            (Ending::Refused, 1),
            (Ending::TryLater, 5),
            (Ending::AlreadyFree, 0),
            (Ending::Done, 0),
        ];
        for pair in worst_first.windows(2) {
            assert_eq!(pair[0].0.max(pair[1].0), pair[0].0, "{pair:?}");
        }
        for (ending, code) in worst_first {
            assert_eq!(ending.exit_code(), code);
        }
    }
}
