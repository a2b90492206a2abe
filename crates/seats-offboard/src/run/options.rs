//! The options of a run.

use std::collections::BTreeMap;
use std::fmt;
use std::num::{NonZeroU64, NonZeroUsize};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::vendor::VendorName;

/// How a run goes about its rows.
#[derive(Clone)]
#[non_exhaustive]
pub struct RunOptions {
    /// How many calls are in flight at each vendor; 8 by default.
    pub concurrency: NonZeroUsize,
    /// How many calls are in flight at these vendors, in place of `concurrency`.
    pub vendor_concurrency: BTreeMap<VendorName, NonZeroUsize>,
    /// From how many rows of a product on a vendor's call for many users is made, if it has one; never if it
    /// is not set. 50 by default.
    pub bulk_from: Option<NonZeroU64>,
    /// After how many rows that were refused, failed or are unknown the run begins no more.
    pub max_failures: Option<NonZeroU64>,
    /// The operating-system user, for the record.
    pub operator: String,
    /// The program and its version, for the record.
    pub program: String,
    /// The clock.
    pub clock: Clock,
}

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

impl Default for RunOptions {
    fn default() -> Self {
        const CONCURRENCY: NonZeroUsize = NonZeroUsize::new(8).unwrap();
        Self {
            concurrency: CONCURRENCY,
            vendor_concurrency: BTreeMap::new(),
            bulk_from: NonZeroU64::new(50),
            max_failures: None,
            operator: String::new(),
            program: concat!("seats-offboard ", env!("CARGO_PKG_VERSION")).to_owned(),
            clock: Arc::new(Utc::now),
        }
    }
}

impl RunOptions {
    /// How many calls are in flight at this vendor.
    pub(super) fn concurrency_at(&self, vendor: &VendorName) -> NonZeroUsize {
        let own = self.vendor_concurrency.get(vendor);
        own.copied().unwrap_or(self.concurrency)
    }
}

impl fmt::Debug for RunOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunOptions")
            .field("concurrency", &self.concurrency)
            .field("bulk_from", &self.bulk_from)
            .field("max_failures", &self.max_failures)
            .field("operator", &self.operator)
            .finish_non_exhaustive()
    }
}
