//! Credentials: which ones an operation asks for, and whether a request has them.

use std::collections::BTreeMap;

use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde_json::Value;

use crate::spec::{Document, SpecError};
use crate::vendor::Refusal;

/// Sets of schemes; a request must satisfy every scheme of one of them.
pub(crate) type Alternatives = Vec<Vec<Scheme>>;

/// A security scheme: its name in the specification and where it looks.
#[derive(Debug)]
pub(crate) struct Scheme {
    name: String,
    carrier: Carrier,
}

#[derive(Debug)]
enum Carrier {
    Header(HeaderName),
    Bearer,
}

enum Finding<'r> {
    Here(&'r str),
    Missing,
    /// There, but not to be read.
    Unusable,
}

/// Reads what an operation asks for, or failing that, the whole document.
pub(crate) fn read(document: &Document<'_>, operation: &Value) -> Result<Alternatives, SpecError> {
    let Some(alternatives) = operation
        .get("security")
        .or_else(|| document.root.get("security"))
        .and_then(Value::as_array)
    else {
        return Ok(Vec::new());
    };
    alternatives
        .iter()
        .map(|schemes| {
            schemes
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, _scopes)| scheme(document, name))
                .collect()
        })
        .collect()
}

fn scheme(document: &Document<'_>, name: &str) -> Result<Scheme, SpecError> {
    let place = format!("components/securitySchemes/{name}");
    let node = document
        .root
        .pointer(&format!("/{place}"))
        .ok_or_else(|| document.error(&place, "must be there"))?;
    let text = |field: &str| node.get(field).and_then(Value::as_str);
    let carrier = match (text("type"), text("in"), text("scheme")) {
        (Some("apiKey"), Some("header"), _) => {
            let header = text("name").unwrap_or_default();
            Carrier::Header(header.parse().map_err(|_| {
                document.error(&place, format!("{header:?} must be a header's name"))
            })?)
        }
        (Some("http"), _, Some("bearer")) => Carrier::Bearer,
        // To guess here would be to let requests in that should be refused.
        _ => {
            return Err(document.error(
                &place,
                "the sandbox knows only keys in headers and bearer tokens",
            ));
        }
    };
    Ok(Scheme {
        name: name.to_owned(),
        carrier,
    })
}

/// A request's credentials, by the names of their schemes.
pub(crate) type Credentials<'r> = BTreeMap<&'r str, &'r str>;

/// Whose credentials a request carries, if anybody's; `owner` knows.
pub(crate) fn check(
    alternatives: &Alternatives,
    headers: &HeaderMap,
    owner: impl Fn(&Credentials<'_>) -> Option<usize>,
) -> Result<Option<usize>, Refusal> {
    if alternatives.is_empty() {
        return Ok(None);
    }
    let mut refusal = Refusal::CredentialMissing;
    for schemes in alternatives {
        match read_all(schemes, headers) {
            Found::All(credentials) => match owner(&credentials) {
                Some(tenant) => return Ok(Some(tenant)),
                None => refusal = Refusal::CredentialWrong,
            },
            Found::Unusable => refusal = Refusal::CredentialWrong,
            Found::Lacking => {}
        }
    }
    Err(refusal)
}

/// What a request has of a set of schemes.
enum Found<'r> {
    All(Credentials<'r>),
    Lacking,
    Unusable,
}

/// The credentials of a set of schemes; one that is missing outweighs one that is of no use.
fn read_all<'r>(schemes: &'r [Scheme], headers: &'r HeaderMap) -> Found<'r> {
    let mut credentials = Credentials::new();
    let mut is_unusable = false;
    for scheme in schemes {
        match scheme.find(headers) {
            Finding::Here(credential) => {
                credentials.insert(&scheme.name, credential);
            }
            Finding::Missing => return Found::Lacking,
            Finding::Unusable => is_unusable = true,
        }
    }
    if is_unusable {
        Found::Unusable
    } else {
        Found::All(credentials)
    }
}

impl Scheme {
    /// The header that the credential stands in.
    pub(crate) fn header(&self) -> &HeaderName {
        match &self.carrier {
            Carrier::Header(name) => name,
            Carrier::Bearer => &header::AUTHORIZATION,
        }
    }

    fn find<'r>(&self, headers: &'r HeaderMap) -> Finding<'r> {
        let sent: Vec<&HeaderValue> = headers.get_all(self.header()).iter().collect();
        let credential = match (sent.as_slice(), &self.carrier) {
            ([], _) => return Finding::Missing,
            ([one], Carrier::Header(_)) => one.to_str().ok(),
            ([one], Carrier::Bearer) => match bearer(one) {
                None => return Finding::Missing,
                token => token,
            },
            // Which one of several counts is not for the sandbox to decide.
            _ => None,
        };
        match credential {
            Some("") => Finding::Missing,
            Some(credential) => Finding::Here(credential),
            None => Finding::Unusable,
        }
    }
}

/// The token of an `Authorization` header; the scheme's case does not matter.
fn bearer(value: &HeaderValue) -> Option<&str> {
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim_start_matches(' '))
}
