//! A page of one of the Store's lists, read leniently.

use serde_json::Value;

use super::any_case::find;
use super::inventory::InventoryEntry;
use super::seat::Seat;
use crate::json;
use crate::listing::Page;

/// The spec's names of the members; a response may write them in any case.
const SEATS: &str = "seats";
const INVENTORY_ENTRIES: &str = "inventoryEntries";
const CONTINUATION_TOKEN: &str = "continuationToken";

/// Reads a page of seats.
///
/// # Errors
/// As those of [`page`].
pub(super) fn seats(body: &[u8]) -> Result<Page<Seat>, String> {
    page(body, SEATS, Seat::from_value)
}

/// Reads a page of the inventory.
///
/// # Errors
/// As those of [`page`].
pub(super) fn inventory(body: &[u8]) -> Result<Page<InventoryEntry>, String> {
    page(body, INVENTORY_ENTRIES, InventoryEntry::from_value)
}

/// Reads a page whose list is the member `list`, of items that `item` reads.
///
/// # Errors
/// Why the page cannot be read. A page without its list is not an empty page, and one that may lead on
/// in a way that is not read is not the end of the list.
fn page<T>(body: &[u8], list: &str, item: impl Fn(&Value) -> Option<T>) -> Result<Page<T>, String> {
    let body = json::parse(body)?;
    let page = body
        .as_object()
        .ok_or_else(|| "it is not a JSON object".to_owned())?;
    let lists = page
        .iter()
        .filter(|(name, value)| name.eq_ignore_ascii_case(list) && value.is_array());
    // It is not known which of them is the list.
    if lists.count() > 1 {
        return Err(format!("it has `{list}` twice"));
    }
    let items = find(page, list, Value::as_array).ok_or_else(|| match find(page, list, Some) {
        Some(_) => format!("its `{list}` is not a list"),
        None => format!("it has no `{list}`"),
    })?;
    let items = items
        .iter()
        .enumerate()
        .map(|(n, value)| {
            item(value).ok_or_else(|| format!("item {} of `{list}` is not an object", n + 1))
        })
        .collect::<Result<_, _>>()?;
    let said =
        |value: &Value| Some(value.as_str()?.to_owned()).filter(|text| !text.trim().is_empty());
    let next = find(page, CONTINUATION_TOKEN, said);
    let odd = |value: &Value| (!value.is_null() && !value.is_string()).then_some(());
    // Without it the rest of the list would silently be missing.
    if next.is_none() && find(page, CONTINUATION_TOKEN, odd).is_some() {
        return Err(format!("its `{CONTINUATION_TOKEN}` is not text"));
    }
    match json::not_whole(
        &body,
        list,
        &[CONTINUATION_TOKEN],
        str::eq_ignore_ascii_case,
    ) {
        Some(reason) => Err(reason),
        None => Ok(Page { items, next }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::Config;
    use serde_json::json;
    use store_for_business::types::{InventoryResultSet, SeatDetailsResultSet};

    use super::*;

    fn numbers(body: &str) -> Result<(Vec<u64>, Option<String>), String> {
        page(body.as_bytes(), "seats", Value::as_u64).map(|page| (page.items, page.next))
    }

    #[test]
    fn a_page_is_read_in_any_case() {
        for (body, next) in [
            (r#"{"seats":[1,2]}"#, None),
            (r#"{"Seats":[1,2],"ContinuationToken":null}"#, None),
            (
                r#"{"SEATS":[1,2],"continuationtoken":"MjU="}"#,
                Some("MjU="),
            ),
            (r#"{"seats":[1,2],"continuationToken":" "}"#, None),
            (
                r#"{"seats":[1,2],"continuationToken":null,"ContinuationToken":"more"}"#,
                Some("more"),
            ),
            (r#"{"seats":null,"Seats":[1,2]}"#, None),
        ] {
            let next = next.map(str::to_owned);
            assert_eq!(numbers(body), Ok((vec![1, 2], next)), "{body}");
        }
        assert_eq!(numbers(r#"{"seats":[]}"#), Ok((Vec::new(), None)));
    }

    #[test]
    fn a_page_without_its_list_is_an_error() {
        for (body, reason) in [
            ("{}", "it has no `seats`"),
            (r#"{"seats":[1,2],"Seats":[3]}"#, "it has `seats` twice"),
            (
                r#"{"seats":[1,2],"seats":[3]}"#,
                "it has `seats` twice at line 1 column 27",
            ),
            (
                r#"{"seats":[1],"nextLink":"https://x"}"#,
                "its `nextLink` may lead to more of the list",
            ),
            (r#"{"continuationToken":"MjU="}"#, "it has no `seats`"),
            (r#"{"items":[]}"#, "it has no `seats`"),
            (r#"{"seats":null}"#, "its `seats` is not a list"),
            (r#"{"seats":{}}"#, "its `seats` is not a list"),
            ("[]", "it is not a JSON object"),
            ("null", "it is not a JSON object"),
            ("", "EOF while parsing a value at line 1 column 0"),
            ("<html>", "expected value at line 1 column 1"),
            (r#"{"seats":[1,"2"]}"#, "item 2 of `seats` is not an object"),
            (
                r#"{"seats":[],"continuationToken":25}"#,
                "its `continuationToken` is not text",
            ),
        ] {
            assert_eq!(numbers(body), Err(reason.to_owned()), "{body}");
        }
    }

    /// The names are the spec's: those of the generated types.
    #[test]
    fn the_names_are_those_of_the_generated_types() {
        let seats = SeatDetailsResultSet {
            continuation_token: Some("MjU=".to_owned()),
            seats: vec![Default::default()],
        };
        let inventory = InventoryResultSet {
            continuation_token: Some("MjU=".to_owned()),
            inventory_entries: vec![Default::default()],
        };
        for (page, list) in [(json!(seats), SEATS), (json!(inventory), INVENTORY_ENTRIES)] {
            let names: Vec<&String> = page.as_object().unwrap().keys().collect();
            assert_eq!(names, [CONTINUATION_TOKEN, list]);
        }
    }

    proptest! {
        #![proptest_config(Config { failure_persistence: None, cases: 1000, ..Config::default() })]

        /// Members of a page in any case and with any value: read as a whole list only if each row is there
        /// and nothing leads on.
        #[test]
        fn a_page_is_whole_only_if_nothing_says_otherwise(
            members in prop::collection::vec((
                prop::sample::select(vec![
                    "seats", "Seats", "continuationToken", "ContinuationToken", "CONTINUATIONTOKEN",
                    "nextLink", "links", "total",
                ]),
                prop::sample::select(vec![
                    json!(null), json!(false), json!(7), json!(""), json!("MjU="), json!([]), json!([1, 2]),
                    json!({}), json!({"next": "x"}), json!([{"rel": "next"}]),
                ]),
            ), 0..5),
        ) {
            let body: Vec<String> =
                members.iter().map(|(name, value)| format!("{name:?}:{value}")).collect();
            let Ok((items, next)) = numbers(&format!("{{{}}}", body.join(","))) else { return Ok(()) };
            let is_list = |name: &str| name.eq_ignore_ascii_case("seats");
            let lists = members.iter().filter(|(name, value)| is_list(name) && value.is_array());
            let rows: Vec<u64> = lists
                .flat_map(|(_, rows)| rows.as_array().unwrap())
                .map(|row| row.as_u64().unwrap())
                .collect();
            prop_assert_eq!(items, rows);
            if next.is_none() {
                let leads_on = members.iter().any(|(name, value)| {
                    !is_list(name)
                        && *name != "total"
                        && ![json!(null), json!(""), json!(false), json!([]), json!({})].contains(value)
                        && (*name != "links" || value.to_string().contains("next"))
                });
                prop_assert!(!leads_on, "{:?}", members);
            }
        }

        #[test]
        fn anything_is_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            prop_assert!(seats(&bytes).is_err() && inventory(&bytes).is_err());
        }
    }
}
