//! Whether a request carries the credentials that an operation requires.

use http::{HeaderMap, HeaderValue};

use crate::spec::security::{Alternatives, Scheme, SchemeKind};
use crate::vendor::interface::{Credentials, Rejection};

/// One credential of a request.
enum Credential<'r> {
    Present(&'r str),
    Missing,
    /// Sent more than once, or not as text.
    Invalid,
}

/// The credentials of a request for one set of schemes.
enum CredentialSet<'r> {
    Complete(Credentials<'r>),
    Incomplete,
    Invalid,
}

/// Returns the tenant whose credentials a request carries, as `owner` knows them, or `None` if the
/// operation requires none.
pub(crate) fn check(
    alternatives: &Alternatives,
    headers: &HeaderMap,
    owner: impl Fn(&Credentials<'_>) -> Option<usize>,
) -> Result<Option<usize>, Rejection> {
    if alternatives.is_empty() {
        return Ok(None);
    }
    let mut rejection = Rejection::CredentialMissing;
    for schemes in alternatives {
        match credentials(schemes, headers) {
            CredentialSet::Complete(credentials) => match owner(&credentials) {
                Some(tenant) => return Ok(Some(tenant)),
                None => rejection = Rejection::CredentialWrong,
            },
            CredentialSet::Invalid => rejection = Rejection::CredentialWrong,
            CredentialSet::Incomplete => {}
        }
    }
    Err(rejection)
}

/// Reads the credentials of a set of schemes. A missing one outweighs an invalid one.
fn credentials<'r>(schemes: &'r [Scheme], headers: &'r HeaderMap) -> CredentialSet<'r> {
    let mut credentials = Credentials::new();
    let mut is_invalid = false;
    for scheme in schemes {
        match credential(scheme, headers) {
            Credential::Present(credential) => {
                credentials.insert(&scheme.name, credential);
            }
            Credential::Missing => return CredentialSet::Incomplete,
            Credential::Invalid => is_invalid = true,
        }
    }
    if is_invalid {
        CredentialSet::Invalid
    } else {
        CredentialSet::Complete(credentials)
    }
}

fn credential<'r>(scheme: &Scheme, headers: &'r HeaderMap) -> Credential<'r> {
    let sent: Vec<&HeaderValue> = headers.get_all(scheme.header()).iter().collect();
    let credential = match (sent.as_slice(), &scheme.kind) {
        ([], _) => return Credential::Missing,
        ([one], SchemeKind::Header(_)) => one.to_str().ok(),
        ([one], SchemeKind::Bearer) => match bearer_token(one) {
            None => return Credential::Missing,
            token => token,
        },
        // To choose one of several would be a guess.
        _ => None,
    };
    match credential {
        Some("") => Credential::Missing,
        Some(credential) => Credential::Present(credential),
        None => Credential::Invalid,
    }
}

/// Returns the token of an `Authorization` header; the scheme is compared case-insensitively.
fn bearer_token(value: &HeaderValue) -> Option<&str> {
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim_start_matches(' '))
}
