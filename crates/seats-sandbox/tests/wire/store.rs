//! The Store: the seats over several calls.

use seats_sandbox::Sandbox;

use crate::wire::{exchange, request, token, with_body};

/// The path of a user's seat of the online product; `username` as it is sent.
pub fn path(username: &str) -> String {
    format!("/V1/Inventory/9NBLGGH4R2R6/0016/Seats/{username}")
}

/// A request that reclaims it.
pub fn reclaim(username: &str) -> String {
    request("DELETE", &path(username), &token())
}

fn seats(sandbox: &Sandbox) -> Vec<String> {
    sandbox
        .store_seats()
        .iter()
        .map(|seat| {
            let licence = if seat.offline { "offline" } else { "online" };
            format!(
                "{}/{} {licence} {}",
                seat.product_id, seat.sku_id, seat.username
            )
        })
        .collect()
}

#[tokio::test]
async fn the_responses_are_these_bytes() {
    let sandbox = Sandbox::start().await.expect("it starts");
    let done = exchange(&sandbox, reclaim("ada@contoso.example").as_bytes()).await;
    assert_eq!(
        done.head,
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nms-cv: sandbox.1\r\n\
         connection: close\r\ncontent-length: 162"
    );
    let put = request("PUT", &path("ada@contoso.example"), "");
    let allowed = exchange(&sandbox, put.as_bytes()).await;
    assert_eq!(
        allowed.head,
        "HTTP/1.1 405 Method Not Allowed\r\ncontent-type: application/json\r\nallow: GET, POST, DELETE\r\n\
         ms-cv: sandbox.2\r\nconnection: close\r\ncontent-length: 132"
    );
    let unsigned = request("DELETE", &path("ada@contoso.example"), "");
    let unauthorized = exchange(&sandbox, unsigned.as_bytes()).await;
    assert_eq!(
        unauthorized.head,
        "HTTP/1.1 401 Unauthorized\r\ncontent-type: application/json\r\n\
         www-authenticate: Bearer\r\nms-cv: sandbox.3\r\nconnection: close\r\ncontent-length: 62"
    );
}

#[tokio::test]
async fn a_seat_is_reclaimed_once() {
    let sandbox = Sandbox::start().await.expect("it starts");
    let request = reclaim("grace_fabrikam.example%23EXT%23%40contoso.example");
    assert_eq!(exchange(&sandbox, request.as_bytes()).await.status(), 200);
    let left = [
        "9NBLGGH4R2R6/0016 online ada@contoso.example",
        "9NBLGGH4R2R6/0016 online zoë@contoso.example",
        "9NBLGGH4R2R6/0016 online 8f2b1c64-7d3e-4a59-b0c8-16e5f9a2d473",
        "CFQ7TTC0K5DR/0001 offline ada@contoso.example",
    ];
    assert_eq!(seats(&sandbox), left);

    let again = exchange(&sandbox, request.as_bytes()).await;
    assert_eq!(again.status_line(), "HTTP/1.1 404 Not Found");
    assert_eq!(
        again.body,
        r##"{"code":"DataNotFound","data":[{"itemType":"Seat","values":["9NBLGGH4R2R6","0016","grace_fabrikam.example#EXT#@contoso.example"]}],"details":[],"message":"The seat does not exist","source":"StoreForBusiness"}"##
    );
    assert_eq!(seats(&sandbox), left);
}

#[tokio::test]
async fn an_offline_licence_comes_before_the_user() {
    let sandbox = Sandbox::start().await.expect("it starts");
    let target = "/V1/Inventory/CFQ7TTC0K5DR/0001/Seats/nobody@contoso.example";
    let reply = exchange(&sandbox, request("DELETE", target, &token()).as_bytes()).await;
    assert_eq!(reply.status_line(), "HTTP/1.1 409 Conflict");
}

#[tokio::test]
async fn every_invalid_parameter_is_named() {
    let sandbox = Sandbox::start().await.expect("it starts");
    let target = "/V1/Inventory/../%2e/Seats/%FF";
    let reply = exchange(&sandbox, request("DELETE", target, &token()).as_bytes()).await;
    let body: serde_json::Value = serde_json::from_str(&reply.body).expect("JSON");
    let named: Vec<_> = body["data"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|fact| &fact["parameterName"])
        .collect();
    assert_eq!(named, ["productId", "skuId", "username"]);
}

/// A request that assigns or reclaims seats of the same product.
pub fn bulk(action: &str, usernames: &[&str]) -> String {
    let target = "/V1/Inventory/9NBLGGH4R2R6/0016/Seats";
    let body = serde_json::json!({"usernames": usernames, "seatAction": action}).to_string();
    with_body("POST", target, &token(), "application/json", &body)
}
