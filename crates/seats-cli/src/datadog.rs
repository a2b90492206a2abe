//! `seats datadog`: from arguments to what is said of the calls.

use std::num::NonZeroU32;

use futures_util::{StreamExt, stream};
use seats::datadog::api::operations::{ASSIGN_SEATS_USER, GET_SEATS_USERS, UNASSIGN_SEATS_USER};
use seats::datadog::{Client, ClientBuilder, ProductCode};
use seats::{Error, Uuid};
use seats_sandbox::{API_KEY, APPLICATION_KEY, Sandbox};

use crate::arguments::{AssignToUsers, Datadog, DatadogPlace, DatadogUsers, ListUsers, Unassign};
use crate::calls::{self, Call};
use crate::connection;
use crate::input;
use crate::interruption::Interrupted;
use crate::many::{self, Told};
use crate::report::{Report, Subject};
use crate::sandbox;
use crate::session::Session;
use crate::users::{self, Written};

const ASSIGN: Call = calls::datadog(&ASSIGN_SEATS_USER);
const LIST: Call = calls::datadog(&GET_SEATS_USERS);
const UNASSIGN: Call = calls::datadog(&UNASSIGN_SEATS_USER);

/// Runs the command, says what came of it, and gives the exit code.
///
/// # Errors
/// What is still to be said: why there was no call, or no list.
pub async fn run(command: &Datadog) -> Result<u8, Box<Report>> {
    match command {
        Datadog::Assign(arguments) => assign(arguments).await,
        Datadog::List(arguments) => list(arguments).await,
        Datadog::Unassign(arguments) => unassign(arguments).await,
    }
}

/// Gives the seats.
async fn assign(arguments: &AssignToUsers) -> Result<u8, Box<Report>> {
    let (product, users) = input(ASSIGN, &arguments.product, &arguments.users)?;
    let subject = || about(&users);
    let session = begin(ASSIGN, &arguments.place)
        .await
        .map_err(|report| report.about(subject()))?;
    let done = session
        .during(ASSIGN, session.client.assign(&product, &users))
        .await
        .map_err(|report| report.about(subject()))?;
    let given = match (users.len(), product.as_str()) {
        (1, product) => format!("a seat of {product} was given to"),
        (_, product) => format!("seats of {product} were given to"),
    };
    let line = format!("{given} {}", count(&users));
    let unnamed = done.value().map(|named| unnamed(&users, named));
    Ok(Report::done(ASSIGN, &done, line)
        .about(subject())
        .with_unnamed(unnamed.unwrap_or_default())
        .print(arguments.place.options.output))
}

/// Lists who holds a seat.
async fn list(arguments: &ListUsers) -> Result<u8, Box<Report>> {
    let product: ProductCode = input::parse("--product", &arguments.product)
        .map_err(|message| Report::unacceptable(Some(LIST), message))?;
    let session = begin(LIST, &arguments.place).await?;
    let users = session.client.seats(&product);
    let nothing = format!("nobody holds a seat of {}", product.as_str());
    let size = arguments.page_size.map(NonZeroU32::get);
    session.list(LIST, users, size, &nothing).await
}

/// Takes the seats away: all in one request, one by one, or in batches.
async fn unassign(arguments: &Unassign) -> Result<u8, Box<Report>> {
    let (product, users) = input(UNASSIGN, &arguments.product, &arguments.users)?;
    let subject = || about(&users);
    let session = begin(UNASSIGN, &arguments.place)
        .await
        .map_err(|report| report.about(subject()))?;
    let error = |error: Error| Box::new(session.error(UNASSIGN, &error).about(subject()));
    let output = arguments.place.options.output;
    let client = &session.client;
    let interruption = &session.interruption;
    let mut told_of = many::Users {
        names: users.iter().map(Uuid::to_string).collect(),
        per_call: 1,
    };
    let outcomes = if arguments.one_by_one {
        client
            .unassign_each(&product, &users)
            .map_err(error)?
            .boxed()
    } else if let Some(size) = arguments.batch_size {
        // What became of anybody shows in the list that is read at the end.
        told_of.per_call = users.len();
        let outcomes = client.unassign_in_batches(&product, &users, size);
        match interruption.during(outcomes).await {
            Ok(outcomes) => stream::iter(outcomes.map_err(error)?).boxed(),
            Err(Interrupted) => return Ok(many::print_interrupted(UNASSIGN, &told_of, output).0),
        }
    } else {
        let done = session
            .during(UNASSIGN, client.unassign(&product, &users))
            .await
            .map_err(|report| report.about(subject()))?;
        let line = format!(
            "the seats of {} were taken away from {}",
            product.as_str(),
            count(&users)
        );
        let report = Report::done(UNASSIGN, &done, line).about(subject());
        return Ok(report.print(output));
    };
    let told = outcomes.map(|outcome| Told::of_outcome(UNASSIGN, outcome, Uuid::to_string));
    let (exit_code, answered) = many::print(UNASSIGN, told, &told_of, output, interruption).await;
    sandbox::say(&session.hint(answered));
    Ok(exit_code)
}

/// Product, and each user once, or a report with the users as they were written.
fn input(
    call: Call,
    product: &str,
    users: &DatadogUsers,
) -> Result<(ProductCode, Vec<Uuid>), Box<Report>> {
    let refuse = |message| Report::unacceptable(Some(call), message);
    let written = users::written(&users.users, users.users_file.as_deref()).map_err(refuse)?;
    let parse = |user: &Written| user.parse_as("USER_UUID", "must be a UUID");
    let ids = input::parse("--product", product).and_then(|product| {
        let users: Result<Vec<Uuid>, String> = written.iter().map(parse).collect();
        Ok((product, users::once(users?, |user| *user)))
    });
    ids.map_err(|message| {
        let texts = written.iter().map(|user| user.text.clone());
        Box::new(refuse(message).about(Subject {
            users: Some(texts.collect()),
            ..Subject::default()
        }))
    })
}

fn about(users: &[Uuid]) -> Subject {
    Subject {
        users: Some(users.iter().map(Uuid::to_string).collect()),
        ..Subject::default()
    }
}

fn count(users: &[Uuid]) -> String {
    match users.len() {
        1 => "1 user".to_owned(),
        many => format!("{many} users"),
    }
}

/// The users whom the answer does not name.
fn unnamed(users: &[Uuid], named: &[String]) -> Vec<String> {
    let named: Vec<Uuid> = named
        .iter()
        .filter_map(|id| id.trim().parse().ok())
        .collect();
    let unnamed = users.iter().filter(|user| !named.contains(user));
    unnamed.map(Uuid::to_string).collect()
}

/// The client, and what is around its calls.
async fn begin(call: Call, place: &DatadogPlace) -> Result<Session<Client>, Box<Report>> {
    let client = |sandbox: Option<&Sandbox>| client(place, sandbox);
    Session::begin(call, place.options, client, sandbox::datadog_seats).await
}

fn client(place: &DatadogPlace, sandbox: Option<&Sandbox>) -> Result<Client, Error> {
    let builder = match sandbox {
        // Not a word of the environment: its keys are for the real place.
        Some(sandbox) => Client::builder()
            .base_url(sandbox.datadog_url())
            .api_key(API_KEY)
            .app_key(APPLICATION_KEY),
        None => match &place.base_url {
            Some(url) => ClientBuilder::from_env()?.base_url_named("--base-url", url),
            None => ClientBuilder::from_env()?,
        },
    };
    connection::apply!(builder, place.options).build()
}
