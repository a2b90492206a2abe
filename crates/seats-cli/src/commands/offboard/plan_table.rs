//! A plan as a table for a person.

use std::fs::File;
use std::io;

use seats_offboard::{LedgerError, PlanHead, Prices, Row as PlanRow, Totals, read_plan};
use serde::Serialize;

use super::failure::Failure;
use crate::output::{Row, Table, printable, streams};

/// How many rows say how wide the table is.
const MEASURED: usize = 200;

/// A seat of the plan.
#[derive(Serialize)]
struct Seat([String; 5]);

impl Row for Seat {
    const NAMES: &'static [&'static str] = &["person", "vendor", "product", "user", "held_since"];
    const PLURAL: &'static str = "seats";

    fn cells(&self) -> Vec<Option<String>> {
        self.0.iter().cloned().map(Some).collect()
    }
}

/// The rows that change nothing, with their reasons.
#[derive(Serialize)]
struct Other([String; 3]);

impl Row for Other {
    const NAMES: &'static [&'static str] = &["not_planned", "line", "why"];
    const PLURAL: &'static str = "rows";

    fn cells(&self) -> Vec<Option<String>> {
        self.0.iter().cloned().map(Some).collect()
    }
}

/// Prints a plan as a table: its seats, the rows that are not planned, and the totals.
///
/// # Errors
/// It cannot be read or written.
pub fn print(document: impl Fn() -> Result<File, Failure>, prices: &Prices) -> Result<(), Failure> {
    let mut seats = Printer::<Seat>::new();
    let end = read_plan(document()?, &mut |row| {
        each(row, &mut |row| seats.add(row), seat)
    })?;
    seats.finish()?;
    let mut others = Printer::<Other>::new();
    read_plan(document()?, &mut |row| {
        each(row, &mut |row| others.add(row), other)
    })?;
    others.finish()?;
    streams::stdout(&totals(&end.head, &end.totals, prices))?;
    Ok(())
}

fn each<T>(
    row: PlanRow,
    add: &mut dyn FnMut(T) -> io::Result<()>,
    cells: impl Fn(&PlanRow) -> Option<T>,
) -> Result<(), LedgerError> {
    match cells(&row) {
        Some(row) => add(row).map_err(|error| LedgerError::Write(error.to_string())),
        None => Ok(()),
    }
}

fn seat(row: &PlanRow) -> Option<Seat> {
    let PlanRow::Change { person, seat } = row else {
        return None;
    };
    Some(Seat([
        person.label().to_owned(),
        seat.product.vendor.to_string(),
        seat.product.to_string(),
        seat.user.clone(),
        seat.held_since.clone().unwrap_or_default(),
    ]))
}

fn other(row: &PlanRow) -> Option<Other> {
    let reason = row.reason()?;
    let (line, what) = match row {
        PlanRow::Unusable { line, text, .. } => (Some(*line), text.clone()),
        row => {
            let person = row.person();
            (
                person.and_then(|person| person.line),
                person.map_or("?", |it| it.label()).to_owned(),
            )
        }
    };
    let seat = row
        .seat()
        .map(|seat| format!(" ({} {})", seat.product.vendor, seat.product));
    let line = line.map(|line| line.to_string()).unwrap_or_default();
    Some(Other([what + &seat.unwrap_or_default(), line, reason]))
}

fn totals(head: &PlanHead, totals: &Totals, prices: &Prices) -> String {
    let mut lines = Vec::new();
    for total in &totals.by_product {
        let saved = prices
            .of(&total.product)
            .map(|price| format!(", {} a month", prices.show(price * total.seats)));
        let saved = saved.unwrap_or_default();
        lines.push(format!(
            "{} {}: {}{saved}",
            total.product.vendor,
            total.product,
            counted(total.seats, "seat", "seats")
        ));
    }
    lines.push(format!(
        "{}; {} nothing, {} not found, {} not decided, {} not usable",
        counted(totals.seats, "seat", "seats"),
        counted(totals.nothing_held, "person holds", "people hold"),
        totals.not_found,
        totals.not_decided,
        counted(totals.unusable, "line", "lines")
    ));
    for account in &head.accounts {
        lines.push(format!("account: {account}"));
    }
    let shown: Vec<String> = lines.iter().map(|line| printable::text(line)).collect();
    shown.join("\n") + "\n"
}

/// Prints rows as a table whose columns are as wide as its first rows need.
struct Printer<T> {
    first: Vec<T>,
    table: Option<Table>,
    is_empty: bool,
}

impl<T: Row> Printer<T> {
    fn new() -> Self {
        Self {
            first: Vec::new(),
            table: None,
            is_empty: true,
        }
    }

    fn add(&mut self, row: T) -> io::Result<()> {
        self.is_empty = false;
        match &self.table {
            Some(table) => streams::stdout(&table.row(&row)),
            None => {
                self.first.push(row);
                if self.first.len() == MEASURED {
                    self.begin()
                } else {
                    Ok(())
                }
            }
        }
    }

    fn begin(&mut self) -> io::Result<()> {
        let (table, heading) = Table::for_rows(&self.first, terminal());
        let mut text = heading;
        for row in self.first.drain(..) {
            text.push_str(&table.row(&row));
        }
        self.table = Some(table);
        streams::stdout(&text)
    }

    fn finish(mut self) -> io::Result<()> {
        if !self.is_empty && self.table.is_none() {
            self.begin()?;
        }
        if !self.is_empty {
            streams::stdout("\n")
        } else {
            Ok(())
        }
    }
}

/// The width of the terminal that stdout is, if it is one.
fn terminal() -> Option<usize> {
    let (width, _) = terminal_size::terminal_size_of(io::stdout())?;
    Some(usize::from(width.0))
}

fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
