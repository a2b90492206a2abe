//! What a call did to the vendor's state.

use std::fmt;

use http::StatusCode;
use serde::{Deserialize, Serialize};

/// What is known about the change that a call asked for.
///
/// `Display` and serde use the same words: `done`, `already_free`, `refused`, `try_later`,
/// `not_sent` and `unknown`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Effect {
    /// The vendor made the change.
    Done,
    /// The seat to take back was free before the call; nothing changed.
    AlreadyFree,
    /// The vendor refused; nothing changed.
    Refused,
    /// The vendor refused for now; nothing changed.
    TryLater,
    /// The request was not sent; nothing changed.
    NotSent,
    /// The change may have been made, or not.
    Unknown,
}

impl Effect {
    /// Returns the effect of a response with this status to an operation that changes something.
    ///
    /// ```
    /// use http::StatusCode;
    /// use seats_transport::Effect;
    ///
    /// assert_eq!(Effect::of_status(StatusCode::NO_CONTENT), Effect::Done);
    /// assert_eq!(Effect::of_status(StatusCode::BAD_GATEWAY), Effect::Unknown);
    /// ```
    pub fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            200..=299 => Self::Done,
            // Redirects are never followed, so their target received nothing.
            301 | 302 | 307 | 308 => Self::Refused,
            408 | 429 | 503 => Self::TryLater,
            400..=499 | 501 | 505 => Self::Refused,
            _ => Self::Unknown,
        }
    }

    /// Returns the word for it, such as `try_later`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::AlreadyFree => "already_free",
            Self::Refused => "refused",
            Self::TryLater => "try_later",
            Self::NotSent => "not_sent",
            Self::Unknown => "unknown",
        }
    }

    /// Returns whether the state that the call aimed at is reached: [`Done`](Self::Done) or
    /// [`AlreadyFree`](Self::AlreadyFree).
    pub fn is_success(self) -> bool {
        matches!(self, Self::Done | Self::AlreadyFree)
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_the_effect_that_the_design_gives_it() {
        for code in 100..=999 {
            let expected = match code {
                200..=299 => Effect::Done,
                408 | 429 | 503 => Effect::TryLater,
                301 | 302 | 307 | 308 | 501 | 505 => Effect::Refused,
                c if (400..500).contains(&c) => Effect::Refused,
                _ => Effect::Unknown,
            };
            assert_eq!(
                Effect::of_status(StatusCode::from_u16(code).unwrap()),
                expected,
                "{code}"
            );
        }
    }

    #[test]
    fn serde_and_display_use_the_same_words() {
        for effect in [
            Effect::Done,
            Effect::AlreadyFree,
            Effect::Refused,
            Effect::TryLater,
            Effect::NotSent,
            Effect::Unknown,
        ] {
            let json = serde_json::to_string(&effect).unwrap();
            assert_eq!(json, format!("\"{effect}\""));
            assert_eq!(serde_json::from_str::<Effect>(&json).unwrap(), effect);
            let reaches_the_aim = matches!(effect.as_str(), "done" | "already_free");
            assert_eq!(effect.is_success(), reaches_the_aim);
        }
    }
}
