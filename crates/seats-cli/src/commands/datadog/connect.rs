//! Builds Datadog's client from options and environment.

use seats::Error;
use seats::datadog::{Client, ClientBuilder};
use seats_sandbox::{API_KEY, APPLICATION_KEY, Sandbox};

use crate::arguments::DatadogOptions;
use crate::outcome::{Endpoint, Report};
use crate::run::{Session, apply, datadog_seats};

/// Starts a session with Datadog.
///
/// # Errors
/// The sandbox cannot be started, or the client cannot be built.
pub async fn connect(
    endpoint: Endpoint,
    options: &DatadogOptions,
) -> Result<Session<Client>, Box<Report>> {
    let client = |sandbox: Option<&Sandbox>| client(options, sandbox);
    Session::start(endpoint, options.call, client, datadog_seats).await
}

fn client(options: &DatadogOptions, sandbox: Option<&Sandbox>) -> Result<Client, Error> {
    let builder = match sandbox {
        // The keys in the environment are for the vendor, not for a sandbox.
        Some(sandbox) => Client::builder()
            .base_url(sandbox.datadog_url())
            .api_key(API_KEY)
            .app_key(APPLICATION_KEY),
        None => match &options.base_url {
            Some(url) => ClientBuilder::from_env()?.base_url_named("--base-url", url),
            None => ClientBuilder::from_env()?,
        },
    };
    apply!(builder, options.call).build()
}
