//! The events of a run, as a stream that also drives it.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};

use futures_util::future::{self, BoxFuture};
use futures_util::{FutureExt, Stream, StreamExt};
use tokio::sync::mpsc;

use super::context::Context;
use super::event::{Event, RunEnd, StopReason};
use super::{RunError, settle, work};
use crate::ledger::Session;
use crate::vendor::{Account, Action, Vendor, VendorName};

/// The events of a run: a lazy [`Stream`], which drives the run while it is polled. It ends after
/// [`Event::Finished`], or after an error.
///
/// Dropping it ends the run at once; so does [`abandon`](Self::abandon). Requests in flight may still be
/// applied, and the next run on the ledger reads what became of them.
#[must_use = "nothing is sent until the events are polled"]
pub struct Events {
    context: Arc<Context>,
    driver: Option<BoxFuture<'static, Result<RunEnd, RunError>>>,
    receiver: mpsc::UnboundedReceiver<Event>,
    end: Option<Result<RunEnd, RunError>>,
}

impl Events {
    pub(super) fn new(
        context: Arc<Context>,
        vendors: Vec<Arc<dyn Vendor>>,
        receiver: mpsc::UnboundedReceiver<Event>,
    ) -> Self {
        Self {
            driver: Some(drive(Arc::clone(&context), vendors).boxed()),
            context,
            receiver,
            end: None,
        }
    }

    /// Begins no more rows. What is under way is finished and settled, then the stream ends.
    pub fn stop(&self) {
        self.context.stop(StopReason::Requested);
    }

    /// Ends at once, without waiting for requests in flight. What became of them is read by the next run.
    pub fn abandon(&mut self) {
        self.stop();
        self.driver = None;
    }

    /// Returns the next event; none at the end.
    pub async fn next(&mut self) -> Option<Result<Event, RunError>> {
        StreamExt::next(self).await
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events")
            .field("is_running", &self.driver.is_some())
            .finish_non_exhaustive()
    }
}

impl Unpin for Events {}

impl Stream for Events {
    type Item = Result<Event, RunError>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        if let Some(driver) = &mut self.driver
            && let Poll::Ready(end) = driver.poll_unpin(task)
        {
            self.driver = None;
            self.end = Some(end);
        }
        if self.driver.is_none() {
            // All events were sent. A poll may leave some for a later one, and would be taken for the end.
            return match self.receiver.try_recv() {
                Ok(event) => Poll::Ready(Some(Ok(event))),
                Err(_) => Poll::Ready(self.end.take().map(|end| end.map(Event::Finished))),
            };
        }
        match self.receiver.poll_recv(task) {
            Poll::Ready(Some(event)) => Poll::Ready(Some(Ok(event))),
            _ => Poll::Pending,
        }
    }
}

/// Runs to the end.
async fn drive(context: Arc<Context>, vendors: Vec<Arc<dyn Vendor>>) -> Result<RunEnd, RunError> {
    let plan = context.ledger.plan()?.ok_or(RunError::NoPlan)?;
    let vendors = by_name(vendors, &plan.head.accounts)?;
    context.ledger.begin_session(&Session {
        operator: context.options.operator.clone(),
        began: context.now(),
        program: context.options.program.clone(),
    })?;
    context.tell(Event::Began(context.counts()?));
    let passes = vendors
        .into_iter()
        .map(|vendor| pass(&context, vendor, plan.head.action));
    let ends = future::join_all(passes).await;
    ends.into_iter().collect::<Result<(), _>>()?;
    let end = RunEnd {
        counts: context.counts()?,
        stopped: context.stop_reason(),
    };
    let word = end
        .stopped
        .as_ref()
        .map_or("finished".to_owned(), ToString::to_string);
    context.ledger.end_session(context.now(), &word)?;
    Ok(end)
}

/// The vendors of the plan's accounts.
fn by_name(
    vendors: Vec<Arc<dyn Vendor>>,
    accounts: &[Account],
) -> Result<Vec<Arc<dyn Vendor>>, RunError> {
    let named = vendors
        .into_iter()
        .map(|vendor| (vendor.account().vendor, vendor));
    let mut named: BTreeMap<VendorName, _> = named.collect();
    let vendor = |account: &Account| {
        named
            .remove(&account.vendor)
            .ok_or_else(|| RunError::NoVendor(account.clone()))
    };
    accounts.iter().map(vendor).collect()
}

/// How often a row is begun at most in a run, if reading shows that nothing changed.
const ROUNDS: u32 = 3;

/// Does the rows of a vendor: first those of which an earlier run did not know what became of them.
async fn pass(
    context: &Arc<Context>,
    vendor: Arc<dyn Vendor>,
    action: Action,
) -> Result<(), RunError> {
    let vendor = work::VendorRun::new(Arc::clone(context), vendor, action);
    settle::settle(&vendor, true).await?;
    for round in 1..=ROUNDS {
        vendor.work(round == 1).await?;
        let may_redo = round < ROUNDS && vendor.may_send();
        if settle::settle(&vendor, may_redo).await? == 0 {
            break;
        }
    }
    Ok(())
}
