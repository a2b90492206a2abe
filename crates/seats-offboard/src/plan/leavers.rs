//! Plans the seats of the people on a list.

use std::collections::{BTreeSet, HashMap};
use std::num::NonZeroUsize;
use std::sync::Arc;

use futures_util::{StreamExt, stream};

use super::matching::{Fit, PeopleIndex};
use super::{HeldSeat, PlanError, Row, RowSink, UndecidedReason};
use crate::people::{People, Person};
use crate::vendor::{Found, Lookup, Product, Vendor, VendorErrorKind};

/// How far a plan has come.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlanProgress {
    /// The holders of a product are being listed.
    Holders {
        /// The product.
        product: Product,
        /// How many have come.
        read: u64,
    },
    /// The people are being looked up.
    People {
        /// How many were.
        done: usize,
        /// How many there are.
        total: usize,
    },
}

/// How many holders come between two reports of progress.
pub(super) const PROGRESS_STEP: u64 = 500;

/// Finds the seats that the people hold, and hands a row of each to `sink`: by person in the order of the
/// list, then what cannot be used. It only reads.
///
/// A vendor that lists by product is read once for each product, whatever the number of people. Vendors that
/// list by person are asked about `concurrency` people at once.
///
/// # Errors
/// A vendor cannot be read, or the sink fails.
pub(super) async fn plan_leavers(
    people: &People,
    vendors: &[Arc<dyn Vendor>],
    concurrency: NonZeroUsize,
    sink: &mut dyn RowSink,
    progress: &mut (dyn FnMut(PlanProgress) + Send),
) -> Result<(), PlanError> {
    let mut found = Listed::default();
    let index = PeopleIndex::new(&people.people);
    let mut asked: Vec<Asked> = Vec::new();
    for vendor in vendors {
        match vendor.lookup() {
            Lookup::ByProduct => found.list(vendor.as_ref(), &index, progress).await?,
            Lookup::ByPerson => asked.push(Asked::new(Arc::clone(vendor)).await?),
        }
    }
    let asked = &asked;
    let look_up = |person| async move {
        let mut seats = PersonSeats::default();
        for vendor in asked {
            vendor.look_up(person, &mut seats).await?;
        }
        Ok::<_, PlanError>(seats)
    };
    let mut look_ups = stream::iter(&people.people)
        .map(look_up)
        .buffered(concurrency.get());
    let total = people.people.len();
    for (place, person) in people.people.iter().enumerate() {
        let Some(seats) = look_ups.next().await else {
            break;
        };
        let rows = person_rows(
            person,
            &people.people,
            found.of_person(place),
            seats?,
            asked.len(),
        );
        rows.into_iter().try_for_each(|row| sink.take(row))?;
        progress(PlanProgress::People {
            done: place + 1,
            total,
        });
    }
    for unusable in &people.unusable {
        sink.take(Row::Unusable {
            line: unusable.line,
            text: unusable.text.clone(),
            why: unusable.reason.clone(),
        })?;
    }
    Ok(())
}

/// A seat that a list of holders has for one of the people.
struct Listing {
    seat: HeldSeat,
    is_by_id: bool,
    /// Another person who matches as well.
    other: Option<usize>,
    reclaimable: bool,
}

/// What the lists of holders have for the people, by their place.
#[derive(Default)]
struct Listed(HashMap<usize, Vec<Listing>>);

impl Listed {
    async fn list(
        &mut self,
        vendor: &dyn Vendor,
        index: &PeopleIndex,
        progress: &mut (dyn FnMut(PlanProgress) + Send),
    ) -> Result<(), PlanError> {
        let of_vendor = |error| PlanError::Vendor {
            vendor: vendor.account().vendor,
            error,
        };
        for offer in vendor.products().await.map_err(of_vendor)? {
            let product = offer.product;
            let mut read: u64 = 0;
            let mut holders = vendor.holders(&product);
            while let Some(holder) = holders.next().await {
                let holder = holder.map_err(of_vendor)?;
                read += 1;
                if read.is_multiple_of(PROGRESS_STEP) {
                    progress(PlanProgress::Holders {
                        product: product.clone(),
                        read,
                    });
                }
                let (place, other, is_by_id) = match index.fit(&holder.identities) {
                    Fit::Nobody => continue,
                    Fit::ById(place) => (place, None, true),
                    Fit::ByName(place) => (place, None, false),
                    Fit::Several(place, other) => (place, Some(other), false),
                };
                let listing = Listing {
                    is_by_id,
                    other,
                    // A holder whom the vendor lists without an id cannot be named in a call.
                    reclaimable: offer.reclaimable && holder.user.is_some(),
                    seat: HeldSeat {
                        product: product.clone(),
                        user: holder.user.unwrap_or_default(),
                        held_since: holder.held_since,
                    },
                };
                self.0.entry(place).or_default().push(listing);
            }
        }
        Ok(())
    }

    fn of_person(&mut self, place: usize) -> Vec<Listing> {
        self.0.remove(&place).unwrap_or_default()
    }
}

/// What vendors that list by person say about a person.
#[derive(Default)]
struct PersonSeats {
    seats: Vec<PersonSeat>,
    undecided: Vec<UndecidedReason>,
    /// How many vendors know the person.
    known: usize,
}

/// A seat that a vendor lists for a person.
struct PersonSeat {
    seat: HeldSeat,
    holder: Option<String>,
    reclaimable: bool,
}

impl PersonSeat {
    /// Whether it is the same seat: two identities of a person may be two names of one user.
    fn is_same(&self, other: &Self) -> bool {
        let same_holder = match (&self.holder, &other.holder) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        };
        self.seat.product == other.seat.product && same_holder
    }
}

/// A vendor that lists by person.
struct Asked {
    vendor: Arc<dyn Vendor>,
    not_reclaimable: BTreeSet<Product>,
}

impl Asked {
    async fn new(vendor: Arc<dyn Vendor>) -> Result<Self, PlanError> {
        let offers = vendor.products().await.map_err(|error| PlanError::Vendor {
            vendor: vendor.account().vendor,
            error,
        })?;
        let not_reclaimable = offers.into_iter().filter(|offer| !offer.reclaimable);
        Ok(Self {
            not_reclaimable: not_reclaimable.map(|offer| offer.product).collect(),
            vendor,
        })
    }

    async fn look_up(&self, person: &Person, seats: &mut PersonSeats) -> Result<(), PlanError> {
        let mut is_known = false;
        for identity in &person.identities {
            let found = match self.vendor.seats_of(identity).await {
                Ok(Found::Seats(found)) => found,
                Ok(Found::Nobody | Found::NotApplicable) => continue,
                Err(error) if error.kind() == VendorErrorKind::Refused => {
                    let message = error.to_string();
                    seats
                        .undecided
                        .push(UndecidedReason::VendorRefused { message });
                    continue;
                }
                Err(error) => {
                    let vendor = self.vendor.account().vendor;
                    return Err(PlanError::Vendor { vendor, error });
                }
            };
            is_known = true;
            for found in found {
                let Some(product) = found.product else {
                    seats.undecided.push(UndecidedReason::NoProduct);
                    continue;
                };
                let seat = PersonSeat {
                    reclaimable: !self.not_reclaimable.contains(&product),
                    holder: found.holder,
                    seat: HeldSeat {
                        product,
                        user: found.user,
                        held_since: found.held_since,
                    },
                };
                if !seats.seats.iter().any(|known| known.is_same(&seat)) {
                    seats.seats.push(seat);
                }
            }
        }
        seats.known += usize::from(is_known);
        Ok(())
    }
}

/// The rows of a person.
fn person_rows(
    person: &Person,
    people: &[Person],
    listed: Vec<Listing>,
    found: PersonSeats,
    asked: usize,
) -> Vec<Row> {
    // If several users of a vendor share a name, it does not identify one of them.
    let users = |product: &Product| {
        let by_name = listed
            .iter()
            .filter(|it| it.seat.product.vendor == product.vendor);
        by_name
            .map(|it| it.seat.user.clone())
            .collect::<BTreeSet<_>>()
            .len()
    };
    let mut rows = Vec::new();
    let undecided = |seat: Option<HeldSeat>, why| Row::NotDecided {
        person: Some(person.clone()),
        seat,
        why,
    };
    for listing in &listed {
        let seat = listing.seat.clone();
        let count = users(&seat.product);
        rows.push(match listing.other.map(|other| &people[other]) {
            Some(other) => {
                let other = other.label().to_owned();
                undecided(Some(seat), UndecidedReason::AmbiguousPerson { other })
            }
            None if !listing.is_by_id && count > 1 => {
                let why = UndecidedReason::AmbiguousUser {
                    users: count as u64,
                };
                undecided(Some(seat), why)
            }
            None if seat.user.is_empty() => undecided(None, UndecidedReason::NotComparable),
            None if !listing.reclaimable => undecided(Some(seat), UndecidedReason::NotReclaimable),
            None => Row::Change {
                person: person.clone(),
                seat,
            },
        });
    }
    for PersonSeat {
        seat, reclaimable, ..
    } in found.seats
    {
        rows.push(if reclaimable {
            Row::Change {
                person: person.clone(),
                seat,
            }
        } else {
            undecided(Some(seat), UndecidedReason::NotReclaimable)
        });
    }
    rows.extend(found.undecided.into_iter().map(|why| undecided(None, why)));
    if rows.is_empty() {
        let person = person.clone();
        rows.push(if asked > 0 && found.known == 0 {
            Row::NotFound { person }
        } else {
            Row::NothingHeld { person }
        });
    }
    rows
}
