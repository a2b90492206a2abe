//! What cargo builds, and what it says of a tree.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use crate::peers::Peer;
use crate::{paths, run};

/// Builds a package in release mode.
pub fn build(manifest: &Path, package: &str) -> Result<()> {
    run::output(&mut release_build(manifest, package, &paths::target())).map(drop)
}

/// The command that builds a package in release mode into this folder.
pub fn release_build(manifest: &Path, package: &str, target: &Path) -> std::process::Command {
    let mut command = run::command(
        "cargo",
        ["build", "--release", "--locked", "--package", package],
    );
    command
        .arg("--manifest-path")
        .arg(manifest)
        .arg("--target-dir")
        .arg(target);
    command
}

/// The crates that are compiled for this peer, itself included; not the load generator, which is no part
/// of what a consumer writes.
pub fn crates(peer: Peer) -> Result<BTreeSet<String>> {
    let mut command = tree(peer);
    command.args(["--edges", "normal,build"]);
    let tree = run::output(&mut command)?;
    Ok(tree
        .lines()
        .map(named)
        .filter(|name| !name.is_empty() && !name.starts_with("load "))
        .collect())
}

/// The versions of what this peer depends on directly, from a registry.
pub fn versions(peer: Peer) -> Result<Vec<String>> {
    let mut command = tree(peer);
    command.args(["--edges", "normal", "--depth", "1"]);
    let tree = run::output(&mut command)?;
    Ok(tree
        .lines()
        .filter(|line| !line.contains('/'))
        .map(named)
        .collect())
}

fn tree(peer: Peer) -> std::process::Command {
    let mut command = run::command(
        "cargo",
        ["tree", "--locked", "--prefix", "none", "--package"],
    );
    command
        .arg(peer.package())
        .arg("--manifest-path")
        .arg(peer.manifest());
    command
}

/// `name version` of a line of `cargo tree`, without the folder and the marks behind it.
fn named(line: &str) -> String {
    let mut words = line.split(' ');
    let name = words.next().unwrap_or_default();
    let version = words.next().unwrap_or_default().trim_start_matches('v');
    format!("{name} {version}").trim().to_owned()
}
