//! `seats store show`: the seat of one user.

use futures_util::stream;
use seats::store::Username;
use seats::store::api::operations::GET_SEAT;

use super::connect::connect;
use super::ids::ProductSku;
use crate::arguments::ShowSeat;
use crate::input;
use crate::outcome::{Endpoint, Report};
use crate::output::printable::quoted;
use crate::run::{Hint, print_list};

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
    let seat = session.client.seat(&product.product, &product.sku, &user);
    match session.during(SHOW, seat).await? {
        Some(seat) => {
            let seats = stream::iter([Ok(seat)]);
            let printed = print_list(seats, session.format, "").await;
            printed.map_err(|error| Box::new(session.error(SHOW, &error)))
        }
        None => {
            let user = quoted(user.as_str());
            let message = format!("{user} holds no seat of {}", product.quoted());
            let report = Report::absent(SHOW, message);
            Err(Box::new(report.with_hints(session.hint(Hint::Seats))))
        }
    }
}
