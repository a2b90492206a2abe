//! The product, the SKU and the users that a command of the Store names.

use seats::Error;
use seats::store::{Client, Product, ProductId, SkuId, Username, normalize_username};

use crate::arguments::ChangeSeats;
use crate::input;
use crate::output::printable::quoted;

/// A product and a SKU of it.
pub struct ProductSku {
    pub product: ProductId,
    pub sku: SkuId,
}

impl ProductSku {
    /// Parses both.
    ///
    /// # Errors
    /// A sentence that names the argument, the value and the rule.
    pub fn parse(product: &str, sku: &str) -> Result<Self, String> {
        Ok(Self {
            product: input::parse("PRODUCT_ID", product)?,
            sku: input::parse("SKU_ID", sku)?,
        })
    }

    /// Returns the product for calls.
    ///
    /// # Errors
    /// None: both ids are valid.
    pub fn at(&self, client: &Client) -> Result<Product, Error> {
        client.product(&self.product, &self.sku)
    }
}

/// Returns the ids of a product in quotes, for a sentence.
pub fn quoted_ids(product: &Product) -> String {
    quoted(&format!("{}/{}", product.id(), product.sku()))
}

/// Parses the product, the SKU, and the users without duplicates.
///
/// # Errors
/// A sentence that names the argument or the line, the value and the rule.
pub fn parse(arguments: &ChangeSeats) -> Result<(ProductSku, Vec<Username>), String> {
    let product = ProductSku::parse(&arguments.product_id, &arguments.sku_id)?;
    let users = &arguments.users;
    let named = input::read(&users.users, users.users_file.as_deref())?;
    let users: Result<Vec<Username>, String> =
        named.iter().map(|user| user.parse("USERNAME")).collect();
    let users = input::dedup_by(users?, |user| normalize_username(user));
    Ok((product, users))
}
