//! Makes plans of vendors' seats.

use std::num::NonZeroUsize;
use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};

use super::{
    Basis, FORMAT, MaxShare, Plan, PlanError, PlanHead, PlanProgress, RowSink, leavers, orphans,
    undo,
};
use crate::ledger::{Ledger, LedgerError};
use crate::people::People;
use crate::vendor::{Action, Lookup, Product, Vendor};

/// Makes plans. It only reads at the vendors.
///
/// The methods that take a [`RowSink`] hand each row to it as it is made, for plans of very many rows: begin
/// a [`PlanWriter`](super::PlanWriter) with [`head`](Self::head).
pub struct PlanBuilder {
    vendors: Vec<Arc<dyn Vendor>>,
    concurrency: NonZeroUsize,
    now: DateTime<Utc>,
}

impl PlanBuilder {
    /// Begins a plan against these vendors.
    pub fn new(vendors: Vec<Arc<dyn Vendor>>) -> Self {
        const CONCURRENCY: NonZeroUsize = NonZeroUsize::new(8).unwrap();
        Self {
            vendors,
            concurrency: CONCURRENCY,
            now: Utc::now(),
        }
    }

    /// Sets how many people are looked up at once; 8 if it is not set.
    #[must_use]
    pub fn concurrency(mut self, people: NonZeroUsize) -> Self {
        self.concurrency = people;
        self
    }

    /// Sets when the plan is made; now if it is not set.
    #[must_use]
    pub fn made(mut self, now: DateTime<Utc>) -> Self {
        self.now = now;
        self
    }

    /// Reads which products are looked at, and returns what the plan says about itself.
    ///
    /// # Errors
    /// A vendor cannot be read.
    pub async fn head(&self, basis: Basis) -> Result<PlanHead, PlanError> {
        let mut products: Vec<Product> = Vec::new();
        for vendor in &self.vendors {
            let is_listed = vendor.lookup() == Lookup::ByProduct || basis != Basis::Leavers;
            if is_listed {
                let offers = vendor.products().await.map_err(|error| PlanError::Vendor {
                    vendor: vendor.account().vendor,
                    error,
                })?;
                products.extend(offers.into_iter().map(|offer| offer.product));
            }
        }
        Ok(PlanHead {
            format: FORMAT,
            action: Action::Reclaim,
            basis,
            made: self.now.trunc_subsecs(3),
            accounts: self.vendors.iter().map(|vendor| vendor.account()).collect(),
            products,
        })
    }

    /// Plans the seats of the people of a list.
    ///
    /// # Errors
    /// A vendor cannot be read.
    pub async fn leavers(&self, people: &People) -> Result<Plan, PlanError> {
        let mut rows = Vec::new();
        let head = self.head(Basis::Leavers).await?;
        self.leavers_into(people, &mut rows, &mut |_| {}).await?;
        Ok(Plan { head, rows })
    }

    /// As [`leavers`](Self::leavers), row by row.
    ///
    /// # Errors
    /// A vendor cannot be read, or the sink fails.
    pub async fn leavers_into(
        &self,
        people: &People,
        sink: &mut dyn RowSink,
        progress: &mut (dyn FnMut(PlanProgress) + Send),
    ) -> Result<(), PlanError> {
        leavers::plan_leavers(people, &self.vendors, self.concurrency, sink, progress).await
    }

    /// Plans the seats of all holders except these people.
    ///
    /// # Errors
    /// A vendor cannot be read, the list has lines that cannot be used, or the plan would take more than
    /// `most` of a product's seats.
    pub async fn everyone_except(&self, staff: &People, most: MaxShare) -> Result<Plan, PlanError> {
        let mut rows = Vec::new();
        let head = self
            .head(Basis::EveryoneExcept {
                max_share: most.get(),
            })
            .await?;
        self.everyone_except_into(staff, most, &mut rows, &mut |_| {})
            .await?;
        Ok(Plan { head, rows })
    }

    /// As [`everyone_except`](Self::everyone_except), row by row. The rows must be dropped if it fails.
    ///
    /// # Errors
    /// As those of [`everyone_except`](Self::everyone_except), or the sink fails.
    pub async fn everyone_except_into(
        &self,
        staff: &People,
        most: MaxShare,
        sink: &mut dyn RowSink,
        progress: &mut (dyn FnMut(PlanProgress) + Send),
    ) -> Result<(), PlanError> {
        orphans::plan_everyone_except(staff, &self.vendors, most, sink, progress).await
    }

    /// Returns what a plan says about itself that gives back what the run of this ledger took, at the
    /// accounts of that run.
    ///
    /// # Errors
    /// The ledger cannot be read, or has no plan.
    pub fn undo_head(ledger: &dyn Ledger, now: DateTime<Utc>) -> Result<PlanHead, PlanError> {
        let plan = ledger.plan()?;
        let plan = plan.ok_or_else(|| LedgerError::Read("it has no plan".to_owned()))?;
        Ok(PlanHead {
            format: FORMAT,
            action: match plan.head.action {
                Action::Reclaim => Action::Assign,
                Action::Assign => Action::Reclaim,
            },
            basis: Basis::Undo { plan: plan.hash },
            made: now.trunc_subsecs(3),
            accounts: plan.head.accounts,
            products: Vec::new(),
        })
    }

    /// Hands a row to `sink` for each seat that the run of this ledger changed.
    ///
    /// # Errors
    /// The ledger cannot be read, or the sink fails.
    pub fn undo_into(ledger: &dyn Ledger, sink: &mut dyn RowSink) -> Result<(), PlanError> {
        undo::plan_undo(ledger, sink)
    }

    /// Plans to give back what the run of this ledger took.
    ///
    /// # Errors
    /// The ledger cannot be read, or has no plan.
    pub fn undo(ledger: &dyn Ledger, now: DateTime<Utc>) -> Result<Plan, PlanError> {
        let mut rows = Vec::new();
        Self::undo_into(ledger, &mut rows)?;
        Ok(Plan {
            head: Self::undo_head(ledger, now)?,
            rows,
        })
    }
}
