//! Both vendors, in the sandbox.

use std::sync::Arc;

use chrono::Utc;
use seats_offboard::{
    Checks, Datadog, Ledger, MaxShare, MemoryLedger, PlanBuilder, Row, Run, RunOptions, Store,
    Vendor, prepare,
};
use seats_sandbox::{API_KEY, APPLICATION_KEY, Fault, STORE_TOKEN, Sandbox};

use crate::support::{document, finish, people, plan, states};

fn vendors(sandbox: &Sandbox) -> Vec<Arc<dyn Vendor>> {
    let datadog = seats::datadog::Client::builder()
        .base_url(sandbox.datadog_url())
        .api_key(API_KEY)
        .app_key(APPLICATION_KEY)
        .build()
        .unwrap();
    let products = ["incident_response", "on_call"].map(|code| code.parse().unwrap());
    let store = seats::store::Client::builder()
        .base_url(sandbox.store_url())
        .token(STORE_TOKEN)
        .build()
        .unwrap();
    vec![
        Arc::new(Datadog::new(datadog, products.to_vec())),
        Arc::new(Store::new(store, None)),
    ]
}

const LEAVERS: &str = "email;datadog id\n\
    ada@contoso.example;626a4e8e-64bd-409d-b80e-428f08ac0b62\n\
    linus@contoso.example;\n\
    nobody@contoso.example;\n\
    ;8f2b1c64-7d3e-4a59-b0c8-16e5f9a2d473\n";

fn lines(rows: &[Row]) -> Vec<String> {
    let line = |row: &Row| {
        let seat = row.seat().map(|seat| {
            let since = seat.held_since.as_deref().unwrap_or("?");
            format!(
                " {} {} {} since {since}",
                seat.product.vendor, seat.product, seat.user
            )
        });
        let reason = row.reason().map(|reason| format!(": {reason}"));
        let person = row.person().map_or("?", |person| person.label());
        format!(
            "{person}{}{}",
            seat.unwrap_or_default(),
            reason.unwrap_or_default()
        )
    };
    rows.iter().map(line).collect()
}

#[tokio::test]
async fn people_lose_their_seats_at_both_vendors_and_get_them_back() {
    let sandbox = Sandbox::start().await.unwrap();
    let before = (sandbox.datadog_seats(), sandbox.store_seats());
    let vendors = vendors(&sandbox);
    let plan = plan(&people(LEAVERS), vendors.clone()).await;
    assert_eq!(
        lines(&plan.rows),
        [
            "ada@contoso.example datadog incident_response 626a4e8e-64bd-409d-b80e-428f08ac0b62 since 2025-01-14T09:30:00Z",
            "ada@contoso.example datadog on_call 626a4e8e-64bd-409d-b80e-428f08ac0b62 since 2025-01-14T09:31:00Z",
            "ada@contoso.example store 9NBLGGH4R2R6/0016 ada@contoso.example since 2015-07-13T14:02:25.6863382-07:00",
            "ada@contoso.example store CFQ7TTC0K5DR/0001 ada@contoso.example since 2015-07-14T10:00:00.5000000-07:00: the vendor does not take back seats of this product (offline license)",
            "linus@contoso.example: holds no seat",
            "nobody@contoso.example: no vendor knows this person",
            "8f2b1c64-7d3e-4a59-b0c8-16e5f9a2d473: no vendor knows this person",
        ]
    );
    assert_eq!((sandbox.datadog_seats(), sandbox.store_seats()), before);

    let ledger = Arc::new(MemoryLedger::new());
    prepare(
        document(&plan).as_slice(),
        ledger.as_ref(),
        &Checks::new(&vendors),
    )
    .unwrap();
    let of_run = Arc::clone(&ledger) as Arc<dyn Ledger>;
    finish(Run::new(of_run, vendors.clone(), RunOptions::default()).start())
        .await
        .unwrap();
    assert_eq!(states(ledger.as_ref()), vec!["reclaimed"; 3]);
    assert_eq!(sandbox.datadog_seats().len(), before.0.len() - 2);
    assert_eq!(sandbox.store_seats().len(), before.1.len() - 1);

    let undo = PlanBuilder::undo(ledger.as_ref(), Utc::now()).unwrap();
    let undone = Arc::new(MemoryLedger::new());
    prepare(
        document(&undo).as_slice(),
        undone.as_ref(),
        &Checks::new(&vendors),
    )
    .unwrap();
    let of_run = Arc::clone(&undone) as Arc<dyn Ledger>;
    finish(Run::new(of_run, vendors.clone(), RunOptions::default()).start())
        .await
        .unwrap();
    assert_eq!(states(undone.as_ref()), vec!["assigned"; 3]);
    assert_eq!(sandbox.datadog_seats().len(), before.0.len());
    assert_eq!(sandbox.store_seats().len(), before.1.len());
}

#[tokio::test]
async fn lost_answers_are_settled() {
    let sandbox = Sandbox::builder()
        .fault(Fault::lost().on("unassign_seats_user").calls([1, 2, 3, 4]))
        .fault(
            Fault::closed()
                .on("reclaim_seat_from_user")
                .calls([1, 2, 3, 4]),
        )
        .start()
        .await
        .unwrap();
    let vendors = vendors(&sandbox);
    let plan = plan(&people(LEAVERS), vendors.clone()).await;
    let ledger = Arc::new(MemoryLedger::new());
    prepare(
        document(&plan).as_slice(),
        ledger.as_ref(),
        &Checks::new(&vendors),
    )
    .unwrap();
    let of_run = Arc::clone(&ledger) as Arc<dyn Ledger>;
    finish(Run::new(of_run, vendors, RunOptions::default()).start())
        .await
        .unwrap();
    assert_eq!(states(ledger.as_ref()), vec!["reclaimed"; 3]);
}

#[tokio::test]
async fn the_inventory_is_compared_with_those_who_are_here() {
    let sandbox = Sandbox::start().await.unwrap();
    let vendors = vendors(&sandbox)[1..].to_vec();
    let staff = people("upn\nada@contoso.example\ngrace_fabrikam.example#EXT#@contoso.example\n");
    let most: MaxShare = "100%".parse().unwrap();
    let plan = PlanBuilder::new(vendors)
        .everyone_except(&staff, most)
        .await
        .unwrap();
    assert_eq!(
        lines(&plan.rows),
        [
            "zoë@contoso.example store 9NBLGGH4R2R6/0016 zoë@contoso.example since 2016-11-30T17:45:10.1200000Z",
            "8f2b1c64-7d3e-4a59-b0c8-16e5f9a2d473 store 9NBLGGH4R2R6/0016 8f2b1c64-7d3e-4a59-b0c8-16e5f9a2d473 since 2017-03-21T08:15:59.9999999Z: the vendor names the holder in no way that the list has",
        ]
    );
}
