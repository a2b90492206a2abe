//! Builds Datadog's client from options and environment.

use seats::Error;
use seats::datadog::{Client, ClientBuilder};
use seats_sandbox::{API_KEY, APPLICATION_KEY, Sandbox};

use crate::arguments::DatadogOptions;
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
    let client = |sandbox: Option<&Sandbox>| {
        builder(options, sandbox)?
            .retry(options.call.retry_policy())
            .dry_run(options.call.dry_run)
            .build()
    };
    let client = |sandbox: Option<&Sandbox>| {
        client(sandbox).map_err(|error| Box::new(Report::error(endpoint, &error)))
    };
    Session::start(endpoint, options.call, client, datadog_seats).await
}

fn builder(options: &DatadogOptions, sandbox: Option<&Sandbox>) -> Result<ClientBuilder, Error> {
    Ok(match sandbox {
        // The keys in the environment are for the vendor, not for a sandbox.
        Some(sandbox) => Client::builder()
            .base_url(sandbox.datadog_url())
            .api_key(API_KEY)
            .app_key(APPLICATION_KEY),
        None => match &options.base_url {
            Some(url) => ClientBuilder::from_env()?.base_url(input::base_url(url)?),
            None => ClientBuilder::from_env()?,
        },
    })
}
