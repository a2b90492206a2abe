//! The arguments of the commands that off-board people.

use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use seats_offboard::MaxShare;

use super::options::{Concurrency, time};

/// The help after the options of `seats plan`.
pub const PLAN_EXAMPLE: &str = "\
Example:
  seats plan leavers.csv --datadog-product on_call -o plan.json
  seats apply plan.json
  seats status plan.json

The list is CSV with a header (separated by commas, semicolons or tabs; UTF-8 or UTF-16), or has a person
per line. Columns with usual names such as email, upn, datadog user id or object id are read.";

/// The arguments of `seats plan`.
#[derive(Debug, Args)]
pub struct Plan {
    /// The list of people who have left; - for stdin
    #[arg(value_name = "LIST", required_unless_present = "everyone_except")]
    pub list: Option<PathBuf>,
    /// LIST holds the current staff: plan the seats of all other holders
    #[arg(long, value_name = "LIST", conflicts_with = "list")]
    pub everyone_except: Option<PathBuf>,
    /// With --everyone-except, refuse a plan that would take more of a product's seats, such as 20% [default: 20%]
    #[arg(long, value_name = "SHARE", requires = "everyone_except")]
    pub max_share: Option<MaxShare>,
    /// The column that identifies a person; repeat it for several [default: those with usual names]
    #[arg(long, value_name = "NAME")]
    pub column: Vec<String>,
    /// Write the plan to this file
    #[arg(short = 'o', long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// What to print: a table, or the plan's JSON document
    #[arg(long, value_enum, default_value_t)]
    pub format: PlanFormat,
    /// What to look at, and how
    #[command(flatten)]
    pub settings: SettingsOptions,
}

/// What `seats plan` prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum PlanFormat {
    /// A table for a person
    #[default]
    Table,
    /// The JSON document
    Json,
}

/// The options that override the configuration.
#[derive(Debug, Args)]
pub struct SettingsOptions {
    /// The configuration file [default: seats.toml here or in the user's configuration folder]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// A Datadog product to look at; repeat it for several
    #[arg(long, value_name = "PRODUCT")]
    pub datadog_product: Vec<String>,
    /// Do not look at the Store
    #[arg(long)]
    pub no_store: bool,
    /// Log each attempt on stderr; twice for everything except secrets and bodies
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// The options of a run.
#[derive(Debug, Args)]
pub struct RunOptions {
    /// Do not ask before seats are changed
    #[arg(long)]
    pub yes: bool,
    /// The ledger [default: beside the plan, with the extension .ledger]
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
    /// Refuse a plan that is older, such as 12h
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "24h")]
    pub max_age: Duration,
    /// Begin no more after so many rows that did not end well
    #[arg(long, value_name = "N")]
    pub max_failures: Option<NonZeroU64>,
    /// Make one call per seat, also if the vendor has a call for many
    #[arg(long)]
    pub one_by_one: bool,
    /// The number of calls in flight at each vendor [default: 8, or as configured]
    #[arg(long, value_name = "N", value_parser = Concurrency::parser())]
    pub concurrency: Option<NonZeroUsize>,
    /// What the plan was made against
    #[command(flatten)]
    pub settings: SettingsOptions,
}

/// The arguments of `seats apply`.
#[derive(Debug, Args)]
pub struct Apply {
    /// The plan
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,
    /// How
    #[command(flatten)]
    pub run: RunOptions,
}

/// The arguments of `seats undo`.
#[derive(Debug, Args)]
pub struct Undo {
    /// The plan whose run is undone [default: that of the newest ledger here]
    #[arg(value_name = "PLAN")]
    pub plan: Option<PathBuf>,
    /// How
    #[command(flatten)]
    pub run: RunOptions,
}

/// The arguments of `seats offboard`.
#[derive(Debug, Args)]
pub struct Offboard {
    /// The person: an email address, user principal name or id; several of the same person
    #[arg(value_name = "IDENTITY", required = true)]
    pub identities: Vec<String>,
    /// Write the plan to this file [default: offboard-TIME.json]
    #[arg(short = 'o', long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// How
    #[command(flatten)]
    pub run: RunOptions,
}

/// The arguments of `seats status`.
#[derive(Debug, Args)]
pub struct Status {
    /// The plan [default: that of the newest ledger here]
    #[arg(value_name = "PLAN")]
    pub plan: Option<PathBuf>,
    /// The ledger [default: beside the plan, with the extension .ledger]
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
    /// What to print
    #[arg(long, value_enum, default_value_t)]
    pub format: StatusFormat,
    /// With --format csv, print all rows, not only those that need a person
    #[arg(long)]
    pub all: bool,
    /// The configuration file with prices
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// What `seats status` prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum StatusFormat {
    /// Counts, and the rows that need a person
    #[default]
    Table,
    /// The counts as a JSON object
    Json,
    /// The rows that need a person; a valid list for `seats plan`
    Csv,
    /// One page for a browser
    Html,
}

/// `seats config`.
#[derive(Debug, Subcommand)]
pub enum Config {
    /// Show each setting and where it comes from, and check that the credentials work
    Check(SettingsOptions),
}

/// `seats schema`.
#[derive(Debug, Subcommand)]
pub enum Schema {
    /// Print the JSON Schema of a plan
    Plan,
}

/// The arguments of `seats completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}
