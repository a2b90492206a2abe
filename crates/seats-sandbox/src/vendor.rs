//! What the two vendors have in common: how a request is refused or acted out,
//! and where each of them puts that into its own words.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::Value;

use crate::limit::RateLimit;
use crate::security::Credentials;
use crate::tenant::{Account, Accounts};

/// One of the two services, apart from what its specification states.
pub(crate) trait Vendor: fmt::Debug + Sync {
    /// The tenant whose credentials these are, by the schemes of the specification.
    fn tenant(
        &self,
        accounts: &Accounts,
        credentials: &Credentials<'_>,
        now: Duration,
    ) -> Option<usize>;

    /// The limit on a tenant's requests, where there is one.
    fn limit<'a>(&self, account: &'a mut Account) -> Option<&'a mut RateLimit>;

    /// What acts an operation out; `None` when the sandbox cannot.
    fn handler(&self, operation_id: &str) -> Option<Handler>;

    /// A refusal in this vendor's words.
    fn refuse(&self, refusal: &Refusal) -> Answer;

    /// Says in an answer how long to stay away, in seconds.
    fn put_off(&self, answer: &mut Answer, seconds: u64);

    /// Name and value of the header that numbers an answer.
    fn request_id(&self, number: usize) -> (&'static str, String);
}

/// Acts out one operation on a request that fits the specification.
pub(crate) type Handler = fn(&mut Account, &Call) -> Answer;

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

    /// How many entries a page is to hold.
    pub(crate) fn page_size(&self, parameter: &str, default: usize, most: usize) -> usize {
        let size = self.parameters.get(parameter).and_then(Value::as_u64);
        // More than fits into a size is more than the most.
        size.map_or(default, |size| {
            usize::try_from(size).unwrap_or(most).min(most)
        })
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
    Parameters(Vec<Flaw>),
    /// The body cannot be read as what the specification declares.
    UnreadableBody(String),
    UnfitBody(Vec<Flaw>),
    BodyTooLarge,
    TooManyRequests,
    /// Something broke on the vendor's side.
    Broken,
}

/// What is wrong with one field. As text it is a sentence: "user_uuids is required".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flaw {
    pub(crate) field: String,
    /// Goes on from the field's name.
    pub(crate) words: String,
}

impl Flaw {
    pub(crate) fn new(field: impl Into<String>, words: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            words: words.into(),
        }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.words)
    }
}

/// An answer, before it is numbered and sent.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Content>,
}

/// The body of an answer.
#[derive(Debug)]
pub(crate) enum Content {
    Json(Value),
    Text(&'static str),
}

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(value) => value.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
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

    /// An answer with a page of HTML, as an edge server sends it.
    pub(crate) fn html(status: StatusCode, page: &'static str) -> Self {
        let mut answer = Self::empty(status);
        answer.label(HeaderValue::from_static("text/html"));
        answer.body = Some(Content::Text(page));
        answer
    }

    /// Labels the body.
    pub(crate) fn label(&mut self, media_type: HeaderValue) {
        self.headers.insert(header::CONTENT_TYPE, media_type);
    }

    /// An answer with a JSON body under the given media type.
    pub(crate) fn json(status: StatusCode, media_type: &'static str, body: Value) -> Self {
        Self {
            status,
            headers: HeaderMap::from_iter([(
                header::CONTENT_TYPE,
                HeaderValue::from_static(media_type),
            )]),
            body: Some(Content::Json(body)),
        }
    }
}
