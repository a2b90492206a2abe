//! The loop: what somebody who changes a spec or the transport waits for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::{paths, raw, run};

pub const PART: &str = "development";
pub const TESTS: &str = "tests";
/// A file of the transport that nearly everything depends on.
const CHANGED: &str = "crates/seats-transport/src/route.rs";

/// One run of one command.
#[derive(Deserialize, Serialize)]
pub struct Row {
    pub command: String,
    pub run: usize,
    pub seconds: f64,
}

/// Times the commands, warm and without optimisation.
pub fn measure(runs: usize) -> Result<()> {
    let program = xtask()?;
    let mut rows = Vec::new();
    for run in 0..runs {
        for task in ["lint", "codegen"] {
            let mut alone = run::command(&program, [task]);
            rows.push(time(
                &format!("xtask {task}, the program"),
                run,
                &mut alone,
            )?);
            let mut whole = run::command("cargo", ["xtask", task]);
            rows.push(time(&format!("cargo xtask {task}"), run, &mut whole)?);
        }
    }
    raw::write(PART, rows)
}

/// Times the tests after a changed line, in a clone: the working tree stays as it is.
pub fn measure_tests(runs: usize) -> Result<()> {
    raw::write(TESTS, incremental(runs)?)
}

/// Builds xtask as `cargo xtask` does, and returns its program.
pub fn xtask() -> Result<PathBuf> {
    let target = paths::root().join("target/xtask");
    let mut build = run::command("cargo", ["build", "--locked", "--manifest-path"]);
    build
        .arg(paths::root().join("xtask/Cargo.toml"))
        .arg("--target-dir")
        .arg(&target);
    run::output(&mut build)?;
    Ok(target.join("debug/xtask"))
}

fn time(name: &str, run: usize, command: &mut Command) -> Result<Row> {
    if command.get_current_dir().is_none() {
        command.current_dir(paths::root());
    }
    let cost = run::cost(command)?;
    eprintln!("{PART} {run} {name}: {:.2} s", cost.wall_s);
    Ok(Row {
        command: name.to_owned(),
        run,
        seconds: cost.wall_s,
    })
}

fn incremental(runs: usize) -> Result<Vec<Row>> {
    let clone = paths::target().join("clone");
    if clone.exists() {
        fs::remove_dir_all(&clone)?;
    }
    let mut git = run::command("git", ["clone", "--quiet", "--shared"]);
    run::output(git.arg(paths::root()).arg(&clone))?;
    // What has been built before serves again: the folder is beside the clone.
    let cargo = |arguments: &[&str]| {
        let mut cargo = run::command("cargo", arguments);
        cargo
            .current_dir(&clone)
            .env("CARGO_TARGET_DIR", paths::target().join("clone-target"));
        cargo
    };
    run::output(&mut cargo(&["test", "--workspace", "--locked"]))?;
    let mut rows = Vec::new();
    for run in 0..runs {
        change(&clone.join(CHANGED), run)?;
        let mut build = cargo(&["test", "--workspace", "--locked", "--no-run"]);
        rows.push(time(
            "cargo test --workspace --no-run, after one changed line",
            run,
            &mut build,
        )?);
        change(&clone.join(CHANGED), run + runs)?;
        let mut test = cargo(&["test", "--workspace", "--locked"]);
        rows.push(time(
            "cargo test --workspace, after one changed line",
            run,
            &mut test,
        )?);
    }
    Ok(rows)
}

/// Adds a line of code, another one each time.
fn change(file: &Path, number: usize) -> Result<()> {
    let text = fs::read_to_string(file)?;
    let line = format!("#[allow(dead_code)]\nconst CHANGED_{number}: usize = {number};\n");
    fs::write(file, text + &line)?;
    Ok(())
}
