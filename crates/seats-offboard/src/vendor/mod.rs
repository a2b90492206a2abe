//! The interface to a vendor: who holds seats, take one back, give one.

mod datadog;
mod memory;
mod report;
mod store;

use std::borrow::Cow;
use std::fmt;
use std::num::NonZeroUsize;

use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::people::Identity;

pub use datadog::{DATADOG, Datadog};
pub use memory::MemoryVendor;
pub use report::{CallEnd, CallReport, VendorError, VendorErrorKind};
pub use store::{STORE, Store};

/// A vendor's name, such as `datadog`, as plans and ledgers have it.
#[derive(
    Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct VendorName(Cow<'static, str>);

impl VendorName {
    /// Creates a name that is known when the program is compiled.
    pub const fn new(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for VendorName {
    fn from(name: String) -> Self {
        Self(Cow::Owned(name))
    }
}

impl fmt::Display for VendorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What a run does with seats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Takes seats back.
    Reclaim,
    /// Gives seats.
    Assign,
}

impl Action {
    /// Returns the word for it, which is also that of serde.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reclaim => "reclaim",
            Self::Assign => "assign",
        }
    }
}

/// An account at a vendor: whose seats a plan is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The vendor.
    pub vendor: VendorName,
    /// The base URL of the API to which requests go.
    pub url: String,
    /// The vendor's name for the account, such as an Entra tenant, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
}

impl Account {
    /// Returns whether the other account may be this one: the same vendor and URL, and the same tenant if
    /// both know theirs.
    pub fn fits(&self, other: &Self) -> bool {
        let same_tenant = match (&self.tenant, &other.tenant) {
            (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
            _ => true,
        };
        self.vendor == other.vendor && self.url == other.url && same_tenant
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.vendor, self.url)?;
        match &self.tenant {
            Some(tenant) => write!(f, ", tenant {tenant}"),
            None => Ok(()),
        }
    }
}

/// A product of a vendor that has seats.
#[derive(
    Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// The vendor.
    pub vendor: VendorName,
    /// The vendor's id of the product.
    pub id: String,
    /// The id of the product's SKU, at vendors that have SKUs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
}

impl fmt::Display for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match &self.sku {
            Some(sku) => Cow::Owned(format!("{}/{sku}", self.id)),
            None => Cow::Borrowed(self.id.as_str()),
        };
        f.pad(&text)
    }
}

/// A product that a vendor's account has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductOffer {
    /// The product.
    pub product: Product,
    /// Whether its seats can be taken back; the Store refuses it for offline licenses.
    pub reclaimable: bool,
}

/// How a vendor finds the seats of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// It lists the holders of a product.
    ByProduct,
    /// It lists the seats of a person, and the holders of a product as well.
    ByPerson,
}

/// The holder of a seat, as a vendor lists them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The user as [`Vendor::change`] takes them; none if the vendor does not say.
    pub user: Option<String>,
    /// Who the user is, in each way that the vendor knows.
    pub identities: Vec<Identity>,
    /// When the seat was assigned, as the vendor wrote it.
    pub held_since: Option<String>,
}

/// A seat of a person, as a vendor lists it by person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundSeat {
    /// The product; none if the vendor does not say.
    pub product: Option<Product>,
    /// The user as [`Vendor::change`] takes them.
    pub user: String,
    /// Who holds it, in the vendor's own name for the user, so that a seat that is found by two identities
    /// is one seat.
    pub holder: Option<String>,
    /// When the seat was assigned, as the vendor wrote it.
    pub held_since: Option<String>,
}

/// What a vendor says about an identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// The vendor cannot look it up: it is an identity of another vendor.
    NotApplicable,
    /// The vendor has no user with this identity.
    Nobody,
    /// The seats that the person holds; there may be none.
    Seats(Vec<FoundSeat>),
}

/// A vendor of seats. Implement it to off-board people at another vendor.
///
/// The engine never calls [`change`](Self::change) while it plans, and records each call in a ledger before
/// it makes it.
pub trait Vendor: Send + Sync {
    /// Returns the account whose seats these are.
    fn account(&self) -> Account;

    /// Returns how the vendor finds a person's seats.
    fn lookup(&self) -> Lookup;

    /// Returns the products to look at.
    fn products(&self) -> BoxFuture<'_, Result<Vec<ProductOffer>, VendorError>>;

    /// Lists the holders of a product, page by page. It ends after the first error.
    fn holders<'a>(&'a self, product: &'a Product) -> BoxStream<'a, Result<Holder, VendorError>>;

    /// Finds the seats of a person. Called only if the vendor's lookup is [`Lookup::ByPerson`].
    fn seats_of<'a>(
        &'a self,
        _identity: &'a Identity,
    ) -> BoxFuture<'a, Result<Found, VendorError>> {
        Box::pin(async { Ok(Found::NotApplicable) })
    }

    /// Reads which of the users hold a seat of the product now, in the order of the users.
    fn holds<'a>(
        &'a self,
        product: &'a Product,
        users: &'a [String],
    ) -> BoxFuture<'a, Vec<Result<bool, VendorError>>>;

    /// Takes the seats of the users back, or gives them seats; returns what became of each, in their order.
    /// There is one user, or up to [`bulk_size`](Self::bulk_size) of them.
    fn change<'a>(
        &'a self,
        action: Action,
        product: &'a Product,
        users: &'a [String],
    ) -> BoxFuture<'a, Vec<CallReport>>;

    /// Returns how many users a call takes, at a vendor whose response tells what became of each of many.
    fn bulk_size(&self) -> Option<NonZeroUsize> {
        None
    }
}
