//! Measures Seats beside other clients and writes docs/performance.md.
//!
//! From the repository's root:
//!
//! ```sh
//! cargo measure                            # everything, then the document
//! cargo measure --only calls --runs 3      # a part
//! cargo measure document                   # the document, from the raw data
//! cargo measure guard                      # instructions and crates, against committed figures
//! ```

mod calls;
mod cargo;
mod clean_build;
mod codegen;
mod counts;
mod development;
mod document;
mod goals;
mod guard;
mod machine;
mod offboard;
mod paths;
mod peers;
mod plots;
mod raw;
mod run;
mod scale;
mod sections;
mod server;
mod table;
mod trees;
mod valgrind;

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};

#[derive(Parser)]
#[command(version, about, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Task>,
    /// Measures only these parts
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// How often each figure is measured; the document has the median
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// How often each client is built from nothing
    #[arg(long, default_value_t = 1)]
    build_runs: usize,
    /// How often each rate of off-boarding is measured
    #[arg(long, default_value_t = 1)]
    offboard_runs: usize,
    /// Measures Datadog's official client as well, which takes minutes and 10 GB to build
    #[arg(long)]
    official: bool,
}

#[derive(Subcommand)]
enum Task {
    /// Writes the document from the raw data
    Document,
    /// Compares instructions a call and crates compiled with the committed figures
    Guard {
        /// Writes the committed figures
        #[arg(long)]
        update: bool,
    },
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Part {
    /// Crates in each client's tree
    Crates,
    /// Instructions and allocations a call
    Counts,
    /// Rate, CPU time, latency, and making a client
    Calls,
    /// Clean release builds
    Build,
    /// Off-boarding at scale
    Offboard,
    /// `cargo xtask codegen` beside openapi-generator; needs Java and Python
    Codegen,
    /// `cargo xtask lint` and `cargo xtask codegen`, warm
    Development,
    /// `cargo test --workspace` after one changed line in the transport
    Tests,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    match arguments.command {
        Some(Task::Guard { update }) => return guard::run(update),
        Some(Task::Document) => return document::write(),
        None => {}
    }
    let peers = peers::selected(arguments.official);
    let runs = arguments.runs;
    for part in Part::value_variants() {
        if !arguments.only.is_empty() && !arguments.only.contains(part) {
            continue;
        }
        match part {
            Part::Crates => trees::measure(&peers)?,
            Part::Counts => counts::measure(&peers, runs)?,
            Part::Calls => calls::measure(&peers, runs)?,
            Part::Build => clean_build::measure(&peers, arguments.build_runs)?,
            Part::Offboard => offboard::measure(arguments.offboard_runs)?,
            Part::Codegen => codegen::measure(runs)?,
            Part::Development => development::measure(runs)?,
            Part::Tests => development::measure_tests(runs)?,
        }
    }
    document::write()
}
