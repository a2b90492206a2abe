//! HTTP transport: route guard, signing, retries, deadlines, rate limits.
//!
//! The generated clients hand each request to a [`Transport`] before it is sent. The transport
//!
//! - compares the finished URL with the route of the operation, and sends nothing anywhere else;
//! - signs the request after that, with credentials that are marked so that nothing prints them;
//! - follows no redirect, and speaks plain `http` to this machine only;
//! - retries where that is safe, within one deadline, and slows down before the vendor's rate limit
//!   refuses;
//! - records each call as an [`Exchange`]: request, attempts, response, or why nothing was sent.
//!
//! # Scope of this crate
//!
//! Requests to one vendor over HTTP. It knows no vendor, no operation and no type of a body: operations
//! come from the generated crates, and what differs between vendors' responses comes as a
//! [`ResponseFormat`]. Most programs use the crate `seats`, which is built on this one.

mod base_url;
mod causes;
mod effect;
mod exchange;
mod messages;
mod operation;
mod pacing;
mod rate_limit_headers;
mod response_format;
mod retry;
mod route;
mod signing;
mod token;
mod transport;

pub use base_url::{BaseUrl, InvalidBaseUrl, without_userinfo};
pub use causes::causes;
pub use effect::Effect;
pub use exchange::{
    BodyEnd, End, Exchange, KEPT_BODY, NotSent, RecordedHeader, RecordedValue, RequestRecord,
    ResponseRecord,
};
pub use messages::{is_blank, one_line};
pub use operation::{Operation, SecurityScheme, Server};
pub use response_format::ResponseFormat;
pub use retry::{InvalidRetryPolicy, RetryPolicy};
pub use route::RouteMismatch;
pub use signing::{Credential, InvalidCredential};
pub use token::{
    BearerToken, ClientCredentials, InvalidClientCredentials, Token, TokenError, TokenProvider,
    TokenSource,
};
pub use transport::{BuildError, Recording, Transport, TransportBuilder};

pub use reqwest;
pub use secrecy;
