//! A seat of the Store, read leniently.

use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDateTime};
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};

use super::any_case::{find, text};

/// The spec's names of the members; a response may write them in any case.
mod member {
    pub(super) const ASSIGNED_TO: &str = "assignedTo";
    pub(super) const DATE_ASSIGNED: &str = "dateAssigned";
    pub(super) const STATE: &str = "state";
    pub(super) const PRODUCT_KEY: &str = "productKey";
    pub(super) const PRODUCT_ID: &str = "productId";
    pub(super) const SKU_ID: &str = "skuId";
}

/// A seat of a product and SKU, and its holder, as the Store states it.
///
/// Any part may be missing, and is then `None`. Each text is kept as it came and interpreted separately:
/// the Store's pages disagree about the case of names and values, and give no format of dates. So the names
/// of members are compared case-insensitively, a member that is not text counts as missing, and unknown
/// members are left out. It serializes with the names of the reference, and deserializes as leniently.
///
/// Source: `SeatDetails` in [Data structures for Windows Store for Business](https://learn.microsoft.com/en-us/windows/client-management/mdm/data-structures-windows-store-for-business)
/// (the page has been removed).
///
/// ```
/// use seats::store::{Seat, SeatState};
///
/// let body = br#"{"AssignedTo": "ada@contoso.example", "State": "revoked", "productKey": null}"#;
/// let seat = Seat::from_json(body).ok_or("not a JSON object")?;
/// assert_eq!(seat.assigned_to(), Some("ada@contoso.example"));
/// assert_eq!(seat.state(), Some(SeatState::Revoked));
/// assert_eq!(seat.state_text(), Some("revoked"));
/// assert_eq!(seat.product_id(), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seat {
    assigned_to: Option<String>,
    date_assigned: Option<String>,
    state: Option<String>,
    product_id: Option<String>,
    sku_id: Option<String>,
}

/// The state of a seat.
///
/// `Display` and serde use the words `active`, `revoked` and `other`.
///
/// ```
/// use seats::store::{Seat, SeatState};
///
/// let seat = Seat::from_json(br#"{"state": "Suspended"}"#).ok_or("not a JSON object")?;
/// assert_eq!(seat.state(), Some(SeatState::Other));
/// assert_eq!(seat.state_text(), Some("Suspended"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SeatState {
    /// A user holds the seat.
    Active,
    /// The seat was taken back.
    Revoked,
    /// The Store states something else; [`Seat::state_text`] has it.
    Other,
}

impl fmt::Display for SeatState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Active => "active",
            Self::Revoked => "revoked",
            Self::Other => "other",
        })
    }
}

/// When a seat was assigned, as far as the Store states it.
///
/// ```
/// use seats::store::Seat;
///
/// let seat = Seat::from_json(br#"{"dateAssigned": "2015-07-13T14:02:25.6863382-07:00"}"#)
///     .ok_or("not a JSON object")?;
/// let instant = seat.date_assigned().and_then(|date| date.instant()).ok_or("no instant")?;
/// assert_eq!(instant.timestamp(), 1_436_821_345);
///
/// // A time without a zone is no instant.
/// let seat = Seat::from_json(br#"{"dateAssigned": "2015-07-13T14:02:25"}"#)
///     .ok_or("not a JSON object")?;
/// let date = seat.date_assigned().ok_or("no date")?;
/// assert_eq!(date.instant(), None);
/// assert_eq!(date.local().to_string(), "2015-07-13 14:02:25");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DateAssigned {
    /// A date and time with `Z` or an offset, to the nanosecond: a point in time.
    Instant(DateTime<FixedOffset>),
    /// A date and time without a zone; the Store does not state whose time it is.
    Local(NaiveDateTime),
}

impl Seat {
    /// Reads a seat from the JSON of a response's body; none if it is not a JSON object.
    ///
    /// If a name stands there more than once, in different cases, the reference's own spelling takes
    /// precedence.
    pub fn from_json(body: &[u8]) -> Option<Self> {
        Self::from_value(&serde_json::from_slice(body).ok()?)
    }

    /// Reads a seat from JSON that was parsed; none if it is not an object.
    pub(super) fn from_value(seat: &Value) -> Option<Self> {
        let seat = seat.as_object()?;
        let (product_id, sku_id) = product_key(seat);
        Some(Self {
            assigned_to: text(seat, member::ASSIGNED_TO),
            date_assigned: text(seat, member::DATE_ASSIGNED),
            state: text(seat, member::STATE),
            product_id,
            sku_id,
        })
    }

    /// Returns the user who holds the seat, or held it until now: a user principal name or an object id.
    pub fn assigned_to(&self) -> Option<&str> {
        self.assigned_to.as_deref()
    }

    /// Returns when the seat was assigned; none if the Store does not state it, or not in a known format of
    /// date and time: [`date_assigned_text`](Self::date_assigned_text) has the text.
    pub fn date_assigned(&self) -> Option<DateAssigned> {
        DateAssigned::parse(self.date_assigned_text()?)
    }

    /// Returns when the seat was assigned, as the Store wrote it.
    pub fn date_assigned_text(&self) -> Option<&str> {
        self.date_assigned.as_deref()
    }

    /// Returns whether the seat is in use or was taken back.
    pub fn state(&self) -> Option<SeatState> {
        self.state_text().map(SeatState::parse)
    }

    /// Returns the state as the Store wrote it, such as `Active` or `Revoked`.
    pub fn state_text(&self) -> Option<&str> {
        self.state.as_deref()
    }

    /// Returns the product's identifier, such as `9NBLGGH4R2R6`.
    pub fn product_id(&self) -> Option<&str> {
        self.product_id.as_deref()
    }

    /// Returns the identifier of the product's SKU, such as `0016`.
    pub fn sku_id(&self) -> Option<&str> {
        self.sku_id.as_deref()
    }
}

/// Returns a username in the form in which two spellings of it are equal: ASCII letters in lower case,
/// without the braces that the Store has been seen to put around an object id. It is for comparing; a
/// request has the name as it was given.
///
/// Letters beyond ASCII are left as they are, because folding their case would merge users who differ, such
/// as a name with a Kelvin sign and one with a `k`.
///
/// ```
/// use seats::store::normalize_username;
///
/// assert_eq!(normalize_username("ADA@contoso.example"), "ada@contoso.example");
/// assert_eq!(normalize_username("{8F2B1C64}"), "8f2b1c64");
/// assert_ne!(normalize_username("\u{212a}im"), normalize_username("kim"));
/// ```
pub fn normalize_username(name: &str) -> String {
    let name = name.trim();
    let bare = name
        .strip_prefix('{')
        .and_then(|name| name.strip_suffix('}'));
    bare.unwrap_or(name).to_ascii_lowercase()
}

/// Reads the product and SKU of something that belongs to them.
pub(super) fn product_key(owner: &Map<String, Value>) -> (Option<String>, Option<String>) {
    let key = find(owner, member::PRODUCT_KEY, Value::as_object);
    let of_key = |name| key.and_then(|key| text(key, name));
    (of_key(member::PRODUCT_ID), of_key(member::SKU_ID))
}

impl SeatState {
    fn parse(text: &str) -> Self {
        if text.eq_ignore_ascii_case("Active") {
            Self::Active
        } else if text.eq_ignore_ascii_case("Revoked") {
            Self::Revoked
        } else {
            Self::Other
        }
    }
}

impl DateAssigned {
    /// Returns the point in time, if the text has `Z` or an offset.
    pub fn instant(&self) -> Option<DateTime<FixedOffset>> {
        match self {
            Self::Instant(instant) => Some(*instant),
            Self::Local(_) => None,
        }
    }

    /// Returns date and time as they stand in the text, whatever the zone.
    pub fn local(&self) -> NaiveDateTime {
        match self {
            Self::Instant(instant) => instant.naive_local(),
            Self::Local(local) => *local,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text)
            .map(Self::Instant)
            .or_else(|_| {
                // Without an offset it is RFC 3339 but for that.
                DateTime::parse_from_rfc3339(&format!("{text}Z"))
                    .map(|instant| Self::Local(instant.naive_local()))
            })
            .ok()
    }
}

impl Serialize for Seat {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seat = serializer.serialize_map(None)?;
        for (name, text) in [
            (member::ASSIGNED_TO, self.assigned_to()),
            (member::DATE_ASSIGNED, self.date_assigned_text()),
            (member::STATE, self.state_text()),
        ] {
            if let Some(text) = text {
                seat.serialize_entry(name, text)?;
            }
        }
        serialize_product_key(&mut seat, self.product_id(), self.sku_id())?;
        seat.end()
    }
}

impl<'de> Deserialize<'de> for Seat {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seat = Value::deserialize(deserializer)?;
        Self::from_value(&seat).ok_or_else(|| D::Error::custom("a seat is an object"))
    }
}

/// Writes what [`product_key`] reads.
pub(super) fn serialize_product_key<M: SerializeMap>(
    owner: &mut M,
    product_id: Option<&str>,
    sku_id: Option<&str>,
) -> Result<(), M::Error> {
    let key: Map<String, Value> = [(member::PRODUCT_ID, product_id), (member::SKU_ID, sku_id)]
        .into_iter()
        .filter_map(|(name, text)| Some((name.to_owned(), text?.into())))
        .collect();
    if key.is_empty() {
        return Ok(());
    }
    owner.serialize_entry(member::PRODUCT_KEY, &key)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use store_for_business::types::{ProductKey, SeatDetails};

    use super::*;

    fn seat(body: &Value) -> Seat {
        Seat::from_json(body.to_string().as_bytes()).unwrap()
    }

    fn dated(text: &str) -> Option<DateAssigned> {
        let seat = seat(&json!({ "dateAssigned": text }));
        assert_eq!(seat.date_assigned_text(), Some(text));
        seat.date_assigned()
    }

    /// All members of the spec; one that is new there does not compile here.
    fn generated() -> SeatDetails {
        SeatDetails {
            assigned_to: Some("ada@contoso.example".to_owned()),
            date_assigned: Some("2015-07-13T14:02:25.6863382-07:00".to_owned()),
            product_key: Some(ProductKey {
                product_id: Some("9NBLGGH4R2R6".to_owned()),
                sku_id: Some("0016".to_owned()),
            }),
            state: Some("Revoked".to_owned()),
        }
    }

    /// The same JSON with the names of the members, at any depth, changed.
    fn renamed(value: &Value, name: &impl Fn(&str) -> String) -> Value {
        match value {
            Value::Object(members) => members
                .iter()
                .map(|(key, value)| (name(key), renamed(value, name)))
                .collect(),
            other => other.clone(),
        }
    }

    fn pascal_case(name: &str) -> String {
        let (first, rest) = name.split_at(1);
        first.to_ascii_uppercase() + rest
    }

    #[test]
    fn the_names_are_those_of_the_generated_type() {
        let body = serde_json::to_value(generated()).unwrap();
        let seat = seat(&body);
        assert_eq!(seat.assigned_to(), Some("ada@contoso.example"));
        assert_eq!(
            seat.date_assigned_text(),
            Some("2015-07-13T14:02:25.6863382-07:00")
        );
        assert_eq!(seat.state_text(), Some("Revoked"));
        assert_eq!(seat.product_id(), Some("9NBLGGH4R2R6"));
        assert_eq!(seat.sku_id(), Some("0016"));
        assert_eq!(serde_json::to_value(&seat).unwrap(), body);
        assert_eq!(serde_json::from_value::<Seat>(body).unwrap(), seat);
    }

    #[test]
    fn the_states_are_those_of_the_spec() {
        let spec = include_str!("../../../../specs/store-for-business.yaml");
        let list = spec
            .lines()
            .find_map(|line| line.trim().strip_prefix("x-extensible-enum: ["))
            .and_then(|list| list.strip_suffix(']'))
            .unwrap();
        let known: Vec<String> = list
            .split(", ")
            .map(|text| format!("{:?}", SeatState::parse(text)))
            .collect();
        assert_eq!(known.join(", "), list);
        assert_eq!(known.len(), 2);
    }

    #[test]
    fn names_come_in_any_case() {
        let camel = serde_json::to_value(generated()).unwrap();
        let expected = seat(&camel);
        let pascal = renamed(&camel, &pascal_case);
        assert_eq!(pascal["ProductKey"]["SkuId"], "0016");
        assert_eq!(seat(&pascal), expected);
        assert_eq!(
            seat(&renamed(&camel, &|name| name.to_ascii_uppercase())),
            expected
        );
        assert_eq!(
            seat(&renamed(&camel, &|name| name.to_ascii_lowercase())),
            expected
        );
    }

    #[test]
    fn the_spelling_of_the_reference_goes_first_where_it_is_text() {
        let twice = json!({"State": "Active", "state": "Revoked", "STATE": "Active"});
        assert_eq!(seat(&twice).state_text(), Some("Revoked"));
        let odd = json!({"state": null, "STATE": 1, "State": "Active"});
        assert_eq!(seat(&odd).state_text(), Some("Active"));
        let product = json!({"productKey": "P", "ProductKey": {"skuId": "0016"}});
        assert_eq!(seat(&product).sku_id(), Some("0016"));
    }

    #[test]
    fn a_member_of_another_type_is_missing_and_the_others_are_not() {
        let whole = serde_json::to_value(generated()).unwrap();
        let odd = [
            json!(null),
            json!(true),
            json!(3),
            json!(1.5),
            json!([]),
            json!(["Active"]),
        ];
        for odd in odd.into_iter().chain([json!({}), json!({"a": 1})]) {
            for name in ["assignedTo", "dateAssigned", "state", "productKey"] {
                let mut body = whole.clone();
                body[name] = odd.clone();
                let mut rest = whole.clone();
                rest.as_object_mut().unwrap().shift_remove(name);
                assert_eq!(
                    serde_json::to_value(seat(&body)).unwrap(),
                    rest,
                    "{name} {odd}"
                );
            }
            for name in ["productId", "skuId"] {
                let mut body = whole.clone();
                body["productKey"][name] = odd.clone();
                let mut rest = whole.clone();
                let product = rest["productKey"].as_object_mut().unwrap();
                product.shift_remove(name);
                assert_eq!(
                    serde_json::to_value(seat(&body)).unwrap(),
                    rest,
                    "{name} {odd}"
                );
            }
        }
    }

    #[test]
    fn what_is_not_known_is_left_out_and_an_empty_object_is_a_seat() {
        let body = json!({"seatId": 7, "state": "Active", "productKey": {"x": "y"}});
        assert_eq!(
            serde_json::to_value(seat(&body)).unwrap(),
            json!({"state": "Active"})
        );
        assert_eq!(seat(&json!({})), Seat::default());
        assert_eq!(
            serde_json::to_value(Seat::default()).unwrap(),
            json!({}),
            "absent fields are left out"
        );
        assert_eq!(Seat::default().state(), None);
        assert_eq!(Seat::default().date_assigned(), None);
    }

    #[test]
    fn what_is_not_an_object_is_no_seat() {
        for body in [
            &b""[..],
            b" ",
            b"null",
            b"true",
            b"3",
            b"\"Revoked\"",
            b"[{\"state\":\"Revoked\"}]",
            b"{\"state\":\"Rev",
            b"{\"state\":\"Revoked\"} {}",
            b"{\"state\":\"\xff\"}",
            b"<html></html>",
        ] {
            assert_eq!(Seat::from_json(body), None, "{body:?}");
        }
        let deep = "[".repeat(100_000);
        assert_eq!(Seat::from_json(deep.as_bytes()), None);
    }

    #[test]
    fn a_state_counts_in_any_case_and_is_kept_as_it_came() {
        for (text, state) in [
            ("Active", SeatState::Active),
            ("active", SeatState::Active),
            ("ACTIVE", SeatState::Active),
            ("Revoked", SeatState::Revoked),
            ("revoked", SeatState::Revoked),
            ("rEVOKED", SeatState::Revoked),
            ("Suspended", SeatState::Other),
            ("Revoked ", SeatState::Other),
            ("", SeatState::Other),
        ] {
            let seat = seat(&json!({ "state": text }));
            assert_eq!(seat.state(), Some(state), "{text:?}");
            assert_eq!(seat.state_text(), Some(text));
            assert_eq!(serde_json::to_value(&seat).unwrap(), json!({"state": text}));
        }
    }

    #[test]
    fn a_date_with_z_or_an_offset_is_an_instant() {
        // 2015-07-13T21:02:25Z
        const SECONDS: i64 = 1_436_821_345;
        for (text, nanoseconds, offset) in [
            ("2015-07-13T21:02:25Z", 0, 0),
            ("2015-07-13t21:02:25z", 0, 0),
            ("2015-07-13 21:02:25Z", 0, 0),
            ("2015-07-13T21:02:25+00:00", 0, 0),
            ("2015-07-13T21:02:25-00:00", 0, 0),
            ("2015-07-13T14:02:25-07:00", 0, -7 * 3600),
            ("2015-07-14T02:47:25+05:45", 0, 5 * 3600 + 45 * 60),
            ("2015-07-13T21:02:25.6Z", 600_000_000, 0),
            ("2015-07-13T21:02:25.686Z", 686_000_000, 0),
            ("2015-07-13T21:02:25.686338Z", 686_338_000, 0),
            ("2015-07-13T14:02:25.6863382-07:00", 686_338_200, -7 * 3600),
            ("2015-07-13T21:02:25.686338219Z", 686_338_219, 0),
            ("2015-07-13T21:02:25.68633821999Z", 686_338_219, 0),
        ] {
            let date = dated(text).unwrap();
            assert!(matches!(date, DateAssigned::Instant(_)), "{text}");
            let instant = date.instant().unwrap();
            assert_eq!(instant.timestamp(), SECONDS, "{text}");
            assert_eq!(instant.timestamp_subsec_nanos(), nanoseconds, "{text}");
            assert_eq!(instant.offset().local_minus_utc(), offset, "{text}");
            assert_eq!(date.local(), instant.naive_local());
        }
    }

    #[test]
    fn a_date_without_an_offset_is_local() {
        for (text, local) in [
            ("2015-07-13T14:02:25", "2015-07-13 14:02:25"),
            ("2015-07-13 14:02:25", "2015-07-13 14:02:25"),
            (
                "2015-07-13T14:02:25.6863382",
                "2015-07-13 14:02:25.686338200",
            ),
            (
                "2015-07-13T14:02:25.68633821999",
                "2015-07-13 14:02:25.686338219",
            ),
            ("0001-01-01T00:00:00", "0001-01-01 00:00:00"),
        ] {
            let date = dated(text).unwrap();
            assert!(matches!(date, DateAssigned::Local(_)), "{text}");
            assert_eq!(date.instant(), None);
            assert_eq!(date.local().to_string(), local);
        }
    }

    #[test]
    fn another_text_is_only_a_text() {
        for text in [
            "",
            "Z",
            "yesterday",
            "1436821345",
            "/Date(1436821345686)/",
            "2015-07-13",
            "2015-07-13T14:02",
            "2015-07-13T14:02:25.",
            "2015-07-13T14:02:25-07",
            "2015-07-13T14:02:25-07:0",
            "2015-07-13T14:02:25+24:00",
            "2015-07-13T14:02:25ZZ",
            "2015-02-30T14:02:25Z",
            "2015-07-13T25:02:25",
            "7/13/2015 2:02:25 PM",
            " 2015-07-13T14:02:25",
        ] {
            assert_eq!(dated(text), None, "{text:?}");
        }
    }
}
