//! Datadog's operations: what they do with the seats, and what they return.

use std::collections::HashSet;

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::errors::{MEDIA_TYPE, error};
use crate::message::response::Response;
use crate::state::account::Account;
use crate::state::datadog::{ListedSeat, SeatError};
use crate::state::page;
use crate::vendor::interface::Arguments;

/// The number of users of a page if the caller names none. The reference names no number.
const PAGE: usize = 100;

/// The largest number of users of a page. The reference names no bound. A service with a bound
/// returns fewer than it is asked for, which is harder for a client: only `next_cursor` tells
/// whether a page is the last one.
const LARGEST_PAGE: usize = 100;

pub(super) fn unassign_seats_user(account: &mut Account, arguments: &Arguments) -> Response {
    let (product, users) = product_and_users(arguments);
    match account.datadog.unassign(product, &users) {
        Ok(()) => {
            account.calendar.record_change();
            Response::empty(StatusCode::NO_CONTENT)
        }
        Err(reason) => refused(product, &reason),
    }
}

pub(super) fn assign_seats_user(account: &mut Account, arguments: &Arguments) -> Response {
    let (product, users) = product_and_users(arguments);
    let date = account.calendar.next_date();
    let at = date.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    match account.datadog.assign(product, &users, &at) {
        Ok(()) => {
            account.calendar.record_change();
            let assigned: Vec<String> = users.iter().map(Uuid::to_string).collect();
            let data = json!({
                "type": "seat-assignments",
                "attributes": {"assigned_ids": assigned, "product_code": product},
            });
            Response::json(StatusCode::CREATED, MEDIA_TYPE, json!({"data": data}))
        }
        Err(reason) => refused(product, &reason),
    }
}

pub(super) fn get_seats_users(account: &mut Account, arguments: &Arguments) -> Response {
    let product = arguments.text("product_code");
    let list = format!("{}: seats of {product}", account.tenant.name);
    let cursor = arguments.parameters.get("page[cursor]");
    let cursor = cursor.and_then(Value::as_str);
    let after = match cursor.map(|cursor| page::after(&list, cursor)) {
        Some(None) => {
            let problem = "page[cursor] is not a cursor of this list";
            return error(StatusCode::BAD_REQUEST, problem);
        }
        after => after.flatten(),
    };
    let size = arguments.page_size("page[limit]", PAGE, LARGEST_PAGE);
    let Some(page) = account.datadog.page(&list, product, after, size) else {
        return refused(product, &SeatError::UnknownProduct);
    };
    let data: Vec<Value> = page.entries.iter().map(listed).collect();
    // Recorded: a list without users has no `meta`.
    let body = if data.is_empty() && cursor.is_none() {
        json!({ "data": data })
    } else {
        let mut meta = json!({"cursor": cursor.unwrap_or_default(), "limit": size});
        if let Some(next) = page.next {
            meta["next_cursor"] = Value::from(next);
        }
        json!({"data": data, "meta": meta})
    };
    Response::json(StatusCode::OK, MEDIA_TYPE, body)
}

/// Returns the product and the users of a request; a user who is named twice is one user.
fn product_and_users(arguments: &Arguments) -> (&str, Vec<Uuid>) {
    let attributes = arguments
        .body
        .as_ref()
        .and_then(|body| body.pointer("/data/attributes"));
    let attribute = |name| attributes.and_then(|attributes| attributes.get(name));
    let product = attribute("product_code")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let named = attribute("user_uuids").and_then(Value::as_array);
    let mut seen = HashSet::new();
    let users = named.into_iter().flatten();
    let users = users.filter_map(|user| user.as_str()?.parse().ok());
    (product, users.filter(|user| seen.insert(*user)).collect())
}

/// Returns the response to a change that cannot be made, or to a list of an unknown product.
///
/// It is not known what the real service returns if it can change some users of a list and not
/// others: users without a seat, or users who already hold one. The sandbox refuses the whole list,
/// which is harder for a client: users keep seats that the client may believe to be gone.
fn refused(product: &str, reason: &SeatError) -> Response {
    let detail = match reason {
        SeatError::UnknownProduct => format!("product_code is not known: {product}"),
        SeatError::UnknownUsers(users) => {
            format!(
                "user_uuids names users who are not known: {}",
                joined(users)
            )
        }
        SeatError::NoSeat(users) => format!(
            "user_uuids names users without a seat of {product}: {}",
            joined(users)
        ),
        SeatError::HasSeat(users) => format!(
            "user_uuids names users who hold a seat of {product} already: {}",
            joined(users)
        ),
        SeatError::Full(free) => {
            format!("user_uuids names more users than {product} has free seats: {free}")
        }
    };
    error(StatusCode::UNPROCESSABLE_ENTITY, &detail)
}

fn joined(users: &[Uuid]) -> String {
    let users: Vec<String> = users.iter().map(Uuid::to_string).collect();
    users.join(", ")
}

fn listed(seat: &ListedSeat<'_>) -> Value {
    json!({
        "type": "seat-users",
        "id": seat.user_id,
        "attributes": {
            "assigned_at": seat.assigned_at,
            "email": seat.user.email,
            "name": seat.user.name,
        },
    })
}
