//! The arguments of `seats datadog`.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use seats::datadog::api::bounds;

use super::options::{Options, within, words};

/// What can be done at Datadog.
#[derive(Debug, Subcommand)]
pub enum Datadog {
    /// Give a seat of a product to users
    ///
    /// All users go in one request, which is not sent again once it may have been carried out.
    #[command(
        after_help = after_help(ASSIGN_EXAMPLE),
        override_usage = "seats datadog assign [OPTIONS] --product <CODE> <USER_UUID>...\n       seats datadog assign [OPTIONS] --product <CODE> --users-file <FILE>"
    )]
    Assign(AssignToUsers),
    /// List the users who hold a seat of a product
    ///
    /// Rows are printed as the pages of the list come.
    #[command(after_help = after_help(LIST_EXAMPLE))]
    List(ListUsers),
    /// Take the seats of a product away from users
    ///
    /// All users go in one request, and the answer does not tell them apart; --one-by-one and
    /// --batch-size tell what became of each.
    #[command(
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

/// Where the keys come from, and the examples of a command.
fn after_help(examples: &str) -> String {
    format!(
        "\
The keys come from DD_API_KEY and DD_APP_KEY, the site from DD_SITE (datadoghq.com where it is not set).

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
    /// Who.
    #[command(flatten)]
    pub users: Users,
    /// Where and how to call.
    #[command(flatten)]
    pub place: Place,
}

/// The arguments of `seats datadog list`.
#[derive(Debug, Args)]
pub struct ListUsers {
    /// The product's code, such as incident_response
    #[arg(long, value_name = "CODE")]
    pub product: String,
    #[arg(long, value_name = "N", value_parser = within(bounds::PAGE_LIMIT))]
    #[arg(help = format!("How many users a page holds, {}; the vendor decides where it is not set", words(&bounds::PAGE_LIMIT)))]
    pub page_size: Option<NonZeroU32>,
    /// Where and how to call.
    #[command(flatten)]
    pub place: Place,
}

/// The arguments of `seats datadog unassign`.
#[derive(Debug, Args)]
pub struct Unassign {
    /// The product's code, such as incident_response
    #[arg(long, value_name = "CODE")]
    pub product: String,
    /// Who.
    #[command(flatten)]
    pub users: Users,
    /// Send one request a user, and say what became of each
    #[arg(long, conflicts_with = "batch_size")]
    pub one_by_one: bool,
    /// Send a request for every N users, then read the list of seats and say what became of each
    #[arg(long, value_name = "N", value_parser = within(1..=u64::MAX))]
    pub batch_size: Option<NonZeroU32>,
    /// Where and how to call.
    #[command(flatten)]
    pub place: Place,
}

/// The users of a command.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Users {
    /// The users' ids
    #[arg(value_name = "USER_UUID")]
    pub users: Vec<String>,
    /// A file with an id a line, - for stdin; blank lines and lines that begin with # are skipped
    #[arg(long, value_name = "FILE")]
    pub users_file: Option<PathBuf>,
}

/// Where and how to call.
#[derive(Debug, Args)]
pub struct Place {
    /// The API's base URL in place of the site's [env: SEATS_DATADOG_URL]
    #[arg(long, value_name = "URL", conflicts_with = "sandbox")]
    pub base_url: Option<String>,
    /// How to call.
    #[command(flatten)]
    pub options: Options,
}

impl Datadog {
    /// The options of the command, whichever it is.
    pub fn options(&self) -> Options {
        match self {
            Self::Assign(assign) => assign.place.options,
            Self::List(list) => list.place.options,
            Self::Unassign(unassign) => unassign.place.options,
        }
    }
}
