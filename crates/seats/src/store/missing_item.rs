//! What a 404 of the Store is about.
//!
//! The reference says that it names the type of the item, Inventory, User or Seat, and not where.

use serde_json::Value;

use super::any_case::find;

/// The item that a 404 says does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MissingItem {
    Inventory,
    User,
    Seat,
}

const ITEMS: [(&str, MissingItem); 3] = [
    ("inventory", MissingItem::Inventory),
    ("user", MissingItem::User),
    ("seat", MissingItem::Seat),
];

/// Reads it in a member `itemType` of the error's data, or else in a message that names exactly one
/// of the three. None where neither tells.
pub(super) fn read(body: &[u8]) -> Option<MissingItem> {
    let error: Value = serde_json::from_slice(body).ok()?;
    let envelopes = [Some(&error), member(&error, "innererror")];
    let mut envelopes = envelopes.into_iter().flatten();
    envelopes
        .clone()
        .find_map(|envelope| of_data(member(envelope, "data")?))
        .or_else(|| {
            envelopes.find_map(|envelope| of_message(member(envelope, "message")?.as_str()?))
        })
}

fn of_data(data: &Value) -> Option<MissingItem> {
    let objects = data
        .as_array()
        .map_or(std::slice::from_ref(data), Vec::as_slice);
    let word = objects
        .iter()
        .find_map(|object| member(object, "itemType")?.as_str())?;
    ITEMS
        .into_iter()
        .find(|(name, _)| word.trim().eq_ignore_ascii_case(name))
        .map(|(_, item)| item)
}

fn of_message(message: &str) -> Option<MissingItem> {
    let message = message.to_ascii_lowercase();
    let named = |name: &str| {
        message
            .split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| word == name)
    };
    let mut items = ITEMS.into_iter().filter(|(name, _)| named(name));
    let (_, item) = items.next()?;
    items.next().is_none().then_some(item)
}

fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    find(value.as_object()?, name, Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn says(body: &str, item: Option<MissingItem>) {
        assert_eq!(read(body.as_bytes()), item, "{body}");
    }

    #[test]
    fn reads_the_type_of_the_item() {
        says(r#"{"data":[{"itemType":"Seat"}]}"#, Some(MissingItem::Seat));
        says(r#"{"Data":{"ItemType":"USER"}}"#, Some(MissingItem::User));
        says(
            r#"{"data":[],"innererror":{"data":[{"a":1},{"itemtype":"Inventory"}]}}"#,
            Some(MissingItem::Inventory),
        );
        // The data counts more than the message.
        says(
            r#"{"data":[{"itemType":"User"}],"message":"no seat"}"#,
            Some(MissingItem::User),
        );
    }

    #[test]
    fn reads_a_message_that_names_exactly_one() {
        says(
            r#"{"message":"The Seat does not exist"}"#,
            Some(MissingItem::Seat),
        );
        says(
            r#"{"innererror":{"message":"no such user."}}"#,
            Some(MissingItem::User),
        );
        says(r#"{"message":"The user holds no seat"}"#, None);
        says(r#"{"message":"username not found"}"#, None);
        says(r#"{"message":"Product is not present"}"#, None);
    }

    #[test]
    fn does_not_know_where_nothing_tells() {
        for body in [
            "",
            "{}",
            "[]",
            "null",
            "3",
            "{\"data\":3}",
            "<html>",
            "{\"data\":[{\"itemType\":7}]}",
            "{\"data\":[{\"itemType\":\"Chair\"}]}",
        ] {
            says(body, None);
        }
    }
}
