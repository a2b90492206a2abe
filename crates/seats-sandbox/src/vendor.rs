//! What the two vendors have in common: how a request is refused or acted out,
//! and where each of them puts that into its own words.

use std::collections::BTreeMap;
use std::fmt;

use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::Value;

use crate::state::State;

/// One of the two services, apart from what its specification states.
pub(crate) trait Vendor: fmt::Debug + Sync {
    /// The credential that is accepted for a security scheme of the
    /// specification. A scheme without one can never be satisfied.
    fn credential(&self, scheme: &str) -> Option<&'static str>;

    /// What acts an operation out; `None` when the sandbox cannot.
    fn handler(&self, operation_id: &str) -> Option<Handler>;

    /// A refusal in this vendor's words.
    fn refuse(&self, refusal: &Refusal) -> Answer;

    /// Name and value of the header that numbers an answer.
    fn request_id(&self, number: usize) -> (&'static str, String);
}

/// Acts out one operation on a request that fits the specification.
pub(crate) type Handler = fn(&mut State, &Call) -> Answer;

/// What a request says, once it has been found to fit the specification.
#[derive(Debug, Default)]
pub(crate) struct Call {
    pub(crate) parameters: BTreeMap<String, Value>,
    pub(crate) body: Option<Value>,
}

impl Call {
    /// The text of a parameter; empty when there is none.
    pub(crate) fn text(&self, parameter: &str) -> &str {
        self.parameters
            .get(parameter)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }
}

/// Why a request is not acted out, whatever the seats are.
#[derive(Debug)]
pub(crate) enum Refusal {
    NoSuchPath,
    MethodNotAllowed,
    CredentialMissing,
    CredentialWrong,
    /// The specification has this operation, the sandbox does not.
    NotActedOut(String),
    Parameters(Vec<Fault>),
    /// The body cannot be read as what the specification declares.
    UnreadableBody(String),
    UnfitBody(Vec<Fault>),
    BodyTooLarge,
}

/// What is wrong with one field. As text it is a sentence: "user_uuids is required".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) field: String,
    /// Goes on from the field's name.
    pub(crate) words: String,
}

impl Fault {
    pub(crate) fn new(field: impl Into<String>, words: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            words: words.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.words)
    }
}

/// An answer, before it is numbered and sent.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Value>,
}

impl Answer {
    /// An answer without a body.
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: None,
        }
    }

    /// An answer with a JSON body under the given media type.
    pub(crate) fn json(status: StatusCode, media_type: &'static str, body: Value) -> Self {
        Self {
            status,
            headers: HeaderMap::from_iter([(
                header::CONTENT_TYPE,
                HeaderValue::from_static(media_type),
            )]),
            body: Some(body),
        }
    }
}
