//! The arguments of `seats datadog`.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use seats::datadog::api::bounds;

use super::options::{CallOptions, Concurrency, describe, within};

/// The subcommands of `seats datadog`.
#[derive(Debug, Subcommand)]
pub enum Datadog {
    /// Assign seats of a product to users
    ///
    /// Sends one request for all users, which is not retried after it may have been applied.
    #[command(
        after_help = after_help(ASSIGN_EXAMPLE),
        override_usage = "seats datadog assign [OPTIONS] --product <CODE> <USER_UUID>...\n       seats datadog assign [OPTIONS] --product <CODE> --users-file <FILE>"
    )]
    Assign(AssignToUsers),
    /// List the users who hold a seat of a product
    ///
    /// Prints the rows of each page as it arrives.
    #[command(after_help = after_help(LIST_EXAMPLE))]
    List(ListUsers),
    /// Unassign seats of a product from users
    ///
    /// Sends one request for all users, whose response does not tell them apart; use --one-by-one
    /// or --batch-size for the outcome of each user. Email addresses are looked up in the product's list of seats.
    #[command(
        visible_alias = "reclaim",
        after_help = after_help(UNASSIGN_EXAMPLE),
        override_usage = "seats datadog unassign [OPTIONS] --product <CODE> <USER_UUID>...\n       seats datadog unassign [OPTIONS] --product <CODE> --users-file <FILE>"
    )]
    Unassign(Unassign),
}

const ASSIGN_EXAMPLE: &str =
    "  seats datadog assign --sandbox --product on_call 9d1c2f60-0f6e-4c5a-8b3e-7f1d2a4c6e80";
const LIST_EXAMPLE: &str =
    "  seats datadog list --sandbox --product incident_response --output csv";
const UNASSIGN_EXAMPLE: &str = "  \
  seats datadog unassign --sandbox --product incident_response 626a4e8e-64bd-409d-b80e-428f08ac0b62
  echo 626a4e8e-64bd-409d-b80e-428f08ac0b62 |
    seats datadog unassign --sandbox --product incident_response --users-file - --one-by-one";

/// Returns the help after the options: where the keys come from, and examples.
fn after_help(examples: &str) -> String {
    format!(
        "\
The keys come from DD_API_KEY and DD_APP_KEY, the site from DD_SITE (datadoghq.com if it is not set).

Against the sandbox, which needs none of them:
{examples}"
    )
}

/// The arguments of `seats datadog assign`.
#[derive(Debug, Args)]
pub struct AssignToUsers {
    /// The product's code, such as incident_response
    #[arg(long, value_name = "CODE")]
    pub product: String,
    /// The users.
    #[command(flatten)]
    pub users: DatadogUsers,
    /// Where and how to call.
    #[command(flatten)]
    pub options: DatadogOptions,
}

/// The arguments of `seats datadog list`.
#[derive(Debug, Args)]
pub struct ListUsers {
    /// The product's code, such as incident_response
    #[arg(long, value_name = "CODE")]
    pub product: String,
    #[arg(long, value_name = "N", value_parser = within(bounds::PAGE_LIMIT))]
    #[arg(help = format!("The number of users on a page, {} [default: up to the vendor]", describe(&bounds::PAGE_LIMIT)))]
    pub page_size: Option<NonZeroU32>,
    /// Where and how to call.
    #[command(flatten)]
    pub options: DatadogOptions,
}

/// The arguments of `seats datadog unassign`.
#[derive(Debug, Args)]
pub struct Unassign {
    /// The product's code, such as incident_response
    #[arg(long, value_name = "CODE")]
    pub product: String,
    /// The users.
    #[command(flatten)]
    pub users: DatadogUsers,
    /// On a terminal, do not ask before seats are taken from several users
    #[arg(long)]
    pub yes: bool,
    /// Send one request per user, and report the outcome of each
    #[arg(long, conflicts_with = "batch_size")]
    pub one_by_one: bool,
    /// Send one request per N users, then read the list of seats and report the outcome of each user
    #[arg(long, value_name = "N", value_parser = within(1..=u64::MAX))]
    pub batch_size: Option<NonZeroU32>,
    /// How many requests at once.
    #[command(flatten)]
    pub concurrency: Concurrency,
    /// Where and how to call.
    #[command(flatten)]
    pub options: DatadogOptions,
}

/// The users of a command, as arguments or in a file.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct DatadogUsers {
    /// The users' ids; unassign also takes email addresses
    #[arg(value_name = "USER_UUID")]
    pub users: Vec<String>,
    /// A file with one id per line, - for stdin; blank lines and lines that begin with # are skipped
    #[arg(long, value_name = "FILE")]
    pub users_file: Option<PathBuf>,
}

/// Where and how to call.
#[derive(Debug, Args)]
pub struct DatadogOptions {
    /// The API's base URL, which replaces the site's [env: SEATS_DATADOG_URL]
    #[arg(long, value_name = "URL", conflicts_with = "sandbox")]
    pub base_url: Option<String>,
    /// How to call.
    #[command(flatten)]
    pub call: CallOptions,
}

impl Datadog {
    /// The call options of the subcommand.
    pub fn call_options(&self) -> CallOptions {
        match self {
            Self::Assign(assign) => assign.options.call,
            Self::List(list) => list.options.call,
            Self::Unassign(unassign) => unassign.options.call,
        }
    }
}
