//! The Store for Business, over the facade.

use std::num::NonZeroUsize;

use futures_util::future::{self, BoxFuture};
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, StreamExt, TryStreamExt};
use seats::store::{Client, InventoryFilter, Seat, SeatAction, SeatState};
use seats::{Error, Outcome, store};

use super::{
    Account, Action, CallEnd, CallReport, Found, FoundSeat, Holder, Lookup, Product, ProductOffer,
    Vendor, VendorError, VendorName,
};
use crate::people::{Identity, IdentityKind};

/// The Store's name in plans and ledgers.
pub const STORE: VendorName = VendorName::new("store");

/// The most rows that a page of the Store's lists has.
const PAGE: u32 = 100;

/// How many users a bulk call of the Store takes.
const BULK: NonZeroUsize = NonZeroUsize::new(25).unwrap();

/// How many seats are read at once when outcomes are settled.
const READS: usize = 8;

/// The Microsoft Store for Business.
#[derive(Clone, Debug)]
pub struct Store {
    client: Client,
    tenant: Option<String>,
}

impl Store {
    /// Creates the vendor. The tenant is that of the credentials, if it is known: a plan for one tenant is
    /// then not applied to another.
    pub fn new(client: Client, tenant: Option<String>) -> Self {
        Self { client, tenant }
    }

    fn scope(&self, product: &Product) -> Result<store::Product, Error> {
        let sku = product.sku.as_deref().unwrap_or_default();
        self.client.product(product.id.as_str(), sku)
    }

    async fn find(&self, identity: &Identity) -> Result<Found, VendorError> {
        if identity.kind == IdentityKind::DatadogId {
            return Ok(Found::NotApplicable);
        }
        let user = identity.value.as_str();
        let mut list = self.client.seats_of_user(user)?.page_size(PAGE)?;
        let mut seats = Vec::new();
        while let Some(seat) = list.next().await {
            match seat {
                Ok(seat) if is_held(&seat) => seats.push(FoundSeat {
                    product: product_of(seat.product_id(), seat.sku_id()),
                    user: user.to_owned(),
                    holder: seat.assigned_to().map(store::normalize_username),
                    held_since: seat.date_assigned_text().map(str::to_owned),
                }),
                Ok(_) => {}
                Err(error) if error.is_not_found() => return Ok(Found::Nobody),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Found::Seats(seats))
    }

    async fn change_one(&self, action: Action, product: &Product, user: &str) -> CallReport {
        let scope = match self.scope(product) {
            Ok(scope) => scope,
            Err(error) => return CallReport::of_error(&error),
        };
        CallReport::of_result(match action {
            Action::Reclaim => scope.reclaim(user).await,
            Action::Assign => scope.assign(user).await,
        })
    }

    async fn change_many(
        &self,
        action: Action,
        product: &Product,
        users: &[String],
    ) -> Vec<CallReport> {
        let action = match action {
            Action::Reclaim => SeatAction::Reclaim,
            Action::Assign => SeatAction::Assign,
        };
        let outcomes = self
            .scope(product)
            .and_then(|scope| scope.bulk(action, users.iter().map(String::as_str)));
        let outcomes: Vec<Outcome<_>> = match outcomes {
            Ok(outcomes) => outcomes.collect().await,
            Err(error) => return vec![CallReport::of_error(&error); users.len()],
        };
        // The facade merges two spellings of a user, so outcomes are found by name, not by place.
        let report = |user: &String| {
            let user = store::normalize_username(user);
            let outcome = outcomes
                .iter()
                .find(|outcome| store::normalize_username(&outcome.user) == user);
            outcome.map_or_else(
                || {
                    CallReport::new(CallEnd::Unknown)
                        .with_message("the call has no outcome for the user")
                },
                CallReport::of_outcome,
            )
        };
        users.iter().map(report).collect()
    }
}

fn is_held(seat: &Seat) -> bool {
    seat.state() != Some(SeatState::Revoked)
}

fn product_of(product: Option<&str>, sku: Option<&str>) -> Option<Product> {
    Some(Product {
        vendor: STORE,
        id: product?.to_owned(),
        sku: Some(sku?.to_owned()),
    })
}

fn holder(seat: &Seat) -> Holder {
    let user = seat.assigned_to().map(|user| bare(user).to_owned());
    let identity = user.as_deref().map(|user| Identity {
        kind: if user.parse::<uuid::Uuid>().is_ok() {
            IdentityKind::ObjectId
        } else {
            IdentityKind::Name
        },
        value: user.to_owned(),
    });
    Holder {
        identities: identity.into_iter().collect(),
        held_since: seat.date_assigned_text().map(str::to_owned),
        user,
    }
}

/// The Store has been seen to put braces around an object id that it takes without them.
fn bare(user: &str) -> &str {
    let user = user.trim();
    let inner = user
        .strip_prefix('{')
        .and_then(|user| user.strip_suffix('}'));
    inner.unwrap_or(user)
}

impl Vendor for Store {
    fn account(&self) -> Account {
        Account {
            vendor: STORE,
            url: self.client.base_url().to_owned(),
            tenant: self.tenant.clone(),
        }
    }

    fn lookup(&self) -> Lookup {
        Lookup::ByPerson
    }

    fn products(&self) -> BoxFuture<'_, Result<Vec<ProductOffer>, VendorError>> {
        async {
            let mut offers = Vec::new();
            let mut inventory = self
                .client
                .inventory(&InventoryFilter::new())
                .page_size(PAGE)?;
            while let Some(entry) = inventory.next().await {
                let entry = entry?;
                if let Some(product) = product_of(entry.product_id(), entry.sku_id()) {
                    let license = entry.license_type_text().unwrap_or_default();
                    offers.push(ProductOffer {
                        product,
                        reclaimable: !license.eq_ignore_ascii_case("offline"),
                    });
                }
            }
            Ok(offers)
        }
        .boxed()
    }

    fn holders<'a>(&'a self, product: &'a Product) -> BoxStream<'a, Result<Holder, VendorError>> {
        let list = self
            .scope(product)
            .and_then(|scope| scope.seats().page_size(PAGE));
        match list {
            Ok(list) => list
                .try_filter(|seat| future::ready(is_held(seat)))
                .map_ok(|seat| holder(&seat))
                .map_err(VendorError::from)
                .boxed(),
            Err(error) => stream::iter([Err(error.into())]).boxed(),
        }
    }

    fn seats_of<'a>(&'a self, identity: &'a Identity) -> BoxFuture<'a, Result<Found, VendorError>> {
        self.find(identity).boxed()
    }

    fn holds<'a>(
        &'a self,
        product: &'a Product,
        users: &'a [String],
    ) -> BoxFuture<'a, Vec<Result<bool, VendorError>>> {
        let scope = match self.scope(product) {
            Ok(scope) => scope,
            Err(error) => {
                let error = VendorError::from(error);
                return future::ready(users.iter().map(|_| Err(error.clone())).collect()).boxed();
            }
        };
        let read = move |user: &'a String| {
            let scope = scope.clone();
            async move {
                let seat = scope.seat(user).await?;
                Ok(seat.is_some_and(|seat| is_held(&seat)))
            }
        };
        stream::iter(users)
            .map(read)
            .buffered(READS)
            .collect()
            .boxed()
    }

    fn change<'a>(
        &'a self,
        action: Action,
        product: &'a Product,
        users: &'a [String],
    ) -> BoxFuture<'a, Vec<CallReport>> {
        async move {
            match users {
                [user] => vec![self.change_one(action, product, user).await],
                _ => self.change_many(action, product, users).await,
            }
        }
        .boxed()
    }

    fn bulk_size(&self) -> Option<NonZeroUsize> {
        Some(BULK)
    }
}
