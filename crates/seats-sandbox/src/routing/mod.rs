//! From a request to a response: which operation it is for, and the checks before it is executed.

pub(crate) mod arguments;
pub(crate) mod credentials;
pub(crate) mod route;
