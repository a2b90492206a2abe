//! Builds a tenant's users, products and seats at Datadog.

use std::sync::Arc;

use serde_saphyr::Spanned;
use uuid::Uuid;

use super::document::{Datadog, DatadogProduct, DatadogUser};
use super::field::{FieldPath, numbered, numbered_id};
use crate::input::error::InputError;
use crate::input::excerpt;
use crate::state::datadog::{DatadogState, User};

pub(super) fn state(path: &FieldPath<'_>, datadog: &Datadog) -> Result<DatadogState, InputError> {
    let mut state = DatadogState::default();
    for (index, user) in datadog.users.iter().enumerate() {
        add_users(&mut state, &path.entry("users", index), &user.value)?;
    }
    for (index, product) in datadog.products.iter().enumerate() {
        add_product(&mut state, &path.entry("products", index), product)?;
    }
    Ok(state)
}

fn add_users(
    state: &mut DatadogState,
    path: &FieldPath<'_>,
    user: &DatadogUser,
) -> Result<(), InputError> {
    for number in 1..=path.count(user.count.as_ref(), "id", &user.id)? {
        let text = |template: &String| numbered(template, number).into_boxed_str();
        let known = User {
            name: user.name.as_ref().map(text),
            email: user.email.as_ref().map(text),
        };
        let id = id(path, "id", &user.id, number)?;
        if !state.add_user(id, known) {
            return Err(path.error("id", &user.id, format!("there is another user {id}")));
        }
    }
    Ok(())
}

fn add_product(
    state: &mut DatadogState,
    path: &FieldPath<'_>,
    product: &DatadogProduct,
) -> Result<(), InputError> {
    let code = &product.code;
    if code.value.trim().is_empty() || code.value.chars().any(char::is_control) {
        let rule = "must not be blank, and must have no control character";
        return Err(path.error("code", code, rule));
    }
    let capacity = path.capacity(&product.capacity)?;
    if !state.add_product(&code.value, capacity) {
        let problem = format!("there is another product {}", excerpt::value(&code.value));
        return Err(path.error("code", code, problem));
    }
    let mut given = 0;
    for (index, seat) in product.seats.iter().enumerate() {
        let (path, seat) = (path.entry("seats", index), &seat.value);
        if let Some(date) = &seat.assigned_at {
            path.date("assigned_at", date)?;
        }
        let assigned_at = seat.assigned_at.as_ref();
        let assigned_at: Option<Arc<str>> = assigned_at.map(|date| Arc::from(&*date.value));
        for number in 1..=path.count(seat.count.as_ref(), "user", &seat.user)? {
            let user = id(&path, "user", &seat.user, number)?;
            if !state.has_user(&user) {
                let problem = format!("there is no user {user}");
                return Err(path.error("user", &seat.user, problem));
            }
            if !state.add_seat(&code.value, user, assigned_at.clone()) {
                let code = excerpt::value(&code.value);
                let problem = format!("{user} has a seat of {code} already");
                return Err(path.error("user", &seat.user, problem));
            }
            given += 1;
        }
    }
    path.fits(&product.capacity, capacity, given)
}

fn id(
    path: &FieldPath<'_>,
    field: &str,
    template: &Spanned<String>,
    number: u64,
) -> Result<Uuid, InputError> {
    let text = numbered_id(&template.value, number);
    let problem = || format!("\"{}\" is no UUID", excerpt::value(&text));
    text.parse()
        .map_err(|_| path.error(field, template, problem()))
}
