//! A row of a plan as columns, and back.

use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::{Row as SqlRow, params};
use serde::de::DeserializeOwned;

use crate::ledger::{LedgerError, LedgerRow, RowId, RowState};
use crate::people::Person;
use crate::plan::row::{HeldSeat, Row};
use crate::vendor::{Product, VendorName};

/// The columns that [`read`] reads, from the table `row` and its session.
pub(super) const COLUMNS: &str = "row.id, decision, line, name, identities, vendor, product, sku, user, \
     held_since, text, why, state, begun, row.ended, status, request_id, attempts, message, operator";

pub(super) const INSERT: &str = "INSERT INTO row (decision, line, person, name, identities, vendor, product, \
     sku, user, held_since, text, why, reason, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, \
     ?12, ?13, ?14)";

pub(super) fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn decision(row: &Row) -> &'static str {
    match row {
        Row::Change { .. } => "change",
        Row::NothingHeld { .. } => "nothing_held",
        Row::NotFound { .. } => "not_found",
        Row::NotDecided { .. } => "not_decided",
        Row::Unusable { .. } => "unusable",
    }
}

/// Inserts a row of a plan.
pub(super) fn insert(
    statement: &mut rusqlite::Statement<'_>,
    row: &Row,
) -> Result<(), LedgerError> {
    let json = |error: serde_json::Error| LedgerError::Write(error.to_string());
    let (person, seat) = (row.person(), row.seat());
    let identities = person
        .map(|it| serde_json::to_string(&it.identities))
        .transpose()
        .map_err(json)?;
    let why = match row {
        Row::NotDecided { why, .. } => Some(serde_json::to_string(why)),
        Row::Unusable { why, .. } => Some(serde_json::to_string(why)),
        _ => None,
    };
    let (line, text) = match row {
        Row::Unusable { line, text, .. } => (Some(*line), Some(text)),
        _ => (person.and_then(|person| person.line), None),
    };
    let product = seat.map(|seat| &seat.product);
    let is_change = matches!(row, Row::Change { .. });
    statement
        .execute(params![
            decision(row),
            line.and_then(|line| i64::try_from(line).ok()),
            person.map(Person::label),
            person.and_then(|person| person.name.as_deref()),
            identities,
            product.map(|product| product.vendor.as_str()),
            product.map(|product| &product.id),
            product.and_then(|product| product.sku.as_deref()),
            seat.map(|seat| &seat.user),
            seat.and_then(|seat| seat.held_since.as_deref()),
            text,
            why.transpose().map_err(json)?,
            row.reason(),
            is_change.then_some(RowState::Planned.as_str()),
        ])
        .map_err(|error| LedgerError::Write(error.to_string()))?;
    Ok(())
}

/// Reads a row with [`COLUMNS`].
pub(super) fn read(row: &SqlRow<'_>) -> Result<LedgerRow, LedgerError> {
    let text = |column: &str| row.get::<_, Option<String>>(column).map_err(of_sql);
    let number = |column: &str| row.get::<_, Option<i64>>(column).map_err(of_sql);
    let instant = |column: &str| {
        let text = text(column)?;
        text.map(|text| text.parse().map_err(|_| odd(column)))
            .transpose()
    };
    let state = text("state")?;
    Ok(LedgerRow {
        id: RowId(row.get("id").map_err(of_sql)?),
        planned: planned(&text, number("line")?)?,
        state: state
            .map(|word| RowState::of_word(&word).ok_or_else(|| odd("state")))
            .transpose()?,
        begun: instant("begun")?,
        ended: instant("ended")?,
        status: number("status")?.and_then(|status| u16::try_from(status).ok()),
        request_id: text("request_id")?,
        attempts: number("attempts")?
            .and_then(|it| u32::try_from(it).ok())
            .unwrap_or(0),
        message: text("message")?,
        operator: text("operator")?,
    })
}

type Text<'a> = dyn Fn(&str) -> Result<Option<String>, LedgerError> + 'a;

fn planned(text: &Text<'_>, line: Option<i64>) -> Result<Row, LedgerError> {
    let line = line.and_then(|line| u64::try_from(line).ok());
    let identities = text("identities")?
        .map(|json| parse(&json, "identities"))
        .transpose()?;
    let name = text("name")?;
    let person = identities.map(|identities| Person {
        line,
        name,
        identities,
    });
    let needed = || person.clone().ok_or_else(|| odd("identities"));
    let why = || text("why")?.ok_or_else(|| odd("why"));
    Ok(match text("decision")?.as_deref() {
        Some("change") => Row::Change {
            person: needed()?,
            seat: seat(text)?.ok_or_else(|| odd("user"))?,
        },
        Some("nothing_held") => Row::NothingHeld { person: needed()? },
        Some("not_found") => Row::NotFound { person: needed()? },
        Some("not_decided") => Row::NotDecided {
            seat: seat(text)?,
            why: parse(&why()?, "why")?,
            person,
        },
        Some("unusable") => Row::Unusable {
            line: line.unwrap_or(0),
            text: text("text")?.unwrap_or_default(),
            why: parse(&why()?, "why")?,
        },
        _ => return Err(odd("decision")),
    })
}

fn seat(text: &Text<'_>) -> Result<Option<HeldSeat>, LedgerError> {
    let (Some(vendor), Some(id), Some(user)) = (text("vendor")?, text("product")?, text("user")?)
    else {
        return Ok(None);
    };
    Ok(Some(HeldSeat {
        product: Product {
            vendor: VendorName::from(vendor),
            id,
            sku: text("sku")?,
        },
        user,
        held_since: text("held_since")?,
    }))
}

fn parse<T: DeserializeOwned>(json: &str, column: &str) -> Result<T, LedgerError> {
    serde_json::from_str(json).map_err(|_| odd(column))
}

fn odd(column: &str) -> LedgerError {
    LedgerError::Read(format!(
        "the column {column} of a row has an unexpected value"
    ))
}

pub(super) fn of_sql(error: rusqlite::Error) -> LedgerError {
    LedgerError::Read(error.to_string())
}
