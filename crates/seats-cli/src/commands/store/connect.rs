//! Builds the Store's client from options and environment.

use seats::Error;
use seats::store::{Client, ClientBuilder};
use seats_sandbox::{STORE_TOKEN, Sandbox};

use crate::arguments::StoreOptions;
use crate::outcome::{Endpoint, Report};
use crate::run::{Session, store_seats};

/// Starts a session with the Store.
///
/// # Errors
/// The sandbox cannot be started, or the client cannot be built.
pub async fn connect(
    endpoint: Endpoint,
    options: &StoreOptions,
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
    Session::start(endpoint, options.call, client, store_seats).await
}

fn builder(options: &StoreOptions, sandbox: Option<&Sandbox>) -> Result<ClientBuilder, Error> {
    Ok(match sandbox {
        // The token in the environment is for the vendor, not for a sandbox.
        Some(sandbox) => Client::builder()
            .base_url(sandbox.store_url())
            .token(STORE_TOKEN),
        None => match &options.base_url {
            Some(url) => ClientBuilder::from_env()?.base_url(input::base_url(url)?),
            None => ClientBuilder::from_env()?,
        },
    })
}
