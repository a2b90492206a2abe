//! Raw data: a file for each part, beside the document.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::machine::Machine;
use crate::paths;

/// The rows of one part, one a run.
#[derive(Deserialize, Serialize)]
pub struct Raw<T> {
    pub machine: Machine,
    pub rows: Vec<T>,
}

/// Writes the rows of a part.
pub fn write<T: Serialize>(part: &str, rows: Vec<T>) -> Result<()> {
    let raw = Raw {
        machine: Machine::here()?,
        rows,
    };
    fs::create_dir_all(paths::raw())?;
    let mut text = String::from("{\"machine\":");
    text += &serde_json::to_string(&raw.machine)?;
    text += ",\"rows\":[\n";
    let rows = raw.rows.iter().map(serde_json::to_string);
    text += &rows.collect::<Result<Vec<_>, _>>()?.join(",\n");
    text += "\n]}\n";
    fs::write(path(part), text).with_context(|| format!("cannot write the figures of {part}"))
}

/// Reads the rows of a part; None if it was never measured.
pub fn read<T: DeserializeOwned>(part: &str) -> Result<Option<Raw<T>>> {
    let path = path(part);
    if !path.exists() {
        return Ok(None);
    }
    let text = fs::read_to_string(&path)?;
    let raw = serde_json::from_str(&text)
        .with_context(|| format!("{} does not fit; measure it again", path.display()))?;
    Ok(Some(raw))
}

fn path(part: &str) -> PathBuf {
    paths::raw().join(format!("{part}.json"))
}

/// The middle one of these figures.
pub fn median(figures: impl IntoIterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.into_iter().collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
