//! Takes a secret out of what a server says, however the server has spelled it.

/// What stands in a secret's place.
const MARK: &[u8] = b"***";
/// A shorter one is no secret, and its letters may be anywhere.
const SHORTEST: usize = 8;

/// The text without the secret: as it is, or escaped for JSON, for a URL or for HTML.
pub(crate) fn redact(text: Vec<u8>, secret: &[u8]) -> Vec<u8> {
    if secret.len() < SHORTEST {
        return text;
    }
    let mut clean = Vec::with_capacity(text.len());
    let mut rest = text.as_slice();
    while let Some((first, after)) = rest.split_first() {
        if let Some(beyond) = without_prefix(rest, secret) {
            clean.extend_from_slice(MARK);
            rest = beyond;
        } else {
            clean.push(*first);
            rest = after;
        }
    }
    clean
}

/// What follows the secret, where the text begins with it.
fn without_prefix<'a>(text: &'a [u8], secret: &[u8]) -> Option<&'a [u8]> {
    secret.iter().try_fold(text, |text, &byte| {
        spellings(text)
            .into_iter()
            .flatten()
            .find(|(spelled, _)| *spelled == byte)
            .map(|(_, rest)| rest)
    })
}

/// The character that a text begins with, in each way of reading it, and what follows.
fn spellings(text: &[u8]) -> [Option<(u8, &[u8])>; 3] {
    let plain = text.split_first().map(|(&byte, rest)| (byte, rest));
    match text {
        [b'\\', b'u' | b'U', digits @ ..] => [plain, hex(digits, 4), Some((b'u', digits))],
        [b'\\', byte, rest @ ..] => [plain, Some((*byte, rest)), None],
        [b'%', digits @ ..] => [plain, hex(digits, 2), None],
        [b'&', b'#', rest @ ..] => [plain, entity(rest), None],
        _ => [plain, None, None],
    }
}

/// So many hexadecimal digits, where they make one byte.
fn hex(text: &[u8], digits: usize) -> Option<(u8, &[u8])> {
    let (digits, rest) = text.split_at_checked(digits)?;
    let number = u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    Some((u8::try_from(number).ok()?, rest))
}

/// A character's number in HTML, up to its semicolon.
fn entity(text: &[u8]) -> Option<(u8, &[u8])> {
    let end = text.iter().take(8).position(|&byte| byte == b';')?;
    let (number, rest) = text.split_at_checked(end)?;
    let number = std::str::from_utf8(number).ok()?;
    let byte = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u8::from_str_radix(digits, 16).ok()?,
        None => number.parse().ok()?,
    };
    Some((byte, rest.get(1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn becomes(text: &str, expected: &str) {
        let clean = redact(text.as_bytes().to_vec(), b"planted+key/5f");
        assert_eq!(String::from_utf8(clean).unwrap(), expected);
    }

    #[test]
    fn takes_the_secret_out_however_it_is_spelled() {
        becomes(
            "key planted+key/5f, again planted+key/5f",
            "key ***, again ***",
        );
        becomes(r"planted\u002bkey\/5f.", "***.");
        becomes(r"\u0070lanted\u002Bkey/5\u0066", "***");
        becomes("planted%2Bkey%2f5f&b", "***&b");
        becomes("planted&#43;key&#x2F;5f<", "***<");
        becomes("plantedplanted+key/5f", "planted***");
    }

    #[test]
    fn leaves_everything_else_as_it_is() {
        for text in [
            "",
            "planted+key/5",
            r"\",
            r"\u",
            r"\u00",
            "%",
            "%2",
            "&#",
            "&#x;",
            "100% planted",
        ] {
            becomes(text, text);
        }
        assert_eq!(redact(b"a short one".to_vec(), b"short"), b"a short one");
    }
}
