//! Base URL of a vendor's API: `https`, or plain `http` to this machine.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use url::{Host, Url};

/// The one name that stands for this machine. The resolver is not asked for it.
pub(crate) const LOCALHOST: &str = "localhost";

/// The base URL of a vendor's API, such as `https://bspmts.mp.microsoft.com/V1`.
///
/// It is `https`, or `http` to a loopback address (`127.0.0.0/8`, `::1`, or `localhost`, which is
/// connected to 127.0.0.1 and ::1 whatever the resolver says). It has no user, password, query or
/// fragment; slashes at its end are removed. `Display`, `FromStr` and serde use its text.
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
    /// Parses a base URL.
    ///
    /// # Errors
    /// The text is not an absolute URL, or breaks one of the rules above; the error says which.
    pub fn parse(text: &str) -> Result<Self, InvalidBaseUrl> {
        let refuse = |reason| Err(InvalidBaseUrl { reason });
        if text
            .chars()
            .any(|c| c.is_control() || c.is_whitespace() || c == '\\')
        {
            return refuse("must have no white space, control character or \"\\\"");
        }
        // The parser reads `http:host` and `http:///host` as `http://host`; people do not mean them.
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
            return refuse("must have no user name or password in it");
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

    /// Returns the URL as text, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the scheme, host and port as text.
    pub fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// Returns whether a URL has the same scheme, host and port.
    pub(crate) fn has_origin_of(&self, url: &Url) -> bool {
        self.url.scheme() == url.scheme()
            && self.url.host() == url.host()
            && self.url.port_or_known_default() == url.port_or_known_default()
    }

    /// Returns the path without a slash at its end; empty if there is none.
    pub(crate) fn path(&self) -> &str {
        self.url.path().trim_end_matches('/')
    }

    /// Returns whether requests are unencrypted, and so must not leave this machine.
    pub fn is_plain(&self) -> bool {
        self.url.scheme() == "http"
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for BaseUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for BaseUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BaseUrl({})", self.text)
    }
}

impl FromStr for BaseUrl {
    type Err = InvalidBaseUrl;

    fn from_str(text: &str) -> Result<Self, InvalidBaseUrl> {
        Self::parse(text)
    }
}

impl TryFrom<&str> for BaseUrl {
    type Error = InvalidBaseUrl;

    fn try_from(text: &str) -> Result<Self, InvalidBaseUrl> {
        Self::parse(text)
    }
}

/// Error from parsing a [`BaseUrl`]: the rule that the text breaks. It does not hold the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct InvalidBaseUrl {
    reason: &'static str,
}

/// Returns a text that was meant as a URL without its user name and password, for a message about it.
///
/// It works on the text, because a text that is not a URL may hold a password all the same. Everything
/// between the scheme and the last `@` is left out, wherever it stands: a password may have a `/` in it.
/// Without an `@`, what stands in the place of the port is left out unless it is a number.
///
/// ```
/// use seats_transport::without_userinfo;
///
/// assert_eq!(without_userinfo("http://ada:secret@example.com/V1"), "http://***@example.com/V1");
/// assert_eq!(without_userinfo("ada:secret@example.com"), "***@example.com");
/// assert_eq!(without_userinfo("https://ada:1/secret@example.com"), "https://***@example.com");
/// assert_eq!(without_userinfo("https://ada:secret"), "https://ada:***");
/// assert_eq!(without_userinfo("https://example.com:8443/V1"), "https://example.com:8443/V1");
/// ```
pub fn without_userinfo(text: &str) -> String {
    let scheme = match text.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme, rest) => {
            text.len() - rest.trim_start_matches(['/', '\\']).len()
        }
        _ => 0,
    };
    let (scheme, rest) = text.split_at(scheme);
    if let Some(at) = rest.rfind('@') {
        return format!("{scheme}***{}", &rest[at..]);
    }
    // An `@` may have been forgotten, or encoded. A URL parser takes "\\" for "/".
    let end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
    // The colons within the brackets are those of an IPv6 address.
    let host = rest[..end].rfind(']').map_or(0, |at| at + 1);
    match rest[host..end].find(':').map(|at| host + at) {
        Some(at) if !rest[at + 1..end].bytes().all(|b| b.is_ascii_digit()) => {
            format!("{scheme}{}:***", &rest[..at])
        }
        _ => text.to_owned(),
    }
}

/// Whether `scheme` is one, and not a user name before its password.
fn is_scheme(scheme: &str, after_colon: &str) -> bool {
    let is_web = ["http", "https"]
        .iter()
        .any(|it| it.eq_ignore_ascii_case(scheme));
    let is_word = scheme.bytes().all(|b| b.is_ascii_alphanumeric());
    is_web || is_word && after_colon.starts_with("//")
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).to_canonical().is_loopback(),
        Some(Host::Domain(name)) => name == LOCALHOST,
        None => false,
    }
}

/// The parser removes dot segments silently, which moves the path that was meant.
fn has_dot_segment(text: &str) -> bool {
    // The scheme and the host have none, so every part may be looked at.
    text.split('/').any(|segment| {
        let plain = segment.to_ascii_lowercase().replace("%2e", ".");
        plain == "." || plain == ".."
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::Config;

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

    proptest! {
        #![proptest_config(Config { failure_persistence: None, cases: 300, ..Config::default() })]

        /// Whatever stands around it, and whatever is mistyped.
        #[test]
        fn userinfo_is_never_shown(
            before in r"(https?:/{0,3}|HTTP:\\\\|ftp://|//|)",
            user in "[a-z/:?#]{0,4}",
            password in r"[ -?A-Z\[-~é]{0,6}SECRET[ -?A-Z\[-~é]{0,6}",
            host in r"([a-z]{1,6}(\.[a-z]{2,3})?|\[::1\]|)(:[0-9a-z]{1,4})?(/[a-z:/?#=]{0,8})?",
        ) {
            let text = format!("{before}{user}:{password}@{host}");
            let shown = without_userinfo(&text);
            prop_assert!(!shown.contains("SECRET"), "{} of {}", shown, text);
            let end = format!("***@{host}");
            prop_assert!(shown.ends_with(&end), "{} of {}", shown, text);
            if let Err(error) = BaseUrl::parse(&text) {
                prop_assert!(!error.to_string().contains("SECRET"));
            }
        }

        #[test]
        fn a_password_whose_host_was_forgotten_is_not_shown(
            before in "(https?:/{0,3}|)",
            password in "[a-z]{0,3}SECRET[a-z0-9/]{0,3}",
        ) {
            let text = format!("{before}ada:{password}");
            let shown = without_userinfo(&text);
            prop_assert!(!shown.contains("SECRET"), "{} of {}", shown, text);
        }

        #[test]
        fn a_base_url_goes_by_tls_or_stays_here_and_has_no_password(text in r"(https?://)?[ -~]{0,30}") {
            if let Ok(base) = BaseUrl::parse(&text) {
                prop_assert!(!base.as_str().contains(['?', '#']), "{} of {}", base, text);
                prop_assert!(base.url.username().is_empty() && base.url.password().is_none());
                prop_assert!(!base.is_plain() || is_loopback(&base.url));
                prop_assert_eq!(BaseUrl::parse(base.as_str()).unwrap(), base);
            }
        }
    }
}
