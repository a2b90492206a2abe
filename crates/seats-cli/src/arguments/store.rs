//! The arguments of `seats store`.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use seats::chrono::{DateTime, Utc};
use seats::store::api::bounds;

use super::options::{CallOptions, Concurrency, describe, within};

/// The subcommands of `seats store`.
#[derive(Debug, Subcommand)]
pub enum Store {
    /// Assign seats of a product and SKU to users
    ///
    /// Sends one request per user, which is not retried after it may have been applied.
    #[command(
        after_help = after_help(ASSIGN_EXAMPLE),
        override_usage = "seats store assign [OPTIONS] <PRODUCT_ID> <SKU_ID> <USERNAME>...\n       seats store assign [OPTIONS] <PRODUCT_ID> <SKU_ID> --users-file <FILE>"
    )]
    Assign(ChangeSeats),
    /// Reclaim seats of a product and SKU from users
    ///
    /// Sends one request per user, which is safe to retry. That a user holds no seat is no failure: the
    /// seat is already free.
    #[command(
        visible_alias = "unassign",
        after_help = after_help(RECLAIM_EXAMPLE),
        override_usage = "seats store reclaim [OPTIONS] <PRODUCT_ID> <SKU_ID> <USERNAME>...\n       seats store reclaim [OPTIONS] <PRODUCT_ID> <SKU_ID> --users-file <FILE>"
    )]
    Reclaim(ChangeSeats),
    /// Show the seat of a product and SKU that a user holds
    ///
    /// Exits with 1 if the user holds none.
    #[command(after_help = after_help(SHOW_EXAMPLE))]
    Show(ShowSeat),
    /// List the seats of a product and SKU, or the seats of a user
    ///
    /// Prints the rows of each page as it arrives.
    #[command(
        after_help = after_help(LIST_EXAMPLE),
        override_usage = "seats store list [OPTIONS] <PRODUCT_ID> <SKU_ID>\n       seats store list [OPTIONS] --user <USERNAME>"
    )]
    List(ListSeats),
    /// List the organization's products, with the number of seats of each
    ///
    /// Prints the rows of each page as it arrives.
    #[command(after_help = after_help(INVENTORY_EXAMPLE))]
    Inventory(Inventory),
}

const ASSIGN_EXAMPLE: &str =
    "  seats store assign --sandbox 9NBLGGH4R2R6 0016 linus@contoso.example";
const RECLAIM_EXAMPLE: &str = "  \
  seats store reclaim --sandbox 9NBLGGH4R2R6 0016 ada@contoso.example
  echo ada@contoso.example | seats store reclaim --sandbox 9NBLGGH4R2R6 0016 --users-file - --bulk";
const SHOW_EXAMPLE: &str = "  seats store show --sandbox 9NBLGGH4R2R6 0016 ada@contoso.example";
const LIST_EXAMPLE: &str = "  \
  seats store list --sandbox 9NBLGGH4R2R6 0016
  seats store list --sandbox --user ada@contoso.example --output csv";
const INVENTORY_EXAMPLE: &str =
    "  seats store inventory --sandbox --license-type online --modified-since 2015-01-01T00:00:00Z";

/// Returns the help after the options: where the token comes from, and examples.
fn after_help(examples: &str) -> String {
    format!(
        "\
The bearer token comes from SEATS_STORE_TOKEN; without it, one is fetched for the application in \
AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET (authority: AZURE_AUTHORITY_HOST).

Against the sandbox, which needs none of them:
{examples}"
    )
}

/// The arguments of `seats store assign` and `seats store reclaim`.
#[derive(Debug, Args)]
pub struct ChangeSeats {
    /// The product's id, such as 9NBLGGH4R2R6
    pub product_id: String,
    /// The SKU's id, such as 0016
    pub sku_id: String,
    /// The users.
    #[command(flatten)]
    pub users: StoreUsers,
    /// On a terminal, do not ask before seats are reclaimed from several users
    #[arg(long)]
    pub yes: bool,
    #[arg(long)]
    #[arg(help = format!("Send one request per {} users, which is not retried after it may have been applied", bounds::USERNAMES.end()))]
    pub bulk: bool,
    /// How many requests at once.
    #[command(flatten)]
    pub concurrency: Concurrency,
    /// Where and how to call.
    #[command(flatten)]
    pub options: StoreOptions,
}

/// The users of a command, as arguments or in a file.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct StoreUsers {
    /// The users' principal names or object ids
    #[arg(value_name = "USERNAME")]
    pub users: Vec<String>,
    /// A file with one user per line, - for stdin; blank lines and lines that begin with # are skipped
    #[arg(long, value_name = "FILE")]
    pub users_file: Option<PathBuf>,
}

/// The arguments of `seats store show`.
#[derive(Debug, Args)]
pub struct ShowSeat {
    /// The product's id, such as 9NBLGGH4R2R6
    pub product_id: String,
    /// The SKU's id, such as 0016
    pub sku_id: String,
    /// The user principal name or object id of the seat's holder
    pub username: String,
    /// Where and how to call.
    #[command(flatten)]
    pub options: StoreOptions,
}

/// The arguments of `seats store list`.
#[derive(Debug, Args)]
pub struct ListSeats {
    /// The product's id, such as 9NBLGGH4R2R6
    #[arg(required_unless_present = "user", conflicts_with = "user")]
    pub product_id: Option<String>,
    /// The SKU's id, such as 0016
    #[arg(required_unless_present = "user", conflicts_with = "user")]
    pub sku_id: Option<String>,
    /// List the seats of this user, for all products: a user principal name or object id
    #[arg(long, value_name = "USERNAME")]
    pub user: Option<String>,
    /// The size of its pages.
    #[command(flatten)]
    pub page: Page,
    /// Where and how to call.
    #[command(flatten)]
    pub options: StoreOptions,
}

/// The arguments of `seats store inventory`.
#[derive(Debug, Args)]
pub struct Inventory {
    /// List products with this type of license; repeat it for both types [default: both]
    #[arg(long = "license-type", value_enum, value_name = "TYPE")]
    pub license_types: Vec<LicenseType>,
    /// List products that have changed since this time, such as 2026-01-31T00:00:00Z
    #[arg(long, value_name = "RFC3339", value_parser = instant)]
    pub modified_since: Option<DateTime<Utc>>,
    /// The size of its pages.
    #[command(flatten)]
    pub page: Page,
    /// Where and how to call.
    #[command(flatten)]
    pub options: StoreOptions,
}

/// The size of a list's pages.
#[derive(Debug, Args)]
pub struct Page {
    #[arg(long, value_name = "N", value_parser = within(bounds::MAX_RESULTS))]
    #[arg(help = format!("The number of rows on a page, {} [default: up to the vendor]", describe(&bounds::MAX_RESULTS)))]
    pub page_size: Option<NonZeroU32>,
}

impl Page {
    /// The number of rows on a page, if it is set.
    pub fn size(&self) -> Option<u32> {
        self.page_size.map(NonZeroU32::get)
    }
}

/// Where and how to call.
#[derive(Debug, Args)]
pub struct StoreOptions {
    /// The API's base URL, with its /V1 [env: SEATS_STORE_URL]
    #[arg(long, value_name = "URL", conflicts_with = "sandbox")]
    pub base_url: Option<String>,
    /// How to call.
    #[command(flatten)]
    pub call: CallOptions,
}

/// A type of license.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LicenseType {
    /// Seats that are assigned to users
    Online,
    /// Packages that are installed without an assigned seat
    Offline,
}

impl From<LicenseType> for seats::store::LicenseType {
    fn from(license_type: LicenseType) -> Self {
        match license_type {
            LicenseType::Online => Self::Online,
            LicenseType::Offline => Self::Offline,
        }
    }
}

impl Store {
    /// The call options of the subcommand.
    pub fn call_options(&self) -> CallOptions {
        match self {
            Self::Assign(change) | Self::Reclaim(change) => change.options.call,
            Self::Show(show) => show.options.call,
            Self::List(list) => list.options.call,
            Self::Inventory(inventory) => inventory.options.call,
        }
    }
}

/// Parses a date and time with its zone.
fn instant(text: &str) -> Result<DateTime<Utc>, String> {
    DateTime::parse_from_rfc3339(text)
        .map(|instant| instant.to_utc())
        .map_err(|_| {
            "must be a date and time with its zone, such as 2026-01-31T00:00:00Z".to_owned()
        })
}
