//! The tables and plots of each section of the document.

use anyhow::Result;

use crate::calls::LOADS;
use crate::codegen::{Generator, Hazard};
use crate::plots::{self, Lines, Series, thousands};
use crate::table::{by_peer, middle, spread, table, text_table};
use crate::{calls, clean_build, codegen, counts, development, peers, trees};

fn image(file: &str, about: &str) -> String {
    format!("\n![{about}](performance/{file})\n")
}

pub fn counts(rows: &[counts::Row]) -> Result<String> {
    let groups = by_peer(rows, |row| &row.peer);
    let figures: Vec<(String, f64)> = groups
        .iter()
        .map(|(peer, rows)| {
            let instructions = middle(rows, |row| row.instructions);
            (peers::label(peer).to_owned(), instructions)
        })
        .collect();
    let title = "Instructions a call";
    plots::bars("instructions.svg", title, &figures)?;
    let text = table(
        &[
            "client",
            "instructions a call",
            "allocations a call",
            "bytes allocated a call",
        ],
        groups.iter().map(|(peer, rows)| {
            vec![
                peers::label(peer).to_owned(),
                spread(rows, |row| row.instructions),
                thousands(middle(rows, |row| row.allocations)),
                thousands(middle(rows, |row| row.allocated_bytes)),
            ]
        }),
    );
    Ok(text + &image("instructions.svg", title))
}

/// The rows of each peer with this many calls in flight.
fn in_flight(rows: &[calls::Row], concurrency: usize) -> Vec<(&str, Vec<&calls::Row>)> {
    let mut groups = by_peer(rows, |row| &row.peer);
    for (_, rows) in &mut groups {
        rows.retain(|row| row.concurrency == concurrency);
    }
    groups
}

fn microseconds_of_cpu(row: &calls::Row) -> f64 {
    (row.report.user_s + row.report.system_s) * 1e6 / row.report.calls
}

fn microseconds_in_user_space(row: &calls::Row) -> f64 {
    row.report.user_s * 1e6 / row.report.calls
}

pub fn calls(rows: &[calls::Row]) -> Result<String> {
    let mut cells = Vec::new();
    for (concurrency, _) in LOADS {
        for (peer, rows) in in_flight(rows, concurrency) {
            cells.push(vec![
                peers::label(peer).to_owned(),
                concurrency.to_string(),
                spread(&rows, |row| row.report.rate),
                spread(&rows, microseconds_in_user_space),
                thousands(middle(&rows, microseconds_of_cpu)),
            ]);
        }
    }
    let series = |(peer, rows): (&str, Vec<&calls::Row>)| {
        let at = |concurrency: usize| {
            let rows: Vec<&calls::Row> = rows
                .iter()
                .copied()
                .filter(|row| row.concurrency == concurrency)
                .collect();
            (concurrency as f64, middle(&rows, |row| row.report.rate))
        };
        Series {
            name: peers::label(peer).to_owned(),
            points: LOADS.map(|(concurrency, _)| at(concurrency)).to_vec(),
        }
    };
    let plot = Lines {
        file: "rate.svg",
        title: "Calls a second",
        x: "calls in flight",
        y: "calls a second",
        logarithmic: false,
    };
    let series: Vec<Series> = by_peer(rows, |row| &row.peer)
        .into_iter()
        .map(series)
        .collect();
    plots::lines(&plot, &series)?;
    let heads = [
        "client",
        "in flight",
        "calls a second",
        "µs of user CPU a call",
        "µs of user and system CPU a call",
    ];
    Ok(table(&heads, cells) + &image(plot.file, plot.title))
}

pub fn latency(rows: &[calls::Row]) -> Result<String> {
    let mut cells = Vec::new();
    for (concurrency, _) in LOADS {
        for (peer, rows) in in_flight(rows, concurrency) {
            cells.push(vec![
                peers::label(peer).to_owned(),
                concurrency.to_string(),
                spread(&rows, |row| row.report.p50_us),
                spread(&rows, |row| row.report.p99_us),
                spread(&rows, |row| row.report.p999_us),
            ]);
        }
    }
    let heads = [
        "client",
        "in flight",
        "50th (µs)",
        "99th (µs)",
        "99.9th (µs)",
    ];
    Ok(table(&heads, cells))
}

pub fn clients(rows: &[calls::Row]) -> Result<String> {
    let heads = [
        "client",
        "the first client (ms)",
        "another client (ms)",
        "a clone (ns)",
        "the first call (µs)",
    ];
    let cells = by_peer(rows, |row| &row.peer)
        .into_iter()
        .map(|(peer, rows)| {
            vec![
                peers::label(peer).to_owned(),
                spread(&rows, |row| row.report.first_client_us / 1e3),
                spread(&rows, |row| row.report.client_us / 1e3),
                spread(&rows, |row| row.report.clone_ns),
                spread(&rows, |row| row.report.first_call_us),
            ]
        });
    Ok(table(&heads, cells))
}

pub fn build(rows: &[clean_build::Row], trees: &[trees::Row]) -> Result<String> {
    let groups = by_peer(rows, |row| &row.peer);
    let figures: Vec<(String, f64)> = groups
        .iter()
        .map(|(peer, rows)| {
            (
                peers::label(peer).to_owned(),
                middle(rows, |row| row.cost.wall_s),
            )
        })
        .collect();
    let title = "Clean release build, seconds";
    plots::bars("build.svg", title, &figures)?;
    let crates = |peer: &str| {
        let tree = trees.iter().find(|tree| tree.peer == peer);
        tree.map_or("-".to_owned(), |tree| tree.crates.to_string())
    };
    let heads = [
        "client",
        "builds",
        "wall (s)",
        "CPU (s)",
        "peak memory (MB)",
        "crates",
        "stripped binary (MB)",
    ];
    let cells = groups.iter().map(|(peer, rows)| {
        vec![
            peers::label(peer).to_owned(),
            rows.len().to_string(),
            spread(rows, |row| row.cost.wall_s),
            spread(rows, |row| row.cost.cpu_s),
            thousands(middle(rows, |row| row.cost.peak_mb)),
            crates(peer),
            thousands(middle(rows, |row| row.binary_mb)),
        ]
    });
    Ok(table(&heads, cells) + &image("build.svg", title))
}

pub fn versions(rows: &[trees::Row]) -> Result<String> {
    let cells = rows.iter().map(|row| {
        let depends_on = if row.depends_on.is_empty() {
            "this repository's crates".to_owned()
        } else {
            row.depends_on.join(", ")
        };
        vec![peers::label(&row.peer).to_owned(), depends_on]
    });
    Ok(text_table(&["client", "depends on"], cells))
}

pub fn generators(rows: &[codegen::Row]) -> Result<String> {
    let cells = rows.iter().filter_map(|row| match row {
        codegen::Row::Generator(generator) => Some(generator_cells(generator)),
        codegen::Row::Hazard(_) => None,
    });
    let heads = [
        "generator",
        "both specs (s)",
        "lines of Rust",
        "compile errors",
        "clippy warnings",
    ];
    Ok(table(&heads, cells))
}

fn generator_cells(generator: &Generator) -> Vec<String> {
    let milliseconds: Vec<&f64> = generator.milliseconds.iter().collect();
    vec![
        generator.name.clone(),
        spread(&milliseconds, |milliseconds| milliseconds / 1e3),
        generator.lines.to_string(),
        generator.errors.to_string(),
        generator.warnings.to_string(),
    ]
}

pub fn hazards(rows: &[codegen::Row]) -> Result<String> {
    let cells = rows.iter().filter_map(|row| match row {
        codegen::Row::Hazard(Hazard {
            hazard,
            openapi_generator,
            seats,
        }) => Some(vec![
            hazard.clone(),
            openapi_generator.clone(),
            seats.clone(),
        ]),
        codegen::Row::Generator(_) => None,
    });
    Ok(text_table(&["", "openapi-generator", "Seats"], cells))
}

pub fn development(rows: &[development::Row]) -> Result<String> {
    let mut commands: Vec<&str> = Vec::new();
    for row in rows {
        if !commands.contains(&row.command.as_str()) {
            commands.push(&row.command);
        }
    }
    let cells = commands.into_iter().map(|command| {
        let rows: Vec<&development::Row> =
            rows.iter().filter(|row| row.command == command).collect();
        vec![format!("`{command}`"), spread(&rows, |row| row.seconds)]
    });
    Ok(table(&["command", "seconds"], cells))
}

/// What Seats costs, as a multiple of reqwest by hand, beside what it is to cost at most.
pub fn goals(
    counts: &[counts::Row],
    calls: &[calls::Row],
    builds: &[clean_build::Row],
    trees: &[trees::Row],
) -> String {
    let mut cells = Vec::new();
    let mut goal = |what: &str, figures: Vec<(&str, f64)>, goal: &str| {
        let of = |name: &str| figures.iter().find(|(peer, _)| *peer == name);
        let (Some((_, seats)), Some((_, baseline))) = (of("seats"), of(peers::BASELINE)) else {
            return;
        };
        cells.push(vec![
            what.to_owned(),
            thousands(*seats),
            thousands(*baseline),
            format!("{:.2}", seats / baseline),
            goal.to_owned(),
        ]);
    };
    fn medians<'a, T>(
        groups: Vec<(&'a str, Vec<&'a T>)>,
        figure: fn(&T) -> f64,
    ) -> Vec<(&'a str, f64)> {
        let groups = groups.into_iter();
        groups
            .map(|(peer, rows)| (peer, middle(&rows, figure)))
            .collect()
    }
    let counts = || by_peer(counts, |row| &row.peer);
    let builds = || by_peer(builds, |row| &row.peer);
    goal(
        "instructions a call",
        medians(counts(), |row| row.instructions),
        "1.15",
    );
    goal(
        "rate at 8 in flight",
        medians(in_flight(calls, 8), |row| row.report.rate),
        "0.95 at least",
    );
    goal(
        "rate at 64 in flight",
        medians(in_flight(calls, 64), |row| row.report.rate),
        "0.97 at least",
    );
    let user = medians(in_flight(calls, 64), microseconds_in_user_space);
    goal("user CPU a call at 64 in flight (µs)", user, "1.10");
    goal(
        "clean release build, wall (s)",
        medians(builds(), |row| row.cost.wall_s),
        "1.20",
    );
    goal(
        "clean release build, CPU (s)",
        medians(builds(), |row| row.cost.cpu_s),
        "1.20",
    );
    goal(
        "peak memory of the build (MB)",
        medians(builds(), |row| row.cost.peak_mb),
        "1.05",
    );
    goal(
        "stripped binary (MB)",
        medians(builds(), |row| row.binary_mb),
        "1.25",
    );
    let trees = trees
        .iter()
        .map(|row| (row.peer.as_str(), row.crates as f64));
    goal("crates", trees.collect(), "125 crates");
    let heads = ["", "seats", "reqwest by hand", "ratio", "goal"];
    table(&heads, cells)
}
