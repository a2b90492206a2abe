//! What the Store's response to a bulk request says about each of its users.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use seats_transport::{Exchange, one_line};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store_for_business::types;

use super::any_case::text;
use super::seat::{Seat, SeatState, normalize_username, product_key};
use super::{ProductId, SkuId, Username};
use crate::json;
use crate::outcome::{Fate, Outcome};

/// What a bulk request does with the seats. `Display` and serde use the words of the reference.
///
/// ```
/// use seats::store::SeatAction;
///
/// assert_eq!(SeatAction::Reclaim.to_string(), "reclaim");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatAction {
    /// Gives a seat to each user.
    Assign,
    /// Takes the seat of each user away.
    Reclaim,
}

impl fmt::Display for SeatAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        types::SeatAction::from(*self).fmt(f)
    }
}

impl From<SeatAction> for types::SeatAction {
    fn from(action: SeatAction) -> Self {
        match action {
            SeatAction::Assign => Self::Assign,
            SeatAction::Reclaim => Self::Reclaim,
        }
    }
}

/// The spec's names of the members; a response may write them in any case.
mod member {
    pub(super) const SEAT_DETAILS: &str = "seatDetails";
    pub(super) const FAILED_SEAT_OPERATIONS: &str = "failedSeatOperations";
    pub(super) const USER_NAME: &str = "userName";
    pub(super) const FAILURE_REASON: &str = "failureReason";
}

/// A bulk request, with which its response is compared.
pub(super) struct Request<'a> {
    pub action: SeatAction,
    pub product: &'a ProductId,
    pub sku: &'a SkuId,
    pub users: Vec<Username>,
}

/// What a response says about its users, by their normalized names.
#[derive(Default)]
struct Answer {
    seats: HashMap<String, Vec<Seat>>,
    failed: HashMap<String, Failure>,
}

/// What a response says of a user for whom the request failed.
struct Failure {
    reason: String,
    product: Option<String>,
    sku: Option<String>,
}

impl Request<'_> {
    /// Returns the outcome of each user, from the exchange of a request that is done.
    pub(super) fn outcomes(self, exchange: Exchange) -> Vec<Outcome<Username>> {
        let answer = Answer::read(exchange.body());
        let exchange = Arc::new(exchange);
        let fates: Vec<Fate> = self
            .users
            .iter()
            .map(|user| match &answer {
                Some(answer) => self.fate(answer, user, &|text| exchange.shown(text)),
                None => {
                    Fate::unknown("the vendor says that it is done, in a body that cannot be read")
                }
            })
            .collect();
        self.users
            .into_iter()
            .zip(fates)
            .map(|(user, fate)| Outcome::of_call(user, fate, &exchange))
            .collect()
    }

    /// The fate that the response gives a user; its own words as `shown` lets them be seen.
    fn fate(&self, answer: &Answer, user: &Username, shown: &dyn Fn(&str) -> String) -> Fate {
        let name = normalize_username(user);
        match (answer.seats.get(&name), answer.failed.get(&name)) {
            (Some(seats), None) => match seats.iter().find_map(|seat| self.contradiction(seat)) {
                None => Fate::Done,
                Some(contradiction) => Fate::unknown(shown(&contradiction)),
            },
            (None, Some(failure)) => {
                let (product, sku) = (failure.product.as_deref(), failure.sku.as_deref());
                match self.another_product(product, sku) {
                    None => Fate::failed(shown(&failure.reason)),
                    Some(contradiction) => Fate::unknown(shown(&contradiction)),
                }
            }
            (Some(_), Some(Failure { reason, .. })) => Fate::unknown(shown(&format!(
                "the answer says both done and failed: {reason}"
            ))),
            (None, None) => Fate::unknown("the answer does not name the user"),
        }
    }

    /// What a seat that the response lists as done says against it.
    fn contradiction(&self, seat: &Seat) -> Option<String> {
        let contrary = match self.action {
            SeatAction::Assign => SeatState::Revoked,
            SeatAction::Reclaim => SeatState::Active,
        };
        if seat.state() == Some(contrary) {
            let state = one_line(seat.state_text().unwrap_or_default());
            return Some(format!(
                "the answer lists the seat with the state {state:?}"
            ));
        }
        self.another_product(seat.product_id(), seat.sku_id())
    }

    fn another_product(&self, product: Option<&str>, sku: Option<&str>) -> Option<String> {
        for (what, stated, expected) in [
            ("product", product, &**self.product),
            ("SKU", sku, &**self.sku),
        ] {
            if let Some(stated) = stated.filter(|stated| !stated.eq_ignore_ascii_case(expected)) {
                let stated = one_line(stated);
                return Some(format!("the answer lists a seat of the {what} {stated:?}"));
            }
        }
        None
    }
}

impl Answer {
    /// None if the body cannot be read.
    fn read(body: &[u8]) -> Option<Self> {
        let body = json::parse(body).ok()?;
        let body = body.as_object()?;
        let mut answer = Self::default();
        let seats = items(body, member::SEAT_DETAILS)?;
        for seat in seats.into_iter().filter_map(Seat::from_value) {
            if let Some(holder) = seat.assigned_to() {
                let seats = answer.seats.entry(normalize_username(holder)).or_default();
                seats.push(seat);
            }
        }
        let failed = items(body, member::FAILED_SEAT_OPERATIONS)?;
        for failed in failed.into_iter().filter_map(Value::as_object) {
            if let Some(user) = text(failed, member::USER_NAME) {
                let (product, sku) = product_key(failed);
                let failure = Failure {
                    reason: reason(failed),
                    product,
                    sku,
                };
                answer.failed.insert(normalize_username(&user), failure);
            }
        }
        Some(answer)
    }
}

/// The items of a list, from each member that has its name in some case; none if one is no list.
fn items<'a>(answer: &'a Map<String, Value>, name: &str) -> Option<Vec<&'a Value>> {
    let lists = answer
        .iter()
        .filter(|(other, list)| other.eq_ignore_ascii_case(name) && !list.is_null());
    let lists: Vec<&Vec<Value>> = lists
        .map(|(_, list)| list.as_array())
        .collect::<Option<_>>()?;
    Some(lists.into_iter().flatten().collect())
}

/// The vendor's reason on one line.
fn reason(failed: &Map<String, Value>) -> String {
    let line = one_line(&text(failed, member::FAILURE_REASON).unwrap_or_default());
    if line.is_empty() {
        "the vendor gives no reason".to_owned()
    } else {
        line
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::Config;
    use reqwest::StatusCode;
    use seats_tests::wire::{Wire, answer};
    use seats_transport::{End, ResponseRecord};
    use serde_json::json;

    use super::*;

    fn fates(users: &[&str], body: &str) -> Vec<String> {
        fates_of(SeatAction::Reclaim, users, body)
    }

    fn fates_of(action: SeatAction, users: &[&str], body: &str) -> Vec<String> {
        let mut response = ResponseRecord::new(StatusCode::OK);
        response.body = body.to_owned().into();
        let request = Request {
            action,
            product: &"9NBLGGH4R2R6".parse().unwrap(),
            sku: &"0016".parse().unwrap(),
            users: users.iter().map(|user| user.parse().unwrap()).collect(),
        };
        let outcomes = request.outcomes(Exchange::new(End::Responded(response)));
        assert_eq!(outcomes.len(), users.len());
        let line = |fate: &Fate| match fate.reason() {
            None => fate.as_str().to_owned(),
            Some(reason) => format!("{}: {reason}", fate.as_str()),
        };
        outcomes.iter().map(|outcome| line(&outcome.fate)).collect()
    }

    #[test]
    fn each_user_has_the_fate_that_the_answer_gives() {
        let body = r#"{
            "SeatDetails": [{"assignedTo": "ADA@contoso.example"}, {"AssignedTo": "{8F2B1C64-7D3E-4A59-B0C8-16E5F9A2D473}"}, {"assignedTo": "both"}],
            "failedSeatOperations": [
                {"userName": "linus@contoso.example", "failureReason": "The seat\n does not exist"},
                {"UserName": "silent"},
                {"userName": "both", "failureReason": "odd"},
                {"failureReason": "whose?"}
            ]
        }"#;
        let users = [
            "ada@contoso.example",
            "8f2b1c64-7d3e-4a59-b0c8-16e5f9a2d473",
            "Linus@contoso.example",
            "silent",
            "both",
            "nobody",
        ];
        let expected = [
            "done",
            "done",
            "failed: The seat does not exist",
            "failed: the vendor gives no reason",
            "unknown: the answer says both done and failed: odd",
            "unknown: the answer does not name the user",
        ];
        assert_eq!(fates(&users, body), expected);
    }

    #[test]
    fn a_state_or_a_product_that_contradicts_the_action_is_unknown() {
        let seat = |more: &str| format!(r#"{{"seatDetails":[{{"assignedTo":"ada",{more}}}]}}"#);
        let active = "unknown: the answer lists the seat with the state \"Active\"";
        let revoked = "unknown: the answer lists the seat with the state \"revoked\"";
        let product = "unknown: the answer lists a seat of the product \"OTHER\"";
        let sku = "unknown: the answer lists a seat of the SKU \"0001\"";
        for (more, reclaim, assign) in [
            (r#""state":"Active""#, active, "done"),
            (r#""state":"revoked""#, "done", revoked),
            (r#""state":"Pending""#, "done", "done"),
            (r#""productKey":{"productId":"OTHER"}"#, product, product),
            (
                r#""productKey":{"productId":"9nblggh4r2r6","skuId":"0001"}"#,
                sku,
                sku,
            ),
            (
                r#""productKey":{"productId":"9NBLGGH4R2R6","skuId":"0016"}"#,
                "done",
                "done",
            ),
        ] {
            let body = seat(more);
            assert_eq!(
                fates_of(SeatAction::Reclaim, &["ada"], &body),
                [reclaim],
                "{more}"
            );
            assert_eq!(
                fates_of(SeatAction::Assign, &["ada"], &body),
                [assign],
                "{more}"
            );
        }
        let twice = r#"{"seatDetails":[{"assignedTo":"ada","state":"Revoked"},{"assignedTo":"ADA","state":"Active"}]}"#;
        assert_eq!(fates(&["ada"], twice), [active]);
    }

    /// The reasons are the vendor's words, like its messages.
    #[tokio::test]
    async fn a_reason_that_repeats_the_token_is_not_shown() {
        let token = "planted-token-0123456789";
        let body = format!(
            r#"{{"seatDetails":[{{"assignedTo":"bob","productKey":{{"skuId":"{0}"}}}}],
                "failedSeatOperations":[{{"userName":"ada","failureReason":"no {0}"}}]}}"#,
            token.to_uppercase()
        );
        let wire = Wire::start(vec![answer("200 OK", &[], body.as_bytes())])
            .await
            .unwrap();
        let client = crate::store::Client::builder()
            .base_url(wire.url())
            .token(token);
        let product = client.build().unwrap().product("P", "0016").unwrap();
        let outcomes = product.bulk(SeatAction::Reclaim, ["ada", "bob"]).unwrap();
        let outcomes: Vec<Outcome<Username>> = outcomes.collect().await;
        for outcome in &outcomes {
            let reason = outcome.fate.reason().unwrap().to_string();
            assert_eq!(reason, "[message withheld: it repeats a credential]");
        }
        assert_eq!((outcomes.len(), wire.finish().await.unwrap().len()), (2, 1));
    }

    #[test]
    fn a_list_that_stands_twice_in_two_cases_is_read_twice() {
        let body = r#"{"seatDetails":[{"assignedTo":"ada"}],"failedSeatOperations":[],
            "FailedSeatOperations":[{"userName":"ada","failureReason":"late"}]}"#;
        let both = "unknown: the answer says both done and failed: late";
        assert_eq!(fates(&["ada"], body), [both]);
    }

    #[test]
    fn a_failure_for_another_product_says_nothing_of_this_one() {
        let body = r#"{"failedSeatOperations":[{"userName":"ada","failureReason":"late","productKey":{"productId":"OTHER"}}]}"#;
        let other = "unknown: the answer lists a seat of the product \"OTHER\"";
        assert_eq!(fates(&["ada"], body), [other]);
    }

    #[test]
    fn a_body_that_says_nothing_leaves_all_unknown() {
        for body in [
            "",
            "<html>",
            "[]",
            "null",
            r#"{"seatDetails":[],"seatDetails":[]}"#,
            r#"{"seatDetails":[{"assignedTo":"ada"}],"failedSeatOperations":{"userName":"ada"}}"#,
            r#"{"seatDetails":{"assignedTo":"ada"}}"#,
        ] {
            assert_eq!(
                fates(&["ada"], body),
                ["unknown: the vendor says that it is done, in a body that cannot be read"]
            );
        }
        assert_eq!(
            fates(&["ada"], "{}"),
            ["unknown: the answer does not name the user"]
        );
    }

    /// The names are the spec's: those of the generated types.
    #[test]
    fn the_names_are_those_of_the_generated_types() {
        let answer = types::BulkSeatOperationResultSet {
            seat_details: vec![types::SeatDetails {
                assigned_to: Some("ada".to_owned()),
                ..Default::default()
            }],
            failed_seat_operations: vec![types::FailedSeatRequest {
                failure_reason: Some("late".to_owned()),
                product_key: None,
                user_name: Some("linus".to_owned()),
            }],
        };
        assert_eq!(
            fates(&["ada", "linus"], &json!(answer).to_string()),
            ["done", "failed: late"]
        );
    }

    /// An item of either list, about one of two users, with any state and product.
    fn item() -> impl Strategy<Value = Value> {
        let name = prop::sample::select(vec!["assignedTo", "AssignedTo", "userName", "UserName"]);
        let user = prop::sample::select(vec![json!("ada"), json!("{ADA}"), json!("bob"), json!(7)]);
        let state = prop::sample::select(vec![
            json!(null),
            json!("Active"),
            json!("REVOKED"),
            json!("x"),
        ]);
        let product = prop::sample::select(vec![
            json!(null),
            json!({"productId": "9nblggh4r2r6"}),
            json!({"productId": "OTHER"}),
            json!({"skuId": "0001"}),
        ]);
        (name, user, state, product).prop_map(|(name, user, state, product)| {
            json!({ name: user, "state": state, "ProductKey": product })
        })
    }

    proptest! {
        #![proptest_config(Config { failure_persistence: None, cases: 1000, ..Config::default() })]

        #[test]
        fn a_user_is_done_only_if_listed_and_nothing_says_otherwise(
            lists in prop::collection::vec((
                prop::sample::select(vec![
                    "seatDetails", "SeatDetails", "failedSeatOperations", "FAILEDSEATOPERATIONS",
                ]),
                prop_oneof![
                    9 => prop::collection::vec(item(), 0..3).prop_map(Value::from),
                    1 => item(),
                ],
            ), 0..4),
            reclaims: bool,
        ) {
            let action = if reclaims { SeatAction::Reclaim } else { SeatAction::Assign };
            let body: Vec<String> =
                lists.iter().map(|(name, list)| format!("{name:?}:{list}")).collect();
            let fate = fates_of(action, &["ada"], &format!("{{{}}}", body.join(","))).remove(0);
            if fate == "done" {
                let about_ada = |list: &Value, names: [&str; 2]| -> Vec<Value> {
                    let is_ada = |item: &&Value| names.iter().any(|name| {
                        item[*name].as_str().is_some_and(|it| it.to_lowercase().contains("ada"))
                    });
                    list.as_array().unwrap().iter().filter(is_ada).cloned().collect()
                };
                let (done, failed): (Vec<_>, Vec<_>) =
                    lists.iter().partition(|(name, _)| name.eq_ignore_ascii_case("seatDetails"));
                let done: Vec<Value> = done.iter()
                    .flat_map(|(_, list)| about_ada(list, ["assignedTo", "AssignedTo"])).collect();
                let mut failed = failed.iter()
                    .flat_map(|(_, list)| about_ada(list, ["userName", "UserName"]));
                prop_assert!(!done.is_empty() && failed.next().is_none());
                let contrary = if reclaims { "Active" } else { "REVOKED" };
                for item in done {
                    let text = item.to_string();
                    prop_assert!(!text.contains(contrary) && !text.contains("OTHER") && !text.contains("0001"));
                }
            }
        }

        #[test]
        fn a_body_of_anything_is_no_success(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let fate = fates(&["ada"], &String::from_utf8_lossy(&bytes)).remove(0);
            prop_assert!(fate.starts_with("unknown"), "{}", fate);
        }
    }
}
