//! A run: applies the plan of a ledger, and goes on where an earlier run ended.

mod apply;
mod context;
mod event;
mod events;
mod options;
mod precheck;
mod settle;
mod work;

use std::sync::Arc;

use crate::ledger::{Ledger, LedgerError};
use crate::vendor::{Account, Vendor};

pub use apply::{Applied, ApplyError, Checks, prepare};
pub use event::{Counts, Event, RunEnd, StopReason};
pub use events::Events;
pub use options::RunOptions;

use self::context::Context;

/// A run of the plan in a ledger, at the vendors of its rows.
///
/// ```
/// use std::sync::Arc;
///
/// use seats_offboard::{
///     Checks, Lookup, MemoryLedger, MemoryVendor, People, PlanBuilder, Run, RunOptions, Vendor, prepare,
/// };
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let vendor = Arc::new(MemoryVendor::new("example", Lookup::ByPerson));
/// vendor.seat("editor", "ada@contoso.example");
/// let vendors: Vec<Arc<dyn Vendor>> = vec![vendor.clone()];
///
/// let people = People::of_one(["ada@contoso.example".to_owned()])?;
/// let plan = PlanBuilder::new(vendors.clone()).leavers(&people).await?;
///
/// let ledger = Arc::new(MemoryLedger::new());
/// let mut document = Vec::new();
/// plan.write(&mut document)?;
/// prepare(document.as_slice(), ledger.as_ref(), &Checks::new(&vendors))?;
///
/// let mut events = Run::new(ledger, vendors, RunOptions::default()).start();
/// while let Some(event) = events.next().await {
///     println!("{:?}", event?);
/// }
/// assert!(!vendor.is_held("editor", "ada@contoso.example"));
/// # Ok(())
/// # }
/// ```
pub struct Run {
    ledger: Arc<dyn Ledger>,
    vendors: Vec<Arc<dyn Vendor>>,
    options: RunOptions,
}

/// Error from a run. The ledger has what is known of each row.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The ledger cannot be read or written. Nothing more was sent.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The ledger has no plan.
    #[error("the ledger has no plan")]
    NoPlan,
    /// The ledger has rows of a vendor that the run does not have.
    #[error("the plan has seats of {0}, and there is no such vendor in this run")]
    NoVendor(Account),
}

impl Run {
    /// Creates a run.
    pub fn new(
        ledger: Arc<dyn Ledger>,
        vendors: Vec<Arc<dyn Vendor>>,
        options: RunOptions,
    ) -> Self {
        Self {
            ledger,
            vendors,
            options,
        }
    }

    /// Starts the run. Nothing is sent until the events are polled.
    pub fn start(self) -> Events {
        let (context, receiver) = Context::new(self.ledger, self.options);
        Events::new(context, self.vendors, receiver)
    }
}
