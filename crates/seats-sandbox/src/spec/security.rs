//! Security schemes: which credentials an operation requires, and in which headers they stand.

use http::{HeaderName, header};
use serde_json::Value;

use super::document::{Document, SpecError};

/// Sets of schemes; a request must satisfy every scheme of one set.
pub(crate) type Alternatives = Vec<Vec<Scheme>>;

/// A security scheme.
#[derive(Debug)]
pub(crate) struct Scheme {
    /// Its name in the document.
    pub(crate) name: String,
    pub(crate) kind: SchemeKind,
}

/// How a credential is sent.
#[derive(Debug)]
pub(crate) enum SchemeKind {
    /// As the value of this header.
    Header(HeaderName),
    /// As a bearer token in `Authorization`.
    Bearer,
}

impl Scheme {
    /// Returns the header that holds the credential.
    pub(crate) fn header(&self) -> &HeaderName {
        match &self.kind {
            SchemeKind::Header(name) => name,
            SchemeKind::Bearer => &header::AUTHORIZATION,
        }
    }
}

/// Reads what an operation requires, or the whole document if the operation does not say.
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
    let kind = match (text("type"), text("in"), text("scheme")) {
        (Some("apiKey"), Some("header"), _) => {
            let header = text("name").unwrap_or_default();
            SchemeKind::Header(header.parse().map_err(|_| {
                document.error(&place, format!("{header:?} must be the name of a header"))
            })?)
        }
        (Some("http"), _, Some("bearer")) => SchemeKind::Bearer,
        // To guess would be to accept requests that should be rejected.
        _ => {
            return Err(document.error(
                &place,
                "the sandbox supports only keys in headers and bearer tokens",
            ));
        }
    };
    Ok(Scheme {
        name: name.to_owned(),
        kind,
    })
}
