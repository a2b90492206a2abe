//! progenitor's output as it comes, with progenitor-client only.

use std::process::ExitCode;
use std::time::Duration;

use load::{Failure, Peer};
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::redirect::Policy;

#[allow(missing_docs, clippy::all)]
#[rustfmt::skip]
mod datadog;

use datadog::{Client, types};

#[derive(Clone)]
struct Progenitor(Client);

impl Peer for Progenitor {
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
        Ok(Self(Client::new_with_client(url, http)))
    }

    async fn unassign(&self) -> Result<(), Failure> {
        let body = types::UnassignSeatsUserRequest {
            data: types::UnassignSeatsUserRequestData {
                attributes: types::UnassignSeatsUserRequestDataAttributes {
                    product_code: load::PRODUCT.parse()?,
                    user_uuids: vec![load::USER.parse()?],
                },
                id: None,
                type_: types::SeatAssignmentsDataType::SeatAssignments,
            },
        };
        self.0.unassign_seats_user(&body).await?;
        Ok(())
    }
}

fn main() -> ExitCode {
    load::run::<Progenitor>()
}
