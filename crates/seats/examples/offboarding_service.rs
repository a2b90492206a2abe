//! The off-boarding service of a platform team: a vault's secret, its own timeouts, 32 calls at once,
//! tracing, and tests with and without a sandbox.
//!
//! ```sh
//! cargo run -p seats --example offboarding_service
//! cargo test -p seats --example offboarding_service
//! ```

use std::io;
use std::num::NonZeroUsize;
use std::time::Duration;

use seats::store::{Client, Username};
use seats::{BearerToken, Fate, Outcome, RetryPolicy};
use seats_sandbox::{STORE_TOKEN, Sandbox};
use tracing::{info, warn};

/// How many calls are in flight at once.
const CONCURRENCY: NonZeroUsize = NonZeroUsize::new(32).unwrap();

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt().with_writer(io::stderr).init();
    let sandbox = Sandbox::start().await?;
    let store = store_client(&sandbox.store_url(), Vault)?;
    let leavers = [
        "ada@contoso.example",
        "grace@contoso.example",
        "nobody@contoso.example",
    ];
    let report = offboard(&store, "9NBLGGH4R2R6", "0016", &leavers).await?;
    println!("{report:?}");
    Ok(())
}

/// Where the team keeps its secrets. They rotate, so they are read when they are needed.
#[derive(Clone, Copy)]
struct Vault;

impl Vault {
    async fn store_token(self) -> io::Result<BearerToken> {
        Ok(BearerToken::new(STORE_TOKEN, Duration::from_secs(600)))
    }
}

fn store_client(url: &str, vault: Vault) -> seats::Result<Client> {
    let policy = RetryPolicy::new()
        .attempt_timeout(Duration::from_secs(5))
        .timeout(Duration::from_secs(30));
    Client::builder()
        .base_url(url)
        .token_provider(move || vault.store_token())
        .retry(policy)
        .user_agent("offboarding/1.0")
        .build()
}

/// What the service reports to the ticket.
#[derive(Debug, Default, PartialEq, Eq)]
struct Report {
    free: usize,
    failed: Vec<String>,
    /// A person has to look.
    unknown: Vec<String>,
}

impl Report {
    /// Counts one outcome. It does no I/O, so that it can be tested alone.
    fn add(&mut self, outcome: &Outcome<Username>) {
        let user = outcome.user.to_string();
        match &outcome.fate {
            Fate::Done | Fate::AlreadyFree => self.free += 1,
            Fate::Failed(reason) => {
                warn!(%reason, "seat not taken back");
                self.failed.push(user);
            }
            // Also whatever a later version may add.
            _ => self.unknown.push(user),
        }
    }
}

/// Takes the leavers' seats of one product back.
async fn offboard(
    store: &Client,
    product: &str,
    sku: &str,
    leavers: &[&str],
) -> seats::Result<Report> {
    let mut outcomes = store
        .reclaim_each(product, sku, leavers.iter().copied())?
        .concurrency(CONCURRENCY);
    let mut report = Report::default();
    while let Some(outcome) = outcomes.next().await {
        report.add(&outcome);
    }
    info!(
        free = report.free,
        failed = report.failed.len(),
        "off-boarded"
    );
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fate_has_its_place_in_the_report() {
        let mut report = Report::default();
        for fate in [
            Fate::Done,
            Fate::AlreadyFree,
            Fate::failed("no such user"),
            Fate::unknown("no answer came"),
        ] {
            let user: Username = "ada@contoso.example".parse().unwrap();
            report.add(&Outcome::new(user, fate));
        }
        let ada = || vec!["ada@contoso.example".to_owned()];
        let expected = Report {
            free: 2,
            failed: ada(),
            unknown: ada(),
        };
        assert_eq!(report, expected);
    }

    #[tokio::test]
    async fn the_sandboxs_seats_are_taken_back() {
        let sandbox = Sandbox::start().await.unwrap();
        let store = store_client(&sandbox.store_url(), Vault).unwrap();
        let leavers = ["ada@contoso.example", "nobody@contoso.example"];
        let report = offboard(&store, "9NBLGGH4R2R6", "0016", &leavers)
            .await
            .unwrap();
        assert_eq!(
            (report.free, report.failed),
            (1, vec!["nobody@contoso.example".to_owned()])
        );
    }
}
