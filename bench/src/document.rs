//! Writes docs/performance.md: the words of `document.md`, with tables and plots from the raw data.

use std::fs;

use anyhow::{Result, ensure};
use serde::de::DeserializeOwned;

use crate::machine::Machine;
use crate::raw::Raw;
use crate::{
    calls, clean_build, codegen, counts, development, goals, offboard, paths, raw, scale, sections,
    trees,
};

const WORDS: &str = include_str!("../document.md");
const MISSING: &str = "Not measured yet.\n";

/// Writes the document and the plots.
pub fn write() -> Result<()> {
    fs::create_dir_all(paths::raw())?;
    let counts = raw::read::<counts::Row>(counts::PART)?;
    let calls = raw::read::<calls::Row>(calls::PART)?;
    let builds = raw::read::<clean_build::Row>(clean_build::PART)?;
    let trees = raw::read::<trees::Row>(trees::PART)?;
    let codegen = raw::read::<codegen::Row>(codegen::PART)?;
    let development = raw::read::<development::Row>(development::PART)?;
    let rates = raw::read::<offboard::Rate>(offboard::RATES)?;
    let sizes = raw::read::<offboard::Size>(offboard::SIZES)?;
    let tests = raw::read::<development::Row>(development::TESTS)?;
    let goals = goals::table_of_goals(rows(&counts), rows(&calls), rows(&builds), rows(&trees));
    let parts = [
        ("goals", goals),
        ("counts", section(&counts, sections::counts)?),
        ("calls", section(&calls, sections::calls)?),
        ("latency", section(&calls, sections::latency)?),
        ("clients", section(&calls, sections::clients)?),
        (
            "build",
            section(&builds, |rows| sections::build(rows, self::rows(&trees)))?,
        ),
        ("versions", section(&trees, sections::versions)?),
        ("rates", section(&rates, scale::rates)?),
        ("sizes", section(&sizes, scale::sizes)?),
        ("shape", scale::shape(rows(&sizes))),
        ("generators", section(&codegen, sections::generators)?),
        ("hazards", section(&codegen, sections::hazards)?),
        ("development", section(&development, sections::development)?),
        ("tests", section(&tests, sections::development)?),
    ];
    let mut text = WORDS.to_owned();
    for (name, part) in parts {
        let place = format!("{{{{{name}}}}}\n");
        ensure!(text.contains(&place), "document.md has no place for {name}");
        text = text.replace(&place, &part);
    }
    fs::write(paths::document(), text)?;
    Ok(())
}

fn rows<T>(raw: &Option<Raw<T>>) -> &[T] {
    raw.as_ref().map_or(&[], |raw| &raw.rows)
}

fn section<T: DeserializeOwned>(
    raw: &Option<Raw<T>>,
    render: impl FnOnce(&[T]) -> Result<String>,
) -> Result<String> {
    match raw {
        Some(raw) => Ok(render(&raw.rows)? + "\n" + &measured(&raw.machine)),
        None => Ok(MISSING.to_owned()),
    }
}

fn measured(machine: &Machine) -> String {
    let Machine {
        date,
        commit,
        cpu,
        cores,
        memory_gb,
        system,
        rustc,
    } = machine;
    format!(
        "<sub>{date}, {commit}; {cpu}, {cores} cores, {memory_gb} GB, {system}; {rustc}</sub>\n"
    )
}
