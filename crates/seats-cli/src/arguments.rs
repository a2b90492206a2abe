//! What the command takes: its arguments, and the help for them.

use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::serve::{self, Serve};

/// Takes software licence seats back: at Datadog and in the Microsoft Store for Business.
#[derive(Debug, Parser)]
#[command(name = "seats", version, after_help = EXIT_CODES)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  refused by the vendor: nothing changed
  2  the input was not acceptable: nothing was sent
  3  unknown: it may have happened
  4  not authorised (401, 403, or no credentials): nothing changed
  5  try later (408, 429, 503, could not connect): nothing changed";

/// The vendors, and a demonstration.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show both vendors' calls against a sandbox on this machine; needs no account
    Demo,
    /// Serve both vendors on this machine, to develop against without an account
    ///
    /// It prints the environment that leads `seats` there, and a line on stderr for each request. It
    /// ends with Ctrl-C, and forgets everything.
    #[command(after_help = serve::EXAMPLE)]
    Sandbox(Serve),
    /// Seats at Datadog
    #[command(subcommand)]
    Datadog(Datadog),
    /// Seats in the Microsoft Store for Business
    #[command(subcommand)]
    Store(Store),
}

/// What can be done at Datadog.
#[derive(Debug, Subcommand)]
pub enum Datadog {
    /// Take the seats of a product away from users
    ///
    /// All users go in one request. Credentials come from DD_API_KEY and DD_APP_KEY, the site from
    /// DD_SITE (datadoghq.com where it is not set).
    #[command(after_help = DATADOG_EXAMPLE)]
    Unassign(Unassign),
}

const DATADOG_EXAMPLE: &str = "\
Example, against the sandbox:
  seats datadog unassign --sandbox --product incident_response 626a4e8e-64bd-409d-b80e-428f08ac0b62";

/// What can be done in the Store for Business.
#[derive(Debug, Subcommand)]
pub enum Store {
    /// Take the seat of a product and SKU away from a user
    ///
    /// The bearer token comes from SEATS_STORE_TOKEN; without it, one is fetched for the application in
    /// AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET (authority: AZURE_AUTHORITY_HOST).
    #[command(after_help = STORE_EXAMPLE)]
    Reclaim(Reclaim),
}

const STORE_EXAMPLE: &str = "\
Example, against the sandbox:
  seats store reclaim --sandbox 9NBLGGH4R2R6 0016 ada@contoso.example";

/// The arguments of `seats datadog unassign`.
#[derive(Debug, Args)]
pub struct Unassign {
    /// The product's code, such as incident_response
    #[arg(long, value_name = "CODE")]
    pub product: String,
    /// The users' ids
    #[arg(required = true, value_name = "USER_UUID")]
    pub users: Vec<String>,
    /// The API's base URL in place of the site's [env: SEATS_DATADOG_URL]
    #[arg(long, value_name = "URL", conflicts_with = "sandbox")]
    pub base_url: Option<String>,
    /// How to call.
    #[command(flatten)]
    pub options: Options,
}

/// The arguments of `seats store reclaim`.
#[derive(Debug, Args)]
pub struct Reclaim {
    /// The product's id, such as 9NBLGGH4R2R6
    pub product_id: String,
    /// The SKU's id, such as 0016
    pub sku_id: String,
    /// The user principal name or object id of the seat's holder
    pub username: String,
    /// The API's base URL, with its /V1 [env: SEATS_STORE_URL]
    #[arg(long, value_name = "URL", conflicts_with = "sandbox")]
    pub base_url: Option<String>,
    /// How to call.
    #[command(flatten)]
    pub options: Options,
}

/// The options that both vendors' commands take.
#[derive(Clone, Copy, Debug, Args)]
pub struct Options {
    /// Send nothing; print the exact request, and a curl line that reproduces it
    #[arg(long)]
    pub dry_run: bool,
    /// How to say what happened
    #[arg(long, value_enum, default_value_t)]
    pub output: Output,
    /// Call a sandbox on this machine, which knows a few seats and needs no credentials
    #[arg(long)]
    pub sandbox: bool,
    /// How often to send the request at most, where sending it again is safe [default: 4]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_attempts: Option<u32>,
    /// How long one attempt may take, such as 5s [default: 30s]
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub attempt_timeout: Option<Duration>,
    /// How long all attempts and the waits between them may take, such as 1m [default: 2m]
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub timeout: Option<Duration>,
    /// Say on stderr what happens on the way; twice for everything but secrets and bodies
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// A time such as `5s`, `1m 30s` or `500ms`, longer than nothing.
fn time(text: &str) -> Result<Duration, String> {
    let time = humantime::parse_duration(text)
        .map_err(|_| "must be a time such as 5s, 500ms or 1m 30s".to_owned())?;
    if time.is_zero() {
        Err("must be longer than nothing".to_owned())
    } else {
        Ok(time)
    }
}

/// How to say what happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// Words for a person
    #[default]
    Text,
    /// One JSON object on stdout, also when the call fails
    Json,
}
