//! Rate, CPU time and latency of calls, and what a client costs before them.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::peers::{Peer, rotated};
use crate::server::Server;
use crate::{raw, run, valgrind};

pub const PART: &str = "calls";

/// Calls in flight, and how many calls a run makes.
pub const LOADS: [(usize, usize); 3] = [(1, 10_000), (8, 40_000), (64, 40_000)];

/// One run of one peer.
#[derive(Deserialize, Serialize)]
pub struct Row {
    pub peer: String,
    pub run: usize,
    pub concurrency: usize,
    #[serde(flatten)]
    pub report: Report,
}

/// What a peer prints.
#[derive(Deserialize, Serialize)]
pub struct Report {
    pub calls: f64,
    pub wall_s: f64,
    pub rate: f64,
    pub user_s: f64,
    pub system_s: f64,
    pub p50_us: f64,
    pub p99_us: f64,
    pub p999_us: f64,
    pub first_client_us: f64,
    pub client_us: f64,
    pub clone_ns: f64,
    pub first_call_us: f64,
}

/// Calls with each peer, one after the other.
pub fn measure(peers: &[Peer], runs: usize) -> Result<()> {
    let server = Server::start(0)?;
    let peers: Vec<Peer> = peers.iter().copied().filter(|peer| peer.calls).collect();
    for peer in &peers {
        valgrind::built(*peer)?;
    }
    let mut rows = Vec::new();
    for run in 0..runs {
        for (concurrency, calls) in LOADS {
            for peer in rotated(&peers, run) {
                let report = call(peer, &server.url, calls, concurrency)?;
                eprintln!(
                    "{PART} {run} {} {concurrency}: {:.0}/s",
                    peer.name, report.rate
                );
                rows.push(Row {
                    peer: peer.name.to_owned(),
                    run,
                    concurrency,
                    report,
                });
            }
        }
    }
    raw::write(PART, rows)
}

fn call(peer: Peer, url: &str, calls: usize, concurrency: usize) -> Result<Report> {
    let program = peer.binary(&crate::paths::target());
    let arguments = [url.to_owned(), calls.to_string(), concurrency.to_string()];
    let printed = run::output(&mut run::command(program, arguments))?;
    serde_json::from_str(&printed).with_context(|| format!("{} printed {printed}", peer.name))
}
