//! Reads JSON from a vendor within bounds, and without losing a repeated member.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// A response has no more values than this. A page of ten thousand rows has a third of it, and its memory
/// stays in proportion to a page instead of to whatever a server sends.
const MOST_VALUES: u32 = 250_000;

/// Parses a JSON document.
///
/// # Errors
/// It is not JSON, has a member twice in one object (it is not known which of them counts), or has
/// more values than any response has.
pub(crate) fn parse(body: &[u8]) -> Result<Value, String> {
    let values_left = Cell::new(MOST_VALUES);
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let value = Bounded {
        values_left: &values_left,
    }
    .deserialize(&mut deserializer)
    .and_then(|value| deserializer.end().map(|()| value));
    value.map_err(|error| error.to_string())
}

#[derive(Clone, Copy)]
struct Bounded<'a> {
    values_left: &'a Cell<u32>,
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let left = self.values_left.get().checked_sub(1).ok_or_else(|| {
            D::Error::custom(format_args!("it has more than {MOST_VALUES} values"))
        })?;
        self.values_left.set(left);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value_seed(self)?;
            if object.contains_key(&name) {
                return Err(A::Error::custom(format_args!("it has `{name}` twice")));
            }
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

/// Words in a member's name that lead on to more of a list, whatever its value.
const LEADS_ON: [&str; 7] = [
    "next",
    "cursor",
    "continuation",
    "after",
    "marker",
    "scroll",
    "skip",
];
/// Words beside "more" that say what more there is of: `more_info_url` is documentation.
const READING_MATTER: [&str; 8] = [
    "about",
    "details",
    "docs",
    "help",
    "info",
    "information",
    "learn",
    "read",
];

/// Returns why the list of a page may not be whole: a member, outside the list itself, that may lead to
/// more of it and is not read, or that says that something is missing. Members without a value, `false` and
/// 0 say nothing.
///
/// `read` are the members that are read or known to be harmless, as paths such as `meta.next_cursor`, and
/// `list` is the member that holds the rows. They are compared with `is_same`.
pub(crate) fn not_whole(
    page: &Value,
    list: &str,
    read: &[&str],
    is_same: fn(&str, &str) -> bool,
) -> Option<String> {
    let is_known = |path: &str| read.iter().chain([&list]).any(|known| is_same(known, path));
    sign_of_more(page, "", &is_known)
}

fn sign_of_more(value: &Value, at: &str, is_known: &dyn Fn(&str) -> bool) -> Option<String> {
    if let Some(items) = value.as_array() {
        return items
            .iter()
            .find_map(|item| sign_of_more(item, at, is_known));
    }
    value.as_object()?.iter().find_map(|(name, value)| {
        let path = if at.is_empty() {
            name.clone()
        } else {
            format!("{at}.{name}")
        };
        let says_nothing = seats_transport::is_blank(value)
            || *value == Value::Bool(false)
            || value.as_f64() == Some(0.0);
        let words = words(name);
        if is_known(&path) {
            None
        } else if *value == Value::Bool(false) && has(&words, &["complete", "last"]) {
            Some(format!("its `{path}` says that there is more of the list"))
        } else if says_nothing {
            None
        } else if leads_on(&words, value) {
            Some(format!("its `{path}` may lead to more of the list"))
        } else if has(
            &words,
            &["error", "errors", "truncated", "partial", "incomplete"],
        ) {
            Some(format!("its `{path}` says that something is missing"))
        } else {
            sign_of_more(value, &path, is_known)
        }
    })
}

fn leads_on(words: &[String], value: &Value) -> bool {
    // A list of links has the name as a value: `{"rel": "next", "href": ...}`.
    let is_named_by_value = has(words, &["rel"])
        && value.as_str().is_some_and(|it| {
            it.split_whitespace()
                .any(|relation| relation.eq_ignore_ascii_case("next"))
        });
    let is_reading_matter = value.is_string() && has(words, &READING_MATTER);
    has(words, &LEADS_ON) || is_named_by_value || has(words, &["more"]) && !is_reading_matter
}

fn has(words: &[String], any_of: &[&str]) -> bool {
    words.iter().any(|word| any_of.contains(&word.as_str()))
}

/// The words of a name such as `hasMoreItems`, `next_cursor` or `@odata.nextLink`, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(name.len() + 8);
    let mut before = ' ';
    for c in name.chars() {
        if c.is_uppercase() && !before.is_uppercase() || !c.is_alphanumeric() {
            spaced.push(' ');
        }
        spaced.push(if c.is_alphanumeric() { c } else { ' ' });
        before = c;
    }
    let mut words: Vec<String> = spaced.split_whitespace().map(str::to_lowercase).collect();
    // A name without marks between its words: `nextlink`, `NEXTCURSOR`.
    let whole = words.concat();
    let hidden = ["next", "cursor", "continuation"];
    words.extend(
        hidden
            .into_iter()
            .filter(|it| whole.contains(it))
            .map(str::to_owned),
    );
    if whole.starts_with("hasmore") {
        words.push("more".to_owned());
    }
    words
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_what_serde_json_reads() {
        let text = r#"{"a":[1,-2,3.5,1e30,"x\u0041",null,true,{}],"b":{"c":[]}}"#;
        assert_eq!(
            parse(text.as_bytes()),
            Ok(serde_json::from_str(text).unwrap())
        );
        for text in ["", "{", "[1,]", "{} {}", "nul"] {
            let expected = serde_json::from_str::<Value>(text).unwrap_err();
            assert_eq!(parse(text.as_bytes()), Err(expected.to_string()));
        }
        assert!(parse("[".repeat(100_000).as_bytes()).is_err());
    }

    #[test]
    fn a_member_that_stands_twice_is_an_error() {
        assert_eq!(
            parse(br#"{"a":{"data":[1],"data":[]}}"#).unwrap_err(),
            "it has `data` twice at line 1 column 27"
        );
    }

    #[test]
    fn more_values_than_a_page_has_are_an_error() {
        let body = format!("[{}{{}}]", "{},".repeat(249_998));
        assert!(parse(body.as_bytes()).is_ok());
        let body = format!("[{}{{}}]", "{},".repeat(249_999));
        let error = parse(body.as_bytes()).unwrap_err();
        assert!(
            error.starts_with("it has more than 250000 values"),
            "{error}"
        );
    }

    #[test]
    fn finds_a_sign_of_more_that_is_not_read() {
        let find = |page: Value| {
            let read = ["meta.next_cursor", "meta.cursor"];
            not_whole(&page, "data", &read, |a, b| a == b)
        };
        for harmless in [
            json!({"data": [{"next_cursor": "x"}], "meta": {"cursor": "a", "next_cursor": "b"}}),
            json!({"data": [], "links": {"next": null, "self": "x"}, "hasMore": false}),
            json!({"data": [], "meta": {"more_info_url": "https://docs", "learnMore": "https://docs"}}),
            json!({"data": [], "errors": [], "error": null, "error_count": 0, "next": ""}),
            json!({"data": [], "context": "x", "evermore": "x", "links": [{"rel": "self"}]}),
            json!({"data": [], "meta": {"complete": true, "isLast": true, "lastModified": "x"}}),
            json!([]),
        ] {
            assert_eq!(find(harmless.clone()), None, "{harmless}");
        }
        for (page, path) in [
            (json!({"links": {"next": "https://x"}}), "links.next"),
            (json!({"next_cursor": "x"}), "next_cursor"),
            (
                json!({"meta": {"page": {"nextCursor": 7}}}),
                "meta.page.nextCursor",
            ),
            (json!({"meta": {"Next_Cursor": "x"}}), "meta.Next_Cursor"),
            (json!({"Data": [{"nextlink": "x"}]}), "Data.nextlink"),
            (json!({"NEXTCURSOR": "x"}), "NEXTCURSOR"),
            (json!({"@odata.nextLink": "x"}), "@odata.nextLink"),
            (json!({"paging": {"after": "x"}}), "paging.after"),
            (
                json!({"links": [{"rel": "self"}, {"rel": "Next"}]}),
                "links.rel",
            ),
            (json!({"has_more": true}), "has_more"),
            (json!({"hasmore": true}), "hasmore"),
            (json!({"meta": {"moreInfo": true}}), "meta.moreInfo"),
            (json!({"more": "https://x"}), "more"),
        ] {
            let expected = format!("its `{path}` may lead to more of the list");
            assert_eq!(find(page.clone()), Some(expected), "{page}");
        }
        for (page, expected) in [
            (
                json!({"errors": ["late"]}),
                "its `errors` says that something is missing",
            ),
            (
                json!({"meta": {"truncated": true}}),
                "its `meta.truncated` says that something is missing",
            ),
            (
                json!({"incompleteResults": true}),
                "its `incompleteResults` says that something is missing",
            ),
            (
                json!({"isLast": false}),
                "its `isLast` says that there is more of the list",
            ),
        ] {
            assert_eq!(find(page.clone()).as_deref(), Some(expected), "{page}");
        }
    }
}
