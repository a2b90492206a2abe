//! The facade, with its default features.

use std::process::ExitCode;

use load::{Failure, Peer};
use seats::datadog::Client;

#[derive(Clone)]
struct Seats(Client);

impl Peer for Seats {
    fn new(url: &str) -> Result<Self, Failure> {
        let client = Client::builder()
            .base_url(url)
            .api_key(load::API_KEY)
            .app_key(load::APP_KEY)
            .build()?;
        Ok(Self(client))
    }

    async fn unassign(&self) -> Result<(), Failure> {
        self.0.unassign(load::PRODUCT, [load::USER]).await?;
        Ok(())
    }
}

fn main() -> ExitCode {
    load::run::<Seats>()
}
