//! The clients under test. No other file of these tests builds one.

use std::time::Duration;

use seats::{RetryPolicy, datadog, store};
use seats_sandbox::{CLIENT_ID, CLIENT_SECRET, Sandbox, TENANT_ID};
use seats_tests::credentials::{API_KEY, APPLICATION_KEY, TOKEN};

/// A builder of a Datadog client with planted keys.
pub fn datadog_builder(url: &str) -> datadog::ClientBuilder {
    datadog_without_keys(url)
        .api_key(API_KEY)
        .app_key(APPLICATION_KEY)
}

/// The same without keys.
pub fn datadog_without_keys(url: &str) -> datadog::ClientBuilder {
    datadog::Client::builder().base_url(url)
}

/// A builder of a Store client with a planted token, for an API at `url` and `/V1`.
pub fn store_builder(url: &str) -> store::ClientBuilder {
    store_without_token(&format!("{url}/V1")).token(TOKEN)
}

/// The same without a token, for an API at `base_url`.
pub fn store_without_token(base_url: &str) -> store::ClientBuilder {
    store::Client::builder().base_url(base_url)
}

/// A Datadog client that sends each request once.
pub fn datadog(url: &str) -> datadog::Client {
    datadog_builder(url).retry(attempts(1)).build().unwrap()
}

/// A Store client that sends each request once.
pub fn store(url: &str) -> store::Client {
    store_builder(url).retry(attempts(1)).build().unwrap()
}

/// At most so many attempts, with no waits between them.
pub fn attempts(attempts: u32) -> RetryPolicy {
    without_backoff().max_attempts(attempts)
}

/// The default number of attempts, with no waits between them.
pub fn without_backoff() -> RetryPolicy {
    RetryPolicy::new().backoff(Duration::ZERO)
}

/// Where a client sends its requests, and with which credentials.
pub struct Server {
    datadog_url: String,
    store_url: String,
    api_key: &'static str,
    app_key: &'static str,
    token: &'static str,
}

impl Server {
    /// A server at `url`, with planted credentials.
    pub fn at(url: &str) -> Self {
        Self {
            datadog_url: url.to_owned(),
            store_url: format!("{url}/V1"),
            api_key: API_KEY,
            app_key: APPLICATION_KEY,
            token: TOKEN,
        }
    }

    /// A sandbox, with the credentials of its first tenant.
    pub fn sandbox(sandbox: &Sandbox) -> Self {
        Self {
            datadog_url: sandbox.datadog_url(),
            store_url: sandbox.store_url(),
            api_key: seats_sandbox::API_KEY,
            app_key: seats_sandbox::APPLICATION_KEY,
            token: seats_sandbox::STORE_TOKEN,
        }
    }

    /// A new client for Datadog.
    pub fn datadog(&self, policy: RetryPolicy) -> datadog::Client {
        datadog_without_keys(&self.datadog_url)
            .api_key(self.api_key)
            .app_key(self.app_key)
            .retry(policy)
            .build()
            .unwrap()
    }

    /// A new client for the Store.
    pub fn store(&self, policy: RetryPolicy) -> store::Client {
        store_without_token(&self.store_url)
            .token(self.token)
            .retry(policy)
            .build()
            .unwrap()
    }
}

/// A Store client that fetches its token from the sandbox as well.
pub fn fetching_tokens(sandbox: &Sandbox, policy: RetryPolicy) -> store::Client {
    store_without_token(&sandbox.store_url())
        .application(TENANT_ID, CLIENT_ID, CLIENT_SECRET)
        .authority(sandbox.authority_url())
        .retry(policy)
        .build()
        .unwrap()
}
