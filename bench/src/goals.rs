//! What Seats costs, as a multiple of reqwest by hand, beside what it is to cost at most.

use crate::plots::thousands;
use crate::sections::{in_flight, microseconds_in_user_space};
use crate::table::{by_peer, middle, table};
use crate::{calls, clean_build, counts, peers, trees};

const SEATS: &str = "seats";
const ONE_VENDOR: &str = "seats-datadog";

type Figures<'a> = Vec<(&'a str, f64)>;

/// The table of goals; a figure that was not measured has no row.
pub fn table_of_goals(
    counts: &[counts::Row],
    calls: &[calls::Row],
    builds: &[clean_build::Row],
    trees: &[trees::Row],
) -> String {
    let instructions = medians(by_peer(counts, |row| &row.peer), |row| row.instructions);
    let rate = |concurrency| medians(in_flight(calls, concurrency), |row| row.report.rate);
    let user = medians(in_flight(calls, 64), microseconds_in_user_space);
    let builds = || by_peer(builds, |row| &row.peer);
    let wall = medians(builds(), |row| row.cost.wall_s);
    let cpu = medians(builds(), |row| row.cost.cpu_s);
    let memory = medians(builds(), |row| row.cost.peak_mb);
    let binary = medians(builds(), |row| row.binary_mb);
    let trees = trees.iter();
    let crates: Figures = trees
        .map(|row| (row.peer.as_str(), row.crates as f64))
        .collect();
    let rows = [
        (SEATS, "instructions a call", &instructions, "1.15"),
        (SEATS, "rate at 8 in flight", &rate(8), "0.95 at least"),
        (SEATS, "rate at 64 in flight", &rate(64), "0.97 at least"),
        (SEATS, "user CPU a call at 64 in flight (µs)", &user, "1.10"),
        (SEATS, "clean release build, wall (s)", &wall, "1.20"),
        (ONE_VENDOR, "clean release build, wall (s)", &wall, "1.15"),
        (SEATS, "clean release build, CPU (s)", &cpu, "1.20"),
        (SEATS, "peak memory of the build (MB)", &memory, "1.05"),
        (SEATS, "stripped binary (MB)", &binary, "1.25"),
        (SEATS, "crates", &crates, "125 crates"),
        (ONE_VENDOR, "crates", &crates, "112 crates"),
    ];
    let heads = [
        "client",
        "",
        "its figure",
        "reqwest by hand",
        "ratio",
        "goal",
    ];
    let rows = rows
        .into_iter()
        .filter_map(|(peer, what, figures, goal)| row(peer, what, figures, goal));
    table(&heads, rows)
}

fn row(peer: &str, what: &str, figures: &Figures, goal: &str) -> Option<Vec<String>> {
    let of = |name: &str| {
        let found = figures.iter().find(|(peer, _)| *peer == name);
        found.map(|(_, figure)| *figure)
    };
    let (figure, baseline) = (of(peer)?, of(peers::BASELINE)?);
    Some(vec![
        peers::label(peer).to_owned(),
        what.to_owned(),
        thousands(figure),
        thousands(baseline),
        format!("{:.2}", figure / baseline),
        goal.to_owned(),
    ])
}

fn medians<'a, T>(groups: Vec<(&'a str, Vec<&T>)>, figure: fn(&T) -> f64) -> Figures<'a> {
    let groups = groups.into_iter();
    groups
        .map(|(peer, rows)| (peer, middle(&rows, figure)))
        .collect()
}
