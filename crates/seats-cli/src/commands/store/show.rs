//! `seats store show`: the seat of one user.

use futures_util::stream;
use seats::store::Username;
use seats::store::api::operations::GET_SEAT;

use super::connect::connect;
use super::ids::ProductSku;
use crate::arguments::ShowSeat;
use crate::input;
use crate::outcome::{Endpoint, Report};
use crate::run::print_list;

const SHOW: Endpoint = Endpoint::store(&GET_SEAT);

/// Shows a user's seat, as a list of one.
///
/// # Errors
/// The report that is still to be printed.
pub async fn run(arguments: &ShowSeat) -> Result<u8, Box<Report>> {
    let refuse = |message| Report::invalid_input(Some(SHOW), message);
    let product = ProductSku::parse(&arguments.product_id, &arguments.sku_id).map_err(refuse)?;
    let user: Username = input::parse("USERNAME", &arguments.username).map_err(refuse)?;
    let session = connect(SHOW, &arguments.options).await?;
    let product = product
        .at(&session.client)
        .map_err(|error| session.error(SHOW, &error))?;
    let seat = session.during(SHOW, product.require_seat(&user)).await?;
    let printed = print_list(stream::iter([Ok(seat)]), session.format, "").await;
    printed.map_err(|error| Box::new(session.error(SHOW, &error)))
}
