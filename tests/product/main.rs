//! Tests of the product across its crates: from a call of the library to the bytes on a socket.
//!
//! A test that counts allocations or captures the log of a whole process is in `../alone/`.

mod calls;
mod clients;

mod already_free;
mod arbitrary_responses;
mod arguments;
mod connection_reuse;
mod documents;
mod faults;
mod lists;
mod lost_responses;
mod many_users;
mod not_sent;
mod outcomes;
mod path_parameters;
mod rate_limit;
mod request_shapes;
mod responses;
mod serialization;
mod tls;
mod tokens;
