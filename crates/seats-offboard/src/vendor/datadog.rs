//! Datadog, over the facade.

use std::collections::HashSet;

use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, StreamExt, TryStreamExt};
use seats::datadog::{Client, ProductCode, SeatUser};
use seats::{Error, Uuid};

use super::{
    Account, Action, CallReport, Holder, Lookup, Product, ProductOffer, Vendor, VendorError,
    VendorErrorKind, VendorName,
};
use crate::people::{Identity, IdentityKind};

/// Datadog's name in plans and ledgers.
pub const DATADOG: VendorName = VendorName::new("datadog");

/// How many holders a page of a list has. The vendor's default is smaller; a list of very many holders is
/// read in fewer requests.
const PAGE: u32 = 1000;

/// Datadog: the seats of products that the caller names, since the vendor does not list its products.
#[derive(Clone, Debug)]
pub struct Datadog {
    client: Client,
    products: Vec<ProductCode>,
}

impl Datadog {
    /// Creates the vendor, with the products to look at.
    pub fn new(client: Client, products: Vec<ProductCode>) -> Self {
        Self { client, products }
    }

    fn list(&self, product: &Product) -> Result<seats::Listing<SeatUser>, Error> {
        self.client.seats(product.id.as_str())?.page_size(PAGE)
    }

    async fn ids(&self, product: &Product, users: &[String]) -> Result<Holders, VendorError> {
        let wanted: HashSet<Uuid> = users.iter().filter_map(|user| user.parse().ok()).collect();
        let mut holders = Holders::default();
        let mut list = self.list(product)?;
        while let Some(user) = list.next().await {
            match user?.id() {
                Some(id) if wanted.contains(&id) => {
                    holders.listed.insert(id);
                }
                Some(_) => {}
                None => holders.has_nameless = true,
            }
        }
        Ok(holders)
    }
}

/// What the list of a product says about the users in question.
#[derive(Default)]
struct Holders {
    listed: HashSet<Uuid>,
    has_nameless: bool,
}

impl Holders {
    fn has(&self, user: &str) -> Result<bool, VendorError> {
        let unreadable = |message| VendorError::new(VendorErrorKind::Unreadable, message);
        let id: Uuid = user
            .parse()
            .map_err(|_| unreadable(format!("{user:?} is not a user id")))?;
        match (self.listed.contains(&id), self.has_nameless) {
            (false, true) => Err(unreadable(
                "the list has a user without an id, who may be this one".to_owned(),
            )),
            (listed, _) => Ok(listed),
        }
    }
}

fn holder(user: &SeatUser) -> Holder {
    let id = user.id().map(|id| id.to_string());
    let of_id = id.iter().cloned().map(|id| Identity {
        kind: IdentityKind::DatadogId,
        value: id,
    });
    let of_email = user
        .email()
        .filter(|email| !email.trim().is_empty())
        .map(|email| Identity {
            kind: IdentityKind::Name,
            value: email.to_owned(),
        });
    Holder {
        identities: of_id.chain(of_email).collect(),
        held_since: user.assigned_at().map(str::to_owned),
        user: id,
    }
}

impl Vendor for Datadog {
    fn account(&self) -> Account {
        Account {
            vendor: DATADOG,
            url: self.client.base_url().to_owned(),
            tenant: None,
        }
    }

    fn lookup(&self) -> Lookup {
        Lookup::ByProduct
    }

    fn products(&self) -> BoxFuture<'_, Result<Vec<ProductOffer>, VendorError>> {
        let offer = |code: &ProductCode| ProductOffer {
            product: Product {
                vendor: DATADOG,
                id: code.to_string(),
                sku: None,
            },
            reclaimable: true,
        };
        let offers = self.products.iter().map(offer).collect();
        async { Ok(offers) }.boxed()
    }

    fn holders<'a>(&'a self, product: &'a Product) -> BoxStream<'a, Result<Holder, VendorError>> {
        match self.list(product) {
            Ok(list) => list
                .map_ok(|user| holder(&user))
                .map_err(VendorError::from)
                .boxed(),
            Err(error) => stream::iter([Err(error.into())]).boxed(),
        }
    }

    fn holds<'a>(
        &'a self,
        product: &'a Product,
        users: &'a [String],
    ) -> BoxFuture<'a, Vec<Result<bool, VendorError>>> {
        async move {
            match self.ids(product, users).await {
                Ok(holders) => users.iter().map(|user| holders.has(user)).collect(),
                Err(error) => users.iter().map(|_| Err(error.clone())).collect(),
            }
        }
        .boxed()
    }

    fn change<'a>(
        &'a self,
        action: Action,
        product: &'a Product,
        users: &'a [String],
    ) -> BoxFuture<'a, Vec<CallReport>> {
        async move {
            let (product, ids) = (product.id.as_str(), users.iter().map(String::as_str));
            let report = match action {
                Action::Reclaim => CallReport::of_result(self.client.unassign(product, ids).await),
                Action::Assign => CallReport::of_result(self.client.assign(product, ids).await),
            };
            vec![report; users.len()]
        }
        .boxed()
    }
}
