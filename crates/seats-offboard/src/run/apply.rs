//! Brings a plan into a ledger, after checks.

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::event::Counts;
use crate::ledger::{Ledger, LedgerError, LedgerPlan};
use crate::plan::{PlanEnd, PlanHead, PlanReadError, read_plan};
use crate::vendor::{Account, Vendor};

/// How far ahead of this clock a plan may have been made: clocks differ a little.
const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// The checks that a plan has to pass before it is applied.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Checks {
    /// The accounts of the vendors of the run.
    pub accounts: Vec<Account>,
    /// How old the plan may be; 24 hours by default.
    pub max_age: Duration,
    /// The time.
    pub now: DateTime<Utc>,
}

impl Checks {
    /// Creates checks against these vendors, now.
    pub fn new(vendors: &[Arc<dyn Vendor>]) -> Self {
        Self {
            accounts: vendors.iter().map(|vendor| vendor.account()).collect(),
            max_age: Duration::from_secs(24 * 60 * 60),
            now: Utc::now(),
        }
    }
}

/// Error from bringing a plan into a ledger. Nothing was sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApplyError {
    /// The plan cannot be read, or was changed.
    #[error(transparent)]
    Plan(#[from] PlanReadError),
    /// The ledger cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The ledger belongs to another plan.
    #[error(
        "the ledger belongs to another plan, made {made}; name another ledger, or apply that plan"
    )]
    OtherPlan {
        /// When that plan was made.
        made: DateTime<Utc>,
    },
    /// The plan is too old: who holds what may have changed.
    #[error("the plan was made {made}, more than {} ago; make a new plan, or allow it with --max-age", humantime::format_duration(*.max_age))]
    TooOld {
        /// When the plan was made.
        made: DateTime<Utc>,
        /// How old it may be.
        max_age: Duration,
    },
    /// The plan was made in the future.
    #[error(
        "the plan was made {made}, and it is {now} now: the clock of this machine, or of the one that made the plan, is wrong"
    )]
    FromTheFuture {
        /// When the plan was made.
        made: DateTime<Utc>,
        /// The time.
        now: DateTime<Utc>,
    },
    /// The plan was made against another account.
    #[error("the plan was made for {planned}, and {}", .actual.as_ref().map_or("no credentials for it are set".to_owned(), |actual| format!("the credentials are for {actual}")))]
    OtherAccount {
        /// The plan's account.
        planned: Box<Account>,
        /// The account of the vendor in this run.
        actual: Option<Box<Account>>,
    },
}

/// A plan that is in its ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    /// The plan.
    pub plan: PlanEnd,
    /// How many of its rows are in each state.
    pub counts: Counts,
    /// Whether the ledger had the plan already: the run goes on where an earlier one ended.
    pub is_resumed: bool,
}

/// Reads a plan, checks it, and brings its rows into the ledger, unless they are there already. It does so row
/// by row: a plan of very many rows takes little memory. A plan that is refused leaves nothing in the ledger.
///
/// # Errors
/// The plan cannot be read, was changed, or does not meet the checks; or the ledger belongs to another plan or
/// cannot be written.
pub fn prepare(
    document: impl Read,
    ledger: &dyn Ledger,
    checks: &Checks,
) -> Result<Applied, ApplyError> {
    let known = ledger.plan()?;
    let plan = match &known {
        None => {
            let mut load = ledger.load()?;
            let plan = read_plan(document, &mut |row| load.row(&row))?;
            check(&plan.head, checks)?;
            load.commit(&LedgerPlan {
                head: plan.head.clone(),
                hash: plan.hash.clone(),
            })?;
            plan
        }
        Some(known) => {
            let plan = read_plan(document, &mut |_| Ok(()))?;
            if plan.hash != known.hash {
                return Err(ApplyError::OtherPlan {
                    made: known.head.made,
                });
            }
            check(&plan.head, checks)?;
            plan
        }
    };
    let mut counts = Counts::default();
    for (state, rows) in ledger.products()?.into_values().flatten() {
        counts.add(state, rows);
    }
    Ok(Applied {
        plan,
        counts,
        is_resumed: known.is_some(),
    })
}

fn check(head: &PlanHead, checks: &Checks) -> Result<(), ApplyError> {
    for planned in &head.accounts {
        let actual = checks
            .accounts
            .iter()
            .find(|account| account.vendor == planned.vendor);
        if !actual.is_some_and(|actual| actual.fits(planned)) {
            return Err(ApplyError::OtherAccount {
                planned: Box::new(planned.clone()),
                actual: actual.cloned().map(Box::new),
            });
        }
    }
    let age = checks.now - head.made;
    if age < -AHEAD {
        return Err(ApplyError::FromTheFuture {
            made: head.made,
            now: checks.now,
        });
    }
    // A negative age is none.
    if age.to_std().unwrap_or_default() > checks.max_age {
        return Err(ApplyError::TooOld {
            made: head.made,
            max_age: checks.max_age,
        });
    }
    Ok(())
}
