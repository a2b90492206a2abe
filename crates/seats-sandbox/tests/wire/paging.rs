//! Lists page by page: no entry twice, none missing, and no page of another list.

use seats_sandbox::{Sandbox, Seed};
use serde_json::Value;

use crate::datadog::PATH;
use crate::store::bulk;
use crate::wire::{exchange, get, keys, request, token, with_body};

async fn large() -> Sandbox {
    let seed = Seed::from_yaml(include_str!("large.yaml")).expect("a seed");
    let sandbox = Sandbox::builder().seed(seed).start().await;
    sandbox.expect("it starts")
}

/// The token as a query has it.
fn encoded(token: &str) -> String {
    token
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D")
}

async fn page(sandbox: &Sandbox, target: &str, headers: &str) -> Value {
    let reply = exchange(sandbox, get(target, headers).as_bytes()).await;
    assert_eq!(reply.status(), 200, "{target}: {}", reply.body);
    serde_json::from_str(&reply.body).expect("JSON")
}

const DATADOG: [&str; 4] = ["data", "/id", "/meta/next_cursor", "page[cursor]"];
const SEATS: [&str; 4] = [
    "seats",
    "/assignedTo",
    "/continuationToken",
    "continuationToken",
];
const INVENTORY: [&str; 4] = [
    "inventoryEntries",
    "/productKey/productId",
    "/continuationToken",
    "continuationToken",
];

/// The sizes of the pages of a list, and its entries.
async fn all(
    sandbox: &Sandbox,
    target: &str,
    headers: &str,
    [entries, name, next, parameter]: [&str; 4],
) -> (Vec<usize>, Vec<String>) {
    let (mut sizes, mut names, mut token) = (Vec::new(), Vec::new(), None::<String>);
    loop {
        let after = token.map_or(String::new(), |token| {
            format!("&{parameter}={}", encoded(&token))
        });
        let page = page(sandbox, &format!("{target}{after}"), headers).await;
        let found = page[entries].as_array().expect("a list");
        sizes.push(found.len());
        let found = found
            .iter()
            .map(|it| it.pointer(name).and_then(Value::as_str));
        names.extend(found.map(|name| name.expect("a name").to_owned()));
        match page.pointer(next).and_then(Value::as_str) {
            Some(next) => token = Some(next.to_owned()),
            None => return (sizes, names),
        }
    }
}

#[tokio::test]
async fn pages_have_the_size_that_is_asked_for_or_the_usual_one() {
    let sandbox = large().await;
    let seats = "/V1/Inventory/P1/0001/Seats";
    let users: Vec<String> = (1..=250)
        .map(|n| format!("user-{n}@contoso.example"))
        .collect();
    for (size, sizes) in [
        ("?", vec![25; 10]),
        ("?maxResults=100", vec![100, 100, 50]),
        ("?maxResults=99", vec![99, 99, 52]),
    ] {
        let found = all(&sandbox, &format!("{seats}{size}"), &token(), SEATS).await;
        assert_eq!(found, (sizes, users.clone()));
    }
    let ids: Vec<_> = (1..=250)
        .map(|n| format!("00000000-0000-4000-8000-{n:012}"))
        .collect();
    for (size, sizes) in [
        ("", vec![100, 100, 50]),
        ("&page[limit]=5000", vec![100, 100, 50]),
        ("&page%5Blimit%5D=125", vec![100, 100, 50]),
        ("&page[limit]=50", vec![50; 5]),
    ] {
        let target = format!("{PATH}?product_code=on_call{size}");
        assert_eq!(
            all(&sandbox, &target, &keys(), DATADOG).await,
            (sizes, ids.clone())
        );
    }
    let products = |numbers: [u32; 3]| numbers.map(|n| format!("P{n}")).to_vec();
    let target = "/V1/Inventory?maxResults=1";
    let found = all(&sandbox, target, &token(), INVENTORY).await;
    assert_eq!(found, (vec![1; 3], products([1, 2, 3])));
    let target = "/V1/Users/user-1@contoso.example/Seats?maxResults=2";
    assert_eq!(all(&sandbox, target, &token(), SEATS).await.0, [2, 1]);
}

/// A reclaim between two pages moves no other user across the page's edge.
#[tokio::test]
async fn a_token_stays_valid_when_seats_are_reclaimed_meanwhile() {
    let sandbox = large().await;
    let seats = "/V1/Inventory/P1/0001/Seats?maxResults=10";
    let first = page(&sandbox, seats, &token()).await;
    let next = first["continuationToken"]
        .as_str()
        .expect("a token")
        .to_owned();
    // From the first page, its very last one, and the first of the next one.
    for user in [3, 10, 11] {
        let target = format!("/V1/Inventory/P1/0001/Seats/user-{user}@contoso.example");
        let reclaim = request("DELETE", &target, &token());
        assert_eq!(exchange(&sandbox, reclaim.as_bytes()).await.status(), 200);
    }
    let target = format!("{seats}&continuationToken={}", encoded(&next));
    let second = page(&sandbox, &target, &token()).await;
    let names = second["seats"].as_array().expect("a list").iter();
    let names: Vec<_> = names
        .map(|seat| seat["assignedTo"].as_str().expect("a name"))
        .collect();
    let expected: Vec<_> = (12..=21)
        .map(|n| format!("user-{n}@contoso.example"))
        .collect();
    assert_eq!(names, expected);
    // The same token leads to the same page again.
    assert_eq!(page(&sandbox, &target, &token()).await, second);
}

async fn token_of(sandbox: &Sandbox, target: &str, headers: &str, pointer: &str) -> String {
    let page = page(sandbox, target, headers).await;
    let token = page.pointer(pointer).and_then(Value::as_str);
    encoded(token.expect("a token"))
}

async fn status(sandbox: &Sandbox, target: &str, headers: &str) -> u16 {
    let reply = exchange(sandbox, get(target, headers).as_bytes()).await;
    reply.status()
}

#[tokio::test]
async fn a_token_is_for_its_own_list() {
    let sandbox = large().await;
    let seats = "/V1/Inventory/P1/0001/Seats";
    let next = token_of(&sandbox, seats, &token(), "/continuationToken").await;
    let other = "authorization: Bearer fabrikam-store-token\r\n";
    for (target, headers, expected) in [
        // Another size is the same list.
        (
            format!("{seats}?maxResults=7&continuationToken={next}"),
            token(),
            200,
        ),
        (
            format!("/V1/Inventory/P2/0001/Seats?continuationToken={next}"),
            token(),
            400,
        ),
        (
            format!("/V1/Inventory?continuationToken={next}"),
            token(),
            400,
        ),
        (
            format!("{seats}?continuationToken={next}"),
            other.to_owned(),
            400,
        ),
        (
            format!("{seats}?continuationToken={}", next.replace("%2B", "+")),
            token(),
            400,
        ),
        (format!("{seats}?continuationToken="), token(), 400),
    ] {
        assert_eq!(
            status(&sandbox, &target, &headers).await,
            expected,
            "{target}"
        );
    }
}

/// The inventory shows free seats and dates after each operation.
#[tokio::test]
async fn the_inventory_follows_the_seats() {
    let sandbox = Sandbox::start().await.expect("it starts");
    let online = "/V1/Inventory?licenseTypes=online";
    let entry = async || {
        let page = page(&sandbox, online, &token()).await;
        let entry = &page["inventoryEntries"][0];
        let free = entry["availableSeats"].as_u64().expect("a number");
        (
            free,
            entry["lastModified"].as_str().expect("a date").to_owned(),
        )
    };
    assert_eq!(
        entry().await,
        (1, "2017-03-21T08:15:59.9999999Z".to_owned())
    );
    let names = ["ada@contoso.example", "zoë@contoso.example"];
    exchange(&sandbox, bulk("reclaim", &names).as_bytes()).await;
    assert_eq!(
        entry().await,
        (3, "2026-01-01T00:00:01.0000000Z".to_owned())
    );
    // A failure changes nothing.
    exchange(&sandbox, bulk("reclaim", &names).as_bytes()).await;
    assert_eq!(
        entry().await,
        (3, "2026-01-01T00:00:01.0000000Z".to_owned())
    );
    exchange(&sandbox, bulk("assign", &names[..1]).as_bytes()).await;
    assert_eq!(
        entry().await,
        (2, "2026-01-01T00:00:02.0000000Z".to_owned())
    );
    let since = format!("{online}&modifiedSince=2026-01-01T00:00:03Z");
    let none = page(&sandbox, &since, &token()).await;
    assert_eq!(none, serde_json::json!({"inventoryEntries": []}));
}

/// A reclaimed seat can be assigned again.
#[tokio::test]
async fn no_more_seats_are_assigned_than_there_are() {
    let sandbox = large().await;
    let target = |user: u32| format!("/V1/Inventory/P2/0001/Seats/user-{user}@contoso.example");
    let send = async |method: &str, user: u32| {
        let request = request(method, &target(user), &token());
        exchange(&sandbox, request.as_bytes()).await
    };
    let full = send("POST", 3).await;
    assert_eq!(
        (full.status(), full.body.as_str()),
        (
            409,
            r#"{"code":"Conflict","data":{"reason":"No seats available"},"details":[],"message":"All seats are assigned","source":"StoreForBusiness"}"#
        )
    );
    assert_eq!(send("DELETE", 1).await.status(), 200);
    assert_eq!(send("POST", 3).await.status(), 200);
    assert_eq!(send("POST", 1).await.status(), 409);

    let removed = with_body(
        "POST",
        "/V1/Inventory/P3/0001/Seats",
        &token(),
        "application/json",
        r#"{"usernames":["user-2@contoso.example"],"seatAction":"assign"}"#,
    );
    let reply = exchange(&sandbox, removed.as_bytes()).await;
    assert_eq!(
        reply.body,
        r#"{"seatDetails":[],"failedSeatOperations":[{"failureReason":"The product was removed","productKey":{"productId":"P3","skuId":"0001"},"userName":"user-2@contoso.example"}]}"#
    );
}

#[tokio::test]
async fn a_token_is_for_its_own_filters_and_its_own_tenant() {
    let sandbox = large().await;
    let target = "/V1/Inventory?maxResults=1&licenseTypes=online";
    let next = token_of(&sandbox, target, &token(), "/continuationToken").await;
    let with_filter = format!("{target}&continuationToken={next}");
    assert_eq!(status(&sandbox, &with_filter, &token()).await, 200);
    let without = with_filter.replace("&licenseTypes=online", "");
    assert_eq!(status(&sandbox, &without, &token()).await, 400);

    let target = format!("{PATH}?product_code=on_call");
    let next = token_of(&sandbox, &target, &keys(), "/meta/next_cursor").await;
    let target = format!("{target}&page[cursor]={next}");
    assert_eq!(status(&sandbox, &target, &keys()).await, 200);
    let other_tenant =
        "dd-api-key: fabrikam-api-key\r\ndd-application-key: fabrikam-application-key\r\n";
    assert_eq!(status(&sandbox, &target, other_tenant).await, 400);
}
