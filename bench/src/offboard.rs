//! Off-boarding at scale: rate against latency and concurrency, memory and resuming against size.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::run::Cost;
use crate::server::Server;
use crate::{cargo, paths, raw, run};

pub const RATES: &str = "offboard-rates";
pub const SIZES: &str = "offboard-sizes";

const LATENCIES_MS: [u64; 3] = [0, 50, 200];
const CONCURRENCIES: [u64; 4] = [1, 8, 24, 64];
/// How many rows of such a plan are applied at most, before and after the run is resumed.
const APPLIED: u64 = 20_000;
/// The sizes of plans; each is measured once.
const ROWS: [u64; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// How many users a bulk call takes, as the Store's.
const BULK: u64 = 25;

/// How calls are made.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// By the facade alone.
    Bare,
    /// By a run whose ledger is in memory.
    Memory,
    /// By a run whose ledger is a file.
    File,
    /// The same, with a call for many users.
    Bulk,
}

const WAYS: [Way; 4] = [Way::Bare, Way::Memory, Way::File, Way::Bulk];

impl Way {
    pub fn label(self) -> &'static str {
        match self {
            Self::Bare => "facade alone",
            Self::Memory => "run, ledger in memory",
            Self::File => "run, ledger in a file",
            Self::Bulk => "run, ledger in a file, bulk calls",
        }
    }
}

/// One run against the loopback server.
#[derive(Deserialize, Serialize)]
pub struct Rate {
    pub run: usize,
    pub way: Way,
    pub latency_ms: u64,
    pub concurrency: u64,
    pub rows: f64,
    pub seconds: f64,
}

/// One plan of one size, without a network: some of it by one process, and some by another.
#[derive(Deserialize, Serialize)]
pub struct Size {
    pub rows: f64,
    /// Bringing the plan into the ledger.
    pub prepare_s: f64,
    /// Applying half of the rows, or as many as are applied at most.
    pub run_s: f64,
    pub run_rows: f64,
    pub run_peak_mb: f64,
    /// From the start of the second process to its first row.
    pub resume_s: f64,
    pub resume_peak_mb: f64,
    pub ledger_mb: f64,
}

/// What the program prints.
#[derive(Deserialize)]
struct Printed {
    rows: f64,
    prepare_s: f64,
    first_s: f64,
    run_s: f64,
}

struct Offboard {
    program: PathBuf,
    folder: PathBuf,
}

/// Measures both.
pub fn measure(runs: usize) -> Result<()> {
    let offboard = Offboard {
        program: cargo::build("offboard")?,
        folder: paths::target().join("plans"),
    };
    fs::create_dir_all(&offboard.folder)?;
    raw::write(RATES, offboard.rates(runs)?)?;
    let sizes = ROWS.map(|rows| offboard.size(rows));
    raw::write(SIZES, sizes.into_iter().collect::<Result<_>>()?)
}

impl Offboard {
    fn rates(&self, runs: usize) -> Result<Vec<Rate>> {
        let mut rates = Vec::new();
        for run in 0..runs {
            for latency_ms in LATENCIES_MS {
                let server = Server::start(latency_ms)?;
                for concurrency in CONCURRENCIES {
                    for way in WAYS {
                        rates.push(self.rate(run, way, latency_ms, concurrency, &server.url)?);
                    }
                }
            }
        }
        Ok(rates)
    }

    fn rate(
        &self,
        run: usize,
        way: Way,
        latency_ms: u64,
        concurrency: u64,
        url: &str,
    ) -> Result<Rate> {
        // A second or so each.
        let calls = match latency_ms {
            0 => 4_000,
            latency => concurrency * 1_000 / latency,
        };
        let rows = if way == Way::Bulk {
            calls * BULK
        } else {
            calls
        };
        let bulk = if way == Way::Bulk { BULK } else { 1 };
        let ledger = self.new_ledger()?;
        let printed = match way {
            Way::Bare => self.run(&["bare", &rows.to_string(), &concurrency.to_string(), url])?,
            way => {
                let plan = self.plan(rows)?;
                let ledger = if way == Way::Memory {
                    "memory"
                } else {
                    &ledger
                };
                self.apply(&plan, ledger, concurrency, url, bulk, None)?
            }
        };
        let (printed, _) = printed;
        eprintln!(
            "{RATES} {run} {way:?} {latency_ms} ms {concurrency}: {:.0}/s",
            printed.rows / printed.run_s
        );
        Ok(Rate {
            run,
            way,
            latency_ms,
            concurrency,
            rows: printed.rows,
            seconds: printed.run_s,
        })
    }

    fn size(&self, rows: u64) -> Result<Size> {
        let plan = self.plan(rows)?;
        let ledger = self.new_ledger()?;
        let some = Some(APPLIED.min(rows / 2));
        let (first, first_cost) = self.apply(&plan, &ledger, 64, "instant", 1, some)?;
        let (second, second_cost) = self.apply(&plan, &ledger, 64, "instant", 1, some)?;
        eprintln!("{SIZES} {rows}: resumed after {:.2} s", second.first_s);
        Ok(Size {
            rows: rows as f64,
            prepare_s: first.prepare_s,
            run_s: first.run_s,
            run_rows: first.rows,
            run_peak_mb: first_cost.peak_mb,
            resume_s: second.first_s,
            resume_peak_mb: second_cost.peak_mb,
            ledger_mb: run::megabytes(fs::metadata(&ledger)?.len()),
        })
    }

    fn plan(&self, rows: u64) -> Result<String> {
        let plan = self.folder.join(format!("{rows}.json"));
        let plan = plan.to_string_lossy().into_owned();
        let mut write = run::command(&self.program, ["plan", &plan, &rows.to_string()]);
        run::output(&mut write)?;
        Ok(plan)
    }

    fn new_ledger(&self) -> Result<String> {
        let folder = self.folder.join("ledger");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        Ok(text(&folder.join("ledger.sqlite")))
    }

    fn apply(
        &self,
        plan: &str,
        ledger: &str,
        concurrency: u64,
        vendor: &str,
        bulk: u64,
        stop_after: Option<u64>,
    ) -> Result<(Printed, Cost)> {
        let (concurrency, bulk) = (concurrency.to_string(), bulk.to_string());
        let mut words = vec!["apply", plan, ledger, &concurrency, vendor, &bulk];
        let stop_after = stop_after.map(|rows| rows.to_string());
        words.extend(stop_after.as_deref());
        self.run(&words)
    }

    fn run(&self, words: &[&str]) -> Result<(Printed, Cost)> {
        let (printed, cost) = run::output_and_cost(&mut run::command(&self.program, words))?;
        let printed = serde_json::from_str(&printed)
            .with_context(|| format!("offboard printed {printed}"))?;
        Ok((printed, cost))
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
