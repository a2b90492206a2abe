//! What a generated crate states of its spec: operations, servers and security schemes.

/// An operation of a spec. The generated crates hold a list of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The spec's `operationId`.
    pub id: &'static str,
    /// The HTTP method, in upper case.
    pub method: &'static str,
    /// The path template below the base URL, such as `/Users/{username}/Seats`.
    pub path: &'static str,
    /// Whether the request is idempotent.
    pub idempotent: bool,
    /// The permissions of which any one suffices; empty if the spec names none.
    pub permissions: &'static [&'static str],
    /// The vendor's reference page.
    pub reference: Option<&'static str>,
}

impl Operation {
    /// Returns whether the operation only reads (RFC 9110, section 9.2.1).
    pub fn is_read(&self) -> bool {
        matches!(self.method, "GET" | "HEAD" | "OPTIONS" | "TRACE")
    }
}

/// A server that a spec lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Server {
    /// The base URL.
    pub url: &'static str,
    /// The spec's description of it.
    pub description: &'static str,
}

/// A security scheme of a spec whose credential travels in a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecurityScheme {
    /// The scheme's name in the spec.
    pub id: &'static str,
    /// The header that carries the credential.
    pub header: &'static str,
    /// The text before the credential in the header, such as `Bearer `; may be empty.
    pub prefix: &'static str,
    /// The environment variable that holds the credential by convention; may be empty.
    pub variable: &'static str,
}
