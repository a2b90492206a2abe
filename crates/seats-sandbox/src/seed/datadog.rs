//! A tenant's users, products and seats at Datadog, out of a seed.

use serde_saphyr::Spanned;
use uuid::Uuid;

use super::build::{Place, numbered, numbered_id};
use super::document::{Datadog, DatadogProduct, DatadogUser};
use crate::datadog::seats::{DatadogState, User};
use crate::file::InputError;

pub(super) fn state(place: &Place<'_>, datadog: &Datadog) -> Result<DatadogState, InputError> {
    let mut state = DatadogState::default();
    for (index, user) in datadog.users.iter().enumerate() {
        add_users(&mut state, &place.entry("users", index), &user.value)?;
    }
    for (index, product) in datadog.products.iter().enumerate() {
        add_product(&mut state, &place.entry("products", index), product)?;
    }
    Ok(state)
}

fn add_users(
    state: &mut DatadogState,
    place: &Place<'_>,
    user: &DatadogUser,
) -> Result<(), InputError> {
    for number in 1..=place.count(user.count.as_ref(), "id", &user.id)? {
        let text = |template: &String| numbered(template, number);
        let known = User {
            name: user.name.as_ref().map(text),
            email: user.email.as_ref().map(text),
        };
        let id = id(place, "id", &user.id, number)?;
        if !state.add_user(id, known) {
            return Err(place.fault("id", &user.id, format!("there is another user {id}")));
        }
    }
    Ok(())
}

fn add_product(
    state: &mut DatadogState,
    place: &Place<'_>,
    product: &DatadogProduct,
) -> Result<(), InputError> {
    let code = &product.code;
    if code.value.trim().is_empty() || code.value.chars().any(char::is_control) {
        let rule = "must not be blank, and must have no control character";
        return Err(place.fault("code", code, rule));
    }
    let capacity = place.capacity(&product.capacity)?;
    if !state.add_product(&code.value, capacity) {
        let problem = format!("there is another product {}", code.value);
        return Err(place.fault("code", code, problem));
    }
    let mut given = 0;
    for (index, seat) in product.seats.iter().enumerate() {
        let (place, seat) = (place.entry("seats", index), &seat.value);
        if let Some(date) = &seat.assigned_at {
            place.date("assigned_at", date)?;
        }
        let assigned_at = seat.assigned_at.as_ref().map(|date| &date.value);
        for number in 1..=place.count(seat.count.as_ref(), "user", &seat.user)? {
            let user = id(&place, "user", &seat.user, number)?;
            if !state.knows(&user) {
                let problem = format!("there is no user {user}");
                return Err(place.fault("user", &seat.user, problem));
            }
            if !state.give(&code.value, user, assigned_at.cloned()) {
                let problem = format!("{user} has a seat of {} already", code.value);
                return Err(place.fault("user", &seat.user, problem));
            }
            given += 1;
        }
    }
    place.fits(&product.capacity, capacity, given)
}

fn id(
    place: &Place<'_>,
    field: &str,
    template: &Spanned<String>,
    number: u64,
) -> Result<Uuid, InputError> {
    let text = numbered_id(&template.value, number);
    let problem = || format!("{text:?} is no UUID");
    text.parse()
        .map_err(|_| place.fault(field, template, problem()))
}
