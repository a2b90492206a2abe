//! The record as CSV.

use std::io::{self, Write};

use crate::ledger::{Ledger, LedgerError, LedgerRow, RowId, RowQuery, RowState};
use crate::people::{Identity, IdentityKind};
use crate::plan::Row;

/// Which rows to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CsvRows {
    /// Rows that need a person: changes that failed or did not begin, people unknown to every vendor,
    /// and rows that were not decided or cannot be used.
    NeedingPerson,
    /// All.
    All,
}

/// How many rows of the ledger are read at once.
const PAGE: usize = 1000;

/// The columns. The names of those with identities are ones that a list of people is read by, so that the
/// file is a valid list of people; no other column has such a name.
const HEADER: [&str; 19] = [
    "email",
    "upn",
    "mail",
    "datadog user id",
    "object id",
    "name",
    "line",
    "vendor",
    "product",
    "sku",
    "vendor_user",
    "held_since",
    "outcome",
    "ended",
    "operator",
    "status",
    "request_id",
    "attempts",
    "message",
];

/// Writes rows of the ledger as CSV. The identities come first, so that it is a valid list of people to plan
/// with again.
///
/// # Errors
/// The ledger cannot be read, or the text cannot be written.
pub fn write_csv(ledger: &dyn Ledger, rows: CsvRows, to: impl Write) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().from_writer(to);
    writer.write_record(HEADER)?;
    each_row(
        ledger,
        rows,
        &mut |row| Ok(writer.write_record(cells(row))?),
    )?;
    writer.flush()
}

/// Hands out the rows one by one.
pub(super) fn each_row(
    ledger: &dyn Ledger,
    rows: CsvRows,
    each: &mut dyn FnMut(&LedgerRow) -> io::Result<()>,
) -> io::Result<()> {
    let query = match rows {
        CsvRows::All => RowQuery::default(),
        CsvRows::NeedingPerson => RowQuery {
            states: RowState::ALL
                .into_iter()
                .filter(|state| state.needs_person())
                .collect(),
            with_others: true,
            ..RowQuery::default()
        },
    };
    let mut after = RowId::default();
    loop {
        let page = ledger.rows(&query, after, PAGE).map_err(of_ledger)?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = last.id;
        for row in &page {
            let needs_nobody = matches!(row.planned, Row::NothingHeld { .. });
            if rows == CsvRows::All || !needs_nobody {
                each(row)?;
            }
        }
    }
}

fn of_ledger(error: LedgerError) -> io::Error {
    error.into()
}

/// What became of a row, in a word: its state, or why it is no change.
pub(super) fn outcome(row: &LedgerRow) -> &'static str {
    match (&row.planned, row.state) {
        (_, Some(state)) => state.as_str(),
        (Row::NothingHeld { .. }, _) => "nothing_held",
        (Row::NotFound { .. }, _) => "not_found",
        (Row::Unusable { .. }, _) => "unusable",
        _ => "not_decided",
    }
}

fn cells(row: &LedgerRow) -> [String; HEADER.len()] {
    let person = row.planned.person();
    let identities = person
        .map(|person| person.identities.as_slice())
        .unwrap_or_default();
    let of_kind = |kinds: &[IdentityKind], n: usize| {
        let mut of_kind = identities
            .iter()
            .filter(|it: &&Identity| kinds.contains(&it.kind));
        of_kind
            .nth(n)
            .map(|it| it.value.clone())
            .unwrap_or_default()
    };
    // A UUID without a known vendor is stored among the names, and read back as such.
    let name = |n| of_kind(&[IdentityKind::Name, IdentityKind::Id], n);
    let (line, text) = match &row.planned {
        Row::Unusable { line, text, .. } => (Some(*line), text.clone()),
        _ => (person.and_then(|person| person.line), name(0)),
    };
    let seat = row.planned.seat();
    let product = seat.map(|seat| &seat.product);
    let show = |text: Option<&str>| text.map(harmless).unwrap_or_default();
    let time = |at: Option<chrono::DateTime<chrono::Utc>>| {
        at.map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
            .unwrap_or_default()
    };
    let reason = row.message.clone().or_else(|| row.planned.reason());
    [
        harmless(&text),
        name(1),
        name(2),
        of_kind(&[IdentityKind::DatadogId], 0),
        of_kind(&[IdentityKind::ObjectId], 0),
        show(person.and_then(|person| person.name.as_deref())),
        line.map(|line| line.to_string()).unwrap_or_default(),
        show(product.map(|product| product.vendor.as_str())),
        show(product.map(|product| product.id.as_str())),
        show(product.and_then(|product| product.sku.as_deref())),
        show(seat.map(|seat| seat.user.as_str())),
        show(seat.and_then(|seat| seat.held_since.as_deref())),
        outcome(row).to_owned(),
        time(row.ended),
        show(row.operator.as_deref()),
        row.status
            .map(|status| status.to_string())
            .unwrap_or_default(),
        show(row.request_id.as_deref()),
        row.attempts.to_string(),
        show(reason.as_deref()),
    ]
}

/// Returns the text, with a `'` in front if a spreadsheet would run it as a formula, and without control
/// characters.
fn harmless(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.starts_with(['=', '+', '-', '@']) {
        format!("'{text}")
    } else {
        text
    }
}
