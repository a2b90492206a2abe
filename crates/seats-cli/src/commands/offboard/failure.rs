//! Why a command ends early, and with which exit code.

use std::io;

use seats::Error;
use seats_offboard::{
    ApplyError, ConfigError, LedgerError, PeopleError, PlanError, PlanReadError, RunError,
    VendorError, VendorErrorKind,
};

use crate::outcome::Ending;
use crate::output::streams;

/// Why a command ends early.
#[derive(Debug)]
pub struct Failure {
    ending: Ending,
    message: String,
}

impl Failure {
    /// The input is not acceptable; nothing was sent.
    pub fn input(message: impl Into<String>) -> Self {
        Self {
            ending: Ending::InvalidInput,
            message: message.into(),
        }
    }

    /// Nothing changed, and trying again may help.
    pub fn try_later(message: impl Into<String>) -> Self {
        Self {
            ending: Ending::TryLater,
            message: message.into(),
        }
    }

    /// Something cannot be written.
    pub fn output(message: impl Into<String>) -> Self {
        Self {
            ending: Ending::Refused,
            message: message.into(),
        }
    }
}

/// Says why a command ended early, and returns its exit code.
pub fn finish(result: Result<u8, Failure>) -> u8 {
    result.unwrap_or_else(|failure| {
        streams::note(&format!("error: {}", failure.message));
        failure.ending.exit_code()
    })
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self {
            ending: Ending::of_error(&error),
            message: error.to_string(),
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::input(error.to_string())
    }
}

impl From<PeopleError> for Failure {
    fn from(error: PeopleError) -> Self {
        Self::input(error.to_string())
    }
}

impl From<VendorError> for Failure {
    fn from(error: VendorError) -> Self {
        let ending = match error.kind() {
            VendorErrorKind::AccessDenied => Ending::Denied,
            VendorErrorKind::TryLater => Ending::TryLater,
            _ => Ending::Refused,
        };
        Self {
            ending,
            message: error.to_string(),
        }
    }
}

impl From<PlanError> for Failure {
    fn from(error: PlanError) -> Self {
        let message = error.to_string();
        match error {
            PlanError::Vendor { error, .. } => Self {
                message,
                ..Self::from(error)
            },
            PlanError::Write(_) => Self::output(message),
            PlanError::Ledger(error) => Self::from(error),
            _ => Self::input(message),
        }
    }
}

impl From<PlanReadError> for Failure {
    fn from(error: PlanReadError) -> Self {
        match error {
            PlanReadError::Ledger(error) => Self::from(error),
            error => Self::input(error.to_string()),
        }
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        let message = error.to_string();
        match error {
            LedgerError::InUse { .. } => Self::try_later(message),
            LedgerError::Write(_) => Self::output(message),
            _ => Self::input(message),
        }
    }
}

impl From<ApplyError> for Failure {
    fn from(error: ApplyError) -> Self {
        match error {
            ApplyError::Plan(error) => Self::from(error),
            ApplyError::Ledger(error) => Self::from(error),
            ApplyError::OtherAccount { actual: None, .. } => Self {
                ending: Ending::Denied,
                message: error.to_string(),
            },
            error => Self::input(error.to_string()),
        }
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Ledger(error) => Self::from(error),
            error => Self::input(error.to_string()),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::output(error.to_string())
    }
}
