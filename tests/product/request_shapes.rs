//! Snapshots of the request of every operation, as the bytes that arrive on a socket.
//!
//! Each operation of the facade's vendors has at least one. To add a variant, add a row to the table below, run
//! `INSTA_UPDATE=always cargo test -p seats-tests --test product request_shapes`, and read the new
//! file in `tests/snapshots/`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use seats::{datadog, store};
use seats_tests::credentials::{API_KEY, APPLICATION_KEY, TOKEN};
use seats_tests::wire::{Wire, answer};

use crate::calls::{ADA, GRACE, PRODUCT, SKU};
use crate::clients::{datadog_builder, datadog_without_keys, store_builder, store_without_token};

/// Each row is a test and a snapshot: `spec.operation.variant`.
macro_rules! shapes {
    ($($test:ident = $snapshot:literal: async |$url:ident| $call:block)+) => {
        const SNAPSHOTS: &[&str] = &[$($snapshot),+];

        $(
            #[tokio::test]
            async fn $test() {
                let wire = Wire::start(vec![answer("204 No Content", &[], b"")]).await.unwrap();
                let authority = wire.authority();
                let $url = &wire.url();
                $call
                let requests = wire.finish().await.unwrap();
                let [request] = requests.as_slice() else { panic!("{} requests", requests.len()) };
                insta::with_settings!({
                    prepend_module_to_snapshot => false,
                    omit_expression => true,
                    snapshot_path => "../snapshots",
                }, {
                    insta::assert_snapshot!($snapshot, as_text(request, &authority));
                });
            }
        )+
    };
}

shapes! {
    unassign_one_user = "datadog-seats.unassign_seats_user.one_user": async |url| {
        datadog(url).unassign("incident_response", [ADA]).await.unwrap();
    }
    unassign_several_users = "datadog-seats.unassign_seats_user.several_users": async |url| {
        datadog(url).unassign("on_call", [ADA, GRACE, ADA]).await.unwrap();
    }
    unassign_through_the_generated_client = "datadog-seats.unassign_seats_user.with_id": async |url| {
        let body = r#"{"data":{"type":"seat-assignments","id":"offboarding-1","attributes":
            {"product_code":"café \"1\"","user_uuids":["626a4e8e-64bd-409d-b80e-428f08ac0b62"]}}}"#;
        let body = serde_json::from_str(body).unwrap();
        datadog(url).api().unassign_seats_user(&body).await.unwrap();
    }
    reclaim_from_a_upn = "store-for-business.reclaim_seat_from_user.upn": async |url| {
        reclaim(url, PRODUCT, SKU, "ada@contoso.example").await;
    }
    reclaim_from_a_guest = "store-for-business.reclaim_seat_from_user.guest": async |url| {
        reclaim(url, PRODUCT, SKU, GUEST).await;
    }
    reclaim_from_a_name_beyond_ascii = "store-for-business.reclaim_seat_from_user.non_ascii": async |url| {
        reclaim(url, "CFQ7TTC0K5DR", "0001", "zoë.łukasz@contoso.example").await;
    }
    reclaim_from_an_object_id = "store-for-business.reclaim_seat_from_user.object_id": async |url| {
        reclaim(url, PRODUCT, SKU, "8f2b1c64-7d3e-4a59-b0c8-16e5f9a2d473").await;
    }
    reclaim_with_every_character = "store-for-business.reclaim_seat_from_user.reserved_characters": async |url| {
        reclaim(url, "A B;C", "00=1&6", "o'ne+il?x%20y%@[a]{b}|^~`\"<>:,!$*()").await;
    }
    assign_to_one_user = "datadog-seats.assign_seats_user.one_user": async |url| {
        datadog(url).assign("incident_response", [ADA]).await.unwrap();
    }
    assign_to_several_users = "datadog-seats.assign_seats_user.several_users": async |url| {
        datadog(url).assign("on_call", [ADA, GRACE]).await.unwrap();
    }
    list_users_with_seats = "datadog-seats.get_seats_users.first_page": async |url| {
        fetch_a_page(datadog(url).seats("incident_response").unwrap()).await;
    }
    list_users_with_seats_in_pages = "datadog-seats.get_seats_users.page_size_and_reserved_characters": async |url| {
        fetch_a_page(datadog(url).seats("café & co=1;#%20").unwrap().page_size(50).unwrap()).await;
    }
    list_users_with_seats_from_a_cursor = "datadog-seats.get_seats_users.cursor": async |url| {
        let product = "incident_response".parse().unwrap();
        let _ = datadog(url).api().get_seats_users(Some(PAGE_TOKEN), None, &product).await;
    }
    assign_to_a_guest = "store-for-business.assign_seat.guest": async |url| {
        store(url).assign(PRODUCT, SKU, GUEST).await.unwrap();
    }
    show_a_seat = "store-for-business.get_seat.upn": async |url| {
        let _ = store(url).seat(PRODUCT, SKU, "ada@contoso.example").await;
    }
    list_seats = "store-for-business.get_seats.first_page": async |url| {
        fetch_a_page(store(url).seats(PRODUCT, SKU).unwrap()).await;
    }
    list_seats_in_pages = "store-for-business.get_seats.page_size": async |url| {
        fetch_a_page(store(url).seats(PRODUCT, SKU).unwrap().page_size(100).unwrap()).await;
    }
    list_seats_from_a_token = "store-for-business.get_seats.token": async |url| {
        let (product, sku) = (PRODUCT.parse().unwrap(), SKU.parse().unwrap());
        let _ = store(url).api().get_seats(&product, &sku, Some(PAGE_TOKEN), None).await;
    }
    list_seats_of_a_user = "store-for-business.get_seats_assigned_to_user.guest": async |url| {
        fetch_a_page(store(url).seats_of_user(GUEST).unwrap().page_size(1).unwrap()).await;
    }
    list_seats_of_a_user_from_a_token = "store-for-business.get_seats_assigned_to_user.token": async |url| {
        let user = "8f2b1c64-7d3e-4a59-b0c8-16e5f9a2d473".parse().unwrap();
        let _ = store(url).api().get_seats_assigned_to_user(&user, Some(PAGE_TOKEN), None).await;
    }
    list_the_inventory = "store-for-business.get_inventory.first_page": async |url| {
        fetch_a_page(store(url).inventory(&store::InventoryFilter::new())).await;
    }
    list_the_inventory_filtered = "store-for-business.get_inventory.filtered": async |url| {
        let filter = store::InventoryFilter::new()
            .license_type(store::LicenseType::Online)
            .license_type(store::LicenseType::Offline)
            .modified_since("2016-01-05T09:30:00.5-08:00".parse().unwrap());
        fetch_a_page(store(url).inventory(&filter).page_size(10).unwrap()).await;
    }
    bulk_assign = "store-for-business.bulk_assign_and_reclaim_seats.assign": async |url| {
        bulk(url, store::SeatAction::Assign, &["ada@contoso.example"]).await;
    }
    bulk_reclaim = "store-for-business.bulk_assign_and_reclaim_seats.reclaim": async |url| {
        let users = ["ada@contoso.example", GUEST, "zoë@contoso.example"];
        bulk(url, store::SeatAction::Reclaim, &users).await;
    }
}

/// A guest's name, with characters that are encoded in a path.
const GUEST: &str = "grace_fabrikam.example#EXT#@contoso.example";

/// A page token with every character that has a meaning in a query.
const PAGE_TOKEN: &str = "a+b/c==&maxResults=1#%20ë ";

/// Requests the first page. The server's response is not a list.
async fn fetch_a_page<T: std::fmt::Debug>(mut list: seats::Listing<T>) {
    let error = list.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), seats::ErrorKind::UnreadableResponse);
}

async fn bulk(url: &str, action: store::SeatAction, users: &[&str]) {
    let users = users.iter().copied();
    let outcomes = store(url).bulk(PRODUCT, SKU, action, users).unwrap();
    outcomes.collect::<Vec<_>>().await;
}

fn datadog(url: &str) -> datadog::Client {
    datadog_builder(url).build().unwrap()
}

fn store(url: &str) -> store::Client {
    store_builder(url).build().unwrap()
}

async fn reclaim(url: &str, product: &str, sku: &str, username: &str) {
    store(url).reclaim(product, sku, username).await.unwrap();
}

/// The bytes as text, with a name in brackets for everything that differs from run to run.
fn as_text(request: &[u8], authority: &str) -> String {
    let text = std::str::from_utf8(request).unwrap();
    let text = text.replace("\r\n", "\n");
    assert!(!text.contains('\r'), "every line ends with CR LF");
    text.replace(authority, "[loopback]")
        .replace(API_KEY, "[API key]")
        .replace(APPLICATION_KEY, "[application key]")
        .replace(TOKEN, "[token]")
        .replace(
            concat!("seats/", env!("CARGO_PKG_VERSION")),
            "seats/[version]",
        )
}

/// `spec.operation` for every operation of the vendors that the facade has. The requests of a generated
/// client alone are tested by its own `tests/requests.rs`.
fn operations() -> BTreeSet<String> {
    let vendors = [
        ("datadog-seats", datadog::api::OPERATIONS),
        ("store-for-business", store::api::OPERATIONS),
    ];
    vendors
        .into_iter()
        .flat_map(|(spec, operations)| {
            operations
                .iter()
                .map(move |operation| format!("{spec}.{}", operation.id))
        })
        .collect()
}

/// The names of the files in a folder, without this ending.
fn files(folder: &str, ending: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let names = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names
        .filter_map(|name| Some(name.strip_suffix(ending)?.to_owned()))
        .collect()
}

/// The differences between the operations, the rows of the table and the files, one per line.
fn differences(
    operations: &BTreeSet<String>,
    rows: &BTreeSet<String>,
    files: &BTreeSet<String>,
) -> Vec<String> {
    let covers = |row: &String| {
        row.rsplit_once('.')
            .map(|(operation, _)| operation.to_owned())
    };
    let covered: BTreeSet<String> = rows.iter().filter_map(covers).collect();
    let mut differences = Vec::new();
    differences.extend(
        operations
            .difference(&covered)
            .map(|id| format!("{id} has no snapshot: add a row to request_shapes.rs")),
    );
    differences.extend(
        covered
            .difference(operations)
            .map(|id| format!("{id} is not an operation of a spec")),
    );
    differences.extend(
        files
            .difference(rows)
            .map(|file| format!("snapshots/{file}.snap has no row: delete it")),
    );
    differences.extend(
        rows.difference(files)
            .map(|row| format!("snapshots/{row}.snap is missing")),
    );
    differences
}

fn rows() -> BTreeSet<String> {
    SNAPSHOTS.iter().map(|&row| row.to_owned()).collect()
}

#[test]
fn every_operation_has_a_snapshot_and_every_snapshot_an_operation() {
    let files = files("snapshots", ".snap");
    assert_eq!(differences(&operations(), &rows(), &files), [""; 0]);
}

#[test]
fn a_new_operation_a_missing_one_and_a_stray_snapshot_are_found() {
    let mut operations = operations();
    operations.insert("new-vendor.take_seat".to_owned());
    operations.remove("datadog-seats.unassign_seats_user");
    let mut files = rows();
    files.insert("datadog-seats.gone.variant".to_owned());
    files.remove("store-for-business.reclaim_seat_from_user.upn");
    assert_eq!(
        differences(&operations, &rows(), &files),
        [
            "new-vendor.take_seat has no snapshot: add a row to request_shapes.rs",
            "datadog-seats.unassign_seats_user is not an operation of a spec",
            "snapshots/datadog-seats.gone.variant.snap has no row: delete it",
            "snapshots/store-for-business.reclaim_seat_from_user.upn.snap is missing",
        ]
    );
}

/// A dry run shows the request that would be sent.
#[tokio::test]
async fn the_record_of_a_request_equals_the_request() {
    let wire = Wire::start(vec![
        answer("204 No Content", &[], b""),
        answer("200 OK", &[], b"{}"),
    ])
    .await
    .unwrap();
    let url = &wire.url();
    let unassign =
        async |client: datadog::Client| client.unassign("incident_response", [ADA, GRACE]).await;
    let dry = datadog_without_keys(url).dry_run(true).build().unwrap();
    let unassigned = unassign(datadog(url)).await.unwrap();
    let dry_unassigned = unassign(dry).await.unwrap_err();

    let reclaim = async |client: store::Client| client.reclaim(PRODUCT, SKU, "g#EXT#@zoë").await;
    let dry = store_without_token(&format!("{url}/V1")).dry_run(true);
    let reclaimed = reclaim(store(url)).await.unwrap();
    let dry_reclaimed = reclaim(dry.build().unwrap()).await.unwrap_err();

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
    [API_KEY, APPLICATION_KEY, TOKEN]
        .iter()
        .fold(text, |text, secret| text.replace(secret, "***"))
}

/// The lines with the headers sorted, since their order has no meaning.
fn sorted(request: &str) -> Vec<String> {
    let mut lines: Vec<String> = request
        .lines()
        .map(str::to_owned)
        .filter(|line| !line.is_empty())
        .collect();
    lines[1..].sort();
    lines
}
