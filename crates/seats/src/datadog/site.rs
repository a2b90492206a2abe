//! Datadog's sites.

use std::fmt;
use std::str::FromStr;

use seats_transport::BaseUrl;

/// Where an organisation's data lives at Datadog.
///
/// The API of a site is served at `https://api.` and the site's name. A site that is not in this
/// list is taken by its name, because Datadog adds sites.
///
/// ```
/// use seats::datadog::Site;
///
/// assert_eq!("us5.datadoghq.com".parse::<Site>()?, Site::Us5);
/// let new: Site = "us9.datadoghq.com".parse()?;
/// assert_eq!(new.api_url(), "https://api.us9.datadoghq.com");
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
    /// The sites that the reference page lists.
    pub const ALL: [Self; 8] = [
        Self::Us1,
        Self::Us3,
        Self::Us5,
        Self::Eu1,
        Self::Ap1,
        Self::Ap2,
        Self::Us1Fed,
        Self::Us2Fed,
    ];

    /// The site's name, as `DD_SITE` has it.
    pub fn name(&self) -> &str {
        match self {
            Self::Us1 => "datadoghq.com",
            Self::Us3 => "us3.datadoghq.com",
            Self::Us5 => "us5.datadoghq.com",
            Self::Eu1 => "datadoghq.eu",
            Self::Ap1 => "ap1.datadoghq.com",
            Self::Ap2 => "ap2.datadoghq.com",
            Self::Us1Fed => "ddog-gov.com",
            Self::Us2Fed => "us2.ddog-gov.com",
            Self::Other(SiteName(name)) => name,
        }
    }

    /// Where the site's API is served.
    pub fn api_url(&self) -> String {
        format!("https://api.{}", self.name())
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a text is no [`Site`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidSite(&'static str);

impl FromStr for Site {
    type Err = InvalidSite;

    fn from_str(text: &str) -> Result<Self, InvalidSite> {
        let name = text.to_ascii_lowercase();
        if let Some(site) = Self::ALL.into_iter().find(|site| site.name() == name) {
            return Ok(site);
        }
        if name.starts_with("app.") || name.starts_with("api.") {
            return Err(InvalidSite(
                "must be the bare site, without \"app.\" or \"api.\", such as datadoghq.eu",
            ));
        }
        // The keys go wherever this says, so nothing but a host's name is taken.
        let is_host_name = name.len() <= 253
            && name.contains('.')
            && name.split('.').all(|label| {
                (1..=63).contains(&label.len())
                    && !label.starts_with('-')
                    && !label.ends_with('-')
                    && label
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || b == b'-')
            })
            && !name
                .split('.')
                .next_back()
                .is_some_and(|label| label.bytes().all(|b| b.is_ascii_digit()));
        if !is_host_name || BaseUrl::parse(&format!("https://api.{name}")).is_err() {
            return Err(InvalidSite(
                "must be the name of a Datadog site, such as datadoghq.com or us5.datadoghq.com",
            ));
        }
        Ok(Self::Other(SiteName(name)))
    }
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn refuses_what_is_no_site() {
        for text in [
            "",
            "us5",
            "https://datadoghq.com",
            "datadoghq.com/",
            "datadoghq.com:8443",
            "a@b.com",
            "127.0.0.1",
            "-a.com",
            "a..com",
            "a b.com",
        ] {
            let error = text.parse::<Site>().unwrap_err();
            assert_eq!(
                error.to_string(),
                "must be the name of a Datadog site, such as datadoghq.com or us5.datadoghq.com",
                "{text}"
            );
        }
        for text in ["app.datadoghq.com", "api.us5.datadoghq.com"] {
            assert_eq!(
                text.parse::<Site>().unwrap_err().to_string(),
                "must be the bare site, without \"app.\" or \"api.\", such as datadoghq.eu"
            );
        }
    }
}
