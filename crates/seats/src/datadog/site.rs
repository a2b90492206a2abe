//! Datadog's sites.

use std::fmt;
use std::str::FromStr;

/// A Datadog site: where an organisation's data is stored.
///
/// The API of a site is served at `https://api.` followed by the site's name. Datadog adds sites, so one
/// that is not in this list is accepted by its name, if it is a single label under one of Datadog's own
/// domains. Any other name is refused: the keys would go there. For a gateway, set a base URL instead.
///
/// ```
/// use seats::datadog::Site;
///
/// assert_eq!("us5.datadoghq.com".parse::<Site>()?, Site::Us5);
/// let new: Site = "us9.datadoghq.com".parse()?;
/// assert_eq!(new.api_url(), "https://api.us9.datadoghq.com");
/// assert_eq!(
///     "dataadoghq.com".parse::<Site>().unwrap_err().to_string(),
///     "must be a Datadog site; did you mean datadoghq.com? (for a gateway, set a base URL instead)"
/// );
/// # Ok::<(), seats::datadog::InvalidSite>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Site {
    /// `datadoghq.com`
    #[default]
    Us1,
    /// `us3.datadoghq.com`
    Us3,
    /// `us5.datadoghq.com`
    Us5,
    /// `datadoghq.eu`
    Eu1,
    /// `ap1.datadoghq.com`
    Ap1,
    /// `ap2.datadoghq.com`
    Ap2,
    /// `uk1.datadoghq.com`
    Uk1,
    /// `ddog-gov.com`
    Us1Fed,
    /// `us2.ddog-gov.com`
    Us2Fed,
    /// Another site, by its name.
    Other(SiteName),
}

/// The name of a site that [`Site`] does not list; made by parsing a [`Site`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SiteName(String);

impl Site {
    /// The sites that the spec lists.
    pub const ALL: [Self; 9] = [
        Self::Us1,
        Self::Us3,
        Self::Us5,
        Self::Eu1,
        Self::Ap1,
        Self::Ap2,
        Self::Uk1,
        Self::Us1Fed,
        Self::Us2Fed,
    ];

    /// Returns the site's name, as `DD_SITE` has it.
    pub fn name(&self) -> &str {
        match self {
            Self::Us1 => "datadoghq.com",
            Self::Us3 => "us3.datadoghq.com",
            Self::Us5 => "us5.datadoghq.com",
            Self::Eu1 => "datadoghq.eu",
            Self::Ap1 => "ap1.datadoghq.com",
            Self::Ap2 => "ap2.datadoghq.com",
            Self::Uk1 => "uk1.datadoghq.com",
            Self::Us1Fed => "ddog-gov.com",
            Self::Us2Fed => "us2.ddog-gov.com",
            Self::Other(SiteName(name)) => name,
        }
    }

    /// Returns the base URL of the site's API.
    pub fn api_url(&self) -> String {
        format!("https://api.{}", self.name())
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Error from parsing a [`Site`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidSite(String);

impl FromStr for Site {
    type Err = InvalidSite;

    fn from_str(text: &str) -> Result<Self, InvalidSite> {
        let name = text.to_ascii_lowercase();
        if let Some(site) = Self::ALL.into_iter().find(|site| site.name() == name) {
            return Ok(site);
        }
        let is_of_vendor = DOMAINS.iter().any(|domain| {
            let label = name
                .strip_suffix(domain)
                .and_then(|it| it.strip_suffix('.'));
            label.is_some_and(is_label)
        });
        let bare = name
            .strip_prefix("app.")
            .or_else(|| name.strip_prefix("api."));
        match bare {
            None if is_of_vendor => Ok(Self::Other(SiteName(name))),
            _ => Err(InvalidSite(format!(
                "must be a Datadog site; did you mean {}? (for a gateway, set a base URL instead)",
                nearest(bare.unwrap_or(&name))
            ))),
        }
    }
}

/// The domains under which Datadog has its sites.
const DOMAINS: [&str; 3] = ["datadoghq.com", "datadoghq.eu", "ddog-gov.com"];

/// Whether this is one label of a host name.
fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// The known site whose name is most like this one.
fn nearest(name: &str) -> String {
    // A long text is no mistyped name, and comparing it takes long.
    let name: String = name.chars().take(100).collect();
    // A bare label is meant as the first one of a site.
    let distance = |site: &Site| match site.name().split_once('.') {
        Some((label, _)) if !name.contains('.') => strsim::osa_distance(label, &name),
        _ => strsim::osa_distance(site.name(), &name),
    };
    let nearest = Site::ALL.into_iter().min_by_key(distance);
    nearest.unwrap_or_default().name().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::Config;

    use super::*;

    #[test]
    fn the_sites_are_those_of_the_spec() {
        let ours: Vec<String> = Site::ALL.iter().map(Site::api_url).collect();
        let specs: Vec<&str> = datadog_seats::SERVERS
            .iter()
            .map(|server| server.url)
            .collect();
        assert_eq!(ours, specs);
    }

    #[test]
    fn the_names_are_those_of_the_spec() {
        for (site, server) in Site::ALL.iter().zip(datadog_seats::SERVERS) {
            let (short, rest) = server.description.split_once(", ").unwrap();
            assert_eq!(
                format!("{site:?}").to_lowercase(),
                short.to_lowercase().replace('-', "")
            );
            assert_eq!(rest.split(' ').next(), Some(site.name()));
        }
    }

    #[test]
    fn reads_a_site_by_name() {
        for site in Site::ALL {
            assert_eq!(site.name().parse::<Site>().unwrap(), site);
        }
        assert_eq!("US3.DatadogHQ.com".parse::<Site>().unwrap(), Site::Us3);
        assert_eq!(
            "us9.datadoghq.com".parse::<Site>().unwrap().api_url(),
            "https://api.us9.datadoghq.com"
        );
    }

    /// The keys go wherever this says.
    #[test]
    fn refuses_what_is_not_a_site_of_the_vendor() {
        for (text, nearest) in [
            ("", "us3.datadoghq.com"),
            ("us5", "us5.datadoghq.com"),
            ("datadog", "datadoghq.com"),
            ("dataadoghq.com", "datadoghq.com"),
            ("datadoghq.co", "datadoghq.com"),
            ("us5.dataadoghq.com", "us5.datadoghq.com"),
            ("us5.datadoghq.com.evil.example", "us5.datadoghq.com"),
            ("a.us5.datadoghq.com", "us5.datadoghq.com"),
            ("evil-datadoghq.com", "datadoghq.com"),
            ("-a.datadoghq.com", "datadoghq.com"),
            (".datadoghq.com", "datadoghq.com"),
            ("https://datadoghq.com", "us3.datadoghq.com"),
            ("datadoghq.com:8443", "datadoghq.com"),
            ("a@datadoghq.com", "datadoghq.com"),
            ("app.datadoghq.com", "datadoghq.com"),
            ("api.us5.datadoghq.com", "us5.datadoghq.com"),
        ] {
            assert_eq!(
                text.parse::<Site>().unwrap_err().to_string(),
                format!(
                    "must be a Datadog site; did you mean {nearest}? (for a gateway, set a base URL instead)"
                ),
                "{text}"
            );
        }
    }

    proptest! {
        #![proptest_config(Config { failure_persistence: None, cases: 1000, ..Config::default() })]

        #[test]
        fn a_site_is_one_label_under_a_domain_of_the_vendor(
            text in prop_oneof![
                any::<String>(),
                (r"[a-zA-Z0-9.@:/\\?#%\u{2024}\u{3002}-]{0,8}", r"[.]?", prop::sample::select(DOMAINS.to_vec()), r"[./:@a-z]{0,3}")
                    .prop_map(|(before, dot, domain, after)| format!("{before}{dot}{domain}{after}")),
            ],
        ) {
            if let Ok(site) = text.parse::<Site>() {
                let url = site.api_url();
                let host = url.strip_prefix("https://api.").unwrap();
                let labels = host.split('.').count();
                let is_of = |domain: &&str| {
                    host == *domain || host.strip_suffix(*domain).is_some_and(|it| it.ends_with('.'))
                };
                prop_assert!(DOMAINS.iter().any(is_of), "{}", host);
                prop_assert!((2..=3).contains(&labels), "{}", host);
                prop_assert!(host.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b)));
                prop_assert!(seats_transport::BaseUrl::parse(&url).is_ok_and(|it| it.as_str() == url));
            }
        }
    }
}
