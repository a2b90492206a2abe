//! What every call of Seats obeys.
//!
//! The generated clients hand each request to a [`Transport`] before it is sent. It
//!
//! - compares the finished URL with the route of the operation, and sends nothing anywhere else;
//! - signs the request, after that, with credentials that are marked so that nothing prints them;
//! - follows no redirect, and speaks plain `http` to this machine only;
//! - sends it again where that is safe, within one deadline, and slows down before the vendor's rate
//!   limit refuses;
//! - remembers the [`Exchange`]: request, status, headers and body, whatever the decoder makes of it.
//!
//! Scope: one vendor's requests over HTTP. It knows no vendor, no operation and no type of a body;
//! those come from the generated crates. Most people want the crate `seats`, which is built on this.

mod base_url;
mod credential;
mod effect;
mod exchange;
mod messages;
mod operation;
mod pacing;
mod redact;
mod request_record;
mod retry;
mod route;
mod send;
mod server_wait;
mod token;
mod transport;

pub use base_url::{BaseUrl, InvalidBaseUrl};
pub use credential::{Credential, InvalidCredential};
pub use effect::Effect;
pub use exchange::{Exchange, KEPT_BODY};
pub use operation::{Operation, SecurityScheme, Server};
pub use request_record::{RecordedHeader, RecordedValue, RequestRecord};
pub use retry::RetryPolicy;
pub use token::{ClientCredentials, InvalidClientCredentials, Token, TokenError, TokenSource};
pub use transport::{Recording, Refusal, Transport, TransportBuilder};

pub use reqwest;
pub use secrecy;
