//! `seats config check`: what is set, from where, and whether the credentials work.

use std::num::NonZeroUsize;

use futures_util::StreamExt;
use seats_offboard::{Product, Source, Vendor};
use serde::Serialize;

use super::failure::Failure;
use super::settings::{FILE, Settings, variable};
use super::vendors::{
    connect_datadog, connect_store, has_datadog_credentials, has_store_credentials,
};
use crate::arguments::SettingsOptions;
use crate::output::{Row, Table, streams};
use crate::run::start_log;

/// A setting.
#[derive(Serialize)]
struct Setting([String; 3]);

impl Row for Setting {
    const NAMES: &'static [&'static str] = &["setting", "value", "from"];
    const PLURAL: &'static str = "settings";

    fn cells(&self) -> Vec<Option<String>> {
        self.0.iter().cloned().map(Some).collect()
    }
}

/// The variables that hold credentials; only whether they are set is shown.
const SECRETS: [&str; 6] = [
    "DD_API_KEY",
    "DD_APP_KEY",
    "SEATS_STORE_TOKEN",
    "AZURE_TENANT_ID",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
];

/// Prints the settings, and tries the credentials by reading one page at each vendor.
///
/// # Errors
/// A setting is not acceptable, or credentials do not work.
pub async fn check(options: &SettingsOptions) -> Result<u8, Failure> {
    start_log(options.verbose);
    let settings = Settings::of(options)?;
    let rows = rows(&settings);
    let (table, heading) = Table::for_rows(&rows, None);
    let mut text = heading;
    rows.iter().for_each(|row| text.push_str(&table.row(row)));
    streams::stdout(&text)?;
    streams::stdout("\n")?;
    let datadog = check_datadog(&settings).await;
    let store = check_store(&settings).await;
    datadog?;
    store?;
    Ok(0)
}

fn rows(settings: &Settings) -> Vec<Setting> {
    let row = |name: &str, value: String, source: String| Setting([name.to_owned(), value, source]);
    let file = settings.file.path.as_ref();
    let of_file = |is_set: bool| match file {
        Some(path) if is_set => Source::File(path.clone()).to_string(),
        _ => Source::Default.to_string(),
    };
    let number = |number: Option<NonZeroUsize>| number.map_or("8".to_owned(), |it| it.to_string());
    let (datadog, store) = settings.concurrency();
    let store_on = match settings.store.value {
        Some(on) => on.to_string(),
        None => format!("{} (by the credentials)", has_store_credentials()),
    };
    let mut rows = vec![
        row(
            "configuration file",
            file.map_or(format!("none; looked for {FILE}"), |path| {
                path.display().to_string()
            }),
            String::new(),
        ),
        row(
            "datadog site",
            settings.site.value.clone(),
            settings.site.source.to_string(),
        ),
        row(
            "datadog products",
            settings.products.value.join(", "),
            settings.products.source.to_string(),
        ),
        row(
            "datadog concurrency",
            number(datadog),
            of_file(datadog.is_some()),
        ),
        row("store", store_on, settings.store.source.to_string()),
        row("store concurrency", number(store), of_file(store.is_some())),
    ];
    for name in ["SEATS_DATADOG_URL", "SEATS_STORE_URL"] {
        if let Some(url) = variable(name) {
            rows.push(row(
                name,
                seats::without_userinfo(&url),
                "environment".to_owned(),
            ));
        }
    }
    for name in SECRETS {
        let value = if variable(name).is_some() {
            "set"
        } else {
            "not set"
        };
        rows.push(row(name, value.to_owned(), "environment".to_owned()));
    }
    rows
}

async fn check_datadog(settings: &Settings) -> Result<(), Failure> {
    if !has_datadog_credentials() {
        streams::stdout("datadog: no credentials; set DD_API_KEY and DD_APP_KEY\n")?;
        return Ok(());
    }
    let datadog = connect_datadog(settings)?;
    let offers = datadog.products().await?;
    let Some(offer) = offers.first() else {
        streams::stdout("datadog: not tried, since no product is named\n")?;
        return Ok(());
    };
    read_one(&datadog, &offer.product).await
}

async fn check_store(settings: &Settings) -> Result<(), Failure> {
    if settings.store.value == Some(false) {
        return Ok(());
    }
    if !has_store_credentials() {
        streams::stdout(
            "store: no credentials; set SEATS_STORE_TOKEN, or AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET\n",
        )?;
        return Ok(());
    }
    let store = connect_store(settings)?;
    let products = store.products().await?;
    streams::stdout(&format!(
        "{}: works, {} products\n",
        store.account(),
        products.len()
    ))?;
    Ok(())
}

/// Reads one page of a product.
async fn read_one(vendor: &dyn Vendor, product: &Product) -> Result<(), Failure> {
    if let Some(holder) = vendor.holders(product).next().await {
        holder?;
    }
    streams::stdout(&format!("{}: works\n", vendor.account()))?;
    Ok(())
}
