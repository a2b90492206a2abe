//! What the Store's operations do with the seats, and what they answer.

use chrono::DateTime;
use http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::seats::{Distribution, Held, Licence, Product, ProductKey, SeatError, Status};
use super::{MEDIA_TYPE, error, invalid, not_found};
use crate::page;
use crate::tenant::Account;
use crate::vendor::{Answer, Call, Flaw};

/// How many entries a page holds, and how many at most; both stand in the specification too.
const PAGE: usize = 25;
const LARGEST_PAGE: usize = 100;

pub(super) fn reclaim_seat_from_user(account: &mut Account, call: &Call) -> Answer {
    let (key, username) = (product(call), call.text("username"));
    let done = reclaim(account, &key, username);
    seat(&key, username, done.as_ref(), "Revoked")
}

pub(super) fn assign_seat(account: &mut Account, call: &Call) -> Answer {
    let (key, username) = (product(call), call.text("username"));
    let done = assign(account, &key, username);
    seat(&key, username, done.as_ref(), "Active")
}

pub(super) fn get_seat(account: &mut Account, call: &Call) -> Answer {
    let (key, username) = (product(call), call.text("username"));
    seat(
        &key,
        username,
        account.store.seat(&key, username).as_ref().copied(),
        "Active",
    )
}

pub(super) fn get_seats(account: &mut Account, call: &Call) -> Answer {
    let key = product(call);
    let list = format!("{}: seats of {}/{}", account.tenant.name, key.0, key.1);
    let after = match after(call, &list) {
        Ok(after) => after,
        Err(flaw) => return invalid(&[flaw]),
    };
    match account
        .store
        .page_of_product(&list, &key, after, size(call))
    {
        Ok(page) => {
            let seats = page
                .entries
                .iter()
                .map(|held| details(&key, held, "Active"));
            result_set("seats", seats.collect(), page.next)
        }
        Err(reason) => refused(reason, &key, ""),
    }
}

pub(super) fn get_seats_assigned_to_user(account: &mut Account, call: &Call) -> Answer {
    let username = call.text("username");
    let list = format!(
        "{}: seats of {}",
        account.tenant.name,
        username.to_lowercase()
    );
    let after = match after(call, &list) {
        Ok(after) => after,
        Err(flaw) => return invalid(&[flaw]),
    };
    match account
        .store
        .page_of_user(&list, username, after, size(call))
    {
        Ok(page) => {
            let seats = page.entries.iter();
            let seats = seats.map(|(key, held)| details(key, held, "Active"));
            result_set("seats", seats.collect(), page.next)
        }
        Err(reason) => refused(reason, &ProductKey::default(), username),
    }
}

/// Each user's part is done by itself, in the order of the list.
pub(super) fn bulk_assign_and_reclaim_seats(account: &mut Account, call: &Call) -> Answer {
    let key = product(call);
    if let Err(reason) = account.store.online(&key) {
        return refused(reason, &key, "");
    }
    let body = call.body.as_ref();
    let action = body.and_then(|body| body["seatAction"].as_str());
    let names = body.and_then(|body| body["usernames"].as_array());
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for username in names.into_iter().flatten().filter_map(Value::as_str) {
        let (outcome, state) = if action == Some("assign") {
            (assign(account, &key, username), "Active")
        } else {
            (reclaim(account, &key, username), "Revoked")
        };
        match outcome {
            Ok(held) => done.push(details(&key, &held, state)),
            Err(reason) => failed.push(json!({
                "failureReason": words(reason),
                "productKey": product_key(&key),
                "userName": username,
            })),
        }
    }
    let body = json!({"seatDetails": done, "failedSeatOperations": failed});
    Answer::json(StatusCode::OK, MEDIA_TYPE, body)
}

pub(super) fn get_inventory(account: &mut Account, call: &Call) -> Answer {
    let since = call.parameters.get("modifiedSince").and_then(Value::as_str);
    let named = call
        .parameters
        .get("licenseTypes")
        .and_then(Value::as_array);
    let types: Vec<&str> = named
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    // Nobody has shown whether a token remembers the filters. Here it does not, and belongs to a
    // list with its filters: the harder case for a caller, who has to send them again.
    let list = format!("{}: inventory, {since:?}, {types:?}", account.tenant.name);
    let after: Option<ProductKey> = match after(call, &list) {
        Ok(after) => after,
        Err(flaw) => return invalid(&[flaw]),
    };
    let since = since.and_then(|since| DateTime::parse_from_rfc3339(since).ok());
    let licences: Vec<Licence> = types
        .iter()
        .map(|name| match *name {
            "online" => Licence::Online,
            _ => Licence::Offline,
        })
        .collect();
    let page = account.store.page_of_inventory(
        &list,
        after.as_ref(),
        size(call),
        since.as_ref(),
        &licences,
    );
    let entries = page
        .entries
        .iter()
        .map(|(key, product)| entry(key, product));
    result_set("inventoryEntries", entries.collect(), page.next)
}

fn assign(account: &mut Account, key: &ProductKey, username: &str) -> Result<Held, SeatError> {
    let held = account
        .store
        .assign(key, username, account.calendar.next())?;
    account.calendar.change();
    Ok(held)
}

fn reclaim(account: &mut Account, key: &ProductKey, username: &str) -> Result<Held, SeatError> {
    let held = account
        .store
        .reclaim(key, username, account.calendar.next())?;
    account.calendar.change();
    Ok(held)
}

fn product(call: &Call) -> ProductKey {
    (
        call.text("productId").to_owned(),
        call.text("skuId").to_owned(),
    )
}

fn size(call: &Call) -> usize {
    call.page_size("maxResults", PAGE, LARGEST_PAGE)
}

/// The key in the request's token.
fn after<K: DeserializeOwned>(call: &Call, list: &str) -> Result<Option<K>, Flaw> {
    const TOKEN: &str = "continuationToken";
    let Some(token) = call.parameters.get(TOKEN).and_then(Value::as_str) else {
        return Ok(None);
    };
    let flaw = || Flaw::new(TOKEN, "is not a token of this list");
    page::after(list, token).map(Some).ok_or_else(flaw)
}

/// An answer about one seat.
fn seat(key: &ProductKey, username: &str, seat: Result<&Held, &SeatError>, state: &str) -> Answer {
    match seat {
        Ok(held) => Answer::json(StatusCode::OK, MEDIA_TYPE, details(key, held, state)),
        Err(reason) => refused(*reason, key, username),
    }
}

/// Nobody has shown what the real service answers to an assignment that it cannot make: where the
/// user holds the seat already, where none is free, where the product is gone. The sandbox refuses
/// each, the harder case for a caller: a second assignment is not the same as the first.
fn refused(reason: SeatError, key: &ProductKey, username: &str) -> Answer {
    let message = words(reason);
    let conflict = |reason| {
        let data = json!({ "reason": reason });
        error(StatusCode::CONFLICT, "Conflict", data, message)
    };
    match reason {
        SeatError::NotInInventory => not_found("Inventory", &[&key.0, &key.1], message),
        SeatError::UnknownUser => not_found("User", &[username], message),
        SeatError::NoSeat => not_found("Seat", &[&key.0, &key.1, username], message),
        SeatError::NotOnline => conflict("Not online"),
        SeatError::HasSeat => conflict("Already assigned"),
        SeatError::Full => conflict("No seats available"),
        SeatError::Removed => conflict("Removed"),
    }
}

fn words(reason: SeatError) -> &'static str {
    match reason {
        SeatError::NotInInventory => "The product is not in the inventory",
        SeatError::NotOnline => "The product is not licensed online",
        SeatError::UnknownUser => "The user does not exist",
        SeatError::NoSeat => "The seat does not exist",
        SeatError::HasSeat => "The user holds a seat already",
        SeatError::Full => "All seats are assigned",
        SeatError::Removed => "The product was removed",
    }
}

/// One page of a list; the last one has no token.
fn result_set(name: &str, entries: Vec<Value>, next: Option<String>) -> Answer {
    let mut body = json!({ name: entries });
    if let Some(next) = next {
        body["continuationToken"] = Value::from(next);
    }
    Answer::json(StatusCode::OK, MEDIA_TYPE, body)
}

fn details(key: &ProductKey, seat: &Held, state: &str) -> Value {
    json!({
        "assignedTo": seat.username,
        "dateAssigned": seat.assigned,
        "state": state,
        "productKey": product_key(key),
    })
}

fn product_key(key: &ProductKey) -> Value {
    json!({"productId": key.0, "skuId": key.1})
}

fn entry(key: &ProductKey, product: &Product) -> Value {
    json!({
        "productKey": product_key(key),
        "seatCapacity": product.capacity,
        "availableSeats": product.available(),
        "lastModified": product.last_modified,
        "licenseType": match product.licence {
            Licence::Online => "Online",
            Licence::Offline => "Offline",
        },
        "distributionPolicy": match product.distribution {
            Distribution::Open => "Open",
            Distribution::Restricted => "Restricted",
        },
        "status": match product.status {
            Status::Active => "Active",
            Status::Removed => "Removed",
        },
    })
}
