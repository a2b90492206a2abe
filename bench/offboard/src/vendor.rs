//! A vendor whose calls go to a loopback server by the facade, or nowhere.

use std::num::NonZeroUsize;

use anyhow::{Context, Result};
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, StreamExt};
use seats::datadog::Client;
use seats_offboard::{
    Account, Action, CallEnd, CallReport, Holder, Lookup, Product, ProductOffer, Vendor,
    VendorError, VendorName,
};

const NAME: VendorName = VendorName::new("loopback");

/// A vendor whose calls go to a loopback server by the facade, or nowhere.
pub struct Loopback {
    client: Option<Client>,
    bulk: NonZeroUsize,
}

/// The account of each plan, whatever port the server has.
pub fn account() -> Account {
    Account {
        vendor: NAME,
        url: "http://127.0.0.1".to_owned(),
        tenant: None,
    }
}

/// The product of each row.
pub fn product() -> Product {
    Product {
        vendor: NAME,
        id: load::PRODUCT.to_owned(),
        sku: None,
    }
}

impl Loopback {
    /// Creates a vendor that sends to this server, or nowhere if it is `instant`.
    pub fn new(url: &str, bulk: usize) -> Result<Self> {
        let client = || {
            Client::builder()
                .base_url(url)
                .api_key(load::API_KEY)
                .app_key(load::APP_KEY)
                .build()
        };
        Ok(Self {
            client: (url != "instant").then(client).transpose()?,
            bulk: NonZeroUsize::new(bulk).context("a call takes at least one user")?,
        })
    }

    /// Takes the seats of these users away, in one request.
    pub async fn take_back(&self, users: Vec<String>) -> CallReport {
        let Some(client) = &self.client else {
            return CallReport::new(CallEnd::Done);
        };
        match client.unassign(load::PRODUCT, users).await {
            Ok(_) => CallReport::new(CallEnd::Done),
            Err(error) => CallReport::new(CallEnd::Failed).with_message(error.to_string()),
        }
    }
}

impl Vendor for Loopback {
    fn account(&self) -> Account {
        account()
    }

    fn lookup(&self) -> Lookup {
        Lookup::ByPerson
    }

    fn products(&self) -> BoxFuture<'_, Result<Vec<ProductOffer>, VendorError>> {
        let offer = ProductOffer {
            product: product(),
            reclaimable: true,
        };
        async { Ok(vec![offer]) }.boxed()
    }

    fn holders<'a>(&'a self, _: &'a Product) -> BoxStream<'a, Result<Holder, VendorError>> {
        stream::empty().boxed()
    }

    fn holds<'a>(
        &'a self,
        _: &'a Product,
        users: &'a [String],
    ) -> BoxFuture<'a, Vec<Result<bool, VendorError>>> {
        async { users.iter().map(|_| Ok(true)).collect() }.boxed()
    }

    fn change<'a>(
        &'a self,
        _: Action,
        _: &'a Product,
        users: &'a [String],
    ) -> BoxFuture<'a, Vec<CallReport>> {
        async {
            let report = self.take_back(users.to_vec()).await;
            vec![report; users.len()]
        }
        .boxed()
    }

    fn bulk_size(&self) -> Option<NonZeroUsize> {
        (self.bulk.get() > 1).then_some(self.bulk)
    }
}
