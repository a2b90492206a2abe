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
        valgrind::instructions(&cargo::build_peer(peer(name)?)?, &server.url)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(instructions: f64, functions: &[(&str, f64)], crates: &[&str]) -> Budget {
        let functions = functions
            .iter()
            .map(|(name, count)| ((*name).to_owned(), *count));
        let crates = crates.iter().map(|name| (*name).to_owned()).collect();
        Budget {
            rustc: "rustc 1".to_owned(),
            instructions,
            baseline_instructions: 1_000.0,
            functions: functions.collect(),
            crates: BTreeMap::from([("seats".to_owned(), crates)]),
        }
    }

    #[test]
    fn three_percent_more_pass_and_beyond_that_the_functions_that_grew_are_named() {
        let committed = budget(1_000.0, &[("check", 100.0), ("record", 200.0)], &[]);
        assert_eq!(instructions(&committed, &budget(1_030.0, &[], &[])), None);

        let grown = [("check", 180.0), ("record", 200.0), ("copy", 20.0)];
        let fault = instructions(&committed, &budget(1_100.0, &grown, &[]));
        let expected = "a call takes 1100 instructions; 1000 are committed, and 1030 allowed
the functions that grew most, with what they call:
       +80 to 180  check
       +20 to 20, not among the heaviest before  copy";
        assert_eq!(fault.as_deref(), Some(expected));
    }

    #[test]
    fn another_compiler_is_allowed_for_by_what_it_makes_of_the_baseline() {
        let committed = budget(1_000.0, &[], &[]);
        let mut now = budget(1_100.0, &[], &[]);
        now.rustc = "rustc 2".to_owned();
        assert!(instructions(&committed, &now).is_some());
        now.baseline_instructions = 1_100.0;
        assert_eq!(instructions(&committed, &now), None);
    }

    #[test]
    fn new_crates_are_named() {
        let committed = budget(0.0, &[], &["seats 0.1.0", "url 2.5.8"]);
        let now = budget(0.0, &[], &["seats 0.1.0", "url 2.5.8", "rand 0.8.5"]);
        let fault = "seats compiles 3 crates, more than the committed 2 and 3 %; new: rand 0.8.5";
        assert_eq!(crates("seats", &committed, &now).as_deref(), Some(fault));
        assert_eq!(crates("seats", &committed, &committed), None);
    }
}
