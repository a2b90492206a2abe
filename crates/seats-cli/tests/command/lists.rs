//! Lists as tables, JSON and CSV.

use seats_tests::wire::{Wire, answer};
use serde_json::{Value, json};

use crate::process::{Ended, Seats, USER, seats};

pub const OTHER: &str = "9d1c2f60-0f6e-4c5a-8b3e-7f1d2a4c6e80";

pub const LIST_USERS: [&str; 4] = ["datadog", "list", "--product", "on_call"];
pub const LIST_SEATS: [&str; 4] = ["store", "list", "9NBLGGH4R2R6", "0016"];
pub const LIST_OF_USER: [&str; 4] = ["store", "list", "--user", "ada@contoso.example"];
pub const INVENTORY: [&str; 2] = ["store", "inventory"];
pub const SHOW: [&str; 5] = [
    "store",
    "show",
    "9NBLGGH4R2R6",
    "0016",
    "ada@contoso.example",
];

pub fn ok(body: &Value) -> Vec<u8> {
    answer("200 OK", &[], body.to_string().as_bytes())
}

/// A page of Datadog's list.
pub fn users(users: &[Value], next: Option<&str>) -> Vec<u8> {
    ok(&json!({"data": users, "meta": {"next_cursor": next}}))
}

pub fn user(id: &str, name: &str) -> Value {
    let attributes = json!({
        "email": format!("{name}@contoso.example"),
        "name": name,
        "assigned_at": "2026-01-14T09:30:00Z",
    });
    json!({"id": id, "type": "seat-users", "attributes": attributes})
}

fn seat(holder: &str) -> Value {
    json!({
        "assignedTo": holder,
        "dateAssigned": "2015-07-13T14:02:25",
        "state": "Active",
        "productKey": {"productId": "9NBLGGH4R2R6", "skuId": "0016"},
    })
}

fn product() -> Value {
    json!({
        "productKey": {"productId": "9NBLGGH4R2R6", "skuId": "0016"},
        "seatCapacity": 100,
        "availableSeats": 96,
        "lastModified": "2016-11-30T17:45:10Z",
        "licenseType": "Online",
        "distributionPolicy": "Restricted",
        "status": "Active",
    })
}

pub fn run(arguments: &[&str], output: &str, wire: &Wire) -> Seats {
    seats(arguments)
        .arguments(&["--output", output])
        .once()
        .signed()
        .at(wire)
}

/// Runs the command against these responses; returns its output and the request lines that it sent.
pub async fn ended(arguments: &[&str], output: &str, answers: &[Vec<u8>]) -> (Ended, Vec<String>) {
    let wire = Wire::start(answers.to_vec()).await.unwrap();
    let ended = run(arguments, output, &wire).run().await;
    let requests = wire.finish().await.unwrap();
    let line = |request: &Vec<u8>| {
        let text = String::from_utf8_lossy(request).into_owned();
        text.lines().next().unwrap_or_default().to_owned()
    };
    (ended, requests.iter().map(line).collect())
}

#[tokio::test]
async fn the_users_of_datadog() {
    let pages = [
        users(&[user(USER, "ada"), json!({"id": null})], Some("next")),
        users(&[user(OTHER, "愛子, \"a\"")], None),
    ];
    let sized = [&LIST_USERS[..], &["--page-size", "2"]].concat();
    let (text, requests) = ended(&sized, "text", &pages).await;
    text.is(
        0,
        "\
ID                                    EMAIL                NAME  ASSIGNED AT
626a4e8e-64bd-409d-b80e-428f08ac0b62  ada@contoso.example  ada   2026-01-14T09:30:00Z
-                                     -                    -     -
9d1c2f60-0f6e-4c5a-8b3e-7f1d2a4c6e80  愛子, \"a\"@contoso.example  愛子, \"a\"  2026-01-14T09:30:00Z
",
        "",
    );
    assert_eq!(
        requests,
        [
            "GET /api/v2/seats/users?page%5Blimit%5D=2&product_code=on_call HTTP/1.1",
            "GET /api/v2/seats/users?page%5Bcursor%5D=next&page%5Blimit%5D=2&product_code=on_call HTTP/1.1"
        ]
    );
    let (json, requests) = ended(&LIST_USERS, "json", &pages).await;
    json.is(
        0,
        r#"{"id":"626a4e8e-64bd-409d-b80e-428f08ac0b62","email":"ada@contoso.example","name":"ada","assigned_at":"2026-01-14T09:30:00Z"}
{"id":null,"email":null,"name":null,"assigned_at":null}
{"id":"9d1c2f60-0f6e-4c5a-8b3e-7f1d2a4c6e80","email":"愛子, \"a\"@contoso.example","name":"愛子, \"a\"","assigned_at":"2026-01-14T09:30:00Z"}
"#,
        "",
    );
    assert_eq!(
        requests[0],
        "GET /api/v2/seats/users?product_code=on_call HTTP/1.1"
    );
    let (csv, _) = ended(&LIST_USERS, "csv", &pages).await;
    csv.is(
        0,
        "\
id,email,name,assigned_at
626a4e8e-64bd-409d-b80e-428f08ac0b62,ada@contoso.example,ada,2026-01-14T09:30:00Z
,,,
9d1c2f60-0f6e-4c5a-8b3e-7f1d2a4c6e80,\"愛子, \"\"a\"\"@contoso.example\",\"愛子, \"\"a\"\"\",2026-01-14T09:30:00Z
",
        "",
    );
}

const SEATS_AS_TEXT: &str = "\
ASSIGNED TO          PRODUCT ID    SKU ID  STATE   DATE ASSIGNED
ada@contoso.example  9NBLGGH4R2R6  0016    Active  2015-07-13T14:02:25
";
const SEATS_AS_JSON: &str = r#"{"assignedTo":"ada@contoso.example","dateAssigned":"2015-07-13T14:02:25","state":"Active","productKey":{"productId":"9NBLGGH4R2R6","skuId":"0016"}}
"#;
const SEATS_AS_CSV: &str = "\
assignedTo,productId,skuId,state,dateAssigned
ada@contoso.example,9NBLGGH4R2R6,0016,Active,2015-07-13T14:02:25
";

/// Seats look the same in each command.
#[tokio::test]
async fn the_seats_of_the_store() {
    let page = ok(&json!({"seats": [seat("ada@contoso.example")]}));
    let one = ok(&seat("ada@contoso.example"));
    let sized = [&LIST_SEATS[..], &["--page-size", "100"]].concat();
    for (arguments, body, request) in [
        (&LIST_SEATS[..], &page, "/Inventory/9NBLGGH4R2R6/0016/Seats"),
        (
            &sized,
            &page,
            "/Inventory/9NBLGGH4R2R6/0016/Seats?maxResults=100",
        ),
        (&LIST_OF_USER, &page, "/Users/ada@contoso.example/Seats"),
        (
            &SHOW,
            &one,
            "/Inventory/9NBLGGH4R2R6/0016/Seats/ada@contoso.example",
        ),
    ] {
        for (output, expected) in [
            ("text", SEATS_AS_TEXT),
            ("json", SEATS_AS_JSON),
            ("csv", SEATS_AS_CSV),
        ] {
            let (ended, requests) = ended(arguments, output, std::slice::from_ref(body)).await;
            ended.is(0, expected, "");
            assert_eq!(requests, [format!("GET /V1{request} HTTP/1.1")]);
        }
    }
}

#[tokio::test]
async fn the_inventory_of_the_store() {
    let page = ok(&json!({"inventoryEntries": [product(), {"status": "Removed"}]}));
    let filtered = [
        &INVENTORY[..],
        &["--license-type", "online", "--license-type", "offline"],
        &["--modified-since", "2016-01-05T10:30:00+01:00"],
    ]
    .concat();
    let (text, requests) = ended(&filtered, "text", std::slice::from_ref(&page)).await;
    text.is(
        0,
        "\
PRODUCT ID    SKU ID  SEAT CAPACITY  AVAILABLE SEATS  LICENSE TYPE  DISTRIBUTION POLICY  STATUS   LAST MODIFIED
9NBLGGH4R2R6  0016    100            96               Online        Restricted           Active   2016-11-30T17:45:10Z
-             -       -              -                -             -                    Removed  -
",
        "",
    );
    assert_eq!(
        requests,
        [
            "GET /V1/Inventory?licenseTypes=online&licenseTypes=offline&modifiedSince=2016-01-05T09%3A30%3A00Z HTTP/1.1"
        ]
    );
    let (json, requests) = ended(&INVENTORY, "json", std::slice::from_ref(&page)).await;
    json.is(
        0,
        r#"{"productKey":{"productId":"9NBLGGH4R2R6","skuId":"0016"},"seatCapacity":100,"availableSeats":96,"lastModified":"2016-11-30T17:45:10Z","licenseType":"Online","distributionPolicy":"Restricted","status":"Active"}
{"status":"Removed"}
"#,
        "",
    );
    assert_eq!(requests, ["GET /V1/Inventory HTTP/1.1"]);
    let (csv, _) = ended(&INVENTORY, "csv", &[page]).await;
    csv.is(
        0,
        "\
productId,skuId,seatCapacity,availableSeats,licenseType,distributionPolicy,status,lastModified
9NBLGGH4R2R6,0016,100,96,Online,Restricted,Active,2016-11-30T17:45:10Z
,,,,,,Removed,
",
        "",
    );
}

/// An empty list has its heading, and a sentence for a person.
#[tokio::test]
async fn an_empty_list() {
    for (arguments, page, heading, names, words) in [
        (
            &LIST_USERS[..],
            users(&[], None),
            "ID  EMAIL  NAME  ASSIGNED AT\n",
            "id,email,name,assigned_at\n",
            "nobody holds a seat of \"on_call\"\n",
        ),
        (
            &LIST_SEATS,
            ok(&json!({"seats": []})),
            "ASSIGNED TO  PRODUCT ID  SKU ID  STATE  DATE ASSIGNED\n",
            "assignedTo,productId,skuId,state,dateAssigned\n",
            "nobody holds a seat of \"9NBLGGH4R2R6/0016\"\n",
        ),
        (
            &LIST_OF_USER,
            ok(&json!({"seats": []})),
            "ASSIGNED TO  PRODUCT ID  SKU ID  STATE  DATE ASSIGNED\n",
            "assignedTo,productId,skuId,state,dateAssigned\n",
            "\"ada@contoso.example\" holds no seat\n",
        ),
        (
            &INVENTORY,
            ok(&json!({"inventoryEntries": []})),
            "PRODUCT ID  SKU ID  SEAT CAPACITY  AVAILABLE SEATS  LICENSE TYPE  DISTRIBUTION POLICY  STATUS  LAST MODIFIED\n",
            "productId,skuId,seatCapacity,availableSeats,licenseType,distributionPolicy,status,lastModified\n",
            "there is no such product\n",
        ),
    ] {
        let of = async |output| {
            ended(arguments, output, std::slice::from_ref(&page))
                .await
                .0
        };
        of("text").await.is(0, heading, words);
        of("json").await.is(0, "", "");
        of("csv").await.is(0, names, "");
    }
}

#[tokio::test]
async fn what_a_row_holds_moves_no_cursor() {
    let odd = "\u{1b}[2J\u{9b}31m\u{7}\r\n\u{202e}";
    let page = ok(&json!({"seats": [{"assignedTo": odd, "state": odd}]}));
    let shown = r"\u{1b}[2J\u{9b}31m\u{7}\u{d}\u{a}\u{202e}";
    for output in ["text", "json", "csv"] {
        let (ended, _) = ended(&LIST_SEATS, output, std::slice::from_ref(&page)).await;
        let control = ended.stdout.chars().find(|c| c.is_control() && *c != '\n');
        assert_eq!(control, None, "{ended:?}");
        match output {
            "json" => assert_eq!(ended.json()["assignedTo"], odd),
            _ => assert!(ended.stdout.lines().nth(1).unwrap().contains(shown)),
        }
    }
}
