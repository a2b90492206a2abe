//! What figures were measured on, with what, and when.

use std::fs;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::{paths, run};

/// What figures were measured on, with what, and when.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Machine {
    pub date: String,
    pub commit: String,
    pub cpu: String,
    pub cores: usize,
    pub memory_gb: u64,
    pub system: String,
    pub rustc: String,
}

impl Machine {
    /// This machine, now.
    pub fn here() -> Result<Self> {
        let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let kilobytes: u64 = field(&memory, "MemTotal")
            .and_then(|size| size.split(' ').next()?.parse().ok())
            .unwrap_or_default();
        Ok(Self {
            date: said("date", &["-u", "+%Y-%m-%d"])?,
            commit: commit()?,
            cpu: field(&cpu, "model name").unwrap_or("unknown").to_owned(),
            cores: std::thread::available_parallelism()?.get(),
            memory_gb: (kilobytes * 1024).div_ceil(1 << 30),
            system: said("uname", &["-sr"])?,
            rustc: rustc()?,
        })
    }
}

/// The compiler's version.
pub fn rustc() -> Result<String> {
    said("rustc", &["--version"])
}

fn commit() -> Result<String> {
    let root = paths::root();
    let commit = said(
        "git",
        &[
            "-C",
            &root.to_string_lossy(),
            "rev-parse",
            "--short=12",
            "HEAD",
        ],
    )?;
    Ok(commit)
}

fn said(program: &str, arguments: &[&str]) -> Result<String> {
    run::output(&mut run::command(program, arguments)).map(|said| said.trim().to_owned())
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_once(':').map(|(_, value)| value.trim())
}
