//! Which crates each peer compiles, and the versions of what it depends on.

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::peers::Peer;
use crate::{cargo, raw};

pub const PART: &str = "crates";

/// The tree of one peer.
#[derive(Deserialize, Serialize)]
pub struct Row {
    pub peer: String,
    pub crates: usize,
    pub depends_on: Vec<String>,
}

/// Reads the tree of each peer.
pub fn measure(peers: &[Peer]) -> Result<()> {
    let rows = peers.iter().map(|peer| {
        Ok(Row {
            peer: peer.name.to_owned(),
            crates: cargo::crates(*peer)?.len(),
            depends_on: cargo::versions(*peer)?,
        })
    });
    raw::write(PART, rows.collect::<Result<_>>()?)
}
