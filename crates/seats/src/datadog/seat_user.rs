//! A user who holds a seat at Datadog, and a page of them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::json;
use crate::listing::Page;

/// A user who holds a seat of a product, as Datadog states it. Any part may be missing.
///
/// Source: <https://docs.datadoghq.com/api/latest/seats/#get-users-with-seats>
///
/// ```
/// use seats::datadog::SeatUser;
///
/// let user: SeatUser = serde_json::from_str(r#"{"id":"626a4e8e-64bd-409d-b80e-428f08ac0b62"}"#)?;
/// assert_eq!(user.id(), Some("626a4e8e-64bd-409d-b80e-428f08ac0b62".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SeatUser {
    id: Option<String>,
    email: Option<String>,
    name: Option<String>,
    assigned_at: Option<String>,
}

impl SeatUser {
    /// Returns the user's id, which [`unassign`](super::Client::unassign) takes; none if it is missing or
    /// not a UUID.
    pub fn id(&self) -> Option<Uuid> {
        self.id.as_deref()?.trim().parse().ok()
    }

    /// Returns the user's id as Datadog wrote it.
    pub fn id_text(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Returns the user's email address.
    pub fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    /// Returns the user's name.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Returns when the seat was assigned, in RFC 3339, as Datadog wrote it.
    pub fn assigned_at(&self) -> Option<&str> {
        self.assigned_at.as_deref()
    }

    fn from_value(entry: &Value) -> Option<Self> {
        let entry = entry.as_object()?;
        let attributes = entry.get("attributes").and_then(Value::as_object);
        let attribute = |name| attributes.and_then(|attributes| text(attributes, name));
        Some(Self {
            id: text(entry, "id"),
            email: attribute("email"),
            name: attribute("name"),
            assigned_at: attribute("assigned_at"),
        })
    }
}

fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    object.get(name)?.as_str().map(str::to_owned)
}

/// The members of a page through which it leads on, or that look like it and do not.
const CURSORS: [&str; 2] = ["meta.next_cursor", "meta.cursor"];

/// Reads a page. One unexpected value of a user does not make the others unreadable.
///
/// # Errors
/// Why the page cannot be read. A page without its list is not an empty page, and one that may lead on in
/// a way that is not read is not the end of the list.
pub(super) fn page(body: &[u8]) -> Result<Page<SeatUser>, String> {
    let page = json::parse(body)?;
    let data = match page.get("data") {
        Some(Value::Array(data)) => data,
        Some(_) => return Err("its `data` is not a list".to_owned()),
        None => return Err("it has no `data`".to_owned()),
    };
    let items = data
        .iter()
        .enumerate()
        .map(|(n, entry)| {
            SeatUser::from_value(entry)
                .ok_or_else(|| format!("item {} of `data` is not an object", n + 1))
        })
        .collect::<Result<_, _>>()?;
    let next = match page.get("meta") {
        None | Some(Value::Null) => None,
        Some(Value::Object(meta)) => meta.get("next_cursor"),
        Some(_) => return Err("its `meta` is not an object".to_owned()),
    };
    let next = match next {
        None | Some(Value::Null) => None,
        Some(Value::String(cursor)) => Some(cursor.clone()),
        // Without it the rest of the list would silently be missing.
        Some(_) => return Err("its `meta.next_cursor` is not text".to_owned()),
    };
    // A list or a cursor in another case is none that is read.
    match json::not_whole(&page, "data", &CURSORS, |a, b| a == b) {
        Some(reason) => Err(reason),
        None => Ok(Page { items, next }),
    }
}

#[cfg(test)]
mod tests {
    use datadog_seats::types;
    use proptest::prelude::*;
    use proptest::test_runner::Config;
    use serde_json::json;

    use super::*;

    /// All members of the spec; one that is new there does not compile here.
    #[test]
    fn the_names_are_those_of_the_generated_types() {
        let body = json!(types::SeatUserDataArray {
            data: vec![types::SeatUserData {
                attributes: Some(types::SeatUserDataAttributes {
                    assigned_at: Some("2026-01-14T09:30:00Z".to_owned()),
                    email: Some("ada@contoso.example".to_owned()),
                    name: Some("Ada".to_owned()),
                }),
                id: Some("626a4e8e-64bd-409d-b80e-428f08ac0b62".to_owned()),
                type_: Some("seat-users".to_owned()),
            }],
            meta: Some(types::SeatUserMeta {
                cursor: None,
                limit: None,
                next_cursor: Some("next".to_owned()),
            }),
        });
        let page = page(body.to_string().as_bytes()).unwrap();
        assert_eq!(page.next.as_deref(), Some("next"));
        assert_eq!(
            json!(page.items),
            json!([{
                "id": "626a4e8e-64bd-409d-b80e-428f08ac0b62",
                "email": "ada@contoso.example",
                "name": "Ada",
                "assigned_at": "2026-01-14T09:30:00Z",
            }])
        );
    }

    #[test]
    fn an_odd_value_is_missing_and_a_missing_list_an_error() {
        let odd = page(br#"{"data":[{"id":7,"attributes":null},{}],"meta":null}"#).unwrap();
        assert_eq!(odd.items, [SeatUser::default(), SeatUser::default()]);
        assert_eq!(odd.next, None);
        for (body, reason) in [
            ("{}", "it has no `data`"),
            ("[]", "it has no `data`"),
            (r#"{"data":null}"#, "its `data` is not a list"),
            (r#"{"data":["ada"]}"#, "item 1 of `data` is not an object"),
            (r#"{"data":[],"meta":[]}"#, "its `meta` is not an object"),
            (
                r#"{"data":[],"links":{"next":"https://x"}}"#,
                "its `links.next` may lead to more of the list",
            ),
            (
                r#"{"data":[1],"data":[]}"#,
                "it has `data` twice at line 1 column 22",
            ),
            (
                r#"{"data":[],"meta":{"next_cursor":1}}"#,
                "its `meta.next_cursor` is not text",
            ),
            ("<html>", "expected value at line 1 column 1"),
        ] {
            let outcome = page(body.as_bytes());
            assert_eq!(
                outcome.map(|page| page.items).unwrap_err(),
                reason,
                "{body}"
            );
        }
    }

    /// JSON that has the members of a page, in places where they are read and where they are not.
    fn json_like_a_page() -> impl Strategy<Value = Value> {
        let name = prop::sample::select(vec![
            "data",
            "Data",
            "meta",
            "next_cursor",
            "Next_Cursor",
            "next",
            "links",
            "id",
            "rel",
            "errors",
        ]);
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (0..3u32).prop_map(Value::from),
            prop::sample::select(vec!["", " ", "x", "next"]).prop_map(Value::from),
            Just(json!([])),
        ];
        leaf.prop_recursive(3, 24, 4, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::vec((name.clone(), inner), 0..4).prop_map(|members| {
                    let members = members.into_iter().map(|(name, it)| (name.to_owned(), it));
                    Value::Object(members.collect())
                }),
            ]
        })
    }

    /// Whether a value below has something that could be a page after this one, or a part that is missing.
    fn has_more(value: &Value) -> bool {
        match value {
            Value::Array(items) => items.iter().any(has_more),
            Value::Object(members) => members.iter().any(|(name, value)| {
                let says_something =
                    !seats_transport::is_blank(value) && ![json!(false), json!(0)].contains(value);
                let lower = name.to_ascii_lowercase();
                says_something && (lower.contains("next") || lower == "errors" || has_more(value))
            }),
            _ => false,
        }
    }

    proptest! {
        #![proptest_config(Config { failure_persistence: None, cases: 1000, ..Config::default() })]

        #[test]
        fn a_page_is_the_last_one_only_if_nothing_says_otherwise(
            value in json_like_a_page(),
            data in prop::option::of(prop::collection::vec(json_like_a_page(), 0..3)),
        ) {
            let mut value = value;
            if let (Some(object), Some(data)) = (value.as_object_mut(), data) {
                object.insert("data".to_owned(), data.into());
            }
            let Ok(page) = page(value.to_string().as_bytes()) else { return Ok(()) };
            let rows = value["data"].as_array().expect("a page has its list");
            prop_assert_eq!(page.items.len(), rows.len());
            if page.next.is_none_or(|next| next.trim().is_empty()) {
                let rest = value.as_object().unwrap().iter().filter(|(name, _)| *name != "data");
                for (name, value) in rest {
                    let alone = json!({ name.as_str(): value });
                    prop_assert!(!has_more(&alone), "{}", alone);
                }
            }
        }

        #[test]
        fn a_page_that_is_cut_off_or_is_anything_is_no_page(
            rows in 0..4usize,
            cut in any::<prop::sample::Index>(),
            bytes in prop::collection::vec(any::<u8>(), 0..60),
        ) {
            let body = json!({ "meta": {}, "data": vec![json!({"id": "x"}); rows] }).to_string();
            prop_assert!(page(&body.as_bytes()[..cut.index(body.len())]).is_err());
            prop_assert!(page(&bytes).is_err());
        }
    }
}
