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
    let parse = |user: &Named| user.parse_as("USER_UUID", "must be a UUID");
    let (product, users) = parse_each(endpoint, product, users, parse)?;
    Ok((product, input::dedup_by(users, |user: &Uuid| *user)))
}

fn parse_each<T>(
    endpoint: Endpoint,
    product: &str,
    users: &DatadogUsers,
    parse: impl Fn(&Named) -> Result<T, String>,
) -> Result<(ProductCode, Vec<T>), Box<Report>> {
    let refuse = |message| Report::invalid_input(Some(endpoint), message);
    let named = input::read(&users.users, users.users_file.as_deref()).map_err(refuse)?;
    let parsed = input::parse("--product", product).and_then(|product| {
        let users: Result<Vec<T>, String> = named.iter().map(&parse).collect();
        Ok((product, users?))
    });
    parsed.map_err(|message| {
        let texts = named.iter().map(|user| user.text.clone());
        Box::new(refuse(message).about(Subject {
            users: Some(texts.collect()),
            ..Subject::default()
        }))
    })
}

/// A user as `seats datadog unassign` takes them.
pub enum User {
    /// By id.
    Id(Uuid),
    /// An email address; the list of seats has the id.
    Email(String),
}

impl User {
    /// Returns the id, if the user is named by it.
    pub fn id(&self) -> Option<Uuid> {
        match self {
            Self::Id(id) => Some(*id),
            Self::Email(_) => None,
        }
    }
}

/// Parses the product, and users given as ids or email addresses.
///
/// # Errors
/// A report with the users as they were named.
pub fn parse_with_emails(
    endpoint: Endpoint,
    product: &str,
    users: &DatadogUsers,
) -> Result<(ProductCode, Vec<User>), Box<Report>> {
    let parse = |user: &Named| match user.text.contains('@') {
        true => user.parse_as::<Address>("USER", "must be a UUID or an email address"),
        false => user
            .parse_as::<Uuid>("USER_UUID", "must be a UUID")
            .map(|id| Address(User::Id(id))),
    };
    let (product, addresses) = parse_each(endpoint, product, users, parse)?;
    Ok((
        product,
        addresses.into_iter().map(|Address(user)| user).collect(),
    ))
}

/// A user by email address.
struct Address(User);

impl std::str::FromStr for Address {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let email = text
            .split_once('@')
            .filter(|(local, domain)| !local.is_empty() && !domain.is_empty());
        email.map(|_| Self(User::Email(text.to_owned()))).ok_or(())
    }
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
