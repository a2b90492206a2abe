//! Path templates, and taking a request's path and query apart.

use percent_encoding::percent_decode_str;

/// A path template, segment by segment.
#[derive(Debug)]
pub(crate) struct Template(Vec<Segment>);

#[derive(Debug)]
enum Segment {
    Literal(String),
    Parameter(String),
}

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

    /// The parameters of a path that fits, as they were sent. An encoded slash
    /// belongs to its segment, so nothing is decoded before the path is split.
    pub(crate) fn matches<'t, 'p>(&'t self, path: &'p str) -> Option<Vec<(&'t str, &'p str)>> {
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

/// The names and values of a query, as they were sent.
pub(crate) fn query_pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// Decodes a part of a path. `None` unless every `%` begins an escape and the
/// result is UTF-8: a lenient reader would hide that a client forgot to encode.
pub(crate) fn decode(sent: &str) -> Option<String> {
    let escapes_are_whole = sent.split('%').skip(1).all(|after| {
        let digits = after.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    });
    if !escapes_are_whole {
        return None;
    }
    let decoded = percent_decode_str(sent).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

/// Decodes a part of a query, where `+` is a space.
pub(crate) fn decode_query(sent: &str) -> Option<String> {
    decode(&sent.replace('+', "%20"))
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
    fn only_whole_escapes_of_utf8_decode() {
        assert_eq!(decode("zo%C3%AB+%2523"), Some("zoë+%23".to_owned()));
        assert_eq!(decode_query("a+b%2B"), Some("a b+".to_owned()));
        for broken in ["%", "%2", "%2x", "a%+1", "%FF", "%ë"] {
            assert_eq!(decode(broken), None, "{broken}");
        }
    }

    #[test]
    fn a_query_falls_into_pairs() {
        let pairs: Vec<_> = query_pairs("a=1&&b&c=d=e").collect();
        assert_eq!(pairs, [("a", "1"), ("b", ""), ("c", "d=e")]);
    }
}
