//! What became of a run, in counts.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::config::{Money, Prices};
use crate::ledger::{Ledger, LedgerError, RowOutcome, RowState};
use crate::plan::Basis;
use crate::run::Counts;
use crate::vendor::{Account, Action, Product};

/// What became of a run, in counts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// What the run does with the seats.
    pub action: Action,
    /// What the plan was made from.
    pub basis: Basis,
    /// When the plan was made, in UTC.
    pub made: DateTime<Utc>,
    /// The plan's hash.
    pub plan: String,
    /// The accounts.
    pub accounts: Vec<Account>,
    /// How many rows are in each state.
    pub counts: Counts,
    /// The same for each product.
    pub products: Vec<ProductSummary>,
    /// How many rows of the plan are no changes, by their decision.
    pub others: BTreeMap<String, u64>,
    /// What was freed, if there are prices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub savings: Option<Savings>,
}

/// What became of the rows of a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProductSummary {
    /// The product.
    pub product: Product,
    /// How many rows are in each state.
    pub counts: Counts,
    /// What the seats that were taken back cost a month, if there is a price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saved: Option<Money>,
}

/// What the seats that were taken back cost a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Savings {
    /// The amount.
    pub monthly: Money,
    /// The currency; empty if it is not set.
    pub currency: String,
    /// How many of the seats have no price.
    pub without_price: u64,
}

impl Summary {
    /// Reads a ledger. Returns none if it has no plan.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn of(ledger: &dyn Ledger, prices: &Prices) -> Result<Option<Self>, LedgerError> {
        let Some(plan) = ledger.plan()? else {
            return Ok(None);
        };
        let mut all = Counts::default();
        let mut savings = Savings {
            monthly: Money::default(),
            currency: prices.currency().to_owned(),
            without_price: 0,
        };
        let mut products = Vec::new();
        for (product, states) in ledger.products()? {
            let mut counts = Counts::default();
            for (state, rows) in states {
                counts.add(state, rows);
                all.add(state, rows);
            }
            let freed = counts.ended(RowOutcome::Reclaimed);
            let saved = prices.of(&product).map(|price| price * freed);
            match saved {
                Some(saved) => savings.monthly += saved,
                None => savings.without_price += freed,
            }
            products.push(ProductSummary {
                product,
                counts,
                saved,
            });
        }
        Ok(Some(Self {
            action: plan.head.action,
            basis: plan.head.basis,
            made: plan.head.made,
            plan: plan.hash,
            accounts: plan.head.accounts,
            counts: all,
            products,
            others: ledger.others()?,
            savings: (!prices.is_empty()).then_some(savings),
        }))
    }

    /// Returns how many rows need a person: changes that did not end well or were not begun, and rows that
    /// were not decided or cannot be used.
    pub fn needing_person(&self) -> u64 {
        let states = RowState::ALL
            .into_iter()
            .filter(|state| state.needs_person());
        let changes: u64 = states.map(|state| self.counts.of(state)).sum();
        let others = self
            .others
            .iter()
            .filter(|(decision, _)| *decision != "nothing_held");
        changes + others.map(|(_, rows)| rows).sum::<u64>()
    }
}

impl Serialize for Counts {
    /// As an object with each state that has rows.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut counts = serializer.serialize_map(None)?;
        for (state, rows) in self.each() {
            counts.serialize_entry(state.as_str(), &rows)?;
        }
        counts.end()
    }
}
