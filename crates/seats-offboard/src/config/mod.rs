//! The configuration file, `seats.toml`.

mod money;
mod read;
mod source;

use std::collections::BTreeMap;
use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use serde::Deserialize;

use crate::vendor::Product;

pub use money::Money;
pub use read::{ConfigError, ConfigFile};
pub use source::{Source, Sourced};

/// What a configuration file sets. It never holds a secret: credentials come from the environment.
///
/// ```
/// use seats_offboard::Config;
///
/// let config = Config::parse(r#"
/// [datadog]
/// site = "us5.datadoghq.com"
/// products = ["incident_response", "on_call"]
/// concurrency = 4
///
/// [store]
/// enabled = true
///
/// [retry]
/// max_attempts = 4
/// attempt_timeout = "30s"
/// timeout = "2m"
///
/// [prices]
/// currency = "EUR"
/// datadog = { on_call = 20, incident_response = 40 }
/// store = { "9NBLGGH4R2R6/0016" = 4.50 }
/// "#)?;
/// assert_eq!(config.datadog.products, ["incident_response", "on_call"]);
/// # Ok::<(), seats_offboard::ConfigError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Config {
    /// Settings of Datadog.
    pub datadog: DatadogConfig,
    /// Settings of the Store.
    pub store: StoreConfig,
    /// The limits of a call's attempts.
    pub retry: RetryConfig,
    /// What seats cost.
    pub prices: Prices,
}

/// Settings of Datadog.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct DatadogConfig {
    /// The site, such as `us5.datadoghq.com`.
    pub site: Option<String>,
    /// The products to look at; without one, Datadog is not looked at.
    pub products: Vec<String>,
    /// How many calls are in flight at once.
    pub concurrency: Option<NonZeroUsize>,
}

/// Settings of the Store.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct StoreConfig {
    /// Whether the Store is looked at; if it is not set, it is if there are credentials for it.
    pub enabled: Option<bool>,
    /// How many calls are in flight at once.
    pub concurrency: Option<NonZeroUsize>,
}

/// The limits of a call's attempts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct RetryConfig {
    /// The maximum number of attempts.
    pub max_attempts: Option<NonZeroU32>,
    /// The timeout of one attempt.
    #[serde(deserialize_with = "read::time")]
    pub attempt_timeout: Option<Duration>,
    /// The deadline of a call, with all attempts and the waits between them.
    #[serde(deserialize_with = "read::time")]
    pub timeout: Option<Duration>,
}

/// What a seat costs a month, by vendor and product.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Prices {
    currency: Option<String>,
    #[serde(flatten)]
    vendors: BTreeMap<String, BTreeMap<String, Money>>,
}

impl Prices {
    /// Returns the currency's name, such as `EUR`; empty if it is not set.
    pub fn currency(&self) -> &str {
        self.currency.as_deref().unwrap_or_default()
    }

    /// Returns whether there are no prices.
    pub fn is_empty(&self) -> bool {
        self.vendors.is_empty()
    }

    /// Returns what a seat of the product costs a month. A price of a product counts for each of its SKUs that
    /// has none of its own.
    pub fn of(&self, product: &Product) -> Option<Money> {
        let prices = self.vendors.get(product.vendor.as_str())?;
        let price = prices
            .get(&product.to_string())
            .or_else(|| prices.get(&product.id));
        price.copied()
    }

    /// Returns an amount with its currency, such as `20.00 EUR`.
    pub fn show(&self, amount: Money) -> String {
        format!("{amount} {}", self.currency())
            .trim_end()
            .to_owned()
    }
}
