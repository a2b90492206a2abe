//! What the Store's answer to a bulk call says of each of its users.

use std::collections::HashMap;
use std::sync::Arc;

use seats_transport::Exchange;
use serde_json::{Map, Value};

use super::Username;
use super::any_case::{find, text};
use super::seat::{Seat, same_name};
use crate::outcome::{Fate, Outcome};

/// The spec's names of the members; an answer may write them in any case.
mod member {
    pub(super) const SEAT_DETAILS: &str = "seatDetails";
    pub(super) const FAILED_SEAT_OPERATIONS: &str = "failedSeatOperations";
    pub(super) const USER_NAME: &str = "userName";
    pub(super) const FAILURE_REASON: &str = "failureReason";
}

/// The most that is shown of the vendor's reason.
const LONGEST_REASON: usize = 500;

/// The outcome of each user in `users`, from the exchange of a call that is done.
pub(super) fn outcomes(users: Vec<Username>, exchange: Exchange) -> Vec<Outcome<Username>> {
    let fates = fates(&users, exchange.body());
    let exchange = Arc::new(exchange);
    users
        .into_iter()
        .zip(fates)
        .map(|(user, fate)| Outcome::new(user, fate, &exchange))
        .collect()
}

fn fates(users: &[Username], body: &[u8]) -> Vec<Fate> {
    let answer = serde_json::from_slice::<Value>(body).ok();
    let Some(answer) = answer.as_ref().and_then(Value::as_object) else {
        let message = "the vendor says that it is done, in a body that cannot be read";
        return users.iter().map(|_| Fate::unknown(message)).collect();
    };
    let done: Vec<String> = list(answer, member::SEAT_DETAILS)
        .iter()
        .filter_map(|seat| Seat::from_value(seat)?.holder())
        .collect();
    let failed: HashMap<String, String> = list(answer, member::FAILED_SEAT_OPERATIONS)
        .iter()
        .filter_map(Value::as_object)
        .filter_map(|failed| Some((same_name(&text(failed, member::USER_NAME)?), reason(failed))))
        .collect();
    let fate = |user: &Username| {
        let name = same_name(user.as_str());
        match (done.contains(&name), failed.get(&name)) {
            (true, None) => Fate::Done,
            (false, Some(reason)) => Fate::failed(reason),
            (true, Some(reason)) => {
                Fate::unknown(format!("the answer says both done and failed: {reason}"))
            }
            (false, None) => Fate::unknown("the answer does not name the user"),
        }
    };
    users.iter().map(fate).collect()
}

fn list<'a>(answer: &'a Map<String, Value>, name: &str) -> &'a [Value] {
    find(answer, name, Value::as_array).map_or(&[], Vec::as_slice)
}

/// The vendor's reason on one line; it is shown on a terminal.
fn reason(failed: &Map<String, Value>) -> String {
    let reason = text(failed, member::FAILURE_REASON).unwrap_or_default();
    let words = reason.split(|c: char| c.is_whitespace() || c.is_control());
    let line: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let line: String = line.join(" ").chars().take(LONGEST_REASON).collect();
    if line.is_empty() {
        "the vendor gives no reason".to_owned()
    } else {
        line
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use store_for_business::types;

    use super::*;

    fn fates(users: &[&str], body: &str) -> Vec<String> {
        let users: Vec<Username> = users.iter().map(|user| user.parse().unwrap()).collect();
        let said = super::fates(&users, body.as_bytes());
        assert_eq!(said.len(), users.len());
        let line = |fate: Fate| match fate.reason() {
            None => fate.as_str().to_owned(),
            Some(reason) => format!("{}: {reason}", fate.as_str()),
        };
        said.into_iter().map(line).collect()
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
    fn a_body_that_says_nothing_leaves_all_unknown() {
        for body in ["", "<html>", "[]", "null"] {
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
}
