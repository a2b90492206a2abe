//! Looks up email addresses in a product's list of seats.

use std::collections::HashMap;

use seats::Uuid;
use seats::datadog::api::operations::GET_SEATS_USERS;
use seats::datadog::{Client, ProductCode};

use super::users::User;
use crate::outcome::{Endpoint, Report};
use crate::output::printable::quoted;
use crate::run::Session;

const LIST: Endpoint = Endpoint::datadog(&GET_SEATS_USERS);

/// Returns the users' ids. The list is read only if somebody is named by an email address; addresses are
/// compared without case.
///
/// # Errors
/// The list cannot be read, or an address fits no holder of a seat, or several.
pub async fn ids(
    session: &Session<Client>,
    endpoint: Endpoint,
    product: &ProductCode,
    users: &[User],
) -> Result<Vec<Uuid>, Box<Report>> {
    let is_email = |user: &User| matches!(user, User::Email(_));
    let holders = match users.iter().any(is_email) {
        true => {
            session
                .during(LIST, holders(&session.client, product))
                .await?
        }
        false => HashMap::new(),
    };
    let id = |user: &User| match user {
        User::Id(id) => Ok(*id),
        User::Email(email) => match holders.get(&email.to_ascii_lowercase()).map(Vec::as_slice) {
            Some([Some(id)]) => Ok(*id),
            Some([_, _, ..]) => Err(format!(
                "{}: several users who hold a seat have this address; name one by id",
                quoted(email)
            )),
            Some(_) => Err(format!(
                "{}: the vendor lists this user without an id",
                quoted(email)
            )),
            None => Err(format!(
                "{}: nobody who holds a seat of {} has this address",
                quoted(email),
                quoted(product.as_str())
            )),
        },
    };
    let ids: Result<Vec<Uuid>, String> = users.iter().map(id).collect();
    let mut ids = ids.map_err(|message| Report::invalid_input(Some(endpoint), message))?;
    let mut seen = std::collections::HashSet::new();
    ids.retain(|id| seen.insert(*id));
    Ok(ids)
}

/// The ids of the holders, by their address in lower case.
async fn holders(
    client: &Client,
    product: &ProductCode,
) -> Result<HashMap<String, Vec<Option<Uuid>>>, seats::Error> {
    let mut holders: HashMap<String, Vec<Option<Uuid>>> = HashMap::new();
    let mut list = client.seats(product)?;
    while let Some(user) = list.next().await {
        let user = user?;
        if let Some(email) = user.email() {
            let email = email.trim().to_ascii_lowercase();
            holders.entry(email).or_default().push(user.id());
        }
    }
    Ok(holders)
}
