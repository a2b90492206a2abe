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
/// It is not JSON, has a member twice in one object (which of them counts is anybody's guess), or has
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

/// Returns where a page of a list may lead on that is not read: a member whose name speaks of a next page
/// or a cursor and that has a value, outside the list itself. A list with one may not be whole.
///
/// `read` are the members that are read or known to be harmless, as paths such as `meta.next_cursor`;
/// `list` is the member that holds the rows. Names are compared case-insensitively.
pub(crate) fn unread_continuation(page: &Value, list: &str, read: &[&str]) -> Option<String> {
    continuation(page, "", list, read)
}

fn continuation(value: &Value, at: &str, list: &str, read: &[&str]) -> Option<String> {
    value.as_object()?.iter().find_map(|(name, value)| {
        let path = if at.is_empty() {
            name.clone()
        } else {
            format!("{at}.{name}")
        };
        let is_one_of = |names: &[&str]| names.iter().any(|it| it.eq_ignore_ascii_case(&path));
        if is_one_of(&[list]) || is_one_of(read) || seats_transport::is_blank(value) {
            return None;
        }
        let lower = name.to_ascii_lowercase();
        let leads_on = ["next", "cursor", "continuation", "more"]
            .iter()
            .any(|word| lower.contains(word));
        if leads_on && *value != Value::Bool(false) {
            return Some(path);
        }
        continuation(value, &path, list, read)
    })
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
    fn finds_a_continuation_that_is_not_read() {
        let find =
            |page: Value| unread_continuation(&page, "data", &["meta.next_cursor", "meta.cursor"]);
        for harmless in [
            json!({"data": [{"next_cursor": "x"}], "meta": {"cursor": "a", "next_cursor": "b"}}),
            json!({"data": [], "links": {"next": null, "self": "x"}, "hasMore": false}),
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
            (json!({"has_more": true}), "has_more"),
        ] {
            assert_eq!(find(page.clone()).as_deref(), Some(path), "{page}");
        }
    }
}
