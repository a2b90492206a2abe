//! Percent-encoding of paths, queries and forms.

use percent_encoding::percent_decode_str;

/// Returns the names and values of a query or a form, as they were sent.
pub(crate) fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// Decodes a part of a path. Returns `None` unless every `%` begins an escape and the result is
/// UTF-8: a lenient reader would hide that a client forgot to encode.
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

/// Decodes a part of a query or a form, in which `+` is a space.
pub(crate) fn decode_query(sent: &str) -> Option<String> {
    decode(&sent.replace('+', "%20"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_escapes_of_utf8_decode() {
        assert_eq!(decode("zo%C3%AB+%2523"), Some("zoë+%23".to_owned()));
        assert_eq!(decode_query("a+b%2B"), Some("a b+".to_owned()));
        for broken in ["%", "%2", "%2x", "a%+1", "%FF", "%ë"] {
            assert_eq!(decode(broken), None, "{broken}");
        }
    }

    #[test]
    fn a_query_is_split_into_pairs() {
        let pairs: Vec<_> = pairs("a=1&&b&c=d=e").collect();
        assert_eq!(pairs, [("a", "1"), ("b", ""), ("c", "d=e")]);
    }
}
