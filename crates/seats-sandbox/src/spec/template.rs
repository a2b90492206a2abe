//! Path templates of OpenAPI.

/// A path template, segment by segment.
#[derive(Debug)]
pub(crate) struct Template(Vec<Segment>);

#[derive(Debug)]
enum Segment {
    Literal(String),
    Parameter(String),
}

/// Path parameters as they were sent, by name.
pub(crate) type Matches<'m> = Vec<(&'m str, &'m str)>;

impl Template {
    pub(crate) fn parse(path: &str) -> Result<Self, String> {
        let path = path
            .strip_prefix('/')
            .ok_or_else(|| "a path must start with \"/\"".to_owned())?;
        path.split('/')
            .map(Segment::parse)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Returns the parameters of a path that matches. An encoded slash belongs to its segment, so
    /// nothing is decoded before the path is split.
    pub(crate) fn matches<'m>(&'m self, path: &'m str) -> Option<Matches<'m>> {
        let sent: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
        if sent.len() != self.0.len() {
            return None;
        }
        let mut parameters = Vec::new();
        for (segment, sent) in self.0.iter().zip(sent) {
            match segment {
                Segment::Literal(literal) if literal == sent => {}
                Segment::Literal(_) => return None,
                Segment::Parameter(name) => parameters.push((name.as_str(), sent)),
            }
        }
        Some(parameters)
    }

    /// Whether a path begins with the literal segment that this template begins with.
    pub(crate) fn shares_first_segment(&self, path: &str) -> bool {
        let sent = path
            .strip_prefix('/')
            .and_then(|path| path.split('/').next());
        matches!(self.0.first(), Some(Segment::Literal(first)) if Some(first.as_str()) == sent)
    }
}

impl Segment {
    fn parse(segment: &str) -> Result<Self, String> {
        let name = segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        if name.unwrap_or(segment).contains(['{', '}']) {
            return Err(format!(
                "{segment:?} must be either a literal or one parameter"
            ));
        }
        Ok(name.map_or_else(
            || Self::Literal(segment.to_owned()),
            |name| Self::Parameter(name.to_owned()),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_matches_whole_segments_as_sent() {
        let template = Template::parse("/Users/{name}/Seats").expect("a template");
        assert_eq!(
            template.matches("/Users/a%2Fb/Seats"),
            Some(vec![("name", "a%2Fb")])
        );
        assert_eq!(template.matches("/Users//Seats"), Some(vec![("name", "")]));
        for other in [
            "Users/a/Seats",
            "/Users/a/Seats/",
            "/Users/a/b/Seats",
            "/users/a/Seats",
            "/Users/a",
            "/",
            "*",
            "",
        ] {
            assert_eq!(template.matches(other), None, "{other}");
        }
    }

    #[test]
    fn a_path_belongs_to_the_api_of_its_first_segment() {
        let template = Template::parse("/api/v2/seats/users").expect("a template");
        assert!(template.shares_first_segment("/api"));
        assert!(template.shares_first_segment("/api/v1/anything"));
        for other in ["/apis", "/contoso/api", "/", "*", ""] {
            assert!(!template.shares_first_segment(other), "{other}");
        }
    }
}
