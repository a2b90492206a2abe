//! Sources of settings.

use std::fmt;
use std::path::PathBuf;

/// The source of a setting. `Display` describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Nothing sets it.
    Default,
    /// The configuration file.
    File(PathBuf),
    /// An environment variable.
    Environment(&'static str),
    /// An option of the command.
    Argument(&'static str),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Environment(name) | Self::Argument(name) => f.write_str(name),
        }
    }
}

/// A setting, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The setting.
    pub value: T,
    /// Where it comes from.
    pub source: Source,
}

impl<T> Sourced<T> {
    /// Returns the first of the settings that is there, in the order of their weight, or the default.
    pub fn first(settings: impl IntoIterator<Item = (Option<T>, Source)>, default: T) -> Self {
        let mut settings = settings.into_iter();
        let set = settings.find_map(|(value, source)| {
            Some(Self {
                value: value?,
                source,
            })
        });
        set.unwrap_or(Self {
            value: default,
            source: Source::Default,
        })
    }
}
