//! The product, the SKU and the users that a command of the Store names.

use seats::store::{ProductId, SkuId, Username, same_name};

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

    /// Returns both in quotes, for a sentence.
    pub fn quoted(&self) -> String {
        quoted(&format!("{}/{}", self.product.as_str(), self.sku.as_str()))
    }
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
    let users = input::dedup_by(users?, |user| same_name(user.as_str()));
    Ok((product, users))
}
