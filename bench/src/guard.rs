//! The guard without a clock: instructions a call and crates compiled, against committed figures.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::peers::{self, Peer};
use crate::server::Server;
use crate::{cargo, machine, paths, valgrind};

/// By how much a figure may exceed the committed one.
const TOLERANCE: f64 = 0.03;
/// The builds that are guarded; the first one's calls are, too.
const GUARDED: [&str; 2] = ["seats", "seats-datadog"];
/// How many functions are kept, and how many are shown.
const FUNCTIONS: usize = 60;
const SHOWN: usize = 12;

/// The committed figures.
#[derive(Deserialize, Serialize)]
struct Budget {
    /// What they were counted with.
    rustc: String,
    /// Instructions a call.
    instructions: f64,
    /// The same of reqwest by hand: if it moves, the compiler or the machine has changed.
    baseline_instructions: f64,
    /// Instructions a call of the heaviest functions, with what they call.
    functions: BTreeMap<String, f64>,
    /// The crates of each guarded build.
    crates: BTreeMap<String, BTreeSet<String>>,
}

impl Budget {
    /// How many instructions a call may take. With another compiler than the committed figures have,
    /// they are scaled by what it makes of reqwest by hand.
    fn allowed(&self, now: &Self) -> f64 {
        let mut committed = self.instructions;
        if now.rustc != self.rustc {
            println!(
                "the compiler is {}, the committed figures are of {}",
                now.rustc, self.rustc
            );
            committed *= now.baseline_instructions / self.baseline_instructions;
        }
        committed * (1.0 + TOLERANCE)
    }
}

/// Compares this tree with the committed figures; or writes them, if `update`.
pub fn run(update: bool) -> Result<()> {
    let now = count()?;
    if update {
        let text = serde_json::to_string_pretty(&now)? + "\n";
        fs::write(paths::budget(), text)?;
        println!("written: {:.0} instructions a call", now.instructions);
        return Ok(());
    }
    let text = fs::read_to_string(paths::budget()).context("no committed figures")?;
    let committed: Budget = serde_json::from_str(&text)?;
    let faults: Vec<String> = [instructions(&committed, &now)]
        .into_iter()
        .chain(GUARDED.map(|name| crates(name, &committed, &now)))
        .flatten()
        .collect();
    if !faults.is_empty() {
        bail!("{}\n{HELP}", faults.join("\n"));
    }
    Ok(())
}

const HELP: &str = "If this is meant, commit the new figures: cargo measure guard --update";

fn count() -> Result<Budget> {
    let server = Server::start(0)?;
    let counted = |name: &str| -> Result<valgrind::Instructions> {
        valgrind::instructions(&valgrind::built(peer(name)?)?, &server.url)
    };
    let seats = counted(GUARDED[0])?;
    let baseline = counted(peers::BASELINE)?;
    let crates = GUARDED.map(|name| Ok((name.to_owned(), cargo::crates(peer(name)?)?)));
    Ok(Budget {
        rustc: machine::rustc()?,
        instructions: seats.total.round(),
        baseline_instructions: baseline.total.round(),
        functions: heaviest(seats),
        crates: crates.into_iter().collect::<Result<_>>()?,
    })
}

fn peer(name: &str) -> Result<Peer> {
    peers::named(name).with_context(|| format!("there is no peer {name}"))
}

/// Functions that run once a call; what is above them is the whole run.
fn heaviest(counted: valgrind::Instructions) -> BTreeMap<String, f64> {
    let mut functions: Vec<(String, f64)> = counted
        .functions
        .into_iter()
        .filter(|(_, count)| *count < counted.total * 0.98)
        .map(|(name, count)| (name, count.round()))
        .collect();
    functions.sort_by(|a, b| b.1.total_cmp(&a.1));
    functions.truncate(FUNCTIONS);
    functions.into_iter().collect()
}

fn instructions(committed: &Budget, now: &Budget) -> Option<String> {
    let allowed = committed.allowed(now);
    println!(
        "instructions a call: {:.0}, at most {allowed:.0}; reqwest by hand: {:.0}, committed {:.0}",
        now.instructions, now.baseline_instructions, committed.baseline_instructions,
    );
    if now.instructions <= allowed {
        return None;
    }
    let mut fault = format!(
        "a call takes {:.0} instructions; {:.0} are committed, and {allowed:.0} allowed",
        now.instructions, committed.instructions
    );
    fault += "\nthe functions that grew most, with what they call:";
    let mut grown: Vec<(f64, &String, f64)> = now
        .functions
        .iter()
        .map(|(name, count)| {
            let before = committed.functions.get(name).copied().unwrap_or_default();
            (count - before, name, *count)
        })
        .filter(|(growth, ..)| *growth > 0.0)
        .collect();
    grown.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (growth, name, count) in grown.into_iter().take(SHOWN) {
        let new = if committed.functions.contains_key(name) {
            ""
        } else {
            ", not among the heaviest before"
        };
        fault += &format!("\n  {growth:+8.0} to {count:.0}{new}  {name}");
    }
    Some(fault)
}

fn crates(name: &str, committed: &Budget, now: &Budget) -> Option<String> {
    let before = committed.crates.get(name)?;
    let after = now.crates.get(name)?;
    println!(
        "crates of {}: {}, committed {}",
        peers::label(name),
        after.len(),
        before.len()
    );
    let allowed = before.len() as f64 * (1.0 + TOLERANCE);
    if after.len() as f64 <= allowed {
        return None;
    }
    let new: Vec<&str> = after.difference(before).map(String::as_str).collect();
    Some(format!(
        "{} compiles {} crates, more than the committed {} and 3 %; new: {}",
        peers::label(name),
        after.len(),
        before.len(),
        new.join(", ")
    ))
}
