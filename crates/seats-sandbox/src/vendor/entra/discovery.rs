//! Discovery: where an authority's endpoints are, as Microsoft's libraries ask for it.

use http::StatusCode;
use serde_json::json;

use super::endpoint::Version;
use super::errors::{OAuthError, json_response};
use crate::message::encoding::{decode_query, pairs};
use crate::message::response::Response;
use crate::state::account::Accounts;

/// Returns the OpenID Connect discovery document of a tenant. Only its token endpoint exists.
pub(super) fn openid_configuration(
    accounts: &Accounts,
    tenant_id: &str,
    version: Version,
    authority: &str,
) -> Result<Response, OAuthError> {
    let tenant = accounts.with_tenant_id(tenant_id);
    let tenant = tenant.ok_or_else(|| OAuthError::unknown_tenant("invalid_tenant", tenant_id))?;
    let tenant = format!("{authority}/{}", accounts.all[tenant].tenant.tenant_id);
    let (oauth, issuer) = match version {
        Version::V1 => (format!("{tenant}/oauth2"), format!("{tenant}/")),
        Version::V2 => (format!("{tenant}/oauth2/v2.0"), format!("{tenant}/v2.0")),
    };
    let body = json!({
        "token_endpoint": format!("{oauth}/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
        "jwks_uri": format!("{tenant}/discovery/v2.0/keys"),
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code"],
        "scopes_supported": ["openid"],
        "issuer": issuer,
        "authorization_endpoint": format!("{oauth}/authorize"),
        "device_authorization_endpoint": format!("{oauth}/devicecode"),
    });
    Ok(json_response(StatusCode::OK, body))
}

/// Returns the instance discovery document: this authority is known, and has no other name.
pub(super) fn instance(query: &str, authority: &str) -> Result<Response, OAuthError> {
    let invalid = || {
        let problem = "The parameter 'authorization_endpoint' is empty or not valid.";
        OAuthError::new("invalid_request", 90_100, problem)
    };
    let endpoint = pairs(query).find(|(name, _)| *name == "authorization_endpoint");
    let endpoint = endpoint.and_then(|(_, value)| decode_query(value));
    let endpoint = endpoint.ok_or_else(invalid)?;
    let (_scheme, rest) = endpoint.split_once("://").ok_or_else(invalid)?;
    let tenant = rest.split('/').nth(1).filter(|tenant| !tenant.is_empty());
    let tenant = tenant.ok_or_else(invalid)?;
    let (_scheme, host) = authority.split_once("://").unwrap_or(("", authority));
    let body = json!({
        "tenant_discovery_endpoint":
            format!("{authority}/{tenant}/v2.0/.well-known/openid-configuration"),
        "api-version": "1.1",
        "metadata": [{
            "preferred_network": host,
            "preferred_cache": host,
            "aliases": [host],
        }],
    });
    Ok(json_response(StatusCode::OK, body))
}
