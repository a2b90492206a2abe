//! Builds the Store's client from options and environment.

use seats::store::{Client, ClientBuilder};
use seats::{BaseUrl, Error};
use seats_sandbox::{STORE_TOKEN, Sandbox};

use crate::arguments::StoreOptions;
use crate::input;
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
    Session::start(endpoint, options.call, client, store_seats).await
}

/// Returns a builder for the vendor, or for a sandbox.
fn builder(base_url: Option<BaseUrl>, sandbox: Option<&Sandbox>) -> Result<ClientBuilder, Error> {
    Ok(match sandbox {
        // The token in the environment is for the vendor, not for a sandbox.
        Some(sandbox) => Client::builder()
            .base_url(sandbox.store_url())
            .token(STORE_TOKEN),
        None => match base_url {
            Some(url) => ClientBuilder::from_env()?.base_url(url),
            None => ClientBuilder::from_env()?,
        },
    })
}
