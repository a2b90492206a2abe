//! What Datadog's operations do with the seats, and what they answer.

use std::collections::HashSet;

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::seats::{Listed, SeatError};
use super::{MEDIA_TYPE, error};
use crate::page;
use crate::tenant::Account;
use crate::vendor::{Answer, Call};

/// How many users a page holds where the caller does not say; the reference names no number.
const PAGE: usize = 100;

/// How many it holds at most. The reference names no bound. A service that has one gives less than
/// it is asked for, which is the harder case for a caller: only `next_cursor` tells the last page.
const LARGEST_PAGE: usize = 100;

pub(super) fn unassign_seats_user(account: &mut Account, call: &Call) -> Answer {
    let (product, users) = subject(call);
    match account.datadog.unassign(product, &users) {
        Ok(()) => {
            account.calendar.change();
            Answer::empty(StatusCode::NO_CONTENT)
        }
        Err(reason) => refused(product, &reason),
    }
}

pub(super) fn assign_seats_user(account: &mut Account, call: &Call) -> Answer {
    let (product, users) = subject(call);
    let at = account
        .calendar
        .next()
        .format("%Y-%m-%dT%H:%M:%SZ")
        .to_string();
    match account.datadog.assign(product, &users, &at) {
        Ok(()) => {
            account.calendar.change();
            let assigned: Vec<String> = users.iter().map(Uuid::to_string).collect();
            let data = json!({
                "type": "seat-assignments",
                "attributes": {"assigned_ids": assigned, "product_code": product},
            });
            Answer::json(StatusCode::CREATED, MEDIA_TYPE, json!({"data": data}))
        }
        Err(reason) => refused(product, &reason),
    }
}

pub(super) fn get_seats_users(account: &mut Account, call: &Call) -> Answer {
    let product = call.text("product_code");
    let list = format!("{}: seats of {product}", account.tenant.name);
    let cursor = call.parameters.get("page[cursor]").and_then(Value::as_str);
    let after = match cursor.map(|cursor| page::after(&list, cursor)) {
        Some(None) => {
            let words = "page[cursor] is not a cursor of this list";
            return error(StatusCode::BAD_REQUEST, [words]);
        }
        after => after.flatten(),
    };
    let size = call.page_size("page[limit]", PAGE, LARGEST_PAGE);
    let Some(page) = account.datadog.page(&list, product, after, size) else {
        // The operation declares no 422.
        return error(StatusCode::BAD_REQUEST, [unknown(product)]);
    };
    let mut meta = json!({"cursor": cursor.unwrap_or_default(), "limit": size});
    if let Some(next) = page.next {
        meta["next_cursor"] = Value::from(next);
    }
    let data: Vec<Value> = page.entries.iter().map(listed).collect();
    Answer::json(
        StatusCode::OK,
        MEDIA_TYPE,
        json!({"data": data, "meta": meta}),
    )
}

/// Product and users of a request; somebody who is named twice is one user.
fn subject(call: &Call) -> (&str, Vec<Uuid>) {
    let attributes = call
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

/// Nobody has shown what the real service answers where part of a list cannot be done, to a user
/// without a seat or to one who has it already. The sandbox refuses the whole list, because that is
/// the harder case for a caller: somebody keeps a seat that the caller may believe to be gone.
fn refused(product: &str, reason: &SeatError) -> Answer {
    let detail = match reason {
        SeatError::UnknownProduct => unknown(product),
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
    error(StatusCode::UNPROCESSABLE_ENTITY, [detail])
}

fn unknown(product: &str) -> String {
    format!("product_code is not known: {product}")
}

fn joined(users: &[Uuid]) -> String {
    let users: Vec<String> = users.iter().map(Uuid::to_string).collect();
    users.join(", ")
}

fn listed(seat: &Listed<'_>) -> Value {
    json!({
        "type": "seat-users",
        "id": seat.id,
        "attributes": {
            "assigned_at": seat.assigned_at,
            "email": seat.user.email,
            "name": seat.user.name,
        },
    })
}
