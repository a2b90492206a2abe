//! reqwest by hand, with the TLS provider that Seats has: what a careful person writes without a library.

use std::process::ExitCode;
use std::time::Duration;

use load::{Failure, Peer};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use serde_json::json;

#[derive(Clone)]
struct ByHand {
    http: reqwest::Client,
    url: String,
}

impl Peer for ByHand {
    fn new(url: &str) -> Result<Self, Failure> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("dd-api-key", load::API_KEY),
            ("dd-application-key", load::APP_KEY),
        ] {
            let mut value = HeaderValue::from_str(value)?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        let http = reqwest::Client::builder()
            .default_headers(headers)
            .redirect(Policy::none())
            .timeout(Duration::from_secs(30))
            .build()?;
        let url = format!("{url}/api/v2/seats/users");
        Ok(Self { http, url })
    }

    async fn unassign(&self) -> Result<(), Failure> {
        let body = json!({"data": {
            "type": "seat-assignments",
            "attributes": {"product_code": load::PRODUCT, "user_uuids": [load::USER]},
        }});
        let response = self.http.delete(&self.url).json(&body).send().await?;
        let status = response.status();
        let body = response.bytes().await?;
        if status != StatusCode::NO_CONTENT {
            return Err(format!("{status}: {}", body.escape_ascii()).into());
        }
        Ok(())
    }
}

fn main() -> ExitCode {
    load::run::<ByHand>()
}
