//! Applies plans of any size, with and without a ledger, and prints what it took.
//!
//! ```text
//! offboard plan PLAN ROWS
//! offboard apply PLAN LEDGER CONCURRENCY VENDOR BULK [STOP_AFTER]
//! offboard bare ROWS CONCURRENCY VENDOR
//! ```
//!
//! LEDGER is a file, or `memory`. VENDOR is the URL of a server that answers 204, or `instant`: then a
//! call is done at once and nothing is sent. BULK is how many users a call takes. `bare` makes the same
//! calls without a plan and a ledger.

mod plan;
mod vendor;

use std::fs::File;
use std::io::BufReader;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use futures_util::{StreamExt, stream};
use seats_offboard::{
    Checks, Event, Ledger, MemoryLedger, Run, RunOptions, SqliteLedger, Vendor, prepare,
};
use serde_json::json;
use vendor::Loopback;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    match words[..] {
        ["plan", file, rows] => plan::write(file, rows.parse()?),
        [
            "apply",
            plan,
            ledger,
            concurrency,
            vendor,
            bulk,
            ref stop @ ..,
        ] => {
            let vendor = Loopback::new(vendor, bulk.parse()?)?;
            let stop = stop.first().map(|rows| rows.parse()).transpose()?;
            runtime.block_on(apply(plan, ledger, concurrency.parse()?, vendor, stop))
        }
        ["bare", rows, concurrency, vendor] => {
            let vendor = Loopback::new(vendor, 1)?;
            runtime.block_on(bare(rows.parse()?, concurrency.parse()?, vendor))
        }
        _ => bail!("see the first lines of offboard/src/main.rs"),
    }
}

/// Applies a plan, or goes on with it; stops after so many rows.
async fn apply(
    plan: &str,
    ledger: &str,
    concurrency: NonZeroUsize,
    vendor: Loopback,
    stop_after: Option<u64>,
) -> Result<()> {
    let start = Instant::now();
    let vendors: Vec<Arc<dyn Vendor>> = vec![Arc::new(vendor)];
    let ledger: Arc<dyn Ledger> = match ledger {
        "memory" => Arc::new(MemoryLedger::new()),
        file => Arc::new(SqliteLedger::open(file)?),
    };
    let document = BufReader::new(File::open(plan)?);
    prepare(document, ledger.as_ref(), &Checks::new(&vendors))?;
    let prepared = start.elapsed();
    let mut options = RunOptions::default();
    options.concurrency = concurrency;
    let mut events = Run::new(ledger, vendors, options).start();
    let mut first = None;
    let mut ended = 0_u64;
    while let Some(event) = events.next().await {
        if let Event::Ended(_) = event? {
            first.get_or_insert_with(|| start.elapsed());
            ended += 1;
            if stop_after == Some(ended) {
                events.stop();
            }
        }
    }
    let first = first.context("no row ended")?;
    println!(
        "{}",
        json!({
            "rows": ended,
            "prepare_s": prepared.as_secs_f64(),
            "first_s": first.as_secs_f64(),
            "run_s": (start.elapsed() - prepared).as_secs_f64(),
        })
    );
    Ok(())
}

/// Makes the same calls by the facade alone.
async fn bare(rows: u64, concurrency: usize, vendor: Loopback) -> Result<()> {
    let start = Instant::now();
    let ended = stream::iter(0..rows)
        .map(|row| vendor.take_back(vec![plan::user(row)]))
        .buffer_unordered(concurrency)
        .filter(|report| {
            let done = report.end == seats_offboard::CallEnd::Done;
            async move { done }
        })
        .count()
        .await;
    let wall = start.elapsed().as_secs_f64();
    println!(
        "{}",
        json!({"rows": ended, "prepare_s": 0.0, "first_s": 0.0, "run_s": wall})
    );
    Ok(())
}
