//! The request of every operation, as the bytes that arrive on a socket, against a snapshot.
//!
//! Each operation of each spec has at least one. To add a variant, add a row to the table below and
//! run `INSTA_UPDATE=always cargo test -p seats-tests --test request_shapes`; then read the new file.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use seats::{Uuid, datadog, store};
use seats_tests::wire::{Wire, answer};

const API_KEY: &str = "the-api-key-of-a-test";
const APP_KEY: &str = "the-application-key-of-a-test";
const TOKEN: &str = "the-token-of-a-test";

const ADA: Uuid = Uuid::from_u128(0x626a4e8e_64bd_409d_b80e_428f08ac0b62);
const GRACE: Uuid = Uuid::from_u128(0x9d1c2f60_0f6e_4c5a_8b3e_7f1d2a4c6e80);

/// A row is a test of its own, and a snapshot: `spec.operation.variant`.
macro_rules! shapes {
    ($($test:ident = $snapshot:literal: async |$url:ident| $call:block)+) => {
        const SNAPSHOTS: &[&str] = &[$($snapshot),+];

        $(
            #[tokio::test]
            async fn $test() {
                let wire = Wire::start(vec![answer("204 No Content", &[], b"")]).await.unwrap();
                let authority = wire.authority();
                let $url = wire.url();
                $call
                let requests = wire.finish().await.unwrap();
                let [request] = requests.as_slice() else { panic!("{} requests", requests.len()) };
                insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
                    insta::assert_snapshot!($snapshot, as_text(request, &authority));
                });
            }
        )+
    };
}

shapes! {
    unassign_one_user = "datadog-seats.unassign_seats_user.one_user": async |url| {
        let product = "incident_response".parse().unwrap();
        datadog(url).unassign(&product, &[ADA]).await.unwrap();
    }
    unassign_several_users = "datadog-seats.unassign_seats_user.several_users": async |url| {
        let product = "on_call".parse().unwrap();
        datadog(url).unassign(&product, &[ADA, GRACE, ADA]).await.unwrap();
    }
    unassign_through_the_generated_client = "datadog-seats.unassign_seats_user.with_id": async |url| {
        let body = r#"{"data":{"type":"seat-assignments","id":"offboarding-1","attributes":
            {"product_code":"café \"1\"","user_uuids":["626a4e8e-64bd-409d-b80e-428f08ac0b62"]}}}"#;
        let body = serde_json::from_str(body).unwrap();
        datadog(url).api().unassign_seats_user(&body).await.unwrap();
    }
    reclaim_from_a_upn = "store-for-business.reclaim_seat_from_user.upn": async |url| {
        reclaim(url, "9NBLGGH4R2R6", "0016", "ada@contoso.example").await;
    }
    reclaim_from_a_guest = "store-for-business.reclaim_seat_from_user.guest": async |url| {
        reclaim(url, "9NBLGGH4R2R6", "0016", "grace_fabrikam.example#EXT#@contoso.example").await;
    }
    reclaim_from_a_name_beyond_ascii = "store-for-business.reclaim_seat_from_user.non_ascii": async |url| {
        reclaim(url, "CFQ7TTC0K5DR", "0001", "zoë.łukasz@contoso.example").await;
    }
    reclaim_from_an_object_id = "store-for-business.reclaim_seat_from_user.object_id": async |url| {
        reclaim(url, "9NBLGGH4R2R6", "0016", "8f2b1c64-7d3e-4a59-b0c8-16e5f9a2d473").await;
    }
    reclaim_with_every_character = "store-for-business.reclaim_seat_from_user.reserved_characters": async |url| {
        reclaim(url, "A B;C", "00=1&6", "o'ne+il?x%20y%@[a]{b}|^~`\"<>:,!$*()").await;
    }
    assign_to_one_user = "datadog-seats.assign_seats_user.one_user": async |url| {
        let product = "incident_response".parse().unwrap();
        datadog(url).assign(&product, &[ADA]).await.unwrap();
    }
    assign_to_several_users = "datadog-seats.assign_seats_user.several_users": async |url| {
        let product = "on_call".parse().unwrap();
        datadog(url).assign(&product, &[ADA, GRACE]).await.unwrap();
    }
    list_users_with_seats = "datadog-seats.get_seats_users.first_page": async |url| {
        let product = "incident_response".parse().unwrap();
        unread(datadog(url).seats(&product)).await;
    }
    list_users_with_seats_in_pages = "datadog-seats.get_seats_users.page_size_and_reserved_characters": async |url| {
        let product = "café & co=1;#%20".parse().unwrap();
        unread(datadog(url).seats(&product).page_size(50).unwrap()).await;
    }
    list_users_with_seats_from_a_cursor = "datadog-seats.get_seats_users.cursor": async |url| {
        let product = "incident_response".parse().unwrap();
        let _ = datadog(url).api().get_seats_users(Some(TOKEN_OF_A_PAGE), None, &product).await;
    }
    assign_to_a_guest = "store-for-business.assign_seat.guest": async |url| {
        let (product, sku) = product();
        let guest = "grace_fabrikam.example#EXT#@contoso.example".parse().unwrap();
        store(url).assign(&product, &sku, &guest).await.unwrap();
    }
    show_a_seat = "store-for-business.get_seat.upn": async |url| {
        let (product, sku) = product();
        let _ = store(url).seat(&product, &sku, &"ada@contoso.example".parse().unwrap()).await;
    }
    list_seats = "store-for-business.get_seats.first_page": async |url| {
        let (product, sku) = product();
        unread(store(url).seats(&product, &sku)).await;
    }
    list_seats_in_pages = "store-for-business.get_seats.page_size": async |url| {
        let (product, sku) = product();
        unread(store(url).seats(&product, &sku).page_size(100).unwrap()).await;
    }
    list_seats_from_a_token = "store-for-business.get_seats.token": async |url| {
        let (product, sku) = product();
        let _ = store(url).api().get_seats(&product, &sku, Some(TOKEN_OF_A_PAGE), None).await;
    }
    list_seats_of_a_user = "store-for-business.get_seats_assigned_to_user.guest": async |url| {
        let guest = "grace_fabrikam.example#EXT#@contoso.example".parse().unwrap();
        unread(store(url).seats_of_user(&guest).page_size(1).unwrap()).await;
    }
    list_seats_of_a_user_from_a_token = "store-for-business.get_seats_assigned_to_user.token": async |url| {
        let user = "8f2b1c64-7d3e-4a59-b0c8-16e5f9a2d473".parse().unwrap();
        let _ = store(url).api().get_seats_assigned_to_user(&user, Some(TOKEN_OF_A_PAGE), None).await;
    }
    list_the_inventory = "store-for-business.get_inventory.first_page": async |url| {
        unread(store(url).inventory(&store::InventoryFilter::new())).await;
    }
    list_the_inventory_filtered = "store-for-business.get_inventory.filtered": async |url| {
        let filter = store::InventoryFilter::new()
            .license_type(store::LicenseType::Online)
            .license_type(store::LicenseType::Offline)
            .modified_since("2016-01-05T09:30:00.5-08:00".parse().unwrap());
        unread(store(url).inventory(&filter).page_size(10).unwrap()).await;
    }
    bulk_assign = "store-for-business.bulk_assign_and_reclaim_seats.assign": async |url| {
        bulk(url, store::SeatAction::Assign, &["ada@contoso.example"]).await;
    }
    bulk_reclaim = "store-for-business.bulk_assign_and_reclaim_seats.reclaim": async |url| {
        let users = ["ada@contoso.example", "grace_fabrikam.example#EXT#@contoso.example", "zoë@contoso.example"];
        bulk(url, store::SeatAction::Reclaim, &users).await;
    }
}

/// A token as a vendor could make it: with everything that means something in a query.
const TOKEN_OF_A_PAGE: &str = "a+b/c==&maxResults=1#%20ë ";

/// Asks for the first item. What the wire answers is no list.
async fn unread<T: std::fmt::Debug>(mut list: seats::Listing<T>) {
    let error = list.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), seats::ErrorKind::UnreadableAnswer);
}

async fn bulk(url: String, action: store::SeatAction, users: &[&str]) {
    let (product, sku) = product();
    let users: Vec<store::Username> = users.iter().map(|user| user.parse().unwrap()).collect();
    store(url)
        .bulk(&product, &sku, action, &users)
        .unwrap()
        .collect()
        .await;
}

fn product() -> (store::ProductId, store::SkuId) {
    ("9NBLGGH4R2R6".parse().unwrap(), "0016".parse().unwrap())
}

fn datadog(url: String) -> datadog::Client {
    datadog::Client::builder()
        .base_url(url)
        .api_key(API_KEY)
        .app_key(APP_KEY)
        .build()
        .unwrap()
}

fn store(url: String) -> store::Client {
    store::Client::builder()
        .base_url(url + "/V1")
        .token(TOKEN)
        .build()
        .unwrap()
}

async fn reclaim(url: String, product: &str, sku: &str, username: &str) {
    let client = store(url);
    let ids = (
        product.parse().unwrap(),
        sku.parse().unwrap(),
        username.parse().unwrap(),
    );
    client.reclaim(&ids.0, &ids.1, &ids.2).await.unwrap();
}

/// The bytes as text; what differs from run to run has a name in brackets.
fn as_text(request: &[u8], authority: &str) -> String {
    let text = std::str::from_utf8(request).unwrap();
    let text = text.replace("\r\n", "\n");
    assert!(
        !text.contains('\r'),
        "a line of the head does not end as it should"
    );
    text.replace(authority, "[loopback]")
        .replace(API_KEY, "[API key]")
        .replace(APP_KEY, "[application key]")
        .replace(TOKEN, "[token]")
        .replace(
            concat!("seats/", env!("CARGO_PKG_VERSION")),
            "seats/[version]",
        )
}

/// `spec.operation` of everything that the specs have.
fn operations() -> BTreeSet<String> {
    let datadog = datadog::api::OPERATIONS.iter();
    let datadog = datadog.map(|operation| format!("datadog-seats.{}", operation.id));
    let store = store::api::OPERATIONS.iter();
    let store = store.map(|operation| format!("store-for-business.{}", operation.id));
    datadog.chain(store).collect()
}

/// Compares the operations, the rows of the table and the files; each trouble is a line.
fn troubles(
    operations: &BTreeSet<String>,
    rows: &BTreeSet<String>,
    files: &BTreeSet<String>,
) -> Vec<String> {
    let covers = |row: &String| {
        row.rsplit_once('.')
            .map(|(operation, _)| operation.to_owned())
    };
    let covered: BTreeSet<String> = rows.iter().filter_map(covers).collect();
    let mut troubles = Vec::new();
    troubles.extend(
        operations
            .difference(&covered)
            .map(|id| format!("{id} has no snapshot: add a row to request_shapes.rs")),
    );
    troubles.extend(
        covered
            .difference(operations)
            .map(|id| format!("{id} is no operation of a spec")),
    );
    troubles.extend(
        files
            .difference(rows)
            .map(|file| format!("snapshots/{file}.snap belongs to no row: delete it")),
    );
    troubles.extend(
        rows.difference(files)
            .map(|row| format!("snapshots/{row}.snap is missing")),
    );
    troubles
}

fn rows() -> BTreeSet<String> {
    SNAPSHOTS.iter().map(|&row| row.to_owned()).collect()
}

#[test]
fn every_operation_has_a_snapshot_and_every_snapshot_an_operation() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots");
    let files = fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| {
            Some(
                entry
                    .unwrap()
                    .file_name()
                    .to_str()?
                    .strip_suffix(".snap")?
                    .to_owned(),
            )
        })
        .collect();
    assert_eq!(troubles(&operations(), &rows(), &files), [""; 0]);
}

#[test]
fn a_new_operation_a_lost_one_and_a_stray_snapshot_are_noticed() {
    let mut operations = operations();
    operations.insert("new-vendor.take_seat".to_owned());
    operations.remove("datadog-seats.unassign_seats_user");
    let mut files = rows();
    files.insert("datadog-seats.gone.variant".to_owned());
    files.remove("store-for-business.reclaim_seat_from_user.upn");
    assert_eq!(
        troubles(&operations, &rows(), &files),
        [
            "new-vendor.take_seat has no snapshot: add a row to request_shapes.rs",
            "datadog-seats.unassign_seats_user is no operation of a spec",
            "snapshots/datadog-seats.gone.variant.snap belongs to no row: delete it",
            "snapshots/store-for-business.reclaim_seat_from_user.upn.snap is missing",
        ]
    );
}

/// What a dry run shows is what is sent.
#[tokio::test]
async fn the_record_of_a_request_is_the_request() {
    let wire = Wire::start(vec![
        answer("204 No Content", &[], b""),
        answer("200 OK", &[], b"{}"),
    ])
    .await
    .unwrap();
    let url = wire.url();
    let product = "incident_response".parse().unwrap();
    let unassigned = datadog(url.clone())
        .unassign(&product, &[ADA, GRACE])
        .await
        .unwrap();
    let dry = datadog::Client::builder()
        .base_url(url.clone())
        .dry_run(true)
        .build()
        .unwrap();
    let dry_unassigned = dry.unassign(&product, &[ADA, GRACE]).await.unwrap_err();

    let store = store::Client::builder()
        .base_url(format!("{url}/V1"))
        .token(TOKEN)
        .build()
        .unwrap();
    let ids = (
        "9NBLGGH4R2R6".parse().unwrap(),
        "0016".parse().unwrap(),
        "g#EXT#@zoë".parse().unwrap(),
    );
    let reclaimed = store.reclaim(&ids.0, &ids.1, &ids.2).await.unwrap();
    let dry = store::Client::builder()
        .base_url(format!("{url}/V1"))
        .dry_run(true)
        .build()
        .unwrap();
    let dry_reclaimed = dry.reclaim(&ids.0, &ids.1, &ids.2).await.unwrap_err();

    let requests = wire.finish().await.unwrap();
    assert_eq!(requests.len(), 2, "a dry run sends nothing");
    for (record, dry, bytes) in [
        (unassigned.request(), dry_unassigned.request(), &requests[0]),
        (reclaimed.request(), dry_reclaimed.request(), &requests[1]),
    ] {
        assert_eq!(sorted(&record.unwrap().to_string()), sorted(&masked(bytes)));
        assert_eq!(record, dry);
    }
}

fn masked(request: &[u8]) -> String {
    let text = String::from_utf8(request.to_vec())
        .unwrap()
        .replace("\r\n", "\n");
    [API_KEY, APP_KEY, TOKEN]
        .iter()
        .fold(text, |text, secret| text.replace(secret, "***"))
}

/// The lines with the headers in the order of their names: their order on the wire says nothing.
fn sorted(request: &str) -> Vec<String> {
    let mut lines: Vec<String> = request
        .lines()
        .map(str::to_owned)
        .filter(|line| !line.is_empty())
        .collect();
    lines[1..].sort();
    lines
}
