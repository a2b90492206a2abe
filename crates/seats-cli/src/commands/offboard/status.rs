//! `seats status`: what became of a plan, and what needs a person.

use std::io;

use seats_offboard::{
    CsvRows, Ledger, LedgerRow, RowId, RowQuery, RowState, SqliteLedger, Summary, write_csv,
    write_html,
};
use serde::Serialize;

use super::failure::Failure;
use super::paths::{ledger_of, newest_ledger};
use super::settings::config_file;
use crate::arguments::{self, StatusFormat};
use crate::output::{Row, Table, printable, streams};

/// How many rows that need a person the table shows.
const SHOWN: usize = 50;

/// How many rows are read to find them.
const READ: usize = 10_000;

/// Prints the status.
///
/// # Errors
/// There is no ledger, or it cannot be read.
pub fn run(arguments: &arguments::Status) -> Result<u8, Failure> {
    let path = match (&arguments.ledger, &arguments.plan) {
        (Some(ledger), _) => ledger.clone(),
        (None, Some(plan)) => ledger_of(plan),
        (None, None) => newest_ledger(true)?,
    };
    let ledger = SqliteLedger::open_to_read(&path)?;
    let config = config_file(arguments.config.as_deref())?.config;
    let summary = Summary::of(&ledger, &config.prices)?;
    let summary =
        summary.ok_or_else(|| Failure::input(format!("{} has no plan", path.display())))?;
    let written = match arguments.format {
        StatusFormat::Table => print_table(&ledger, &summary),
        StatusFormat::Json => {
            printable::json(&summary).and_then(|json| streams::stdout(&(json + "\n")))
        }
        StatusFormat::Csv => {
            let rows = if arguments.all {
                CsvRows::All
            } else {
                CsvRows::NeedingPerson
            };
            write_csv(&ledger, rows, io::stdout().lock())
        }
        StatusFormat::Html => write_html(&ledger, &config.prices, &mut io::stdout().lock()),
    };
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(0),
        Err(error) => Err(Failure::output(format!(
            "the status cannot be written to stdout: {error}"
        ))),
        Ok(()) => Ok(0),
    }
}

fn print_table(ledger: &SqliteLedger, summary: &Summary) -> io::Result<()> {
    let mut lines = Vec::new();
    for account in &summary.accounts {
        lines.push(format!("account: {account}"));
    }
    lines.push(format!(
        "plan of {}, {}",
        summary.made.format("%Y-%m-%d %H:%M:%S UTC"),
        summary.plan
    ));
    lines.push(String::new());
    for product in &summary.products {
        let counts: Vec<String> = product
            .counts
            .each()
            .map(|(state, rows)| format!("{rows} {state}"))
            .collect();
        lines.push(format!(
            "{} {}: {}",
            product.product.vendor,
            product.product,
            counts.join(", ")
        ));
    }
    for (decision, rows) in &summary.others {
        lines.push(format!("{}: {rows}", decision.replace('_', " ")));
    }
    if let Some(savings) = &summary.savings {
        let unpriced = match savings.without_price {
            0 => String::new(),
            seats => format!(", and {seats} seats without a price"),
        };
        lines.push(format!(
            "saved: {} {} a month{unpriced}",
            savings.monthly, savings.currency
        ));
    }
    let shown: Vec<String> = lines.iter().map(|line| printable::text(line)).collect();
    streams::stdout(&(shown.join("\n") + "\n"))?;
    print_needing(ledger, summary)
}

/// A row that needs a person.
#[derive(Serialize)]
struct Needing([String; 4]);

impl Row for Needing {
    const NAMES: &'static [&'static str] = &["needs_a_person", "seat", "outcome", "why"];
    const PLURAL: &'static str = "rows";

    fn cells(&self) -> Vec<Option<String>> {
        self.0.iter().cloned().map(Some).collect()
    }
}

fn print_needing(ledger: &SqliteLedger, summary: &Summary) -> io::Result<()> {
    let count = summary.needing_person();
    if count == 0 {
        return streams::stdout("nothing needs a person\n");
    }
    let query = RowQuery {
        states: RowState::ALL
            .into_iter()
            .filter(|state| state.needs_person())
            .collect(),
        with_others: true,
        ..RowQuery::default()
    };
    let others: u64 = summary.others.values().sum();
    let limit = usize::try_from(count + others)
        .unwrap_or(usize::MAX)
        .min(READ);
    let rows = ledger.rows(&query, RowId::default(), limit)?;
    let needing: Vec<Needing> = rows.iter().filter_map(needing).take(SHOWN).collect();
    let (table, heading) = Table::for_rows(&needing, terminal());
    let mut text = format!("\n{heading}");
    for row in &needing {
        text.push_str(&table.row(row));
    }
    if count > SHOWN as u64 {
        text.push_str(&format!(
            "{SHOWN} of {count}; all of them: seats status --format csv\n"
        ));
    }
    streams::stdout(&text)
}

fn needing(row: &LedgerRow) -> Option<Needing> {
    use seats_offboard::Row::{NotFound, NothingHeld, Unusable};
    let outcome = match (&row.planned, row.state) {
        (NothingHeld { .. }, _) => return None,
        (_, Some(state)) => state.to_string(),
        (NotFound { .. }, None) => "not found".to_owned(),
        (Unusable { .. }, None) => "not usable".to_owned(),
        (_, None) => "not decided".to_owned(),
    };
    let person = match &row.planned {
        Unusable { line, text, .. } => format!("line {line}: {text}"),
        planned => planned
            .person()
            .map(|person| person.label().to_owned())
            .unwrap_or_default(),
    };
    let seat = row
        .planned
        .seat()
        .map(|seat| format!("{} {}", seat.product.vendor, seat.product));
    let why = row.message.clone().or_else(|| row.planned.reason());
    Some(Needing([
        person,
        seat.unwrap_or_default(),
        outcome,
        why.unwrap_or_default(),
    ]))
}

fn terminal() -> Option<usize> {
    let (width, _) = terminal_size::terminal_size_of(io::stdout())?;
    Some(usize::from(width.0))
}
