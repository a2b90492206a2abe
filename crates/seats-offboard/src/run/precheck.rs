//! Reads, before rows are begun, which of them need no call: a response may not tell it afterwards.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use futures_util::StreamExt;

use super::context::{LOST, Settled};
use crate::ledger::{LedgerRow, RowOutcome};
use crate::vendor::{Action, CallEnd, CallReport, Lookup, Product, Vendor, VendorError};

/// What is known about the seats of a product before its rows are begun.
pub(super) enum Precheck {
    /// The vendor's response tells whether the seat was free before.
    None,
    /// A user is read before a seat is given: giving is not known to be idempotent.
    Each,
    /// Who holds a seat, by the vendor's list.
    Listed(Holders),
}

/// The users whom a list has, as fingerprints, so that a million of them take little memory. A user who is
/// wrongly taken for one of them gets a call, which tells.
pub(super) struct Holders {
    fingerprints: HashSet<u64>,
    hasher: RandomState,
    /// Somebody in the list has no id, and may be anybody.
    has_nameless: bool,
}

impl Precheck {
    pub(super) async fn read(
        vendor: &dyn Vendor,
        action: Action,
        product: &Product,
    ) -> Result<Self, VendorError> {
        match (vendor.lookup(), action) {
            (Lookup::ByProduct, _) => {
                let mut holders = Holders {
                    fingerprints: HashSet::new(),
                    hasher: RandomState::new(),
                    has_nameless: false,
                };
                let mut list = vendor.holders(product);
                while let Some(holder) = list.next().await {
                    match holder?.user {
                        Some(user) => {
                            let fingerprint = holders.hasher.hash_one(user.as_str());
                            holders.fingerprints.insert(fingerprint);
                        }
                        None => holders.has_nameless = true,
                    }
                }
                Ok(Self::Listed(holders))
            }
            (Lookup::ByPerson, Action::Assign) => Ok(Self::Each),
            (Lookup::ByPerson, Action::Reclaim) => Ok(Self::None),
        }
    }

    /// Splits off the rows that need no call.
    pub(super) fn split(
        &self,
        action: Action,
        rows: Vec<LedgerRow>,
    ) -> (Vec<LedgerRow>, Vec<Settled>) {
        let Self::Listed(holders) = self else {
            return (rows, Vec::new());
        };
        let (mut to_do, mut done) = (Vec::new(), Vec::new());
        for row in rows {
            let is_listed = row
                .planned
                .seat()
                .is_some_and(|seat| holders.has(&seat.user));
            let outcome = match action {
                Action::Reclaim if !is_listed && !holders.has_nameless => RowOutcome::AlreadyFree,
                Action::Assign if is_listed => RowOutcome::AlreadyHeld,
                _ => {
                    to_do.push(row);
                    continue;
                }
            };
            let made = (
                RowOutcome::of_call(action, CallEnd::Done),
                Some(LOST.to_owned()),
            );
            let (outcome, note) = match row.has_lost_request() {
                true => made,
                false => (outcome, None),
            };
            done.push((row, outcome, note));
        }
        (to_do, done)
    }

    /// Reads the users of a call first. Returns reports if one of them is to get no call.
    pub(super) async fn read_each(
        &self,
        vendor: &dyn Vendor,
        action: Action,
        product: &Product,
        users: &[String],
    ) -> Option<Vec<CallReport>> {
        if !matches!(self, Self::Each) {
            return None;
        }
        let held = vendor.holds(product, users).await;
        if held.iter().all(|held| matches!(held, Ok(false))) {
            return None;
        }
        let mut reports = Vec::new();
        for (user, held) in users.iter().zip(held) {
            match held {
                Ok(true) => reports.push(CallReport::new(CallEnd::AlreadySo)),
                Ok(false) => {
                    let user = std::slice::from_ref(user);
                    reports.extend(vendor.change(action, product, user).await);
                }
                Err(error) => {
                    reports.push(CallReport::new(CallEnd::Failed).with_message(error.to_string()))
                }
            }
        }
        Some(reports)
    }
}

impl Holders {
    fn has(&self, user: &str) -> bool {
        self.fingerprints.contains(&self.hasher.hash_one(user))
    }
}
