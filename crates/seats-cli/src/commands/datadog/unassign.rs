//! `seats datadog unassign`: one request for all users, one per user, or one per batch.

use seats::Uuid;
use seats::datadog::api::operations::UNASSIGN_SEATS_USER;
use seats::datadog::{Client, ProductCode};

use super::connect::connect;
use super::emails;
use super::users::{self, User, count, subject};
use crate::arguments::Unassign;
use crate::input::ask_for_many;
use crate::outcome::{Endpoint, Report};
use crate::output::print_report;
use crate::output::printable::quoted;
use crate::run::{Session, report_each};

const UNASSIGN: Endpoint = Endpoint::datadog(&UNASSIGN_SEATS_USER);

/// Unassigns seats of a product from users.
///
/// # Errors
/// The report that is still to be printed.
pub async fn run(arguments: &Unassign) -> Result<u8, Box<Report>> {
    let (product, named) =
        users::parse_with_emails(UNASSIGN, &arguments.product, &arguments.users)?;
    let known: Vec<Uuid> = named.iter().filter_map(User::id).collect();
    let session = connect(UNASSIGN, &arguments.options)
        .await
        .map_err(|report| Box::new(report.about(subject(&known))))?;
    let users = emails::ids(&session, UNASSIGN, &product, &named).await?;
    let about_users = |report: Box<Report>| Box::new(report.about(subject(&users)));
    if !arguments.options.call.dry_run {
        ask_for_many("Unassign seats from", users.len(), arguments.yes).map_err(|message| {
            about_users(Box::new(Report::invalid_input(Some(UNASSIGN), message)))
        })?;
    }
    let client = &session.client;
    let outcomes = if arguments.one_by_one {
        client.unassign_each(product, &users)
    } else if let Some(size) = arguments.batch_size {
        client.unassign_in_batches(product, &users, size)
    } else {
        let result = at_once(&session, &product, &users).await;
        return result.map_err(about_users);
    };
    let outcomes =
        outcomes.map_err(|error| about_users(Box::new(session.error(UNASSIGN, &error))))?;
    let outcomes = outcomes.concurrency(arguments.concurrency.calls());
    Ok(report_each(&session, UNASSIGN, outcomes).await)
}

async fn at_once(
    session: &Session<Client>,
    product: &ProductCode,
    users: &[Uuid],
) -> Result<u8, Box<Report>> {
    let call = session.client.unassign(product, users);
    let done = session.during(UNASSIGN, call).await?;
    let (product, count) = (quoted(product.as_str()), count(users));
    let sentence = format!("seats of {product} unassigned from {count}");
    let report = Report::done(UNASSIGN, &done, sentence).about(subject(users));
    Ok(print_report(&report, session.format))
}
