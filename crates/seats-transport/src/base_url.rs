//! The base URL of a vendor: `https`, or plain `http` to this machine.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

/// Where a vendor's API is served, such as `https://bspmts.mp.microsoft.com/V1`.
///
/// It is `https`, or `http` on a loopback address; it has no user, query or fragment, and no
/// slash at its end.
///
/// ```
/// use seats_transport::BaseUrl;
///
/// let base = BaseUrl::parse("https://api.datadoghq.com/")?;
/// assert_eq!(base.as_str(), "https://api.datadoghq.com");
/// assert!(BaseUrl::parse("http://api.datadoghq.com").is_err());
/// assert!(BaseUrl::parse("http://127.0.0.1:8080/V1").is_ok());
/// # Ok::<(), seats_transport::InvalidBaseUrl>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl {
    url: Url,
    /// The URL as text, without the slash at its end.
    text: String,
}

impl BaseUrl {
    /// Reads a base URL.
    ///
    /// # Errors
    /// The text is no absolute URL, or breaks one of the rules above; the error says which.
    pub fn parse(text: &str) -> Result<Self, InvalidBaseUrl> {
        let refuse = |reason| {
            Err(InvalidBaseUrl {
                reason,
                holds_secret: false,
            })
        };
        if text
            .chars()
            .any(|c| c.is_control() || c.is_whitespace() || c == '\\')
        {
            return refuse("must have no white space, control character or \"\\\"");
        }
        // The parser takes `http:host` and `http:///host` for the same; people do not mean them.
        let after_scheme = text.split_once("://").map(|(_, rest)| rest);
        if !after_scheme.is_some_and(|rest| rest.starts_with(|c: char| c != '/')) {
            return refuse("must be an absolute URL, such as https://api.example.com");
        }
        let Ok(url) = Url::parse(text) else {
            return refuse("must be an absolute URL, such as https://api.example.com");
        };
        if !matches!(url.scheme(), "http" | "https") {
            return refuse("must begin with https://");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidBaseUrl {
                reason: "must have no user name or password in it",
                holds_secret: true,
            });
        }
        if url.query().is_some() {
            return refuse("must have no query");
        }
        if url.fragment().is_some() {
            return refuse("must have no fragment");
        }
        if url.scheme() == "http" && !is_loopback(&url) {
            return refuse(
                "must be https; plain http is for this machine only (127.0.0.1, [::1], localhost)",
            );
        }
        if has_dot_segment(text) {
            return refuse("must have no \".\" or \"..\" in its path");
        }
        let path = url.path().trim_end_matches('/');
        if path.contains("//") {
            return refuse("must have no empty part in its path");
        }
        let text = format!("{}{path}", url.origin().ascii_serialization());
        match Url::parse(&text) {
            Ok(url) => Ok(Self { url, text }),
            Err(_) => refuse("must be an absolute URL, such as https://api.example.com"),
        }
    }

    /// The URL as text, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The scheme, host and port.
    pub(crate) fn origin(&self) -> url::Origin {
        self.url.origin()
    }

    /// The path without a slash at its end; empty where there is none.
    pub(crate) fn path(&self) -> &str {
        self.url.path().trim_end_matches('/')
    }

    /// Whether requests go unencrypted, and so may not leave this machine.
    pub(crate) fn is_plain(&self) -> bool {
        self.url.scheme() == "http"
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BaseUrl({})", self.text)
    }
}

/// Why a text is not a [`BaseUrl`]: the rule that it breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct InvalidBaseUrl {
    reason: &'static str,
    holds_secret: bool,
}

impl InvalidBaseUrl {
    /// Whether the text has a password in it, and is better not shown.
    pub fn holds_secret(&self) -> bool {
        self.holds_secret
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).to_canonical().is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// The parser takes dot segments away in silence, which moves the path that was meant.
fn has_dot_segment(text: &str) -> bool {
    // The scheme and the host have none, so every part may be looked at.
    text.split('/').any(|segment| {
        let plain = segment.to_ascii_lowercase().replace("%2e", ".");
        plain == "." || plain == ".."
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str, reason: &str) {
        match BaseUrl::parse(text) {
            Ok(url) => panic!("{text} was taken as {url}"),
            Err(error) => assert_eq!(error.to_string(), reason),
        }
    }

    #[test]
    fn takes_https_anywhere_and_http_on_this_machine() {
        for (text, expected) in [
            ("https://api.datadoghq.com", "https://api.datadoghq.com"),
            ("https://api.datadoghq.com///", "https://api.datadoghq.com"),
            (
                "https://bspmts.mp.microsoft.com/V1/",
                "https://bspmts.mp.microsoft.com/V1",
            ),
            (
                "HTTPS://API.Example.COM:8443/V1",
                "https://api.example.com:8443/V1",
            ),
            ("http://127.0.0.1:9/V1", "http://127.0.0.1:9/V1"),
            ("http://127.8.8.8", "http://127.8.8.8"),
            ("http://localhost:80", "http://localhost"),
            ("http://[::1]:9", "http://[::1]:9"),
        ] {
            assert_eq!(BaseUrl::parse(text).unwrap().as_str(), expected);
        }
    }

    #[test]
    fn refuses_plain_http_elsewhere() {
        let reason =
            "must be https; plain http is for this machine only (127.0.0.1, [::1], localhost)";
        for text in [
            "http://api.datadoghq.com",
            "http://10.0.0.1",
            "http://localhost.example.com",
            "http://0.0.0.0",
            "http://[::2]",
        ] {
            refused(text, reason);
        }
    }

    #[test]
    fn refuses_what_is_no_base() {
        refused(
            "",
            "must be an absolute URL, such as https://api.example.com",
        );
        refused(
            "api.datadoghq.com",
            "must be an absolute URL, such as https://api.example.com",
        );
        refused(
            "https://",
            "must be an absolute URL, such as https://api.example.com",
        );
        refused("ftp://127.0.0.1", "must begin with https://");
        refused("file://host/etc/passwd", "must begin with https://");
        refused(
            "https://u:p@api.datadoghq.com",
            "must have no user name or password in it",
        );
        refused("https://api.datadoghq.com/?a=b", "must have no query");
        refused("https://api.datadoghq.com/?", "must have no query");
        refused("https://api.datadoghq.com/#a", "must have no fragment");
        refused(
            "https://api.datadoghq.com/V1/../V2",
            "must have no \".\" or \"..\" in its path",
        );
        refused(
            "https://api.datadoghq.com/V1/%2E%2e",
            "must have no \".\" or \"..\" in its path",
        );
        refused(
            "https://api.datadoghq.com//V1",
            "must have no empty part in its path",
        );
        let text = "must have no white space, control character or \"\\\"";
        refused("https://api.datadoghq.com\n", text);
        refused(" https://api.datadoghq.com", text);
        refused("https:\\\\api.datadoghq.com", text);
    }
}
