//! Entra ID's side: tokens for the Store by client credentials, and its error bodies.

use std::collections::HashMap;
use std::time::Duration;

use http::{HeaderValue, Method, StatusCode, header};
use serde_json::json;

use crate::respond::{Request, is_labelled};
use crate::route::{decode_query, query_pairs};
use crate::tenant::Accounts;
use crate::vendor::Answer;

/// What faults and the log call the request for a token; no specification names it.
pub(crate) const OPERATION: &str = "token";

/// What a token has to be for.
const RESOURCE: &str = "https://onestore.microsoft.com";

const FORM: &str = "application/x-www-form-urlencoded";

/// The tenant in the path of the v1 endpoint, `/{tenant}/oauth2/token`.
pub(crate) fn tenant_of(path: &str) -> Option<&str> {
    let tenant = path.strip_prefix('/')?.strip_suffix("/oauth2/token")?;
    (!tenant.is_empty() && !tenant.contains('/')).then_some(tenant)
}

/// An error with Microsoft's number for it.
struct Refusal {
    status: StatusCode,
    error: &'static str,
    number: u32,
    description: String,
}

impl Refusal {
    fn new(error: &'static str, number: u32, description: impl Into<String>) -> Self {
        let status = match error {
            "invalid_client" => StatusCode::UNAUTHORIZED,
            _ => StatusCode::BAD_REQUEST,
        };
        Self {
            status,
            error,
            number,
            description: description.into(),
        }
    }

    fn lacks(parameter: &str) -> Self {
        let words = "The request body must contain the following parameter";
        Self::new(
            "invalid_request",
            900_144,
            format!("{words}: '{parameter}'."),
        )
    }

    fn answer(&self) -> Answer {
        let Self {
            number,
            description,
            ..
        } = self;
        let body = json!({
            "error": self.error,
            "error_description": format!("AADSTS{number}: {description}"),
            "error_codes": [number],
            "error_uri": format!("https://login.microsoftonline.com/error?code={number}"),
        });
        labelled(self.status, body)
    }
}

/// Answers a request for a token.
pub(crate) fn answer(
    accounts: &mut Accounts,
    tenant_id: &str,
    request: &Request,
    now: Duration,
) -> Answer {
    if request.method != Method::POST {
        let mut answer = Refusal {
            status: StatusCode::METHOD_NOT_ALLOWED,
            ..Refusal::new(
                "invalid_request",
                900_561,
                format!(
                    "The endpoint only accepts POST requests. Received a {} request.",
                    request.method
                ),
            )
        }
        .answer();
        let allowed = HeaderValue::from_static("POST");
        answer.headers.insert(header::ALLOW, allowed);
        return answer;
    }
    let issued = owner(accounts, tenant_id, request).and_then(|tenant| {
        let none = || Refusal::new("invalid_request", 90_002, "The tenant was not found.");
        accounts.issue(tenant, now).ok_or_else(none)
    });
    match issued {
        Ok((token, lifetime)) => {
            let body = json!({
                "token_type": "Bearer",
                // A string, as the v1 endpoint writes it.
                "expires_in": lifetime.as_secs().to_string(),
                "resource": RESOURCE,
                "access_token": token,
            });
            labelled(StatusCode::OK, body)
        }
        Err(refusal) => refusal.answer(),
    }
}

/// The tenant whose application asks, if it may.
fn owner(accounts: &Accounts, tenant_id: &str, request: &Request) -> Result<usize, Refusal> {
    let form = form(request)?;
    let field = |name: &str| {
        let value = form.get(name).filter(|value| !value.is_empty());
        value
            .map(String::as_str)
            .ok_or_else(|| Refusal::lacks(name))
    };
    let tenant = accounts.of_entra(tenant_id);
    let tenant = tenant.ok_or_else(|| {
        let words = format!("Tenant '{tenant_id}' not found.");
        Refusal::new("invalid_request", 90_002, words)
    })?;
    let known = &accounts.all[tenant].tenant;
    let grant = field("grant_type")?;
    if grant != "client_credentials" {
        let words = format!("The app requested an unsupported grant type '{grant}'.");
        return Err(Refusal::new("unsupported_grant_type", 70_003, words));
    }
    let client_id = field("client_id")?;
    if !known.client_id.eq_ignore_ascii_case(client_id) {
        let words = format!(
            "Application with identifier '{client_id}' was not found in the directory '{tenant_id}'."
        );
        return Err(Refusal::new("unauthorized_client", 700_016, words));
    }
    let Ok(secret) = field("client_secret") else {
        let words = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
        return Err(Refusal::new("invalid_client", 7_000_218, words));
    };
    if secret != known.client_secret {
        let words = format!(
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{client_id}'."
        );
        return Err(Refusal::new("invalid_client", 7_000_215, words));
    }
    let resource = field("resource")?;
    if resource != RESOURCE {
        let words = format!(
            "The resource principal named {resource} was not found in the tenant named {tenant_id}."
        );
        return Err(Refusal::new("invalid_resource", 500_011, words));
    }
    Ok(tenant)
}

/// The fields of the form. A field that comes twice is refused: which one counts is a guess.
fn form(request: &Request) -> Result<HashMap<String, String>, Refusal> {
    let unreadable = |words| Refusal::new("invalid_request", 900_023, words);
    let body = request.body.as_ref();
    let body = body.map_err(|_| unreadable("The body cannot be read to its end."))?;
    let mut fields = HashMap::new();
    if !is_labelled(&request.headers, FORM) {
        // A body of another kind has none of the fields.
        return Ok(fields);
    }
    let not_a_form = || unreadable("The body is not a form.");
    let body = std::str::from_utf8(body).map_err(|_| not_a_form())?;
    for (name, value) in query_pairs(body) {
        let name = decode_query(name).ok_or_else(not_a_form)?;
        let value = decode_query(value).ok_or_else(not_a_form)?;
        if fields.insert(name, value).is_some() {
            return Err(unreadable("A field of the form is duplicated."));
        }
    }
    Ok(fields)
}

fn labelled(status: StatusCode, body: serde_json::Value) -> Answer {
    let mut answer = Answer::json(status, "application/json; charset=utf-8", body);
    let never = HeaderValue::from_static("no-store, no-cache");
    answer.headers.insert(header::CACHE_CONTROL, never);
    answer
}

/// An answer of an authority that cannot serve anybody.
pub(crate) fn trouble(status: StatusCode, error: &'static str) -> Answer {
    let refusal = Refusal::new(
        error,
        90_033,
        "A transient error has occurred. Please try again.",
    );
    Refusal { status, ..refusal }.answer()
}
