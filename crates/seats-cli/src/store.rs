//! `seats store`: from arguments to a report.

use seats::Error;
use seats::store::api::operations::RECLAIM_SEAT_FROM_USER;
use seats::store::{Client, ClientBuilder, ProductId, Seat, SkuId, Username};
use seats_sandbox::{STORE_TOKEN, Sandbox};

use crate::arguments::Reclaim;
use crate::connection;
use crate::input;
use crate::report::{Call, Report, Subject};
use crate::sandbox;

/// What `seats store reclaim` calls.
pub const RECLAIM: Call = Call {
    vendor: "store",
    operation: &RECLAIM_SEAT_FROM_USER,
};

/// Takes the seat away, and reports.
pub async fn reclaim(arguments: &Reclaim) -> Report {
    let (product, sku, username) = match ids(arguments) {
        Ok(ids) => ids,
        Err(message) => return Report::unacceptable(Some(RECLAIM), message, Subject::default()),
    };
    let sandbox = match sandbox::start_if(arguments.options.sandbox).await {
        Ok(sandbox) => sandbox,
        Err(message) => return Report::unacceptable(Some(RECLAIM), message, Subject::default()),
    };
    let client = match client(arguments, sandbox.as_ref()) {
        Ok(client) => client,
        Err(error) => return Report::error(RECLAIM, &error, Subject::default()),
    };
    match client.reclaim(&product, &sku, &username).await {
        Ok(done) => {
            let line = format!(
                "the seat of {}/{} was taken away from {}",
                product.as_str(),
                sku.as_str(),
                username.as_str()
            );
            // A body in which nothing of a seat was recognised says nothing of it.
            let seat = done.value().filter(|&seat| *seat != Seat::default());
            let seat = seat.and_then(|seat| serde_json::to_value(seat).ok());
            // The 404 of a repeated call says that the seat is gone, and nothing else.
            let is_success = done.status().is_some_and(|status| status < 300);
            let unreadable = is_success && seat.is_none() && !done.body().is_empty();
            let report = Report::done(
                RECLAIM,
                &done,
                line,
                Subject {
                    seat,
                    ..Subject::default()
                },
            );
            if unreadable {
                report.with_message("the body of the answer could not be read".to_owned())
            } else if !is_success {
                report.with_message(
                    "the answer to an earlier attempt was lost, and the seat is gone".to_owned(),
                )
            } else {
                report
            }
        }
        Err(error) => Report::error(RECLAIM, &error, Subject::default())
            .with_notes(sandbox::hint_store(&error, sandbox.as_ref())),
    }
}

fn ids(arguments: &Reclaim) -> Result<(ProductId, SkuId, Username), String> {
    Ok((
        input::parse("PRODUCT_ID", &arguments.product_id)?,
        input::parse("SKU_ID", &arguments.sku_id)?,
        input::parse("USERNAME", &arguments.username)?,
    ))
}

fn client(arguments: &Reclaim, sandbox: Option<&Sandbox>) -> Result<Client, Error> {
    let builder = match sandbox {
        // Not a word of the environment: its token is for the real place.
        Some(sandbox) => Client::builder()
            .base_url(sandbox.store_url())
            .token(STORE_TOKEN),
        None => match &arguments.base_url {
            Some(url) => ClientBuilder::from_env()?.base_url_named("--base-url", url),
            None => ClientBuilder::from_env()?,
        },
    };
    connection::apply!(builder, arguments.options).build()
}
