//! Tokens for the Store by OAuth 2.0 client credentials.

use std::collections::HashMap;
use std::time::Duration;

use http::StatusCode;
use serde_json::json;

use super::endpoint::Version;
use super::errors::{OAuthError, json_response};
use crate::message::encoding::{decode_query, pairs};
use crate::message::request::Request;
use crate::message::response::Response;
use crate::state::account::{Accounts, Tenant};

/// The resource that a token must be for.
const RESOURCE: &str = "https://onestore.microsoft.com";

/// What the v2 endpoint takes in place of a resource.
const SCOPE: &str = "https://onestore.microsoft.com/.default";

const FORM: &str = "application/x-www-form-urlencoded";

/// Returns a token, or why the authority refuses it.
pub(super) fn respond(
    accounts: &mut Accounts,
    tenant_id: &str,
    version: Version,
    request: &Request,
    now: Duration,
) -> Result<Response, OAuthError> {
    let form = Form::read(request)?;
    let unknown = || OAuthError::unknown_tenant("invalid_request", tenant_id);
    let tenant = accounts.with_tenant_id(tenant_id).ok_or_else(unknown)?;
    check_client(&accounts.all[tenant].tenant, tenant_id, &form)?;
    match version {
        Version::V1 => check_resource(tenant_id, &form)?,
        Version::V2 => check_scope(&form)?,
    }
    let (token, lifetime) = accounts.issue_token(tenant, now).ok_or_else(unknown)?;
    let seconds = lifetime.as_secs();
    let body = match version {
        Version::V1 => json!({
            "token_type": "Bearer",
            // A string, as the v1 endpoint writes it.
            "expires_in": seconds.to_string(),
            "resource": RESOURCE,
            "access_token": token,
        }),
        Version::V2 => json!({
            "token_type": "Bearer",
            "expires_in": seconds,
            "ext_expires_in": seconds,
            "access_token": token,
        }),
    };
    Ok(json_response(StatusCode::OK, body))
}

fn check_client(tenant: &Tenant, tenant_id: &str, form: &Form) -> Result<(), OAuthError> {
    let grant = form.field("grant_type")?;
    if grant != "client_credentials" {
        let problem = format!("The app requested an unsupported grant type '{grant}'.");
        return Err(OAuthError::new("unsupported_grant_type", 70_003, problem));
    }
    let client_id = form.field("client_id")?;
    if !tenant.client_id.eq_ignore_ascii_case(client_id) {
        let problem = format!(
            "Application with identifier '{client_id}' was not found in the directory '{tenant_id}'."
        );
        return Err(OAuthError::new("unauthorized_client", 700_016, problem));
    }
    let Ok(secret) = form.field("client_secret") else {
        let problem = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
        return Err(OAuthError::new("invalid_client", 7_000_218, problem));
    };
    if secret != tenant.client_secret {
        let problem = format!(
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{client_id}'."
        );
        return Err(OAuthError::new("invalid_client", 7_000_215, problem));
    }
    Ok(())
}

fn check_resource(tenant_id: &str, form: &Form) -> Result<(), OAuthError> {
    let resource = form.field("resource")?;
    if resource == RESOURCE {
        return Ok(());
    }
    let problem = format!(
        "The resource principal named {resource} was not found in the tenant named {tenant_id}."
    );
    Err(OAuthError::new("invalid_resource", 500_011, problem))
}

fn check_scope(form: &Form) -> Result<(), OAuthError> {
    let scope = form.field("scope")?;
    if scope.split(' ').any(|scope| scope == SCOPE) {
        return Ok(());
    }
    let problem = format!(
        "The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid."
    );
    Err(OAuthError::new("invalid_scope", 70_011, problem))
}

/// The fields of the form.
struct Form(HashMap<String, String>);

impl Form {
    /// Parses the form. A field that comes twice is an error: which of the two counts is a guess.
    fn read(request: &Request) -> Result<Self, OAuthError> {
        let unreadable = |problem| OAuthError::new("invalid_request", 900_023, problem);
        let body = request.body.as_ref();
        let body = body.map_err(|_| unreadable("The body cannot be read to its end."))?;
        let mut fields = HashMap::new();
        if !request.has_media_type(FORM) {
            // A body of another kind has none of the fields.
            return Ok(Self(fields));
        }
        let not_a_form = || unreadable("The body is not a form.");
        let body = std::str::from_utf8(body).map_err(|_| not_a_form())?;
        for (name, value) in pairs(body) {
            let name = decode_query(name).ok_or_else(not_a_form)?;
            let value = decode_query(value).ok_or_else(not_a_form)?;
            if fields.insert(name, value).is_some() {
                return Err(unreadable("A field of the form is duplicated."));
            }
        }
        Ok(Self(fields))
    }

    /// Returns a field that must be there and not be empty.
    fn field(&self, name: &str) -> Result<&str, OAuthError> {
        let value = self.0.get(name).filter(|value| !value.is_empty());
        value
            .map(String::as_str)
            .ok_or_else(|| OAuthError::missing(name))
    }
}
