//! A tenant's directory, inventory and seats in the Store, out of a seed.

use serde_saphyr::Spanned;

use super::build::{Place, numbered};
use super::document::{Store, StoreProduct, StoreUser};
use crate::file::InputError;
use crate::store::seats::{Product, StoreState};

pub(super) fn state(place: &Place<'_>, store: &Store) -> Result<StoreState, InputError> {
    let mut state = StoreState::default();
    for (index, user) in store.users.iter().enumerate() {
        add_users(&mut state, &place.entry("users", index), &user.value)?;
    }
    for (index, product) in store.products.iter().enumerate() {
        add_product(&mut state, &place.entry("products", index), product)?;
    }
    Ok(state)
}

fn add_users(
    state: &mut StoreState,
    place: &Place<'_>,
    user: &StoreUser,
) -> Result<(), InputError> {
    one_segment(place, "name", &user.name)?;
    for number in 1..=place.count(user.count.as_ref(), "name", &user.name)? {
        let name = numbered(&user.name.value, number);
        if !state.add_user(&name) {
            let problem = format!("there is another user {name}");
            return Err(place.fault("name", &user.name, problem));
        }
    }
    Ok(())
}

fn add_product(
    state: &mut StoreState,
    place: &Place<'_>,
    product: &StoreProduct,
) -> Result<(), InputError> {
    one_segment(place, "product_id", &product.product_id)?;
    one_segment(place, "sku_id", &product.sku_id)?;
    place.date("last_modified", &product.last_modified)?;
    let key = (
        product.product_id.value.clone(),
        product.sku_id.value.clone(),
    );
    let capacity = place.capacity(&product.capacity)?;
    let mut known = Product::new(
        product.license,
        capacity,
        product.last_modified.value.clone(),
    );
    known.distribution = product.distribution;
    known.status = product.status;
    let name = format!("{}/{}", key.0, key.1);
    if !state.add_product(key.clone(), known) {
        let problem = format!("there is another product {name}");
        return Err(place.fault("product_id", &product.product_id, problem));
    }
    let mut given = 0;
    for (index, seat) in product.seats.iter().enumerate() {
        let (place, seat) = (place.entry("seats", index), &seat.value);
        place.date("assigned", &seat.assigned)?;
        for number in 1..=place.count(seat.count.as_ref(), "user", &seat.user)? {
            let user = numbered(&seat.user.value, number);
            if state.user(&user).is_err() {
                let problem = format!("there is no user {user}");
                return Err(place.fault("user", &seat.user, problem));
            }
            if !state.give(&key, &user, &seat.assigned.value) {
                let problem = format!("{user} has a seat of {name} already");
                return Err(place.fault("user", &seat.user, problem));
            }
            given += 1;
        }
    }
    place.fits(&product.capacity, capacity, given)
}

/// What no path can name could never be reclaimed.
fn one_segment(place: &Place<'_>, field: &str, text: &Spanned<String>) -> Result<(), InputError> {
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
    Err(place.fault(field, text, rule))
}
