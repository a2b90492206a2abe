//! Instructions, functions and allocations a call, by valgrind.
//!
//! Each figure is the slope between a short and a long run of the same program, so that nothing of its
//! start and end is in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::peers::Peer;
use crate::{cargo, paths, run};

const SHORT: u64 = 200;
const LONG: u64 = 1_200;

/// Instructions a call, and of its functions with what they call.
pub struct Instructions {
    pub total: f64,
    pub functions: BTreeMap<String, f64>,
}

/// Allocations a call.
pub struct Allocations {
    pub blocks: f64,
    pub bytes: f64,
}

/// Builds this peer and returns its program.
pub fn built(peer: Peer) -> Result<PathBuf> {
    cargo::build(&peer.manifest(), &peer.package())?;
    Ok(peer.binary(&paths::target()))
}

/// Counts the instructions of a call.
pub fn instructions(program: &Path, url: &str) -> Result<Instructions> {
    let short = callgrind(program, url, SHORT)?;
    let long = callgrind(program, url, LONG)?;
    let functions = long
        .functions
        .into_iter()
        .map(|(name, count)| {
            let before = short.functions.get(&name).copied().unwrap_or_default();
            (name, slope(before, count))
        })
        .filter(|(_, count)| *count >= 1.0)
        .collect();
    Ok(Instructions {
        total: slope(short.total, long.total),
        functions,
    })
}

/// Counts the allocations of a call.
pub fn allocations(program: &Path, url: &str) -> Result<Allocations> {
    let short = dhat(program, url, SHORT)?;
    let long = dhat(program, url, LONG)?;
    Ok(Allocations {
        blocks: slope(short.1, long.1),
        bytes: slope(short.0, long.0),
    })
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52 instructions")]
fn slope(short: u64, long: u64) -> f64 {
    long.saturating_sub(short) as f64 / (LONG - SHORT) as f64
}

struct Profile {
    total: u64,
    functions: BTreeMap<String, u64>,
}

fn callgrind(program: &Path, url: &str, calls: u64) -> Result<Profile> {
    let name = program.file_name().unwrap_or_default().to_string_lossy();
    let profile = paths::target().join(format!("callgrind.{name}.{calls}"));
    let option = format!("--callgrind-out-file={}", profile.display());
    valgrind(&["--tool=callgrind", &option], program, url, calls)?;
    let text = fs::read_to_string(&profile)?;
    let total = text
        .lines()
        .find_map(|line| line.strip_prefix("totals: ")?.trim().parse().ok())
        .context("callgrind wrote no total")?;
    let annotated = run::output(
        run::command("callgrind_annotate", ["--inclusive=yes", "--threshold=100"]).arg(&profile),
    )?;
    let mut functions = BTreeMap::new();
    for (name, count) in annotated.lines().filter_map(function) {
        *functions.entry(name).or_default() += count;
    }
    Ok(Profile { total, functions })
}

/// Bytes and blocks that were allocated in all.
fn dhat(program: &Path, url: &str, calls: u64) -> Result<(u64, u64)> {
    let options = ["--tool=dhat", "--dhat-out-file=/dev/null"];
    let said = valgrind(&options, program, url, calls)?;
    let line = said.lines().find(|line| line.contains("Total:"));
    let (_, total) = line
        .and_then(|line| line.split_once("Total:"))
        .context("dhat printed no total")?;
    let numbers: Vec<u64> = total
        .split(' ')
        .filter_map(|word| word.replace(',', "").parse().ok())
        .collect();
    match numbers[..] {
        [bytes, blocks] => Ok((bytes, blocks)),
        _ => anyhow::bail!("dhat printed another total than expected: {total}"),
    }
}

fn valgrind(options: &[&str], program: &Path, url: &str, calls: u64) -> Result<String> {
    let mut command = run::command("valgrind", options);
    command
        .arg(program)
        .args([url, &calls.to_string(), "1", "untimed"]);
    run::outputs(&mut command).map(|(_, stderr)| stderr)
}

/// Name and count of a line such as `1,234 (5.6%)  src/route.rs:seats::check [/folder/program]`.
fn function(line: &str) -> Option<(String, u64)> {
    let line = line.trim_start();
    let (count, rest) = line.split_once(' ')?;
    let count = count.replace(',', "").parse().ok()?;
    let rest = rest.trim_start();
    let rest = rest.strip_prefix('(').map_or(rest, |rest| {
        rest.split_once(')').map_or(rest, |(_, rest)| rest)
    });
    let (_, name) = rest.trim().split_once(':')?;
    let name = name.rsplit_once(" [").map_or(name, |(name, _)| name);
    Some((without_hash(name), count))
}

/// The name without the compiler's hash, which every version changes.
fn without_hash(name: &str) -> String {
    match name.rsplit_once("::h") {
        Some((before, hash)) if hash.len() == 16 => before.to_owned(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_callgrind_annotate_is_a_function_and_its_count() {
        let lines = [
            "1,234 (5.60%)  ???:seats_transport::route::check::h0123456789abcdef [/target/peer]",
            "  1,234 (5.60%)  src/route.rs:seats_transport::route::check [/target/peer]",
            "1,234  ???:seats_transport::route::check [/target/peer]",
        ];
        for line in lines {
            let expected = Some(("seats_transport::route::check".to_owned(), 1_234));
            assert_eq!(function(line), expected, "{line}");
        }
        assert_eq!(function("Ir                   file:function"), None);
        assert_eq!(function(""), None);
    }
}
