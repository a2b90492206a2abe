//! Cases of reading: both vendors' lists, one seat, the inventory.

use crate::cases::Case;
use crate::datadog::PATH;
use crate::wire::{get, keys, token, with_body};
use crate::{datadog_cases as datadog, store_cases as store};

const ADA: &str = r#"{"assignedTo":"ada@contoso.example","dateAssigned":"2015-07-13T14:02:25.6863382-07:00","state":"Active","productKey":{"productId":"9NBLGGH4R2R6","skuId":"0016"}}"#;
const ADA_OFFLINE: &str = r#"{"assignedTo":"ada@contoso.example","dateAssigned":"2015-07-14T10:00:00.5000000-07:00","state":"Active","productKey":{"productId":"CFQ7TTC0K5DR","skuId":"0001"}}"#;
const ONLINE: &str = r#"{"productKey":{"productId":"9NBLGGH4R2R6","skuId":"0016"},"seatCapacity":5,"availableSeats":1,"lastModified":"2017-03-21T08:15:59.9999999Z","licenseType":"Online","distributionPolicy":"Restricted","status":"Active"}"#;
const OFFLINE: &str = r#"{"productKey":{"productId":"CFQ7TTC0K5DR","skuId":"0001"},"seatCapacity":10,"availableSeats":9,"lastModified":"2015-07-14T10:00:00.5000000-07:00","licenseType":"Offline","distributionPolicy":"Open","status":"Active"}"#;

const UNAUTHORIZED: &str = r#"{"code":"Unauthorized","message":"A bearer token is required"}"#;
const NOT_ONLINE: &str = r#"{"code":"Conflict","data":{"reason":"Not online"},"details":[],"message":"The product is not licensed online","source":"StoreForBusiness"}"#;
const NO_PRODUCT: &str = r#"{"code":"DataNotFound","data":[{"itemType":"Inventory","values":["P","1"]}],"details":[],"message":"The product is not in the inventory","source":"StoreForBusiness"}"#;

pub fn all() -> Vec<Case> {
    let mut cases = datadog_cases();
    cases.extend(datadog_refusals());
    cases.extend(one_seat());
    cases.extend(lists_of_seats());
    cases.extend(lists_refused());
    cases.extend(inventory());
    cases
}

fn of_datadog(query: &str) -> String {
    get(&format!("{PATH}?{query}"), &keys())
}

fn of_store(below: &str) -> String {
    get(&format!("/V1/{below}"), &token())
}

fn datadog_cases() -> Vec<Case> {
    vec![
        datadog::case(
            "who holds a seat",
            of_datadog("product_code=on_call"),
            200,
            r#"{"data":[{"type":"seat-users","id":"626a4e8e-64bd-409d-b80e-428f08ac0b62","attributes":{"assigned_at":"2025-01-14T09:31:00Z","email":"ada@contoso.example","name":"Ada Lovelace"}},{"type":"seat-users","id":"5e7f0a94-2c1b-4d38-8f60-b9a4c7d21e05","attributes":{"assigned_at":"2025-06-30T23:59:59Z","email":"zoë@contoso.example","name":"Zoë Ångström"}}],"meta":{"cursor":"","limit":100}}"#,
        ),
        datadog::case(
            "a page may be smaller than what was asked for",
            of_datadog("product_code=on_call&page%5Blimit%5D=1000").replace("on_call", "%6fn_call"),
            200,
            r#"{"data":[{"type":"seat-users","id":"626a4e8e-64bd-409d-b80e-428f08ac0b62","attributes":{"assigned_at":"2025-01-14T09:31:00Z","email":"ada@contoso.example","name":"Ada Lovelace"}},{"type":"seat-users","id":"5e7f0a94-2c1b-4d38-8f60-b9a4c7d21e05","attributes":{"assigned_at":"2025-06-30T23:59:59Z","email":"zoë@contoso.example","name":"Zoë Ångström"}}],"meta":{"cursor":"","limit":100}}"#,
        ),
        Case {
            exhausted: true,
            ..datadog::case(
                "a list too many",
                of_datadog("product_code=on_call"),
                429,
                r#"{"errors":["Too many requests"]}"#,
            )
        },
    ]
}

fn datadog_refusals() -> Vec<Case> {
    vec![
        datadog::case(
            "a list without keys",
            get(PATH, ""),
            401,
            r#"{"errors":["Unauthorized"]}"#,
        ),
        datadog::case(
            "a list with a wrong key",
            get(PATH, "dd-api-key: a\r\ndd-application-key: b\r\n"),
            403,
            r#"{"errors":["Forbidden"]}"#,
        ),
        datadog::refused(
            "no product",
            of_datadog(""),
            400,
            "product_code query parameter is required",
        ),
        datadog::refused(
            "an empty product in a query",
            of_datadog("product_code="),
            400,
            "product_code query parameter is required",
        ),
        datadog::refused(
            "two products",
            of_datadog("product_code=a&product_code=b"),
            400,
            "product_code must not be repeated",
        ),
        datadog::refused(
            "an unknown product",
            of_datadog("product_code=ci_visibility"),
            422,
            "product_code is not known: ci_visibility",
        ),
        datadog::refused(
            "a page without users",
            of_datadog("product_code=on_call&page[limit]=0"),
            400,
            "page[limit] is not acceptable: 0 is less than the minimum of 1",
        ),
        datadog::refused(
            "a cursor of no list",
            of_datadog("product_code=on_call&page[cursor]=eyJvZmZzZXQiOjEwMH0"),
            400,
            "page[cursor] is not a cursor of this list",
        ),
        datadog::refused(
            "a body with a list",
            with_body(
                "GET",
                &format!("{PATH}?product_code=on_call"),
                &keys(),
                "application/json",
                "{}",
            ),
            400,
            "This operation takes no body",
        ),
    ]
}

fn one_seat() -> Vec<Case> {
    let seat = |below: &str| of_store(&format!("Inventory/{below}"));
    vec![
        store::case(
            "a seat in use",
            seat("9NBLGGH4R2R6/0016/Seats/ADA@contoso.example"),
            200,
            ADA,
        ),
        store::case(
            "a seat without a token",
            get(
                "/V1/Inventory/9NBLGGH4R2R6/0016/Seats/ada@contoso.example",
                "",
            ),
            401,
            UNAUTHORIZED,
        ),
        store::invalid(
            "a seat and a half",
            seat("9NBLGGH4R2R6/0016/Seats/ada@contoso.example?maxResults=1"),
            "maxResults",
            "maxResults is no parameter of this operation",
        ),
        store::case(
            "a seat that is not in use",
            seat("9NBLGGH4R2R6/0016/Seats/linus@contoso.example"),
            404,
            r#"{"code":"DataNotFound","data":[{"itemType":"Seat","values":["9NBLGGH4R2R6","0016","linus@contoso.example"]}],"details":[],"message":"The seat does not exist","source":"StoreForBusiness"}"#,
        ),
        store::case(
            "an offline seat",
            seat("CFQ7TTC0K5DR/0001/Seats/ada@contoso.example"),
            409,
            NOT_ONLINE,
        ),
    ]
}

fn lists_of_seats() -> Vec<Case> {
    vec![
        Case {
            body: format!(r#"{{"seats":[{ADA},{ADA_OFFLINE}]}}"#),
            ..store::case(
                "a user's seats",
                of_store("Users/ada%40contoso.example/Seats"),
                200,
                "",
            )
        },
        store::case(
            "a user without a seat",
            of_store("Users/linus@contoso.example/Seats?maxResults=100"),
            200,
            r#"{"seats":[]}"#,
        ),
        store::case(
            "a product's seats",
            of_store("Inventory/9NBLGGH4R2R6/0016/Seats"),
            200,
            r##"{"seats":[{"assignedTo":"ada@contoso.example","dateAssigned":"2015-07-13T14:02:25.6863382-07:00","state":"Active","productKey":{"productId":"9NBLGGH4R2R6","skuId":"0016"}},{"assignedTo":"grace_fabrikam.example#EXT#@contoso.example","dateAssigned":"2016-01-05T09:30:00.0000000-08:00","state":"Active","productKey":{"productId":"9NBLGGH4R2R6","skuId":"0016"}},{"assignedTo":"zoë@contoso.example","dateAssigned":"2016-11-30T17:45:10.1200000Z","state":"Active","productKey":{"productId":"9NBLGGH4R2R6","skuId":"0016"}},{"assignedTo":"8f2b1c64-7d3e-4a59-b0c8-16e5f9a2d473","dateAssigned":"2017-03-21T08:15:59.9999999Z","state":"Active","productKey":{"productId":"9NBLGGH4R2R6","skuId":"0016"}}]}"##,
        ),
    ]
}

fn lists_refused() -> Vec<Case> {
    let too_many = "maxResults is not acceptable: 101 is greater than the maximum of 100";
    vec![
        store::case(
            "seats without a token",
            get("/V1/Inventory/P/1/Seats", ""),
            401,
            UNAUTHORIZED,
        ),
        store::invalid(
            "a page too large",
            of_store("Inventory/9NBLGGH4R2R6/0016/Seats?maxResults=101"),
            "maxResults",
            too_many,
        ),
        store::case(
            "seats of nothing",
            of_store("Inventory/P/1/Seats"),
            404,
            NO_PRODUCT,
        ),
        store::case(
            "offline seats",
            of_store("Inventory/CFQ7TTC0K5DR/0001/Seats"),
            409,
            NOT_ONLINE,
        ),
        store::case(
            "a user without a token",
            get("/V1/Users/ada/Seats", ""),
            401,
            UNAUTHORIZED,
        ),
        store::invalid(
            "a token of no list",
            of_store("Users/ada@contoso.example/Seats?continuationToken=MjU="),
            "continuationToken",
            "continuationToken is not a token of this list",
        ),
        store::case(
            "seats of an unknown user",
            of_store("Users/marie@fabrikam.example/Seats"),
            404,
            r#"{"code":"DataNotFound","data":[{"itemType":"User","values":["marie@fabrikam.example"]}],"details":[],"message":"The user does not exist","source":"StoreForBusiness"}"#,
        ),
    ]
}

fn inventory() -> Vec<Case> {
    let of = |query: &str| of_store(&format!("Inventory{query}"));
    let shows = |name, query: &str, entries: &[&str]| Case {
        body: format!(r#"{{"inventoryEntries":[{}]}}"#, entries.join(",")),
        ..store::case(name, of(query), 200, "")
    };
    vec![
        shows("all products", "", &[ONLINE, OFFLINE]),
        shows(
            "both licences",
            "?licenseTypes=online&licenseTypes=offline",
            &[ONLINE, OFFLINE],
        ),
        shows("offline licences", "?licenseTypes=offline", &[OFFLINE]),
        shows(
            "changed at that moment",
            "?modifiedSince=2017-03-21T09:15:59.9999999%2B01:00",
            &[ONLINE],
        ),
        shows(
            "changed since then",
            "?modifiedSince=2017-03-22T00:00:00Z",
            &[],
        ),
        store::case(
            "the inventory without a token",
            get("/V1/Inventory", ""),
            401,
            UNAUTHORIZED,
        ),
        store::invalid(
            "a plus that was not encoded",
            of("?modifiedSince=2017-03-21T09:15:59+01:00"),
            "modifiedSince",
            "modifiedSince is not acceptable: \"2017-03-21T09:15:59 01:00\" is not a \"date-time\"",
        ),
        store::invalid(
            "another licence",
            of("?licenseTypes=Online"),
            "licenseTypes[0]",
            "licenseTypes[0] is not acceptable: \"Online\" is not one of \"online\" or \"offline\"",
        ),
    ]
}
