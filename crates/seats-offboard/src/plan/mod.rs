//! A plan: which seats to take back, or to give, and what was not decided.

mod builder;
mod hash;
pub(crate) mod head;
mod leavers;
mod matching;
mod orphans;
mod read;
pub(crate) mod row;
mod schema;
mod undo;
mod write;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::vendor::{Product, VendorError};

pub use builder::PlanBuilder;
pub use head::{Basis, PlanHead};
pub use leavers::PlanProgress;
pub use orphans::{MaxShare, ProductShare};
pub use read::{PlanEnd, PlanReadError, read_plan};
pub use row::{HeldSeat, Row, UndecidedReason};
pub use schema::plan_schema;
pub use write::PlanWriter;

/// The version of the plan's format.
pub const FORMAT: u32 = 1;

/// How many rows a plan has of each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// The seats to change.
    pub seats: u64,
    /// The seats to change of each product.
    pub by_product: Vec<ProductTotal>,
    /// The people who hold nothing.
    pub nothing_held: u64,
    /// The people whom no vendor knows.
    pub not_found: u64,
    /// The rows that were not decided.
    pub not_decided: u64,
    /// The lines of the list, and cells of them, that cannot be used.
    pub unusable: u64,
}

/// How many seats of a product a plan has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductTotal {
    /// The product.
    pub product: Product,
    /// The seats to change.
    pub seats: u64,
}

/// Counts the rows of a plan.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counter {
    totals: Totals,
    products: BTreeMap<Product, u64>,
}

impl Counter {
    pub(crate) fn count(&mut self, row: &Row) {
        match row {
            Row::Change { seat, .. } => {
                self.totals.seats += 1;
                match self.products.get_mut(&seat.product) {
                    Some(seats) => *seats += 1,
                    None => {
                        self.products.insert(seat.product.clone(), 1);
                    }
                }
            }
            Row::NothingHeld { .. } => self.totals.nothing_held += 1,
            Row::NotFound { .. } => self.totals.not_found += 1,
            Row::NotDecided { .. } => self.totals.not_decided += 1,
            Row::Unusable { .. } => self.totals.unusable += 1,
        }
    }

    pub(crate) fn totals(self) -> Totals {
        let total = |(product, seats)| ProductTotal { product, seats };
        Totals {
            by_product: self.products.into_iter().map(total).collect(),
            ..self.totals
        }
    }
}

/// A plan in memory. A plan of very many rows is better written and read row by row, with [`PlanWriter`] and
/// [`read_plan`].
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// What the plan says about itself.
    pub head: PlanHead,
    /// The rows.
    pub rows: Vec<Row>,
}

impl Plan {
    /// Reads a plan and verifies its hash.
    ///
    /// # Errors
    /// The document cannot be read, is no plan, or was changed.
    pub fn read(document: impl std::io::Read) -> Result<Self, PlanReadError> {
        let mut rows = Vec::new();
        let end = read_plan(document, &mut |row| {
            rows.push(row);
            Ok(())
        })?;
        Ok(Self {
            head: end.head,
            rows,
        })
    }

    /// Writes the plan, and returns its hash and totals.
    ///
    /// # Errors
    /// The document cannot be written.
    pub fn write(&self, document: impl std::io::Write) -> std::io::Result<(String, Totals)> {
        let mut writer = PlanWriter::new(document, self.head.clone())?;
        for row in &self.rows {
            writer.row(row)?;
        }
        writer.finish().map(|(_, hash, totals)| (hash, totals))
    }
}

/// Takes the rows of a plan as they are made.
pub trait RowSink {
    /// Takes a row.
    ///
    /// # Errors
    /// The row cannot be kept.
    fn take(&mut self, row: Row) -> std::io::Result<()>;
}

impl RowSink for Vec<Row> {
    fn take(&mut self, row: Row) -> std::io::Result<()> {
        self.push(row);
        Ok(())
    }
}

/// Error from making a plan. Nothing was changed at any vendor.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// A vendor cannot be read.
    #[error("{vendor}: {error}")]
    Vendor {
        /// The vendor.
        vendor: crate::vendor::VendorName,
        /// Why.
        #[source]
        error: VendorError,
    },
    /// The plan cannot be written.
    #[error("cannot write the plan: {0}")]
    Write(#[from] std::io::Error),
    /// A list of current staff has unusable lines, so a holder may be one of the people on them.
    #[error(
        "{count} lines of the list of people who are here cannot be used (the first is line {first}: {reason}); their seats would be taken, so correct them first"
    )]
    UnusableStaff {
        /// How many.
        count: usize,
        /// The first of them.
        first: u64,
        /// What is wrong with it.
        reason: crate::people::UnusableReason,
    },
    /// The plan would take too many seats of a product.
    #[error("{}", orphans::too_many(.most, .products))]
    TooManySeats {
        /// The largest allowed share.
        most: MaxShare,
        /// Each product, with its counts.
        products: Vec<ProductShare>,
    },
    /// The seats that a run took cannot be read from its ledger.
    #[error(transparent)]
    Ledger(#[from] crate::ledger::LedgerError),
}
