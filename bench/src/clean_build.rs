//! A clean release build of each peer as a consumer, with everything downloaded already.

use std::fs;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::peers::{Peer, rotated};
use crate::run::Cost;
use crate::{cargo, paths, raw, run};

pub const PART: &str = "build";

/// One build of one peer.
#[derive(Deserialize, Serialize)]
pub struct Row {
    pub peer: String,
    pub run: usize,
    #[serde(flatten)]
    pub cost: Cost,
    /// The stripped program.
    pub binary_mb: f64,
}

/// Builds each peer from nothing.
pub fn measure(peers: &[Peer], runs: usize) -> Result<()> {
    for peer in peers {
        let mut fetch = run::command("cargo", ["fetch", "--locked", "--manifest-path"]);
        run::output(fetch.arg(peer.manifest()))?;
    }
    let mut rows = Vec::new();
    for run in 0..runs {
        for peer in rotated(peers, run) {
            let row = build(peer, run)?;
            eprintln!("{PART} {run} {}: {:.0} s", peer.name, row.cost.wall_s);
            rows.push(row);
        }
    }
    raw::write(PART, rows)
}

fn build(peer: Peer, run: usize) -> Result<Row> {
    let target = paths::target().join("clean");
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    let mut command = cargo::release_build(&peer.manifest(), &peer.package(), &target);
    let cost = run::cost(command.arg("--offline"))?;
    let stripped = target.join("stripped");
    let mut strip = run::command("strip", ["-o"]);
    run::output(strip.arg(&stripped).arg(peer.binary(&target)))?;
    let binary_mb = run::megabytes(fs::metadata(&stripped)?.len());
    fs::remove_dir_all(&target)?;
    Ok(Row {
        peer: peer.name.to_owned(),
        run,
        cost,
        binary_mb,
    })
}
