//! The Store's operations: what they do with the seats, and what they return.

use chrono::DateTime;
use http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::errors::{MEDIA_TYPE, error, invalid, not_found};
use crate::message::response::Response;
use crate::spec::schema::Violation;
use crate::state::account::Account;
use crate::state::page;
use crate::state::store::{
    AssignedSeat, Distribution, Licence, Product, ProductKey, SeatError, Status,
};
use crate::vendor::interface::Arguments;

/// The default and the largest number of entries of a page, as in the specification.
const PAGE: usize = 25;
const LARGEST_PAGE: usize = 100;

pub(super) fn reclaim_seat_from_user(account: &mut Account, arguments: &Arguments) -> Response {
    let (key, username) = (product(arguments), arguments.text("username"));
    let result = reclaim(account, &key, username);
    seat(&key, username, result.as_ref(), "Revoked")
}

pub(super) fn assign_seat(account: &mut Account, arguments: &Arguments) -> Response {
    let (key, username) = (product(arguments), arguments.text("username"));
    let result = assign(account, &key, username);
    seat(&key, username, result.as_ref(), "Active")
}

pub(super) fn get_seat(account: &mut Account, arguments: &Arguments) -> Response {
    let (key, username) = (product(arguments), arguments.text("username"));
    seat(
        &key,
        username,
        account.store.seat(&key, username).as_ref().copied(),
        "Active",
    )
}

pub(super) fn get_seats(account: &mut Account, arguments: &Arguments) -> Response {
    let key = product(arguments);
    let list = format!("{}: seats of {}/{}", account.tenant.name, key.0, key.1);
    let after = match after(arguments, &list) {
        Ok(after) => after,
        Err(violation) => return invalid(&[violation]),
    };
    match account
        .store
        .page_of_product(&list, &key, after, size(arguments))
    {
        Ok(page) => {
            let seats = page
                .entries
                .iter()
                .map(|seat| details(&key, seat, "Active"));
            result_set("seats", seats.collect(), page.next)
        }
        Err(reason) => refused(reason, &key, ""),
    }
}

pub(super) fn get_seats_assigned_to_user(account: &mut Account, arguments: &Arguments) -> Response {
    let username = arguments.text("username");
    let list = format!(
        "{}: seats of {}",
        account.tenant.name,
        username.to_lowercase()
    );
    let after = match after(arguments, &list) {
        Ok(after) => after,
        Err(violation) => return invalid(&[violation]),
    };
    match account
        .store
        .page_of_user(&list, username, after, size(arguments))
    {
        Ok(page) => {
            let seats = page.entries.iter();
            let seats = seats.map(|(key, seat)| details(key, seat, "Active"));
            result_set("seats", seats.collect(), page.next)
        }
        Err(reason) => refused(reason, &ProductKey::default(), username),
    }
}

/// Each user succeeds or fails independently, in the order of the list.
pub(super) fn bulk_assign_and_reclaim_seats(
    account: &mut Account,
    arguments: &Arguments,
) -> Response {
    let key = product(arguments);
    if let Err(reason) = account.store.online_product(&key) {
        return refused(reason, &key, "");
    }
    let body = arguments.body.as_ref();
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
            Ok(seat) => done.push(details(&key, &seat, state)),
            Err(reason) => failed.push(json!({
                "failureReason": message(reason),
                "productKey": product_key(&key),
                "userName": username,
            })),
        }
    }
    let body = json!({"seatDetails": done, "failedSeatOperations": failed});
    Response::json(StatusCode::OK, MEDIA_TYPE, body)
}

pub(super) fn get_inventory(account: &mut Account, arguments: &Arguments) -> Response {
    let since = arguments
        .parameters
        .get("modifiedSince")
        .and_then(Value::as_str);
    let named = arguments
        .parameters
        .get("licenseTypes")
        .and_then(Value::as_array);
    let types: Vec<&str> = named
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    // It is not known whether a token remembers the filters. Here it does not, and is valid only with
    // the same filters: this is harder for a client, which has to send them again.
    let list = format!("{}: inventory, {since:?}, {types:?}", account.tenant.name);
    let after: Option<ProductKey> = match after(arguments, &list) {
        Ok(after) => after,
        Err(violation) => return invalid(&[violation]),
    };
    let since = since.and_then(|since| DateTime::parse_from_rfc3339(since).ok());
    let licences: Vec<Licence> = types
        .iter()
        .map(|name| match *name {
            "online" => Licence::Online,
            _ => Licence::Offline,
        })
        .collect();
    let page =
        account
            .store
            .page_of_inventory(&list, after, size(arguments), since.as_ref(), &licences);
    let entries = page
        .entries
        .iter()
        .map(|(key, product)| entry(key, product));
    result_set("inventoryEntries", entries.collect(), page.next)
}

fn assign(
    account: &mut Account,
    key: &ProductKey,
    username: &str,
) -> Result<AssignedSeat, SeatError> {
    let seat = account
        .store
        .assign(key, username, account.calendar.next_date())?;
    account.calendar.record_change();
    Ok(seat)
}

fn reclaim(
    account: &mut Account,
    key: &ProductKey,
    username: &str,
) -> Result<AssignedSeat, SeatError> {
    let seat = account
        .store
        .reclaim(key, username, account.calendar.next_date())?;
    account.calendar.record_change();
    Ok(seat)
}

fn product(arguments: &Arguments) -> ProductKey {
    (
        arguments.text("productId").to_owned(),
        arguments.text("skuId").to_owned(),
    )
}

fn size(arguments: &Arguments) -> usize {
    arguments.page_size("maxResults", PAGE, LARGEST_PAGE)
}

/// Returns the key in the request's token.
fn after<K: DeserializeOwned>(arguments: &Arguments, list: &str) -> Result<Option<K>, Violation> {
    const TOKEN: &str = "continuationToken";
    let Some(token) = arguments.parameters.get(TOKEN).and_then(Value::as_str) else {
        return Ok(None);
    };
    let violation = || Violation::new(TOKEN, "is not a token of this list");
    page::after(list, token).map(Some).ok_or_else(violation)
}

/// Returns the response about one seat.
fn seat(
    key: &ProductKey,
    username: &str,
    seat: Result<&AssignedSeat, &SeatError>,
    state: &str,
) -> Response {
    match seat {
        Ok(seat) => Response::json(StatusCode::OK, MEDIA_TYPE, details(key, seat, state)),
        Err(reason) => refused(*reason, key, username),
    }
}

/// Returns the response to an operation that cannot be executed.
///
/// It is not known what the real service returns if the user already holds the seat, if no seat is
/// free, or if the product was removed. The sandbox refuses each, which is harder for a client: an
/// assignment is not idempotent.
fn refused(reason: SeatError, key: &ProductKey, username: &str) -> Response {
    let message = message(reason);
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

fn message(reason: SeatError) -> &'static str {
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

/// Returns one page of a list; the last page has no token.
fn result_set(name: &str, entries: Vec<Value>, next: Option<String>) -> Response {
    let mut body = json!({ name: entries });
    if let Some(next) = next {
        body["continuationToken"] = Value::from(next);
    }
    Response::json(StatusCode::OK, MEDIA_TYPE, body)
}

fn details(key: &ProductKey, seat: &AssignedSeat, state: &str) -> Value {
    json!({
        "assignedTo": &*seat.username,
        "dateAssigned": &*seat.assigned,
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
