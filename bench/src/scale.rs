//! The tables and plots of off-boarding at scale.

use anyhow::Result;

use crate::offboard::{Rate, Size, Way};
use crate::plots::{self, Lines, Series, thousands};
use crate::table::{spread, table};

/// A figure of a plan's size.
type Figure = fn(&Size) -> f64;

/// Costs that are drawn together.
struct Costs<'a> {
    file: &'a str,
    title: &'a str,
    unit: &'a str,
    figures: Vec<(&'a str, Figure)>,
}

fn a_second(rate: &Rate) -> f64 {
    rate.rows / rate.seconds
}

/// The figures that keep their order of first appearance.
fn distinct<T: Copy + PartialEq>(rows: &[Rate], of: fn(&Rate) -> T) -> Vec<T> {
    let mut found: Vec<T> = Vec::new();
    for row in rows {
        let value = of(row);
        if !found.contains(&value) {
            found.push(value);
        }
    }
    found
}

pub fn rates(rows: &[Rate]) -> Result<String> {
    let latencies = distinct(rows, |row| row.latency_ms);
    let concurrencies = distinct(rows, |row| row.concurrency);
    let ways = distinct(rows, |row| row.way);
    let at = |latency: u64, concurrency: u64, way: Way| -> Vec<&Rate> {
        let here = |row: &&Rate| {
            row.latency_ms == latency && row.concurrency == concurrency && row.way == way
        };
        rows.iter().filter(here).collect()
    };
    let mut cells = Vec::new();
    let mut images = String::new();
    for latency in &latencies {
        for concurrency in &concurrencies {
            let rates = ways
                .iter()
                .map(|way| spread(&at(*latency, *concurrency, *way), a_second));
            cells.push(
                [latency.to_string(), concurrency.to_string()]
                    .into_iter()
                    .chain(rates)
                    .collect(),
            );
        }
        let series = ways.iter().map(|way| Series {
            name: way.label().to_owned(),
            points: concurrencies
                .iter()
                .map(|concurrency| {
                    let rows = at(*latency, *concurrency, *way);
                    (*concurrency as f64, crate::table::middle(&rows, a_second))
                })
                .collect(),
        });
        let file = format!("offboard-rate-{latency}ms.svg");
        let title = format!("Seats taken back a second, {latency} ms of latency");
        let plot = Lines {
            file: &file,
            title: &title,
            x: "calls in flight",
            y: "seats a second",
            logarithmic: true,
        };
        plots::lines(&plot, &series.collect::<Vec<_>>())?;
        images += &format!("\n![{title}](performance/{file})\n");
    }
    let mut heads = vec!["latency (ms)", "in flight"];
    heads.extend(ways.iter().map(|way| way.label()));
    Ok(table(&heads, cells) + &images)
}

pub fn sizes(rows: &[Size]) -> Result<String> {
    let heads = [
        "rows",
        "prepare (s)",
        "run, rows a second",
        "peak memory of the run (MB)",
        "resume: to the first row (s)",
        "peak memory of the resumed run (MB)",
        "ledger (MB)",
    ];
    let cells = rows.iter().map(|row| {
        let figures: [Figure; 7] = [
            |row| row.rows,
            |row| row.prepare_s,
            |row| row.run_rows / row.run_s,
            |row| row.run_peak_mb,
            |row| row.resume_s,
            |row| row.resume_peak_mb,
            |row| row.ledger_mb,
        ];
        figures
            .iter()
            .map(|figure| thousands(figure(row)))
            .collect()
    });
    let text = table(&heads, cells);
    let memory = Costs {
        file: "offboard-memory.svg",
        title: "Peak memory against the size of the plan",
        unit: "MB",
        figures: vec![
            ("run", |row| row.run_peak_mb),
            ("resumed run", |row| row.resume_peak_mb),
        ],
    };
    let time = Costs {
        file: "offboard-time.svg",
        title: "Time against the size of the plan",
        unit: "seconds",
        figures: vec![
            ("prepare", |row| row.prepare_s),
            ("resume: to the first row", |row| row.resume_s),
        ],
    };
    Ok(text + &draw(rows, &memory)? + &draw(rows, &time)?)
}

fn draw(rows: &[Size], costs: &Costs) -> Result<String> {
    let series = costs.figures.iter().map(|(name, figure)| Series {
        name: (*name).to_owned(),
        points: rows.iter().map(|row| (row.rows, figure(row))).collect(),
    });
    let plot = Lines {
        file: costs.file,
        title: costs.title,
        x: "rows",
        y: costs.unit,
        logarithmic: true,
    };
    plots::lines(&plot, &series.collect::<Vec<_>>())?;
    Ok(format!(
        "\n![{}](performance/{})\n",
        costs.title, costs.file
    ))
}

/// Says of each cost whether it grows with the size of the plan: from the growth of the two largest.
pub fn shape(rows: &[Size]) -> String {
    let [.., smaller, larger] = rows else {
        return String::new();
    };
    let growth = |figure: Figure| {
        let factor = figure(larger) / figure(smaller);
        let shape = match factor.ln() / (larger.rows / smaller.rows).ln() {
            power if power < 0.2 => "flat",
            power if power < 1.15 => "at most linear",
            _ => "more than linear",
        };
        format!("{shape} (a factor of {})", thousands(factor))
    };
    let costs: [(&str, Figure); 5] = [
        ("preparing", |row| row.prepare_s),
        ("a row", |row| row.run_s / row.run_rows),
        ("the run's memory", |row| row.run_peak_mb),
        ("resuming", |row| row.resume_s),
        ("the resumed run's memory", |row| row.resume_peak_mb),
    ];
    let costs = costs.map(|(name, figure)| format!("{name}: {}", growth(figure)));
    format!(
        "From {} to {} rows: {}.\n",
        thousands(smaller.rows),
        thousands(larger.rows),
        costs.join("; ")
    )
}
