//! What a generated crate says of its spec: operations, servers and credential schemes.

/// One operation of a spec. The generated crates hold a list of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The spec's `operationId`.
    pub id: &'static str,
    /// The HTTP method, in upper case.
    pub method: &'static str,
    /// The path template below the base URL, such as `/Users/{username}/Seats`.
    pub path: &'static str,
    /// Whether sending the request twice does the same as sending it once.
    pub idempotent: bool,
    /// Any one of these permissions is enough; empty where the spec names none.
    pub permissions: &'static [&'static str],
    /// The vendor's reference page.
    pub reference: Option<&'static str>,
}

impl Operation {
    /// Whether the operation only reads (RFC 9110, section 9.2.1).
    pub fn is_read(&self) -> bool {
        matches!(self.method, "GET" | "HEAD" | "OPTIONS" | "TRACE")
    }
}

/// One of the servers that a spec lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Server {
    /// The base URL.
    pub url: &'static str,
    /// What the spec says of it.
    pub description: &'static str,
}

/// One of the credential schemes of a spec, where it travels in a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecurityScheme {
    /// The scheme's name in the spec.
    pub id: &'static str,
    /// The header that carries the credential.
    pub header: &'static str,
    /// What stands before the credential in the header: nothing, or `Bearer `.
    pub prefix: &'static str,
    /// The environment variable that holds the credential by convention; may be empty.
    pub variable: &'static str,
}
