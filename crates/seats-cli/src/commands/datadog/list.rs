//! `seats datadog list`: the users who hold a seat.

use std::num::NonZeroU32;

use seats::datadog::ProductCode;
use seats::datadog::api::operations::GET_SEATS_USERS;

use super::connect::connect;
use crate::arguments::ListUsers;
use crate::input;
use crate::outcome::{Endpoint, Report};
use crate::output::printable::quoted;

const LIST: Endpoint = Endpoint::datadog(&GET_SEATS_USERS);

/// Lists the holders of a product's seats.
///
/// # Errors
/// The report that is still to be printed.
pub async fn run(arguments: &ListUsers) -> Result<u8, Box<Report>> {
    let product: ProductCode = input::parse("--product", &arguments.product)
        .map_err(|message| Report::invalid_input(Some(LIST), message))?;
    let session = connect(LIST, &arguments.options).await?;
    let users = session
        .client
        .seats(&product)
        .map_err(|error| session.error(LIST, &error))?;
    let if_empty = format!("nobody holds a seat of {}", quoted(product.as_str()));
    let size = arguments.page_size.map(NonZeroU32::get);
    session.list(LIST, users, size, &if_empty).await
}
