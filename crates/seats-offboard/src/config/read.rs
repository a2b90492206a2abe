//! Finds and reads the configuration file.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::Config;

/// The most bytes that a configuration file may have.
const MOST_BYTES: u64 = 1 << 20;

/// A configuration, and the file that it was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigFile {
    /// The file; none if there is none.
    pub path: Option<PathBuf>,
    /// What it sets.
    pub config: Config,
}

/// Error from reading a configuration file. No value of it is shown: it could be a secret that should not be
/// there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {}: {error}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// The file is too large.
    #[error("{} is larger than {MOST_BYTES} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// The file sets something that looks like a secret.
    #[error(
        "`{key}` looks like a secret; secrets are set in the environment, never in a file that is shared (see `seats config check` for the variables)"
    )]
    Secret {
        /// The key.
        key: String,
    },
    /// The file is not TOML, or sets something that there is not.
    #[error("line {line}, column {column}: {message}")]
    Invalid {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// What is wrong with a file.
    #[error("{}: {error}", path.display())]
    InFile {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        error: Box<ConfigError>,
    },
}

impl ConfigFile {
    /// Reads the first of the candidates that exists; there need not be one.
    ///
    /// # Errors
    /// The file cannot be read, or is not a configuration.
    pub fn first(candidates: impl IntoIterator<Item = PathBuf>) -> Result<Self, ConfigError> {
        for path in candidates {
            match std::fs::File::open(&path) {
                Ok(file) => return Self::of(path, file),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(ConfigError::Read { path, error }),
            }
        }
        Ok(Self::default())
    }

    /// Reads this file, which must exist.
    ///
    /// # Errors
    /// The file cannot be read, or is not a configuration.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let path = path.to_owned();
        match std::fs::File::open(&path) {
            Ok(file) => Self::of(path, file),
            Err(error) => Err(ConfigError::Read { path, error }),
        }
    }

    fn of(path: PathBuf, file: impl Read) -> Result<Self, ConfigError> {
        let mut text = String::new();
        match file.take(MOST_BYTES + 1).read_to_string(&mut text) {
            Ok(_) if text.len() as u64 <= MOST_BYTES => {}
            Ok(_) => return Err(ConfigError::TooLarge { path }),
            Err(error) => return Err(ConfigError::Read { path, error }),
        }
        match Config::parse(&text) {
            Ok(config) => Ok(Self {
                path: Some(path),
                config,
            }),
            Err(error) => Err(ConfigError::InFile {
                path,
                error: Box::new(error),
            }),
        }
    }
}

impl Config {
    /// Parses the text of a configuration file.
    ///
    /// # Errors
    /// The text is not TOML, sets something that there is not, or looks as if it held a secret.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let table: toml::Table = text.parse().map_err(|error| invalid(text, &error))?;
        if let Some(key) = secret(&table) {
            return Err(ConfigError::Secret { key });
        }
        toml::from_str(text).map_err(|error| invalid(text, &error))
    }
}

/// Returns a key that looks like that of a secret.
fn secret(table: &toml::Table) -> Option<String> {
    const PARTS: [&str; 6] = [
        "secret", "token", "password", "api_key", "app_key", "apikey",
    ];
    table.iter().find_map(|(key, value)| {
        let name = key.to_ascii_lowercase().replace('-', "_");
        if PARTS.iter().any(|part| name.contains(part)) {
            return Some(key.clone());
        }
        let inner = secret(value.as_table()?)?;
        Some(format!("{key}.{inner}"))
    })
}

fn invalid(text: &str, error: &toml::de::Error) -> ConfigError {
    let start = error.span().map_or(0, |span| span.start);
    let before = text.get(..start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    ConfigError::Invalid {
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        message: error.message().to_owned(),
    }
}

/// Reads a time such as `30s`.
pub(super) fn time<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let time = humantime::parse_duration(&text)
        .ok()
        .filter(|time| !time.is_zero());
    match time {
        Some(time) => Ok(Some(time)),
        None => Err(D::Error::custom(
            "must be a time such as 5s, 500ms or 1m 30s",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendor::{Product, STORE};

    fn message(text: &str) -> String {
        Config::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn mistakes_are_named_with_their_place_and_no_value() {
        assert_eq!(
            message("[datadog]\nsite = \"us5.datadoghq.com\"\nproduct = \"x\"\n"),
            "line 3, column 1: unknown field `product`, expected one of `site`, `products`, `concurrency`"
        );
        assert_eq!(
            message("[retry]\ntimeout = \"soon\"\n"),
            "line 2, column 11: must be a time such as 5s, 500ms or 1m 30s"
        );
        let secret = message("[datadog]\napi_key = \"0123456789\"\n");
        assert!(
            secret.starts_with("`datadog.api_key` looks like a secret"),
            "{secret}"
        );
        assert!(!secret.contains("0123456789"));
        assert!(!message("[store]\nenabled = s3cr3t\n").contains("s3cr3t"));
    }

    #[test]
    fn a_price_of_a_product_is_that_of_its_skus() {
        let config = Config::parse(
            "[prices]\ncurrency = \"EUR\"\n[prices.store]\n\"9NBLGGH4R2R6/0016\" = 4.5\nCFQ7TTC0K5DR = 3\n",
        )
        .unwrap();
        let price = |id: &str, sku: &str| {
            let price = config.prices.of(&Product {
                vendor: STORE,
                id: id.to_owned(),
                sku: Some(sku.to_owned()),
            });
            price.map(|price| config.prices.show(price * 3))
        };
        assert_eq!(price("9NBLGGH4R2R6", "0016").as_deref(), Some("13.50 EUR"));
        assert_eq!(price("CFQ7TTC0K5DR", "0001").as_deref(), Some("9.00 EUR"));
        assert_eq!(price("9NBLGGH4R2R6", "0001"), None);
        assert!(message("[prices.store]\nx = -1\n").ends_with("a price must be from 0 to 1000000"));
    }
}
