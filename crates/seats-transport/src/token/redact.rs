//! The client secret, taken out of what the authority says.

use url::form_urlencoded;

/// A shorter secret's letters may be anywhere, and so may its beginning's.
const SHORTEST: usize = 4;

/// The text without the secret, as it is or in one of the forms in which it may come back, and
/// without a beginning of it where the text breaks off.
pub(super) fn redact(secret: &str, text: &str) -> String {
    let mut text = text.to_owned();
    if secret.len() < SHORTEST {
        return text;
    }
    for form in forms(secret) {
        text = text.replace(&form, "***");
        if let Some(kept) = without_beginning(&text, &form) {
            text = format!("{kept}***");
        }
    }
    text
}

fn forms(secret: &str) -> Vec<String> {
    let form_encoded: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let percent_encoded = form_encoded.replace('+', "%20");
    let json = serde_json::Value::from(secret).to_string();
    let html = secret
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;");
    let mut forms = vec![
        secret.to_owned(),
        lower_escapes(&form_encoded),
        lower_escapes(&percent_encoded),
        form_encoded,
        percent_encoded,
        json.trim_matches('"').to_owned(),
        html,
    ];
    // The longest first, so that none is cut by another that is a part of it.
    forms.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
    forms.dedup();
    forms
}

/// `%7E` as `%7e`: both are in use.
fn lower_escapes(text: &str) -> String {
    let mut parts = text.split('%');
    let mut lowered = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (escape, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        lowered.push('%');
        lowered.push_str(&escape.to_ascii_lowercase());
        lowered.push_str(rest);
    }
    lowered
}

/// What stands before a beginning of the secret at the end of the text, if there is one.
fn without_beginning<'a>(text: &'a str, secret: &str) -> Option<&'a str> {
    let text = text.trim_end_matches('…');
    (SHORTEST..secret.len())
        .rev()
        .filter_map(|length| secret.get(..length))
        .find_map(|beginning| text.strip_suffix(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_out_every_form_of_the_secret() {
        let secret = "pla~nt\"ed /+<k&y>'";
        for (text, expected) in [
            (r#"is pla~nt"ed /+<k&y>' so"#, "is *** so"),
            ("a=pla%7Ent%22ed+%2F%2B%3Ck%26y%3E%27&b=c", "a=***&b=c"),
            ("a=pla%7ent%22ed+%2f%2b%3ck%26y%3e%27&b=c", "a=***&b=c"),
            ("a=pla%7Ent%22ed%20%2F%2B%3Ck%26y%3E%27&b=c", "a=***&b=c"),
            (r#"{"a":"pla~nt\"ed /+<k&y>'"}"#, r#"{"a":"***"}"#),
            ("<p>pla~nt&quot;ed /+&lt;k&amp;y&gt;&#39;</p>", "<p>***</p>"),
        ] {
            assert_eq!(redact(secret, text), expected);
        }
    }

    #[test]
    fn takes_out_a_beginning_where_the_text_breaks_off() {
        assert_eq!(redact("planted-secret", "it is planted-sec"), "it is ***");
        assert_eq!(redact("planted-secret", "it is planted-sec…"), "it is ***");
        assert_eq!(redact("planted-secret", "it is pla"), "it is pla");
        assert_eq!(redact("pläntéd", "it is pläntéd, plän"), "it is ***, ***");
    }

    #[test]
    fn leaves_a_text_alone_that_is_too_short_for_a_secret() {
        assert_eq!(redact("abc", "abc"), "abc");
        assert_eq!(redact("planted-secret", ""), "");
    }
}
