//! The error of a seed or of a list of faults.

use std::fmt;

/// Error from reading a seed or a list of faults.
///
/// Its text is one line: `seed.yaml:12:15: tenants[0].store.token: must not be empty`. It repeats at
/// most a short part of the file.
///
/// ```
/// use seats_sandbox::Seed;
///
/// let error = Seed::from_yaml("tenants: []").unwrap_err();
/// assert_eq!(error.to_string(), "seed:1:10: tenants: must name a tenant");
/// assert_eq!((error.line, error.column), (1, 10));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}{}: {problem}", Position(*.line, *.column), Field(.field))]
#[non_exhaustive]
pub struct InputError {
    /// The name of the file, or `seed` or `faults` if there is no file.
    pub file: String,
    /// The line, counted from 1; 0 if the error is about the whole file.
    pub line: u64,
    /// The column, counted from 1; 0 if the error is about the whole file.
    pub column: u64,
    /// The path of the field, such as `tenants[0].store.token`; may be empty.
    pub field: String,
    /// The rule that the value breaks.
    pub problem: String,
}

struct Position(u64, u64);

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self(0, _) => Ok(()),
            Self(line, column) => write!(f, ":{line}:{column}"),
        }
    }
}

struct Field<'f>(&'f str);

impl fmt::Display for Field<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            Ok(())
        } else {
            write!(f, ": {}", self.0)
        }
    }
}
