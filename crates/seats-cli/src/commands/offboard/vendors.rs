//! Connects the vendors that the settings name.

use std::sync::Arc;

use seats::datadog::{self, ProductCode, Site};
use seats::store;
use seats_offboard::{Datadog, Store, Vendor};

use super::failure::Failure;
use super::settings::{Settings, variable};
use crate::input;

/// Which vendors a command needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    /// Those that are looked at: Datadog if products of it are named, and the Store if it is not off.
    Products,
    /// Those with credentials: the plan says which of them it is about.
    Credentials,
}

/// Connects the vendors.
///
/// # Errors
/// A setting is not acceptable, credentials are missing, or there is no vendor to look at.
pub fn connect(settings: &Settings, needed: Needed) -> Result<Vec<Arc<dyn Vendor>>, Failure> {
    let mut vendors: Vec<Arc<dyn Vendor>> = Vec::new();
    let wants_datadog = match needed {
        Needed::Products => !settings.products.value.is_empty(),
        Needed::Credentials => has_datadog_credentials(),
    };
    if wants_datadog {
        vendors.push(Arc::new(connect_datadog(settings)?));
    }
    let wants_store = match needed {
        Needed::Products => settings.store.value.unwrap_or_else(has_store_credentials),
        Needed::Credentials => has_store_credentials(),
    };
    if wants_store {
        vendors.push(Arc::new(connect_store(settings)?));
    }
    if vendors.is_empty() && needed == Needed::Products {
        return Err(Failure::input(
            "there is nothing to look at: name a Datadog product with --datadog-product or in seats.toml, \
             or set the Store's credentials (SEATS_STORE_TOKEN, or AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET)",
        ));
    }
    Ok(vendors)
}

pub fn has_datadog_credentials() -> bool {
    variable("DD_API_KEY").is_some() && variable("DD_APP_KEY").is_some()
}

pub fn has_store_credentials() -> bool {
    let application = ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"];
    variable("SEATS_STORE_TOKEN").is_some()
        || application.iter().all(|name| variable(name).is_some())
}

/// Connects Datadog.
///
/// # Errors
/// A setting is not acceptable, or the keys are missing.
pub fn connect_datadog(settings: &Settings) -> Result<Datadog, Failure> {
    let mut builder = datadog::ClientBuilder::from_env()?.retry(settings.retry_policy());
    if variable(datadog::SITE_VARIABLE).is_none() && variable(datadog::URL_VARIABLE).is_none() {
        let site: Site = input::parse("site", &settings.site.value).map_err(Failure::input)?;
        builder = builder.site(site);
    }
    let product = |product: &String| input::parse::<ProductCode>("product", product);
    let products = settings
        .products
        .value
        .iter()
        .map(product)
        .collect::<Result<_, _>>();
    Ok(Datadog::new(
        builder.build()?,
        products.map_err(Failure::input)?,
    ))
}

/// Connects the Store.
///
/// # Errors
/// A setting is not acceptable, or the credentials are missing.
pub fn connect_store(settings: &Settings) -> Result<Store, Failure> {
    let client = store::ClientBuilder::from_env()?
        .retry(settings.retry_policy())
        .build()?;
    // A token says nothing here about its tenant.
    let tenant = match variable("SEATS_STORE_TOKEN") {
        Some(_) => None,
        None => variable("AZURE_TENANT_ID"),
    };
    Ok(Store::new(client, tenant))
}
