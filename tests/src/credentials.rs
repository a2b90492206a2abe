//! Credentials that tests send, and that must not show up in any output, error or log.

/// An API key for Datadog.
pub const API_KEY: &str = "planted-api-key-5f1c";

/// An application key for Datadog.
pub const APPLICATION_KEY: &str = "planted-application-key-9d2e";

/// A bearer token for the Store.
pub const TOKEN: &str = "planted-token-77ab";

/// The client secret of an application that fetches tokens for the Store.
pub const CLIENT_SECRET: &str = "planted-entra-3c0d9e7f";

/// All of them.
pub const ALL: [&str; 4] = [API_KEY, APPLICATION_KEY, TOKEN, CLIENT_SECRET];
