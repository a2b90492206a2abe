//! The clients that are compared, each a program of its own.

use std::path::{Path, PathBuf};

use crate::paths;

/// One of the programs under `peers/`.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    /// Its folder, and its package without `peer-`.
    pub name: &'static str,
    /// How tables and plots call it.
    pub label: &'static str,
    /// Whether its calls are measured; otherwise it differs from another peer as a build only.
    pub calls: bool,
    /// Whether it is measured only if it is asked for.
    pub optional: bool,
}

/// What the others are compared with.
pub const BASELINE: &str = "reqwest";

const PEERS: [Peer; 6] = [
    peer("seats", "seats"),
    Peer {
        calls: false,
        ..peer("seats-datadog", "seats, one vendor")
    },
    peer("reqwest", "reqwest by hand"),
    peer("progenitor", "plain progenitor"),
    peer("hyper", "hyper by hand"),
    Peer {
        optional: true,
        ..peer("datadog-api-client", "datadog-api-client")
    },
];

const fn peer(name: &'static str, label: &'static str) -> Peer {
    Peer {
        name,
        label,
        calls: true,
        optional: false,
    }
}

/// The peers to measure, in the order of the tables.
pub fn selected(official: bool) -> Vec<Peer> {
    PEERS
        .into_iter()
        .filter(|peer| official || !peer.optional)
        .collect()
}

/// The peer of this name.
pub fn named(name: &str) -> Option<Peer> {
    PEERS.into_iter().find(|peer| peer.name == name)
}

/// How tables and plots call the peer of this name.
pub fn label(name: &str) -> &str {
    named(name).map_or(name, |peer| peer.label)
}

/// Where this peer stands in tables.
pub fn position(name: &str) -> usize {
    let found = PEERS.iter().position(|peer| peer.name == name);
    found.unwrap_or(PEERS.len())
}

/// A round's order: each peer comes first in turn, so that none always runs on a machine that another
/// one has just warmed up.
pub fn rotated(peers: &[Peer], round: usize) -> Vec<Peer> {
    let mut peers = peers.to_vec();
    let middle = round % peers.len().max(1);
    peers.rotate_left(middle);
    peers
}

impl Peer {
    pub fn package(self) -> String {
        format!("peer-{}", self.name)
    }

    /// The manifest of its workspace.
    pub fn manifest(self) -> PathBuf {
        if self.optional {
            let folder = paths::bench().join("peers").join(self.name);
            folder.join("Cargo.toml")
        } else {
            paths::bench().join("Cargo.toml")
        }
    }

    /// Its program in this target folder.
    pub fn binary(self, target: &Path) -> PathBuf {
        target.join("release").join(self.package())
    }
}
