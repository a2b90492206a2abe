//! `seats datadog assign`: one request for all users.

use std::collections::HashSet;

use seats::Uuid;
use seats::datadog::api::operations::ASSIGN_SEATS_USER;

use super::connect::connect;
use super::users::{self, count, subject};
use crate::arguments::AssignToUsers;
use crate::outcome::{Endpoint, Report};
use crate::output::print_report;
use crate::output::printable::quoted;

const ASSIGN: Endpoint = Endpoint::datadog(&ASSIGN_SEATS_USER);

/// Assigns seats of a product to users.
///
/// # Errors
/// The report that is still to be printed.
pub async fn run(arguments: &AssignToUsers) -> Result<u8, Box<Report>> {
    let (product, users) = users::parse(ASSIGN, &arguments.product, &arguments.users)?;
    let about_users = |report: Report| report.about(subject(&users));
    let session = connect(ASSIGN, &arguments.options)
        .await
        .map_err(|report| about_users(*report))?;
    let done = session
        .during(ASSIGN, session.client.assign(&product, &users))
        .await
        .map_err(about_users)?;
    let assigned = match users.len() {
        1 => "a seat",
        _ => "seats",
    };
    let product = quoted(product.as_str());
    let sentence = format!("{assigned} of {product} assigned to {}", count(&users));
    let unnamed = done.value().map(|named| unnamed(&users, named));
    let report = about_users(Report::done(ASSIGN, &done, sentence));
    let report = report.with_unnamed(unnamed.unwrap_or_default());
    Ok(print_report(&report, session.format))
}

/// Returns the users that are missing from the response.
fn unnamed(users: &[Uuid], named: &[String]) -> Vec<String> {
    let named: HashSet<Uuid> = named
        .iter()
        .filter_map(|id| id.trim().parse().ok())
        .collect();
    let unnamed = users.iter().filter(|user| !named.contains(user));
    unnamed.map(Uuid::to_string).collect()
}
