//! `seats datadog`: from arguments to a report.

use seats::datadog::api::operations::UNASSIGN_SEATS_USER;
use seats::datadog::{Client, ClientBuilder, ProductCode};
use seats::{Error, Uuid};
use seats_sandbox::{API_KEY, APPLICATION_KEY, Sandbox};

use crate::arguments::Unassign;
use crate::connection;
use crate::input;
use crate::report::{Call, Report, Subject};
use crate::sandbox;

/// What `seats datadog unassign` calls.
pub const UNASSIGN: Call = Call {
    vendor: "datadog",
    operation: &UNASSIGN_SEATS_USER,
};

/// Takes the seats away, and reports.
pub async fn unassign(arguments: &Unassign) -> Report {
    let as_given = || Subject {
        users: Some(arguments.users.clone()),
        ..Subject::default()
    };
    let input = input::parse::<ProductCode>("--product", &arguments.product)
        .and_then(|product| Ok((product, users(&arguments.users)?)));
    let (product, users) = match input {
        Ok(input) => input,
        Err(message) => return Report::unacceptable(Some(UNASSIGN), message, as_given()),
    };
    let subject = || Subject {
        users: Some(users.iter().map(Uuid::to_string).collect()),
        ..Subject::default()
    };
    let sandbox = match sandbox::start_if(arguments.options.sandbox).await {
        Ok(sandbox) => sandbox,
        Err(message) => return Report::unacceptable(Some(UNASSIGN), message, as_given()),
    };
    let client = match client(arguments, sandbox.as_ref()) {
        Ok(client) => client,
        Err(error) => return Report::error(UNASSIGN, &error, subject()),
    };
    match client.unassign(&product, &users).await {
        Ok(done) => {
            let who = if users.len() == 1 {
                "1 user".to_owned()
            } else {
                format!("{} users", users.len())
            };
            let line = format!(
                "the seats of {} were taken away from {who}",
                product.as_str()
            );
            Report::done(UNASSIGN, &done, line, subject())
        }
        Err(error) => Report::error(UNASSIGN, &error, subject())
            .with_notes(sandbox::hint_datadog(&error, sandbox.as_ref())),
    }
}

fn users(texts: &[String]) -> Result<Vec<Uuid>, String> {
    texts
        .iter()
        .map(|text| input::parse_as("USER_UUID", text, "must be a UUID"))
        .collect()
}

fn client(arguments: &Unassign, sandbox: Option<&Sandbox>) -> Result<Client, Error> {
    let builder = match sandbox {
        // Not a word of the environment: its keys are for the real place.
        Some(sandbox) => Client::builder()
            .base_url(sandbox.datadog_url())
            .api_key(API_KEY)
            .app_key(APPLICATION_KEY),
        None => match &arguments.base_url {
            Some(url) => ClientBuilder::from_env()?.base_url_named("--base-url", url),
            None => ClientBuilder::from_env()?,
        },
    };
    connection::apply!(builder, arguments.options).build()
}
