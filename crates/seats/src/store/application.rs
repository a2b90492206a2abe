//! The application of Entra ID (Azure AD) in whose name tokens are fetched.

use seats_transport::secrecy::SecretString;
use seats_transport::{ClientCredentials, InvalidClientCredentials};

use crate::environment;
use crate::error::Error;

/// What the tokens are for.
pub(super) const RESOURCE: &str = "https://onestore.microsoft.com";
/// The variables that hold the three parts, by the convention of Azure's own tools.
const TENANT: &str = "AZURE_TENANT_ID";
const CLIENT_ID: &str = "AZURE_CLIENT_ID";
const SECRET: &str = "AZURE_CLIENT_SECRET";
const AUTHORITY: &str = "AZURE_AUTHORITY_HOST";
/// What to set where there is neither a token nor an application.
pub(super) const VARIABLES: &str =
    "SEATS_STORE_TOKEN, or AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET";

/// The parts of an application's credentials, as they were given.
#[derive(Debug)]
pub(super) struct Application {
    pub tenant: String,
    pub client_id: String,
    pub secret: SecretString,
}

impl Application {
    /// The application that the environment names; none where it names no part of one.
    pub(super) fn from_env() -> Result<Option<Self>, Error> {
        let tenant = environment::variable(TENANT)?;
        let client_id = environment::variable(CLIENT_ID)?;
        let secret = environment::secret(SECRET)?;
        if tenant.is_none() && client_id.is_none() && secret.is_none() {
            return Ok(None);
        }
        let mut missing = Vec::new();
        for (is_missing, what, variable) in [
            (tenant.is_none(), "the application's tenant", TENANT),
            (
                client_id.is_none(),
                "the application's client id",
                CLIENT_ID,
            ),
            (secret.is_none(), "the application's secret", SECRET),
        ] {
            if is_missing {
                missing.push((what, variable));
            }
        }
        match (tenant, client_id, secret) {
            (Some(tenant), Some(client_id), Some(secret)) => Ok(Some(Self {
                tenant,
                client_id,
                secret,
            })),
            _ => Err(Error::missing_credentials(&missing)),
        }
    }

    /// The authority that the environment names, where it is not the usual one.
    pub(super) fn authority_from_env() -> Result<Option<String>, Error> {
        environment::variable(AUTHORITY)
    }

    /// What gets tokens in the application's name.
    pub(super) fn credentials(self, authority: Option<&str>) -> Result<ClientCredentials, Error> {
        let shown = (self.tenant.clone(), self.client_id.clone());
        let refuse = |error: InvalidClientCredentials| match error.part() {
            "tenant" => Error::invalid_input(TENANT, &shown.0, error.reason()),
            "client id" => Error::invalid_input(CLIENT_ID, &shown.1, error.reason()),
            "authority" if error.holds_secret() => Error::invalid_secret(AUTHORITY, error.reason()),
            "authority" => {
                Error::invalid_input(AUTHORITY, authority.unwrap_or_default(), error.reason())
            }
            _ => Error::invalid_secret(SECRET, error.reason()),
        };
        let credentials = ClientCredentials::new(&self.tenant, &self.client_id, self.secret)
            .map_err(&refuse)?
            .resource(RESOURCE);
        match authority {
            Some(authority) => credentials.authority(authority).map_err(refuse),
            None => Ok(credentials),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resource_is_the_one_in_the_spec() {
        let spec = include_str!("../../../../specs/store-for-business.yaml");
        assert!(spec.contains(&format!("`{RESOURCE}`")));
    }
}
