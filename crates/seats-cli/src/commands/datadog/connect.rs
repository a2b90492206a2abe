//! Builds Datadog's client from options and environment.

use seats::datadog::{Client, ClientBuilder};
use seats::{BaseUrl, Error};
use seats_sandbox::{API_KEY, APPLICATION_KEY, Sandbox};

use crate::arguments::DatadogOptions;
use crate::input;
use crate::outcome::{Endpoint, Report};
use crate::run::{Session, datadog_seats};

/// Starts a session with Datadog.
///
/// # Errors
/// The sandbox cannot be started, or the client cannot be built.
pub async fn connect(
    endpoint: Endpoint,
    options: &DatadogOptions,
) -> Result<Session<Client>, Box<Report>> {
    let failed = |error: Error| Box::new(Report::error(endpoint, &error));
    let base_url = match &options.base_url {
        Some(url) => Some(
            input::base_url("--base-url", url)
                .map_err(|message| Report::invalid_input(Some(endpoint), message))?,
        ),
        None => None,
    };
    let client = |sandbox: Option<&Sandbox>| {
        builder(base_url, sandbox)
            .and_then(|builder| {
                builder
                    .retry(options.call.retry_policy())
                    .dry_run(options.call.dry_run)
                    .build()
            })
            .map_err(failed)
    };
    Session::start(endpoint, options.call, client, datadog_seats).await
}

/// Returns a builder for the vendor, or for a sandbox.
fn builder(base_url: Option<BaseUrl>, sandbox: Option<&Sandbox>) -> Result<ClientBuilder, Error> {
    Ok(match sandbox {
        // The keys in the environment are for the vendor, not for a sandbox.
        Some(sandbox) => Client::builder()
            .base_url(sandbox.datadog_url())
            .api_key(API_KEY)
            .app_key(APPLICATION_KEY),
        None => match base_url {
            Some(url) => ClientBuilder::from_env()?.base_url(url),
            None => ClientBuilder::from_env()?,
        },
    })
}
