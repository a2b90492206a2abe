//! What a call did to the vendor's state.

use std::fmt;

use http::StatusCode;

/// What is known, after a call, of what it changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// The vendor said that it is done.
    Done,
    /// The vendor refused; nothing changed.
    Refused,
    /// The vendor refused for now; nothing changed.
    TryLater,
    /// The request did not leave; nothing changed.
    NotSent,
    /// It may have happened, or not.
    Unknown,
}

impl Effect {
    /// The effect of an answer with this status on an operation that changes something.
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
            // Never followed, so the place that they point to has heard nothing.
            301 | 302 | 307 | 308 => Self::Refused,
            408 | 429 | 503 => Self::TryLater,
            400..=499 | 501 | 505 => Self::Refused,
            _ => Self::Unknown,
        }
    }

    /// The word for it: `done`, `refused`, `try_later`, `not_sent` or `unknown`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::TryLater => "try_later",
            Self::NotSent => "not_sent",
            Self::Unknown => "unknown",
        }
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
}
