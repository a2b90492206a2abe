//! Cases of assigning seats: Datadog's assignment, the Store's, and its bulk operation.

use serde_json::json;

use crate::cases::Case;
use crate::datadog::{DELETE_BODY, PATH, USERS};
use crate::store::{bulk, path};
use crate::wire::{keys, request, token, with_body};
use crate::{datadog_cases as datadog, store_cases as store};

/// Holds no seat at Datadog.
const LINUS: &str = "e8a3f1d6-7b2c-4f95-a0d4-3c6b9e5f8217";
/// Holds a seat of `on_call` alone.
const ZOE: &str = "5e7f0a94-2c1b-4d38-8f60-b9a4c7d21e05";

const UNAUTHORIZED: &str = r#"{"code":"Unauthorized","message":"A bearer token is required"}"#;

pub fn all() -> Vec<Case> {
    let mut cases = datadog_cases();
    cases.extend(datadog_refusals());
    cases.extend(store_cases());
    cases.extend(bulk_cases());
    cases.extend(bulk_refusals());
    cases
}

/// A request that assigns a seat of a product to each of these users.
pub fn assign(product: &str, users: &[&str]) -> String {
    let body = json!({"data": {
        "type": "seat-assignments",
        "attributes": {"product_code": product, "user_uuids": users},
    }});
    let body = body.to_string();
    with_body("POST", PATH, &keys(), "application/json", &body)
}

fn datadog_cases() -> Vec<Case> {
    let exhausted = |request, method: &'static str| Case {
        exhausted: true,
        ..datadog::case(method, request, 429, r#"{"errors":["Too many requests"]}"#)
    };
    vec![
        datadog::case(
            "an assignment to one user",
            assign("incident_response", &[LINUS]),
            201,
            r#"{"data":{"type":"seat-assignments","attributes":{"assigned_ids":["e8a3f1d6-7b2c-4f95-a0d4-3c6b9e5f8217"],"product_code":"incident_response"}}}"#,
        ),
        datadog::case(
            "a user named twice is assigned one seat",
            assign("on_call", &[LINUS, &LINUS.to_uppercase()]),
            201,
            r#"{"data":{"type":"seat-assignments","attributes":{"assigned_ids":["e8a3f1d6-7b2c-4f95-a0d4-3c6b9e5f8217"],"product_code":"on_call"}}}"#,
        ),
        exhausted(assign("on_call", &[LINUS]), "an assignment too many"),
        exhausted(
            with_body("DELETE", PATH, &keys(), "application/json", DELETE_BODY),
            "an unassignment too many",
        ),
    ]
}

fn datadog_refusals() -> Vec<Case> {
    vec![
        datadog::case(
            "an assignment without keys",
            request("POST", PATH, ""),
            401,
            r#"{"errors":["Unauthorized"]}"#,
        ),
        datadog::case(
            "an assignment with the keys of two tenants",
            request(
                "POST",
                PATH,
                "dd-api-key: sandbox-api-key\r\ndd-application-key: fabrikam-application-key\r\n",
            ),
            403,
            r#"{"errors":["Forbidden"]}"#,
        ),
        datadog::refused(
            "an assignment without a body",
            request("POST", PATH, &keys()),
            400,
            "A body is required",
        ),
        datadog::refused(
            "an assignment of an unknown product",
            assign("ci_visibility", &[LINUS]),
            422,
            "product_code is not known: ci_visibility",
        ),
        datadog::refused(
            "a user of another tenant",
            assign("on_call", &["1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed"]),
            422,
            "user_uuids names users who are not known: 1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed",
        ),
        datadog::refused(
            "one of two has a seat",
            assign("on_call", &[LINUS, ZOE]),
            422,
            "user_uuids names users who hold a seat of on_call already: 5e7f0a94-2c1b-4d38-8f60-b9a4c7d21e05",
        ),
        datadog::refused(
            "one seat is free, and two are requested",
            assign("on_call", &[LINUS, USERS[1]]),
            422,
            "user_uuids names more users than on_call has free seats: 1",
        ),
    ]
}

fn store_cases() -> Vec<Case> {
    let assign = |username: &str| request("POST", &path(username), &token());
    let offline = "/V1/Inventory/CFQ7TTC0K5DR/0001/Seats/linus@contoso.example";
    vec![
        store::case(
            "an assignment in the Store",
            assign("LINUS@contoso.example"),
            200,
            r#"{"assignedTo":"linus@contoso.example","dateAssigned":"2026-01-01T00:00:00.0000000Z","state":"Active","productKey":{"productId":"9NBLGGH4R2R6","skuId":"0016"}}"#,
        ),
        store::case(
            "no token for a seat",
            request("POST", offline, ""),
            401,
            UNAUTHORIZED,
        ),
        store::case(
            "a body with an assignment",
            with_body("POST", offline, &token(), "application/json", "{}"),
            400,
            r#"{"code":"BadRequest","data":[],"details":[],"message":"This operation takes no body","source":"StoreForBusiness"}"#,
        ),
        store::case(
            "an assignment to an unknown user",
            assign("marie@fabrikam.example"),
            404,
            r#"{"code":"DataNotFound","data":[{"itemType":"User","values":["marie@fabrikam.example"]}],"details":[],"message":"The user does not exist","source":"StoreForBusiness"}"#,
        ),
        store::case(
            "a seat of an offline licence",
            request("POST", offline, &token()),
            409,
            r#"{"code":"Conflict","data":{"reason":"Not online"},"details":[],"message":"The product is not licensed online","source":"StoreForBusiness"}"#,
        ),
        store::case(
            "a second seat for the same user",
            assign("ada@contoso.example"),
            409,
            r#"{"code":"Conflict","data":{"reason":"Already assigned"},"details":[],"message":"The user holds a seat already","source":"StoreForBusiness"}"#,
        ),
    ]
}

fn bulk_cases() -> Vec<Case> {
    vec![
        store::case(
            "each user independently",
            bulk(
                "reclaim",
                &[
                    "ada@contoso.example",
                    "linus@contoso.example",
                    "nobody@contoso.example",
                ],
            ),
            200,
            r#"{"seatDetails":[{"assignedTo":"ada@contoso.example","dateAssigned":"2015-07-13T14:02:25.6863382-07:00","state":"Revoked","productKey":{"productId":"9NBLGGH4R2R6","skuId":"0016"}}],"failedSeatOperations":[{"failureReason":"The seat does not exist","productKey":{"productId":"9NBLGGH4R2R6","skuId":"0016"},"userName":"linus@contoso.example"},{"failureReason":"The user does not exist","productKey":{"productId":"9NBLGGH4R2R6","skuId":"0016"},"userName":"nobody@contoso.example"}]}"#,
        ),
        store::case(
            "a user named twice in a bulk request",
            bulk(
                "assign",
                &["linus@contoso.example", "LINUS@contoso.example"],
            ),
            200,
            r#"{"seatDetails":[{"assignedTo":"linus@contoso.example","dateAssigned":"2026-01-01T00:00:00.0000000Z","state":"Active","productKey":{"productId":"9NBLGGH4R2R6","skuId":"0016"}}],"failedSeatOperations":[{"failureReason":"The user holds a seat already","productKey":{"productId":"9NBLGGH4R2R6","skuId":"0016"},"userName":"LINUS@contoso.example"}]}"#,
        ),
        store::case(
            "no user succeeds, which is a 200 as well",
            bulk("assign", &["ada@contoso.example"]),
            200,
            r#"{"seatDetails":[],"failedSeatOperations":[{"failureReason":"The user holds a seat already","productKey":{"productId":"9NBLGGH4R2R6","skuId":"0016"},"userName":"ada@contoso.example"}]}"#,
        ),
    ]
}

fn bulk_refusals() -> Vec<Case> {
    let of = |product: &str, headers: &str| {
        let target = format!("/V1/Inventory/{product}/Seats");
        let body = r#"{"usernames":["ada@contoso.example"],"seatAction":"reclaim"}"#;
        with_body("POST", &target, headers, "application/json", body)
    };
    let many: Vec<String> = (1..=26)
        .map(|n| format!("user-{n}@contoso.example"))
        .collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let list = serde_json::to_string(&many).expect("JSON");
    vec![
        store::case(
            "a bulk without a token",
            of("9NBLGGH4R2R6/0016", ""),
            401,
            UNAUTHORIZED,
        ),
        store::case(
            "a bulk of an unknown product",
            of("9NBLGGH4R2R7/0016", &token()),
            404,
            r#"{"code":"DataNotFound","data":[{"itemType":"Inventory","values":["9NBLGGH4R2R7","0016"]}],"details":[],"message":"The product is not in the inventory","source":"StoreForBusiness"}"#,
        ),
        store::case(
            "a bulk of an offline licence",
            of("CFQ7TTC0K5DR/0001", &token()),
            409,
            r#"{"code":"Conflict","data":{"reason":"Not online"},"details":[],"message":"The product is not licensed online","source":"StoreForBusiness"}"#,
        ),
        store::invalid(
            "26 users",
            bulk("reclaim", &many),
            "usernames",
            &format!("usernames is not acceptable: {list} has more than 25 items"),
        ),
        store::invalid(
            "another action",
            bulk("revoke", &["ada@contoso.example"]),
            "seatAction",
            r#"seatAction is not acceptable: "revoke" is not one of "assign" or "reclaim""#,
        ),
        store::invalid(
            "a bulk request without users",
            bulk("reclaim", &[]),
            "usernames",
            "usernames is required",
        ),
        store::case(
            "a bulk in another media type",
            of("9NBLGGH4R2R6/0016", &token()).replace("application/json", "text/json"),
            400,
            r#"{"code":"BadRequest","data":[],"details":[],"message":"The body must come as application/json","source":"StoreForBusiness"}"#,
        ),
    ]
}
