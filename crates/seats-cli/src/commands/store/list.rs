//! `seats store list`: the seats of a product and SKU, or of a user.

use seats::store::Username;
use seats::store::api::operations::{GET_SEATS, GET_SEATS_ASSIGNED_TO_USER};

use super::connect::connect;
use super::ids::{ProductSku, quoted_ids};
use crate::arguments::ListSeats;
use crate::input;
use crate::outcome::{Endpoint, Report};
use crate::output::printable::quoted;

const LIST: Endpoint = Endpoint::store(&GET_SEATS);
const LIST_OF_USER: Endpoint = Endpoint::store(&GET_SEATS_ASSIGNED_TO_USER);

/// Lists the seats.
///
/// # Errors
/// The report that is still to be printed.
pub async fn run(arguments: &ListSeats) -> Result<u8, Box<Report>> {
    match &arguments.user {
        Some(user) => of_user(user, arguments).await,
        None => of_product(arguments).await,
    }
}

async fn of_user(user: &str, arguments: &ListSeats) -> Result<u8, Box<Report>> {
    let user: Username = input::parse("--user", user)
        .map_err(|message| Report::invalid_input(Some(LIST_OF_USER), message))?;
    let session = connect(LIST_OF_USER, &arguments.options).await?;
    let seats = session
        .client
        .seats_of_user(&user)
        .map_err(|error| session.error(LIST_OF_USER, &error))?;
    let if_empty = format!("{} holds no seat", quoted(user.as_str()));
    session
        .list(LIST_OF_USER, seats, arguments.page.size(), &if_empty)
        .await
}

async fn of_product(arguments: &ListSeats) -> Result<u8, Box<Report>> {
    let text = |argument: &Option<String>| argument.clone().unwrap_or_default();
    let product = ProductSku::parse(&text(&arguments.product_id), &text(&arguments.sku_id))
        .map_err(|message| Report::invalid_input(Some(LIST), message))?;
    let session = connect(LIST, &arguments.options).await?;
    let product = product
        .at(&session.client)
        .map_err(|error| session.error(LIST, &error))?;
    let if_empty = format!("nobody holds a seat of {}", quoted_ids(&product));
    session
        .list(LIST, product.seats(), arguments.page.size(), &if_empty)
        .await
}
