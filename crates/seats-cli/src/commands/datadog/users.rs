//! The product and the users that a command of Datadog names.

use seats::Uuid;
use seats::datadog::ProductCode;

use crate::arguments::DatadogUsers;
use crate::input::{self, Named};
use crate::outcome::{Endpoint, Report, Subject};

/// Parses the product, and the users without duplicates.
///
/// # Errors
/// A report with the users as they were named.
pub fn parse(
    endpoint: Endpoint,
    product: &str,
    users: &DatadogUsers,
) -> Result<(ProductCode, Vec<Uuid>), Box<Report>> {
    let refuse = |message| Report::invalid_input(Some(endpoint), message);
    let named = input::read(&users.users, users.users_file.as_deref()).map_err(refuse)?;
    let parse = |user: &Named| user.parse_as("USER_UUID", "must be a UUID");
    let ids = input::parse("--product", product).and_then(|product| {
        let users: Result<Vec<Uuid>, String> = named.iter().map(parse).collect();
        Ok((product, input::dedup_by(users?, |user| *user)))
    });
    ids.map_err(|message| {
        let texts = named.iter().map(|user| user.text.clone());
        Box::new(refuse(message).about(Subject {
            users: Some(texts.collect()),
            ..Subject::default()
        }))
    })
}

/// Returns the subject of a call for these users.
pub fn subject(users: &[Uuid]) -> Subject {
    Subject {
        users: Some(users.iter().map(Uuid::to_string).collect()),
        ..Subject::default()
    }
}

/// Returns `1 user`, or how many there are.
pub fn count(users: &[Uuid]) -> String {
    match users.len() {
        1 => "1 user".to_owned(),
        many => format!("{many} users"),
    }
}
