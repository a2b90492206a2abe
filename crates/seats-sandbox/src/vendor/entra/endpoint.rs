//! The authority's endpoints, which no specification of ours describes.

use http::Method;

/// The name of a token request in faults and in the log.
pub(crate) const TOKEN: &str = "token";

/// The name of a discovery request in faults and in the log.
const DISCOVERY: &str = "discovery";

/// The names of all operations of the authority.
pub(crate) const OPERATIONS: [&str; 2] = [TOKEN, DISCOVERY];

/// An endpoint of the authority.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Endpoint<'p> {
    /// `/{tenant}/oauth2/token`, or `/{tenant}/oauth2/v2.0/token`.
    Token { tenant: &'p str, version: Version },
    /// The OpenID Connect discovery document of a tenant.
    OpenIdConfiguration { tenant: &'p str, version: Version },
    /// `/common/discovery/instance`, by which Microsoft's libraries check an authority.
    InstanceDiscovery,
}

/// The version of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    V1,
    V2,
}

impl<'p> Endpoint<'p> {
    /// Returns the endpoint at a path.
    pub(crate) fn at(path: &'p str) -> Option<Self> {
        let (tenant, rest) = path.strip_prefix('/')?.split_once('/')?;
        if tenant.is_empty() {
            return None;
        }
        match rest {
            "oauth2/token" => Some(Self::Token {
                tenant,
                version: Version::V1,
            }),
            "oauth2/v2.0/token" => Some(Self::Token {
                tenant,
                version: Version::V2,
            }),
            ".well-known/openid-configuration" => Some(Self::OpenIdConfiguration {
                tenant,
                version: Version::V1,
            }),
            "v2.0/.well-known/openid-configuration" => Some(Self::OpenIdConfiguration {
                tenant,
                version: Version::V2,
            }),
            "discovery/instance" => Some(Self::InstanceDiscovery),
            _ => None,
        }
    }

    /// Returns the name in faults and in the log.
    pub(crate) fn operation(&self) -> &'static str {
        match self {
            Self::Token { .. } => TOKEN,
            Self::OpenIdConfiguration { .. } | Self::InstanceDiscovery => DISCOVERY,
        }
    }

    /// Returns the tenant id in the path, if the endpoint belongs to a tenant.
    pub(crate) fn tenant(&self) -> Option<&'p str> {
        match self {
            Self::Token { tenant, .. } | Self::OpenIdConfiguration { tenant, .. } => Some(tenant),
            Self::InstanceDiscovery => None,
        }
    }

    /// Returns the one method that the endpoint accepts.
    pub(crate) fn method(&self) -> Method {
        match self {
            Self::Token { .. } => Method::POST,
            Self::OpenIdConfiguration { .. } | Self::InstanceDiscovery => Method::GET,
        }
    }
}
