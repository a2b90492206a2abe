//! Builds a tenant's directory, inventory and seats in the Store.

use std::sync::Arc;

use serde_saphyr::Spanned;

use super::document::{Store, StoreProduct, StoreUser};
use super::field::{FieldPath, numbered};
use crate::input::error::InputError;
use crate::input::excerpt;
use crate::state::store::{Product, StoreState};

pub(super) fn state(path: &FieldPath<'_>, store: &Store) -> Result<StoreState, InputError> {
    let mut state = StoreState::default();
    for (index, user) in store.users.iter().enumerate() {
        add_users(&mut state, &path.entry("users", index), &user.value)?;
    }
    for (index, product) in store.products.iter().enumerate() {
        add_product(&mut state, &path.entry("products", index), product)?;
    }
    Ok(state)
}

fn add_users(
    state: &mut StoreState,
    path: &FieldPath<'_>,
    user: &StoreUser,
) -> Result<(), InputError> {
    one_segment(path, "name", &user.name)?;
    for number in 1..=path.count(user.count.as_ref(), "name", &user.name)? {
        let name = numbered(&user.name.value, number);
        if !state.add_user(&name) {
            let problem = format!("there is another user {}", excerpt::value(&name));
            return Err(path.error("name", &user.name, problem));
        }
    }
    Ok(())
}

fn add_product(
    state: &mut StoreState,
    path: &FieldPath<'_>,
    product: &StoreProduct,
) -> Result<(), InputError> {
    one_segment(path, "product_id", &product.product_id)?;
    one_segment(path, "sku_id", &product.sku_id)?;
    path.date("last_modified", &product.last_modified)?;
    let key = (
        product.product_id.value.clone(),
        product.sku_id.value.clone(),
    );
    let capacity = path.capacity(&product.capacity)?;
    let mut known = Product::new(
        product.license,
        capacity,
        product.last_modified.value.clone(),
    );
    known.distribution = product.distribution;
    known.status = product.status;
    let name = excerpt::value(&format!("{}/{}", key.0, key.1));
    if !state.add_product(key.clone(), known) {
        let problem = format!("there is another product {name}");
        return Err(path.error("product_id", &product.product_id, problem));
    }
    let mut given = 0;
    for (index, seat) in product.seats.iter().enumerate() {
        let (path, seat) = (path.entry("seats", index), &seat.value);
        path.date("assigned", &seat.assigned)?;
        let assigned: Arc<str> = Arc::from(&*seat.assigned.value);
        for number in 1..=path.count(seat.count.as_ref(), "user", &seat.user)? {
            let user = numbered(&seat.user.value, number);
            if state.user(&user).is_err() {
                let problem = format!("there is no user {}", excerpt::value(&user));
                return Err(path.error("user", &seat.user, problem));
            }
            if !state.add_seat(&key, &user, &assigned) {
                let user = excerpt::value(&user);
                let problem = format!("{user} has a seat of {name} already");
                return Err(path.error("user", &seat.user, problem));
            }
            given += 1;
        }
    }
    path.fits(&product.capacity, capacity, given)
}

/// Checks that a value is one path segment: otherwise no request could name it.
fn one_segment(
    path: &FieldPath<'_>,
    field: &str,
    text: &Spanned<String>,
) -> Result<(), InputError> {
    let value = &text.value;
    let is_one = !value.is_empty()
        && value.trim() == value
        && value != "."
        && value != ".."
        && !value.contains(|c: char| c == '/' || c == '\\' || c.is_control());
    if is_one {
        return Ok(());
    }
    let rule = "must be one path segment: not empty, no \"/\", \"\\\" or control character, no white space at its ends";
    Err(path.error(field, text, rule))
}
