//! Replaces a secret in what a server sends, in the spellings of JSON, URLs and HTML.

/// What stands in a secret's place.
const MARK: &[u8] = b"***";
/// A shorter secret is not looked for: its letters may be anywhere.
const SHORTEST: usize = 8;
/// This many characters of it at the end of a text are taken for a secret that was cut off.
const BEGINNING: usize = 4;
/// The characters that HTML writes by name.
const NAMED: [(&[u8], u8); 5] = [
    (b"amp;", b'&'),
    (b"lt;", b'<'),
    (b"gt;", b'>'),
    (b"quot;", b'"'),
    (b"apos;", b'\''),
];

/// Returns the text with `***` for the secret: as it is, or escaped for JSON, a URL or HTML.
pub(crate) fn redact(text: Vec<u8>, secret: &[u8]) -> Vec<u8> {
    if secret.len() < SHORTEST {
        return text;
    }
    let Some(first) = secret.first() else {
        return text;
    };
    // What a spelling of the secret can begin with.
    let may_begin = |byte: &u8| byte == first || matches!(byte, b'\\' | b'%' | b'&' | b'+');
    if !text.iter().any(may_begin) {
        return text;
    }
    let mut clean = Vec::with_capacity(text.len());
    let mut rest = text.as_slice();
    while let Some((first, after)) = rest.split_first() {
        if !may_begin(first) {
            clean.push(*first);
            rest = after;
            continue;
        }
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

/// What follows the secret, where the text begins with it, or breaks off within it.
fn without_prefix<'a>(text: &'a [u8], secret: &[u8]) -> Option<&'a [u8]> {
    if let Some(rest) = text.strip_prefix(secret) {
        return Some(rest);
    }
    let mut rest = text;
    for (matched, &byte) in secret.iter().enumerate() {
        if matched >= BEGINNING && (rest.is_empty() || rest == "…".as_bytes()) {
            return Some(rest);
        }
        let spelled = spellings(rest).into_iter().flatten();
        rest = spelled
            .into_iter()
            .find(|(spelled, _)| *spelled == byte)
            .map(|(_, rest)| rest)?;
    }
    Some(rest)
}

/// The character that a text begins with, in each way of reading it, and what follows; escapes first.
fn spellings(text: &[u8]) -> [Option<(u8, &[u8])>; 3] {
    let plain = text.split_first().map(|(&byte, rest)| (byte, rest));
    match text {
        [b'\\', b'u' | b'U', digits @ ..] => [hex(digits, 4), Some((b'u', digits)), plain],
        [b'\\', byte, rest @ ..] => [Some((*byte, rest)), plain, None],
        [b'%', digits @ ..] => [hex(digits, 2), plain, None],
        [b'&', b'#', rest @ ..] => [entity(rest), plain, None],
        [b'&', rest @ ..] => [named(rest), plain, None],
        // A space, in a form.
        [b'+', rest @ ..] => [plain, Some((b' ', rest)), None],
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

fn named(text: &[u8]) -> Option<(u8, &[u8])> {
    NAMED
        .into_iter()
        .find_map(|(name, byte)| Some((byte, text.strip_prefix(name)?)))
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
    fn takes_the_secret_out_of_a_form_and_of_a_page() {
        let secret = b"pla~nt\"ed /+<k&y>'";
        for text in [
            "a=pla%7Ent%22ed+%2F%2B%3Ck%26y%3E%27;",
            "a=pla%7ent%22ed%20%2f%2b%3ck%26y%3e%27;",
            "a=pla~nt&quot;ed /+&lt;k&amp;y&gt;&#39;;",
            r#"a=pla~nt\"ed /+<k&y>';"#,
        ] {
            assert_eq!(redact(text.as_bytes().to_vec(), secret), b"a=***;");
        }
    }

    #[test]
    fn takes_out_a_beginning_where_the_text_breaks_off() {
        becomes("it is planted+ke", "it is ***");
        becomes("it is planted%2bke…", "it is ***…");
        becomes("it is planted+k, you know", "it is planted+k, you know");
    }

    #[test]
    fn leaves_everything_else_as_it_is() {
        for text in [
            "pla",
            "",
            r"\",
            r"\u",
            r"\u00",
            "%",
            "%2",
            "&#",
            "&#x;",
            "100% planted, he said",
        ] {
            becomes(text, text);
        }
        assert_eq!(redact(b"a short one".to_vec(), b"short"), b"a short one");
    }
}
