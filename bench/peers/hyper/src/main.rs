//! hyper by hand, with hyper-util's connection pool: the floor. Nothing of it retries, times out or hides
//! a key.

use std::process::ExitCode;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::header::CONTENT_TYPE;
use hyper::{Method, Request, StatusCode};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use load::{Failure, Peer};
use serde_json::json;

#[derive(Clone)]
struct Floor {
    http: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    url: String,
}

impl Peer for Floor {
    fn new(url: &str) -> Result<Self, Failure> {
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_platform_verifier(rustls::crypto::ring::default_provider())?
            .https_or_http()
            .enable_http1()
            .build();
        let http = Client::builder(TokioExecutor::new()).build(connector);
        let url = format!("{url}/api/v2/seats/users");
        Ok(Self { http, url })
    }

    async fn unassign(&self) -> Result<(), Failure> {
        let body = json!({"data": {
            "type": "seat-assignments",
            "attributes": {"product_code": load::PRODUCT, "user_uuids": [load::USER]},
        }});
        let request = Request::builder()
            .method(Method::DELETE)
            .uri(&self.url)
            .header("dd-api-key", load::API_KEY)
            .header("dd-application-key", load::APP_KEY)
            .header(CONTENT_TYPE, "application/json")
            .body(Full::from(serde_json::to_vec(&body)?))?;
        let response = self.http.request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        if status != StatusCode::NO_CONTENT {
            return Err(format!("{status}: {}", body.escape_ascii()).into());
        }
        Ok(())
    }
}

fn main() -> ExitCode {
    load::run::<Floor>()
}
