//! Plans the seats of all holders who are not on a list.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use futures_util::StreamExt;

use super::leavers::PROGRESS_STEP;
use super::matching::{Fit, PeopleIndex};
use super::{HeldSeat, PlanError, PlanProgress, Row, RowSink, UndecidedReason};
use crate::people::{Identity, IdentityKind, People, Person, UnusableReason};
use crate::vendor::{Holder, Product, Vendor};

/// The largest share of a product's seats that a plan may take, from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct MaxShare(f64);

impl Default for MaxShare {
    /// A fifth.
    fn default() -> Self {
        Self(0.2)
    }
}

impl MaxShare {
    /// Returns the share as a number from 0 to 1.
    pub fn get(self) -> f64 {
        self.0
    }

    /// Whether so many seats of so many are more than the share.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a share needs no more precision"
    )]
    fn is_exceeded(self, seats: u64, of: u64) -> bool {
        seats > 0 && seats as f64 > self.0 * of as f64
    }
}

impl fmt::Display for MaxShare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.0 * 100.0)
    }
}

impl FromStr for MaxShare {
    type Err = String;

    /// Reads a percentage, such as `20%`, or a number from 0 to 1.
    fn from_str(text: &str) -> Result<Self, String> {
        let (number, scale) = match text.strip_suffix('%') {
            Some(number) => (number.trim(), 100.0),
            None => (text.trim(), 1.0),
        };
        let share = number.parse::<f64>().ok().map(|share| share / scale);
        share
            .filter(|share| (0.0..=1.0).contains(share))
            .map(Self)
            .ok_or_else(|| {
                "must be a percentage from 0% to 100%, or a number from 0 to 1".to_owned()
            })
    }
}

/// How many seats of a product a plan would take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductShare {
    /// The product.
    pub product: Product,
    /// The seats whose holder is not on the list.
    pub seats: u64,
    /// All seats that are held.
    pub held: u64,
}

/// The message about a plan that would take too many seats.
pub(super) fn too_many(most: &MaxShare, products: &[ProductShare]) -> String {
    let exceeded = products
        .iter()
        .filter(|it| most.is_exceeded(it.seats, it.held));
    let counts: Vec<String> = exceeded
        .map(|it| {
            format!(
                "{} {}: {} of {} seats",
                it.product.vendor, it.product, it.seats, it.held
            )
        })
        .collect();
    format!(
        "the plan would take more than {most} of the seats of a product ({}); is the list of people who are here complete? (if so, allow it with --max-share)",
        counts.join(", ")
    )
}

/// Finds the seats whose holder is not one of the people who are here, and hands a row of each to `sink`. It
/// only reads.
///
/// A holder whom the vendor names in no way by which the list knows every person is not decided: it may be
/// any of them. The rows must be dropped if this fails.
///
/// # Errors
/// A vendor cannot be read, the list has lines that cannot be used, the plan would take more than `most` of
/// a product's seats, or the sink fails.
pub(super) async fn plan_everyone_except(
    staff: &People,
    vendors: &[Arc<dyn Vendor>],
    most: MaxShare,
    sink: &mut dyn RowSink,
    progress: &mut (dyn FnMut(PlanProgress) + Send),
) -> Result<(), PlanError> {
    let harmless = |reason: &UnusableReason| matches!(reason, UnusableReason::Twice { .. });
    let mut harmful = staff.unusable.iter().filter(|it| !harmless(&it.reason));
    if let Some(first) = harmful.next() {
        return Err(PlanError::UnusableStaff {
            count: 1 + harmful.count(),
            first: first.line,
            reason: first.reason.clone(),
        });
    }
    let comparison = Comparison::new(&staff.people);
    let mut shares = Vec::new();
    for vendor in vendors {
        let of_vendor = |error| PlanError::Vendor {
            vendor: vendor.account().vendor,
            error,
        };
        for offer in vendor.products().await.map_err(of_vendor)? {
            // The Store does not list the seats of a product with an offline license.
            if !offer.reclaimable {
                continue;
            }
            let product = offer.product;
            let mut share = ProductShare {
                product: product.clone(),
                seats: 0,
                held: 0,
            };
            let mut holders = vendor.holders(&product);
            while let Some(holder) = holders.next().await {
                share.held += 1;
                if share.held.is_multiple_of(PROGRESS_STEP) {
                    progress(PlanProgress::Holders {
                        product: product.clone(),
                        read: share.held,
                    });
                }
                let holder = holder.map_err(of_vendor)?;
                if let Some(row) = comparison.row(holder, &product) {
                    share.seats += u64::from(matches!(row, Row::Change { .. }));
                    sink.take(row)?;
                }
            }
            shares.push(share);
        }
    }
    if shares.iter().any(|it| most.is_exceeded(it.seats, it.held)) {
        return Err(PlanError::TooManySeats {
            most,
            products: shares,
        });
    }
    Ok(())
}

/// Compares holders with the people who are here.
struct Comparison {
    index: PeopleIndex,
    /// Whether every person has an identity of this kind, so that a holder without a match is
    /// known not to be on the list.
    names: bool,
    datadog_ids: bool,
    object_ids: bool,
}

impl Comparison {
    fn new(staff: &[Person]) -> Self {
        let each_has = |kinds: &[IdentityKind]| {
            let has = |it: &Identity| kinds.contains(&it.kind);
            !staff.is_empty() && staff.iter().all(|person| person.identities.iter().any(has))
        };
        Self {
            index: PeopleIndex::new(staff),
            names: each_has(&[IdentityKind::Name]),
            datadog_ids: each_has(&[IdentityKind::DatadogId]),
            object_ids: each_has(&[IdentityKind::ObjectId]),
        }
    }

    fn is_comparable(&self, identity: &Identity) -> bool {
        match identity.kind {
            IdentityKind::Name => self.names,
            IdentityKind::DatadogId => self.datadog_ids,
            IdentityKind::ObjectId => self.object_ids,
            IdentityKind::Id => false,
        }
    }

    /// The row of a holder; none if the holder is on the list.
    fn row(&self, holder: Holder, product: &Product) -> Option<Row> {
        if self.index.fit(&holder.identities) != Fit::Nobody {
            return None;
        }
        let is_comparable = holder.identities.iter().any(|it| self.is_comparable(it));
        let person = (!holder.identities.is_empty()).then_some(Person {
            line: None,
            name: None,
            identities: holder.identities,
        });
        let seat = holder.user.map(|user| HeldSeat {
            product: product.clone(),
            user,
            held_since: holder.held_since,
        });
        Some(match (person, seat) {
            (Some(person), Some(seat)) if is_comparable => Row::Change { person, seat },
            (person, seat) => Row::NotDecided {
                why: UndecidedReason::NotComparable,
                person,
                seat,
            },
        })
    }
}
