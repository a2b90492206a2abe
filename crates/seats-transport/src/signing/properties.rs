//! Whatever encoding a server chooses to repeat a credential in, it is not shown.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::{Value, json};

use super::{Secrets, echo};
use crate::messages;
use crate::response_format::ResponseFormat;

/// A way to write a text so that a person can still make it out.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Encoding {
    UpperCase,
    LowerCase,
    Percent,
    PercentOfSome,
    References,
    HexReferences,
    OpenReferences,
    JsonEscapes,
    ByteEscapes,
    Hexadecimal,
    SpacedHexadecimal,
    Base64(usize),
    UrlBase64(usize),
    WrappedBase64,
    Utf16LittleEndian,
    Utf16BigEndian,
    Invisible(char),
    EscapedLineBreaks,
    Tags,
    Comments,
}

impl Encoding {
    /// Whether it may stand around any other: a change of case would make another text of base64.
    fn keeps_case(self) -> bool {
        !matches!(self, Self::UpperCase | Self::LowerCase)
    }

    fn is_base64(self) -> bool {
        matches!(
            self,
            Self::Base64(_) | Self::UrlBase64(_) | Self::WrappedBase64
        )
    }

    /// Within another that breaks it up, it is no markup and no escape any more.
    fn breaks_up(self) -> bool {
        matches!(self, Self::Tags | Self::Comments | Self::EscapedLineBreaks)
    }

    fn parts_characters(self) -> bool {
        use Encoding::{Invisible, Utf16BigEndian, Utf16LittleEndian};
        matches!(self, Invisible(_) | Utf16BigEndian | Utf16LittleEndian)
    }

    fn is_reference(self) -> bool {
        matches!(
            self,
            Self::References | Self::HexReferences | Self::OpenReferences
        )
    }

    fn apply(self, text: &str) -> String {
        let each = |write: fn(char) -> String| text.chars().map(write).collect::<String>();
        let bytes = |write: fn(u8) -> String| text.bytes().map(write).collect::<String>();
        let between = |what: &str| -> String {
            let characters: Vec<String> = text.chars().map(String::from).collect();
            characters
                .chunks(3)
                .map(|it| it.concat())
                .collect::<Vec<_>>()
                .join(what)
        };
        match self {
            Self::UpperCase => text.to_ascii_uppercase(),
            Self::LowerCase => text.to_ascii_lowercase(),
            Self::Percent => bytes(|b| format!("%{b:02x}")),
            Self::PercentOfSome => bytes(|b| match b {
                b if b.is_ascii_alphanumeric() && b % 3 > 0 => char::from(b).to_string(),
                b => format!("%{b:02X}"),
            }),
            Self::References => each(|c| format!("&#{:04};", u32::from(c))),
            Self::HexReferences => each(|c| format!("&#x{:X};", u32::from(c))),
            Self::OpenReferences => each(|c| format!("&#{}", u32::from(c))),
            Self::JsonEscapes => each(|c| {
                let mut units = [0; 2];
                let units = c.encode_utf16(&mut units).iter();
                units.map(|unit| format!("\\u{unit:04x}")).collect()
            }),
            Self::ByteEscapes => bytes(|b| format!("\\x{b:02X}")),
            Self::Hexadecimal => bytes(|b| format!("{b:02x}")),
            Self::SpacedHexadecimal => bytes(|b| format!("{b:02X} ")),
            Self::Base64(offset) => STANDARD.encode(format!("{}{text}", &"a:b"[..offset])),
            Self::UrlBase64(offset) => {
                URL_SAFE_NO_PAD.encode(format!("{}{text}", &"a:b"[..offset]))
            }
            Self::WrappedBase64 => {
                let encoded = STANDARD.encode(text);
                let lines: Vec<&[u8]> = encoded.as_bytes().chunks(9).collect();
                String::from_utf8(lines.join(&b"\r\n"[..])).unwrap()
            }
            Self::Utf16LittleEndian => each(|c| format!("{c}\0")),
            Self::Utf16BigEndian => each(|c| format!("\0{c}")),
            Self::Invisible(c) => between(&c.to_string()),
            Self::EscapedLineBreaks => between("\\n"),
            Self::Tags => between("</b><b class='x'>"),
            Self::Comments => between("<!-- a>b -->"),
        }
    }
}

fn encoding() -> impl Strategy<Value = Encoding> {
    use Encoding as E;
    prop_oneof![
        Just(E::UpperCase),
        Just(E::LowerCase),
        Just(E::Percent),
        Just(E::PercentOfSome),
        Just(E::References),
        Just(E::HexReferences),
        Just(E::OpenReferences),
        Just(E::JsonEscapes),
        Just(E::ByteEscapes),
        Just(E::Hexadecimal),
        Just(E::SpacedHexadecimal),
        (0..4usize).prop_map(E::Base64),
        (0..4usize).prop_map(E::UrlBase64),
        Just(E::WrappedBase64),
        Just(E::Utf16LittleEndian),
        Just(E::Utf16BigEndian),
        prop::sample::select(vec![
            '\u{ad}',
            '\u{200b}',
            '\u{2060}',
            '\u{feff}',
            '\u{e0041}',
            ' '
        ])
        .prop_map(E::Invisible),
        Just(E::EscapedLineBreaks),
        Just(E::Tags),
        Just(E::Comments),
    ]
}

/// One encoding, or one within another, if a person can still make it out.
fn encodings() -> impl Strategy<Value = (Encoding, Option<Encoding>)> {
    let pair = (encoding(), prop::option::of(encoding()));
    pair.prop_filter("nobody can read it", |(inner, outer)| {
        outer.is_none_or(|outer| {
            let is_another_base64 = inner.is_base64() && !outer.keeps_case();
            let is_broken = inner.breaks_up() && (outer.breaks_up() || outer.parts_characters());
            // A page shows a reference to a zero byte as it stands, and digits may follow it.
            let is_zero = outer == Encoding::OpenReferences
                && matches!(
                    inner,
                    Encoding::Utf16LittleEndian | Encoding::Utf16BigEndian
                );
            !is_another_base64 && !is_broken && !is_zero
        })
    })
}

fn secret() -> impl Strategy<Value = String> {
    "[A-Za-z0-9]{6,10}[-+/~._]?[A-Za-z0-9]{6,20}"
}

/// The body of an error, as vendors, gateways and proxies write it; it holds the text.
fn body(kind: usize, text: &str) -> (Option<&'static str>, Vec<u8>) {
    match kind {
        0 => (None, json!({ "errors": [text] }).to_string().into_bytes()),
        1 => (
            None,
            json!({ "odd": { "deep": [7, text] } })
                .to_string()
                .into_bytes(),
        ),
        2 => (
            Some("text/html"),
            format!("<html><p>{text}</p>").into_bytes(),
        ),
        3 => (Some("text/html"), format!("key {text}").into_bytes()),
        4 => (Some("text/plain"), format!("key {text}").into_bytes()),
        _ => (
            None,
            text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ),
    }
}

fn errors(body: &Value) -> Vec<String> {
    let errors = body.get("errors").and_then(Value::as_array);
    let texts = errors.into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

fn letters_and_digits(text: &str) -> String {
    let kept = text.chars().filter(char::is_ascii_alphanumeric);
    kept.collect::<String>().to_ascii_lowercase()
}

/// Whether the text has 12 letters and digits in a row of the secret, as it stands.
fn has_run(text: &str, secret: &str) -> bool {
    let (text, secret) = (letters_and_digits(text), letters_and_digits(secret));
    secret
        .as_bytes()
        .windows(12)
        .any(|run| text.as_bytes().windows(12).any(|it| it == run))
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, cases: 150, ..Config::default() })]

    #[test]
    fn a_secret_is_seen_in_any_encoding_within_another(
        secret in secret(),
        (inner, outer) in encodings(),
        before in "([a-z]{1,6} ){0,3}",
        after in "( [a-z]{1,6}){0,3}",
    ) {
        let encoded = inner.apply(&secret);
        let encoded = outer.map_or(encoded.clone(), |outer| outer.apply(&encoded));
        let text = format!("{before}{encoded}{after}");
        prop_assert!(echo::repeats(&text, secret.as_bytes()), "{}", text);
    }

    #[test]
    fn no_message_shows_a_secret_that_a_body_repeats(
        secret in secret(),
        (inner, outer) in encodings(),
        kind in 0..6usize,
    ) {
        let encoded = inner.apply(&secret);
        let encoded = outer.map_or(encoded.clone(), |outer| outer.apply(&encoded));
        // UTF-16 is an encoding of its own around these.
        let kind = if outer.is_some() || encoded.contains('\u{e0041}') { kind % 5 } else { kind };
        // A page reads the digits before a break as a reference, and so loses characters of it.
        let kind = if inner.is_reference() && outer.is_some() && kind < 4 { kind % 2 } else { kind };
        let (content_type, body) = body(kind, &encoded);
        let format = ResponseFormat { error_messages: errors, ..ResponseFormat::default() };
        let read = messages::of_body(&format, content_type, &body);
        let secrets = Secrets::of(&secret);
        let shown = secrets.all_shown(&read).join("; ");
        prop_assert!(!has_run(&shown, &secret), "{}", shown);
        // A text that was cut may show less of it than 12 characters.
        let is_whole = !read.iter().any(|text| text.ends_with('…'));
        let holds_nothing = read.iter().all(|text| text.len() < 12);
        prop_assert!(
            !is_whole || holds_nothing || shown != read.join("; "),
            "{} of {}", shown, encoded
        );
    }

    #[test]
    fn a_secret_that_is_spread_over_messages_is_not_shown(secret in secret(), length in 1..12usize) {
        let parts: Vec<String> = secret.as_bytes().chunks(length)
            .map(|part| String::from_utf8_lossy(part).into_owned())
            .collect();
        let shown = Secrets::of(&secret).all_shown(&parts).join("; ");
        prop_assert!(!has_run(&shown, &secret), "{}", shown);
    }

    #[test]
    fn a_body_of_anything_becomes_short_lines(bytes in prop::collection::vec(any::<u8>(), 0..400), html: bool) {
        let content_type = html.then_some("text/html");
        for line in messages::of_body(&ResponseFormat::default(), content_type, &bytes) {
            prop_assert!(line.chars().count() <= 301);
            prop_assert!(!line.chars().any(char::is_control));
        }
    }
}
