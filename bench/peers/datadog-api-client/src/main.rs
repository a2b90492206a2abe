//! Datadog's official client, with rustls and without its optional retries and compression.

use std::process::ExitCode;
use std::sync::Arc;

use datadog_api_client::datadog::{APIKey, Configuration};
use datadog_api_client::datadogV2::api_seats::SeatsAPI;
use datadog_api_client::datadogV2::model::{
    SeatAssignmentsDataType, UnassignSeatsUserRequest, UnassignSeatsUserRequestData,
    UnassignSeatsUserRequestDataAttributes,
};
use load::{Failure, Peer};

/// One API object, shared: a clone of it copies all of its configuration.
#[derive(Clone)]
struct Official(Arc<SeatsAPI>);

impl Peer for Official {
    fn new(url: &str) -> Result<Self, Failure> {
        let mut configuration = Configuration::new();
        for (scheme, key) in [("apiKeyAuth", load::API_KEY), ("appKeyAuth", load::APP_KEY)] {
            let key = APIKey {
                key: key.to_owned(),
                prefix: String::new(),
            };
            configuration.set_auth_key(scheme, key);
        }
        // The second server takes a host and a scheme.
        if let Some(host) = url.strip_prefix("http://") {
            configuration.server_index = 1;
            let variables = [("name", host), ("protocol", "http")];
            configuration.server_variables = variables
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into();
        }
        Ok(Self(Arc::new(SeatsAPI::with_config(configuration))))
    }

    async fn unassign(&self) -> Result<(), Failure> {
        let attributes = UnassignSeatsUserRequestDataAttributes::new(
            load::PRODUCT.to_owned(),
            vec![load::USER.to_owned()],
        );
        let data = UnassignSeatsUserRequestData::new(
            attributes,
            SeatAssignmentsDataType::SEAT_ASSIGNMENTS,
        );
        let body = UnassignSeatsUserRequest::new().data(data);
        self.0.unassign_seats_user(body).await?;
        Ok(())
    }
}

fn main() -> ExitCode {
    load::run::<Official>()
}
