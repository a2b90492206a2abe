//! Credentials: which ones an operation asks for, and whether a request has them.

use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde_json::Value;

use crate::spec::{Document, SpecError};
use crate::vendor::{Refusal, Vendor};

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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Finding {
    Good,
    Missing,
    Wrong,
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

/// Checks a request's credentials.
pub(crate) fn check(
    alternatives: &Alternatives,
    vendor: &dyn Vendor,
    headers: &HeaderMap,
) -> Result<(), Refusal> {
    let findings: Vec<Finding> = alternatives
        .iter()
        .map(|schemes| judge(schemes, vendor, headers))
        .collect();
    if findings.is_empty() || findings.contains(&Finding::Good) {
        Ok(())
    } else if findings.contains(&Finding::Wrong) {
        Err(Refusal::CredentialWrong)
    } else {
        Err(Refusal::CredentialMissing)
    }
}

/// What a set of schemes comes to; one that is missing outweighs a wrong one.
fn judge(schemes: &[Scheme], vendor: &dyn Vendor, headers: &HeaderMap) -> Finding {
    let findings: Vec<Finding> = schemes
        .iter()
        .map(|scheme| scheme.find(vendor.credential(&scheme.name), headers))
        .collect();
    [Finding::Missing, Finding::Wrong]
        .into_iter()
        .find(|bad| findings.contains(bad))
        .unwrap_or(Finding::Good)
}

impl Scheme {
    fn find(&self, accepted: Option<&str>, headers: &HeaderMap) -> Finding {
        let name = match &self.carrier {
            Carrier::Header(name) => name,
            Carrier::Bearer => &header::AUTHORIZATION,
        };
        let sent: Vec<&HeaderValue> = headers.get_all(name).iter().collect();
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
            Some(_) if credential == accepted => Finding::Good,
            _ => Finding::Wrong,
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
