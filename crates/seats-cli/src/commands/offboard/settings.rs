//! The settings of a command: options, environment and configuration file, and where each comes from.

use std::env;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use seats::RetryPolicy;
use seats_offboard::{ConfigFile, Prices, Source, Sourced};

use super::failure::Failure;
use crate::arguments::SettingsOptions;

/// The name of the configuration file.
pub const FILE: &str = "seats.toml";

/// The settings of a command.
pub struct Settings {
    /// The configuration file.
    pub file: ConfigFile,
    /// The Datadog site; none if a base URL takes its place.
    pub site: Sourced<String>,
    /// The Datadog products to look at.
    pub products: Sourced<Vec<String>>,
    /// Whether the Store is looked at; if it is not set, it is if there are credentials.
    pub store: Sourced<Option<bool>>,
}

impl Settings {
    /// Reads the settings.
    ///
    /// # Errors
    /// The configuration file cannot be read, or is not acceptable.
    pub fn of(options: &SettingsOptions) -> Result<Self, Failure> {
        let file = config_file(options.config.as_deref())?;
        let of_file = file.path.clone().map_or(Source::Default, Source::File);
        let config = &file.config;
        let some = |products: &Vec<String>| (!products.is_empty()).then(|| products.clone());
        Ok(Self {
            site: Sourced::first(
                [
                    (variable("DD_SITE"), Source::Environment("DD_SITE")),
                    (config.datadog.site.clone(), of_file.clone()),
                ],
                "datadoghq.com".to_owned(),
            ),
            products: Sourced::first(
                [
                    (
                        some(&options.datadog_product),
                        Source::Argument("--datadog-product"),
                    ),
                    (some(&config.datadog.products), of_file.clone()),
                ],
                Vec::new(),
            ),
            store: Sourced::first(
                [
                    (
                        options.no_store.then_some(Some(false)),
                        Source::Argument("--no-store"),
                    ),
                    (config.store.enabled.map(Some), of_file),
                ],
                None,
            ),
            file,
        })
    }

    /// The limits of a call's attempts.
    pub fn retry_policy(&self) -> RetryPolicy {
        let retry = &self.file.config.retry;
        let mut policy = RetryPolicy::new();
        if let Some(attempts) = retry.max_attempts {
            policy = policy.max_attempts(attempts.get());
        }
        if let Some(timeout) = retry.attempt_timeout {
            policy = policy.attempt_timeout(timeout);
        }
        if let Some(timeout) = retry.timeout {
            policy = policy.timeout(timeout);
        }
        policy
    }

    /// What seats cost.
    pub fn prices(&self) -> &Prices {
        &self.file.config.prices
    }

    /// How many calls are in flight at each vendor, by the configuration.
    pub fn concurrency(&self) -> (Option<NonZeroUsize>, Option<NonZeroUsize>) {
        let config = &self.file.config;
        (config.datadog.concurrency, config.store.concurrency)
    }
}

/// Reads the file that is named, or the first that there is.
///
/// # Errors
/// It cannot be read, or is not acceptable.
pub fn config_file(named: Option<&Path>) -> Result<ConfigFile, Failure> {
    Ok(match named {
        Some(path) => ConfigFile::read(path)?,
        None => ConfigFile::first(candidates())?,
    })
}

/// Where a configuration file may be, in the order of their weight.
fn candidates() -> Vec<PathBuf> {
    let folder = |name: &str| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let user = match cfg!(windows) {
        true => folder("APPDATA"),
        false => folder("XDG_CONFIG_HOME").or_else(|| Some(folder("HOME")?.join(".config"))),
    };
    let user = user.map(|folder| folder.join("seats").join(FILE));
    [Some(PathBuf::from(FILE)), user]
        .into_iter()
        .flatten()
        .collect()
}

/// An environment variable that is set and not empty.
pub fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.trim().is_empty())
}
