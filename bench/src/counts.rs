//! Instructions and allocations a call.

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::peers::{Peer, rotated};
use crate::server::Server;
use crate::{raw, valgrind};

pub const PART: &str = "counts";

/// One run of one peer.
#[derive(Deserialize, Serialize)]
pub struct Row {
    pub peer: String,
    pub run: usize,
    pub instructions: f64,
    pub allocations: f64,
    pub allocated_bytes: f64,
}

/// Counts what a call of each peer takes.
pub fn measure(peers: &[Peer], runs: usize) -> Result<()> {
    let server = Server::start(0)?;
    let peers: Vec<Peer> = peers.iter().copied().filter(|peer| peer.calls).collect();
    let mut rows = Vec::new();
    for run in 0..runs {
        for peer in rotated(&peers, run) {
            let program = valgrind::built(peer)?;
            let instructions = valgrind::instructions(&program, &server.url)?.total;
            let allocations = valgrind::allocations(&program, &server.url)?;
            eprintln!("{PART} {run} {}: {instructions} instructions", peer.name);
            rows.push(Row {
                peer: peer.name.to_owned(),
                run,
                instructions,
                allocations: allocations.blocks,
                allocated_bytes: allocations.bytes,
            });
        }
    }
    raw::write(PART, rows)
}
