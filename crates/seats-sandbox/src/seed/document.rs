//! The form of a seed file.

use serde::Deserialize;
use serde_saphyr::Spanned;

use crate::input::number::Number;
use crate::state::store::{Distribution, Licence, Status};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub(super) tenants: Spanned<Vec<Spanned<Tenant>>>,
    pub(super) latency: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tenant {
    pub(super) name: Spanned<String>,
    pub(super) datadog: Option<Datadog>,
    pub(super) store: Option<Store>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Datadog {
    pub(super) api_key: Spanned<String>,
    pub(super) application_key: Spanned<String>,
    pub(super) permissions: Option<Vec<String>>,
    pub(super) rate_limit: Option<RateLimit>,
    #[serde(default)]
    pub(super) users: Vec<Spanned<DatadogUser>>,
    #[serde(default)]
    pub(super) products: Vec<DatadogProduct>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RateLimit {
    pub(super) limit: Spanned<Number>,
    pub(super) period: Spanned<Number>,
    #[serde(default = "limit_name")]
    pub(super) name: String,
}

fn limit_name() -> String {
    "seats".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DatadogUser {
    pub(super) count: Option<Spanned<Number>>,
    pub(super) id: Spanned<String>,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DatadogProduct {
    pub(super) code: Spanned<String>,
    pub(super) capacity: Spanned<Number>,
    #[serde(default)]
    pub(super) seats: Vec<Spanned<DatadogSeat>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DatadogSeat {
    pub(super) count: Option<Spanned<Number>>,
    pub(super) user: Spanned<String>,
    pub(super) assigned_at: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Store {
    pub(super) tenant_id: Spanned<String>,
    pub(super) client_id: Spanned<String>,
    pub(super) client_secret: Spanned<String>,
    pub(super) token: Spanned<String>,
    /// In seconds.
    pub(super) token_lifetime: Option<Spanned<Number>>,
    #[serde(default)]
    pub(super) users: Vec<Spanned<StoreUser>>,
    #[serde(default)]
    pub(super) products: Vec<StoreProduct>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoreUser {
    pub(super) count: Option<Spanned<Number>>,
    pub(super) name: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoreProduct {
    pub(super) product_id: Spanned<String>,
    pub(super) sku_id: Spanned<String>,
    pub(super) license: Licence,
    #[serde(default)]
    pub(super) distribution: Distribution,
    #[serde(default)]
    pub(super) status: Status,
    pub(super) capacity: Spanned<Number>,
    pub(super) last_modified: Spanned<String>,
    #[serde(default)]
    pub(super) seats: Vec<Spanned<StoreSeat>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoreSeat {
    pub(super) count: Option<Spanned<Number>>,
    pub(super) user: Spanned<String>,
    pub(super) assigned: Spanned<String>,
}
