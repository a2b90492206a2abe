//! Arguments as callers have them: a typed id, or its text.

use std::str::FromStr;

use crate::error::Error;

/// A value that a call takes as a `T`: a `T`, a reference to one, or its text.
///
/// So ids can be written as they are, and a text that is not an id is an error that names the argument,
/// the value and the rule; nothing is sent then.
///
/// ```
/// # #[cfg(feature = "store")] {
/// use seats::IntoArgument;
/// use seats::store::Username;
///
/// fn takes(user: impl IntoArgument<Username>) -> seats::Result<Username> {
///     user.into_argument()
/// }
///
/// let typed: Username = takes("ada@contoso.example").unwrap();
/// assert_eq!(takes(&typed).unwrap(), typed);
/// assert_eq!(takes(String::from("ada@contoso.example")).unwrap(), typed);
/// let error = takes("..").unwrap_err();
/// assert!(error.to_string().starts_with("username \"..\": must be one path segment"));
/// # }
/// ```
pub trait IntoArgument<T>: Sized {
    /// Converts the value.
    ///
    /// # Errors
    /// The value is not a `T` ([`InvalidInput`](crate::ErrorKind::InvalidInput)).
    fn into_argument(self) -> Result<T, Error>;
}

/// A type of argument: how an error names it, and what rule its text has to meet.
pub(crate) trait Argument: FromStr + Clone {
    /// The argument's name in an error.
    const NAME: &'static str;

    /// The rule that a text breaks.
    fn rule(error: Self::Err) -> String;

    fn parse(text: &str) -> Result<Self, Error> {
        text.parse()
            .map_err(|error| Error::invalid_input(Self::NAME, text, Self::rule(error)))
    }
}

impl<T: Argument> IntoArgument<T> for T {
    fn into_argument(self) -> Result<T, Error> {
        Ok(self)
    }
}

impl<T: Argument> IntoArgument<T> for &T {
    fn into_argument(self) -> Result<T, Error> {
        Ok(self.clone())
    }
}

impl<T: Argument> IntoArgument<T> for &str {
    fn into_argument(self) -> Result<T, Error> {
        T::parse(self)
    }
}

impl<T: Argument> IntoArgument<T> for String {
    fn into_argument(self) -> Result<T, Error> {
        T::parse(&self)
    }
}

impl<T: Argument> IntoArgument<T> for &String {
    fn into_argument(self) -> Result<T, Error> {
        T::parse(self)
    }
}

/// Converts each of many arguments.
pub(crate) fn all<T: Argument>(
    values: impl IntoIterator<Item = impl IntoArgument<T>>,
) -> Result<Vec<T>, Error> {
    values
        .into_iter()
        .map(IntoArgument::into_argument)
        .collect()
}
