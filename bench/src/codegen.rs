//! `cargo xtask codegen` beside openapi-generator: time, lines, warnings, and what the clients do.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use crate::{paths, raw, run};

pub const PART: &str = "codegen";
/// The release that is compared; from PyPI, which has its Java program in a package.
pub const VERSION: &str = "7.26.0";
const SPECS: [&str; 2] = ["datadog-seats", "store-for-business"];

/// What was found.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Row {
    Generator(Generator),
    Hazard(Hazard),
}

/// What one generator makes of both specs.
#[derive(Deserialize, Serialize)]
pub struct Generator {
    pub name: String,
    /// Both specs, once a run.
    pub milliseconds: Vec<f64>,
    pub lines: usize,
    /// Of the code as it is generated.
    pub errors: usize,
    /// Of the code without those errors.
    pub warnings: usize,
}

/// What each client does about one thing that can go wrong.
#[derive(Deserialize, Serialize)]
pub struct Hazard {
    pub hazard: String,
    pub openapi_generator: String,
    pub seats: String,
}

/// Generates with both, checks what they wrote, and calls it.
pub fn measure(runs: usize) -> Result<()> {
    let jar = install()?;
    let mut rows = vec![
        Row::Generator(openapi_generator(&jar, runs)?),
        Row::Generator(ours(runs)?),
    ];
    rows.extend(hazards()?.into_iter().map(Row::Hazard));
    raw::write(PART, rows)
}

/// Installs openapi-generator, if it is not there yet, and returns its Java program.
fn install() -> Result<PathBuf> {
    let venv = paths::target().join(format!("openapi-generator-{VERSION}"));
    if !venv.exists() {
        let mut create = run::command("python3", ["-m", "venv"]);
        run::output(create.arg(&venv))?;
        let package = format!("openapi-generator-cli=={VERSION}");
        let options = ["install", "--quiet", "--no-deps", &package];
        run::output(&mut run::command(venv.join("bin/pip"), options))?;
    }
    files(&venv.join("lib"), "jar")?
        .into_iter()
        .next()
        .with_context(|| format!("no jar in {}", venv.display()))
}

fn openapi_generator(jar: &Path, runs: usize) -> Result<Generator> {
    let output = paths::target().join("openapi-generator");
    let mut milliseconds = Vec::new();
    for _ in 0..runs {
        if output.exists() {
            fs::remove_dir_all(&output)?;
        }
        let mut both = 0.0;
        for (spec, package) in SPECS.into_iter().zip(["openapi_datadog", "openapi_store"]) {
            let mut java = run::command("java", ["-jar"]);
            java.arg(jar)
                .args(["generate", "--generator-name", "rust"])
                .arg("--input-spec")
                .arg(paths::root().join(format!("specs/{spec}.yaml")))
                .arg("--output")
                .arg(output.join(spec))
                .arg(format!("--additional-properties=packageName={package}"));
            both += run::milliseconds(&mut java)?;
        }
        milliseconds.push(both);
    }
    let mut errors = 0;
    let mut warnings = 0;
    for spec in SPECS {
        let manifest = output.join(spec).join("Cargo.toml");
        // Otherwise cargo takes it for a part of the workspace around it.
        let alone = fs::read_to_string(&manifest)? + "\n[workspace]\n";
        fs::write(&manifest, alone)?;
        let clippy = || {
            let mut clippy = run::command("cargo", ["clippy", "--no-default-features"]);
            clippy.arg("--manifest-path").arg(&manifest);
            judge(&mut clippy)
        };
        let mut verdict = clippy()?;
        if verdict.errors > 0 {
            errors += verdict.errors;
            mend(&output.join(spec))?;
            verdict = clippy()?;
            ensure!(
                verdict.errors == 0,
                "{spec} has other errors than before; mend those"
            );
        }
        warnings += verdict.warnings;
    }
    Ok(Generator {
        name: format!("openapi-generator {VERSION}"),
        milliseconds,
        lines: lines(&output)?,
        errors,
        warnings,
    })
}

/// Gives the variant that has a path for a name another name, by hand.
fn mend(folder: &Path) -> Result<()> {
    let file = folder.join("src/models/error_envelope_data.rs");
    let text = fs::read_to_string(&file)?;
    fs::write(&file, text.replace("ArrayVecserde_json::Value(", "Array("))?;
    Ok(())
}

fn ours(runs: usize) -> Result<Generator> {
    let xtask = crate::development::xtask()?;
    let generate = || {
        let mut codegen = run::command(&xtask, ["codegen"]);
        run::milliseconds(codegen.current_dir(paths::root()))
    };
    let milliseconds = (0..runs).map(|_| generate()).collect::<Result<_>>()?;
    let mut clippy = run::command("cargo", ["clippy", "--locked"]);
    clippy.current_dir(paths::root());
    for spec in SPECS {
        clippy.args(["--package", spec]);
    }
    let verdict = judge(&mut clippy)?;
    Ok(Generator {
        name: "cargo xtask codegen".to_owned(),
        milliseconds,
        lines: lines(&paths::root().join("crates/generated"))?,
        errors: verdict.errors,
        warnings: verdict.warnings,
    })
}

/// What the compiler and clippy's default lints find.
struct Verdict {
    errors: usize,
    warnings: usize,
}

fn judge(clippy: &mut std::process::Command) -> Result<Verdict> {
    clippy
        .args(["--quiet", "--message-format", "json", "--target-dir"])
        .arg(paths::target().join("clippy"));
    // It fails if there are errors, which are counted.
    let output = clippy.output()?;
    let messages = String::from_utf8_lossy(&output.stdout);
    let count = |level: &str| {
        let is_one = |line: &&str| {
            let message: Option<serde_json::Value> = serde_json::from_str(line).ok();
            message.is_some_and(|message| {
                // A message without a place is a summary.
                message["message"]["level"] == level && message["message"]["spans"][0].is_object()
            })
        };
        messages.lines().filter(is_one).count()
    };
    Ok(Verdict {
        errors: count("error"),
        warnings: count("warning"),
    })
}

/// The lines of the Rust files under `src/` of the crates in this folder.
fn lines(folder: &Path) -> Result<usize> {
    let mut lines = 0;
    for spec in SPECS {
        for file in files(&folder.join(spec).join("src"), "rs")? {
            lines += fs::read_to_string(file)?.lines().count();
        }
    }
    Ok(lines)
}

fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path, extension)?);
        } else if path.extension().is_some_and(|is| is == extension) {
            found.push(path);
        }
    }
    Ok(found)
}

/// Calls both generators' clients; see `hazards/`.
fn hazards() -> Result<Vec<Hazard>> {
    let manifest = paths::bench().join("hazards/Cargo.toml");
    let mut command = run::command("cargo", ["run", "--quiet", "--manifest-path"]);
    command
        .arg(manifest)
        .arg("--target-dir")
        .arg(paths::target());
    let rows = run::output(&mut command)?;
    rows.lines()
        .map(|row| serde_json::from_str(row).with_context(|| format!("hazards printed {row}")))
        .collect()
}
