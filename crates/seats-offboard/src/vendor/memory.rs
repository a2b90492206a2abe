//! A vendor in memory, for tests of code that uses this crate.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, StreamExt};

use super::{
    Account, Action, CallEnd, CallReport, Found, FoundSeat, Holder, Lookup, Product, ProductOffer,
    Vendor, VendorError, VendorErrorKind, VendorName,
};
use crate::people::{Identity, IdentityKind};

/// A vendor in memory, whose users are known by one name each.
///
/// ```
/// use seats_offboard::{Lookup, MemoryVendor};
///
/// let vendor = MemoryVendor::new("example", Lookup::ByPerson);
/// vendor.seat("editor", "ada@contoso.example");
/// assert!(vendor.is_held("editor", "ada@contoso.example"));
/// ```
#[derive(Debug)]
pub struct MemoryVendor {
    name: VendorName,
    lookup: Lookup,
    bulk: Option<NonZeroUsize>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    directory: BTreeSet<String>,
    seats: BTreeMap<String, BTreeSet<String>>,
    scripts: HashMap<String, VecDeque<CallEnd>>,
    unapplied: BTreeSet<String>,
    denied: bool,
    latency: Duration,
    reads: Option<VendorErrorKind>,
    calls: Vec<(Action, String, Vec<String>)>,
}

impl MemoryVendor {
    /// Creates a vendor without seats.
    pub fn new(name: &'static str, lookup: Lookup) -> Self {
        Self {
            name: VendorName::new(name),
            lookup,
            bulk: None,
            state: Mutex::default(),
        }
    }

    /// Sets how many users a call takes.
    #[must_use]
    pub fn with_bulk(mut self, size: NonZeroUsize) -> Self {
        self.bulk = Some(size);
        self
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives a user a seat.
    pub fn seat(&self, product: &str, user: &str) {
        let mut state = self.state();
        state.directory.insert(user.to_owned());
        let seats = state.seats.entry(product.to_owned()).or_default();
        seats.insert(user.to_owned());
    }

    /// Adds a user who holds nothing.
    pub fn user(&self, user: &str) {
        self.state().directory.insert(user.to_owned());
    }

    /// Makes the next change for this user end like this. `Unknown` applies the change and loses the
    /// response.
    pub fn script(&self, user: &str, end: CallEnd) {
        let mut state = self.state();
        let script = state.scripts.entry(user.to_owned()).or_default();
        script.push_back(end);
    }

    /// Makes an `Unknown` of this user not be applied.
    pub fn lose_request(&self, user: &str) {
        self.script(user, CallEnd::Unknown);
        self.state().unapplied.insert(user.to_owned());
    }

    /// Refuses every further change as not allowed, or stops refusing.
    pub fn deny(&self, denied: bool) {
        self.state().denied = denied;
    }

    /// Makes every further read fail, or stops it.
    pub fn fail_reads(&self, kind: Option<VendorErrorKind>) {
        self.state().reads = kind;
    }

    /// Lets each change take this long.
    pub fn set_latency(&self, latency: Duration) {
        self.state().latency = latency;
    }

    /// Returns whether a user holds a seat.
    pub fn is_held(&self, product: &str, user: &str) -> bool {
        self.state()
            .seats
            .get(product)
            .is_some_and(|seats| seats.contains(user))
    }

    /// Returns the changes that were asked for, in their order: the action, the product and the users.
    pub fn calls(&self) -> Vec<(Action, String, Vec<String>)> {
        self.state().calls.clone()
    }

    fn product(&self, id: &str) -> Product {
        Product {
            vendor: self.name.clone(),
            id: id.to_owned(),
            sku: None,
        }
    }

    fn read_error(&self) -> Option<VendorError> {
        let kind = self.state().reads?;
        Some(VendorError::new(kind, "the vendor cannot be read"))
    }

    fn change_one(&self, action: Action, product: &str, user: &str) -> CallReport {
        let mut state = self.state();
        if state.denied {
            let mut report = CallReport::new(CallEnd::Failed).with_message("not allowed");
            report.access_denied = true;
            return report;
        }
        let scripted = state.scripts.get_mut(user).and_then(VecDeque::pop_front);
        match scripted {
            Some(CallEnd::Unknown) => {}
            Some(end) => return CallReport::new(end).with_message("as scripted"),
            None => {}
        }
        let is_lost = scripted.is_some();
        if is_lost && state.unapplied.remove(user) {
            return CallReport::new(CallEnd::Unknown).with_message("the response was lost");
        }
        let seats = state.seats.entry(product.to_owned()).or_default();
        let changed = match action {
            Action::Reclaim => seats.remove(user),
            Action::Assign => seats.insert(user.to_owned()),
        };
        match (is_lost, changed) {
            (true, _) => CallReport::new(CallEnd::Unknown).with_message("the response was lost"),
            (false, true) => CallReport::new(CallEnd::Done),
            (false, false) => CallReport::new(CallEnd::AlreadySo),
        }
    }
}

impl Vendor for MemoryVendor {
    fn account(&self) -> Account {
        Account {
            vendor: self.name.clone(),
            url: format!("memory:{}", self.name),
            tenant: None,
        }
    }

    fn lookup(&self) -> Lookup {
        self.lookup
    }

    fn products(&self) -> BoxFuture<'_, Result<Vec<ProductOffer>, VendorError>> {
        let offer = |id: &String| ProductOffer {
            product: self.product(id),
            reclaimable: true,
        };
        let offers = self.state().seats.keys().map(offer).collect();
        let result = self.read_error().map_or(Ok(offers), Err);
        async { result }.boxed()
    }

    fn holders<'a>(&'a self, product: &'a Product) -> BoxStream<'a, Result<Holder, VendorError>> {
        if let Some(error) = self.read_error() {
            return stream::iter([Err(error)]).boxed();
        }
        let seats = self
            .state()
            .seats
            .get(&product.id)
            .cloned()
            .unwrap_or_default();
        stream::iter(seats.into_iter().map(|user| {
            Ok(Holder {
                identities: vec![Identity {
                    kind: IdentityKind::Name,
                    value: user.clone(),
                }],
                user: Some(user),
                held_since: None,
            })
        }))
        .boxed()
    }

    fn seats_of<'a>(&'a self, identity: &'a Identity) -> BoxFuture<'a, Result<Found, VendorError>> {
        async move {
            if let Some(error) = self.read_error() {
                return Err(error);
            }
            let state = self.state();
            if !state.directory.contains(&identity.value) {
                return Ok(Found::Nobody);
            }
            let held = state
                .seats
                .iter()
                .filter(|(_, users)| users.contains(&identity.value));
            let seat = |(id, _): (&String, _)| FoundSeat {
                product: Some(self.product(id)),
                user: identity.value.clone(),
                holder: None,
                held_since: None,
            };
            Ok(Found::Seats(held.map(seat).collect()))
        }
        .boxed()
    }

    fn holds<'a>(
        &'a self,
        product: &'a Product,
        users: &'a [String],
    ) -> BoxFuture<'a, Vec<Result<bool, VendorError>>> {
        let read = |user: &String| match self.read_error() {
            Some(error) => Err(error),
            None => Ok(self.is_held(&product.id, user)),
        };
        let held = users.iter().map(read).collect();
        async { held }.boxed()
    }

    fn change<'a>(
        &'a self,
        action: Action,
        product: &'a Product,
        users: &'a [String],
    ) -> BoxFuture<'a, Vec<CallReport>> {
        async move {
            let latency = {
                let mut state = self.state();
                let call = (action, product.id.clone(), users.to_vec());
                state.calls.push(call);
                state.latency
            };
            if !latency.is_zero() {
                tokio::time::sleep(latency).await;
            }
            let change = |user: &String| self.change_one(action, &product.id, user);
            users.iter().map(change).collect()
        }
        .boxed()
    }

    fn bulk_size(&self) -> Option<NonZeroUsize> {
        self.bulk
    }
}
