//! Does the rows of a vendor, several calls at a time.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::sync::Semaphore;

use super::RunError;
use super::context::Context;
use super::event::{Event, StopReason};
use super::precheck::Precheck;
use crate::ledger::{Entry, LedgerRow, RowId, RowOutcome, RowQuery, RowState};
use crate::vendor::{Action, CallReport, Product, Vendor};

/// How many rows of the ledger are read at once.
const PAGE: usize = 512;

/// The run of one vendor's rows.
pub(super) struct VendorRun {
    pub context: Arc<Context>,
    pub vendor: Arc<dyn Vendor>,
    pub action: Action,
    is_denied: AtomicBool,
    concurrency: NonZeroUsize,
    /// A permit for each call in flight.
    calls: Semaphore,
}

impl VendorRun {
    pub(super) fn new(context: Arc<Context>, vendor: Arc<dyn Vendor>, action: Action) -> Self {
        let concurrency = context.options.concurrency_at(&vendor.account().vendor);
        Self {
            calls: Semaphore::new(concurrency.get()),
            concurrency,
            context,
            vendor,
            action,
            is_denied: AtomicBool::new(false),
        }
    }

    pub(super) fn may_send(&self) -> bool {
        self.context.may_send() && !self.is_denied.load(Ordering::Relaxed)
    }

    /// The products of this vendor that have rows in one of the states, and how many.
    pub(super) fn products(&self, states: &[RowState]) -> Result<Vec<(Product, u64)>, RunError> {
        let name = self.vendor.account().vendor;
        let products = self.context.ledger.products()?.into_iter();
        let of_vendor = products.filter(|(product, _)| product.vendor == name);
        let counted = of_vendor.map(|(product, counts)| {
            let rows = states.iter().filter_map(|state| counts.get(state)).sum();
            (product, rows)
        });
        Ok(counted.filter(|(_, rows)| *rows > 0).collect())
    }

    /// Notes that the vendor refuses the caller.
    pub(super) fn deny(&self, message: &str) {
        if !self.is_denied.swap(true, Ordering::Relaxed) {
            self.context.note_stop(StopReason::AccessDenied {
                vendor: self.vendor.account().vendor,
                message: message.to_owned(),
            });
        }
    }

    /// Begins each row that was not begun; in the first round also those that failed in an earlier run.
    pub(super) async fn work(&self, is_first: bool) -> Result<(), RunError> {
        let mut states = vec![RowState::Planned];
        if is_first {
            states.push(RowState::Ended(RowOutcome::Failed));
        }
        for (product, rows) in self.products(&states)? {
            if !self.may_send() {
                break;
            }
            self.context.tell(Event::Reading {
                product: product.clone(),
            });
            match Precheck::read(&*self.vendor, self.action, &product).await {
                Ok(precheck) => {
                    self.product(&product, rows, states.clone(), &precheck)
                        .await?
                }
                Err(error) => {
                    if error.kind() == crate::vendor::VendorErrorKind::AccessDenied {
                        self.deny(&error.to_string());
                    }
                    self.context.tell(Event::Skipped { product, error });
                }
            }
        }
        Ok(())
    }

    async fn product(
        &self,
        product: &Product,
        rows: u64,
        states: Vec<RowState>,
        precheck: &Precheck,
    ) -> Result<(), RunError> {
        let is_many = self
            .context
            .options
            .bulk_from
            .is_some_and(|least| rows >= least.get());
        let size = self
            .vendor
            .bulk_size()
            .filter(|_| is_many)
            .unwrap_or(NonZeroUsize::MIN);
        let mut units = Units {
            query: RowQuery {
                product: Some(product.clone()),
                states,
                with_others: false,
            },
            after: RowId::default(),
            rows: Vec::new().into_iter(),
            size,
        };
        // Twice the concurrency, so that some intents are written while the calls before them are in flight.
        let most = self.concurrency.get().saturating_mul(2);
        let mut in_flight = FuturesUnordered::new();
        let mut failure = None;
        loop {
            while in_flight.len() < most && self.may_send() && failure.is_none() {
                match units.next(&self.context) {
                    Ok(Some(unit)) => in_flight.push(self.unit(product, unit, precheck)),
                    Ok(None) => break,
                    // The calls in flight are finished before the run ends.
                    Err(error) => failure = Some(error),
                }
            }
            match in_flight.next().await {
                None => return failure.map_or(Ok(()), Err),
                Some(Ok(())) => {}
                Some(Err(error)) => failure = failure.or(Some(error)),
            }
        }
    }

    /// Does the rows of one call: records the intent, sends the request, records the outcome.
    async fn unit(
        &self,
        product: &Product,
        unit: Vec<LedgerRow>,
        precheck: &Precheck,
    ) -> Result<(), RunError> {
        let (unit, done) = precheck.split(self.action, unit);
        self.context.settle(done).await?;
        if unit.is_empty() {
            return Ok(());
        }
        let at = self.context.now();
        let intents = unit.iter().map(|row| Entry::Intent { row: row.id, at });
        self.context.write(intents.collect()).await?;
        // The semaphore is never closed.
        let _permit = self.calls.acquire().await;
        if !self.may_send() {
            return self.release(&unit).await;
        }
        let users: Vec<String> = unit
            .iter()
            .filter_map(|row| row.planned.seat().map(|seat| seat.user.clone()))
            .collect();
        let reports = self.change(product, &users, precheck).await;
        if let Some(denied) = reports.iter().find(|report| report.access_denied) {
            self.deny(denied.message.as_deref().unwrap_or("access denied"));
        }
        self.context.end(self.action, unit, reports).await
    }

    async fn change(
        &self,
        product: &Product,
        users: &[String],
        precheck: &Precheck,
    ) -> Vec<CallReport> {
        if let Some(reports) = precheck
            .read_each(&*self.vendor, self.action, product, users)
            .await
        {
            return reports;
        }
        let mut reports = self.vendor.change(self.action, product, users).await;
        // A vendor that does not report on each user has left the others unknown.
        let unknown = || {
            CallReport::new(crate::vendor::CallEnd::Unknown)
                .with_message("the vendor's call has no outcome for the user")
        };
        reports.resize_with(users.len(), unknown);
        reports
    }

    /// Takes the intents back: nothing was sent.
    async fn release(&self, unit: &[LedgerRow]) -> Result<(), RunError> {
        if self.context.has_failed() {
            return Ok(());
        }
        // An earlier run's request may still be on its way.
        let release = |row: &LedgerRow| Entry::Release {
            row: row.id,
            may_be_sent: row.has_lost_request(),
        };
        let entries = unit.iter().map(release);
        Ok(self.context.write(entries.collect()).await?)
    }
}

/// The rows of a product, as many at a time as one call takes.
struct Units {
    query: RowQuery,
    after: RowId,
    rows: std::vec::IntoIter<LedgerRow>,
    size: NonZeroUsize,
}

impl Units {
    fn next(&mut self, context: &Context) -> Result<Option<Vec<LedgerRow>>, RunError> {
        if self.rows.len() == 0 {
            let rows = context.ledger.rows(&self.query, self.after, PAGE)?;
            if let Some(last) = rows.last() {
                self.after = last.id;
            }
            self.rows = rows.into_iter();
        }
        let unit: Vec<_> = self.rows.by_ref().take(self.size.get()).collect();
        Ok((!unit.is_empty()).then_some(unit))
    }
}
