//! `seats store inventory`: the products and their seats.

use seats::store::InventoryFilter;
use seats::store::api::operations::GET_INVENTORY;

use super::connect::connect;
use crate::arguments::Inventory;
use crate::outcome::{Endpoint, Report};

const INVENTORY: Endpoint = Endpoint::store(&GET_INVENTORY);

/// Lists the products.
///
/// # Errors
/// The report that is still to be printed.
pub async fn run(arguments: &Inventory) -> Result<u8, Box<Report>> {
    let session = connect(INVENTORY, &arguments.options).await?;
    let mut filter = InventoryFilter::new();
    for license_type in &arguments.license_types {
        filter = filter.license_type((*license_type).into());
    }
    if let Some(instant) = arguments.modified_since {
        filter = filter.modified_since(instant);
    }
    let products = session.client.inventory(&filter);
    let if_empty = "there is no such product";
    session
        .list(INVENTORY, products, arguments.page.size(), if_empty)
        .await
}
