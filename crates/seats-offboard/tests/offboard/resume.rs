//! Runs that go on where an earlier one ended.

use std::sync::Arc;

use chrono::Utc;
use seats_offboard::{
    Action, Checks, Entry, Ledger, Lookup, MemoryLedger, RowId, RunOptions, Vendor, prepare,
};

use crate::support::{finish, prepared, rows, run, start, states, user, vendor, vendors};

/// A ledger whose first row has an intent and no outcome, as after a crash.
async fn crashed(
    lookup: Lookup,
) -> (
    Arc<seats_offboard::MemoryVendor>,
    Arc<MemoryLedger>,
    Vec<u8>,
) {
    let (vendor, ledger) = (vendor(lookup, 2), Arc::new(MemoryLedger::new()));
    let document = prepared(&vendor, 2, ledger.as_ref()).await;
    let intent = Entry::Intent {
        row: RowId(1),
        at: Utc::now(),
    };
    ledger.write(vec![intent]).await.unwrap();
    (vendor, ledger, document)
}

#[tokio::test]
async fn a_row_that_was_done_before_the_crash_gets_no_second_call() {
    for lookup in [Lookup::ByPerson, Lookup::ByProduct] {
        let (vendor, ledger, _) = crashed(lookup).await;
        let product = rows(ledger.as_ref())[0]
            .planned
            .seat()
            .unwrap()
            .product
            .clone();
        vendor.change(Action::Reclaim, &product, &[user(1)]).await;
        run(&vendor, &ledger).await;
        assert_eq!(states(ledger.as_ref()), ["reclaimed", "reclaimed"]);
        let users: Vec<_> = vendor
            .calls()
            .into_iter()
            .map(|(_, _, users)| users)
            .collect();
        assert_eq!(users, [vec![user(1)], vec![user(2)]], "{lookup:?}");
    }
}

#[tokio::test]
async fn a_row_whose_seat_is_still_held_is_done_again() {
    for lookup in [Lookup::ByPerson, Lookup::ByProduct] {
        let (vendor, ledger, _) = crashed(lookup).await;
        run(&vendor, &ledger).await;
        assert_eq!(states(ledger.as_ref()), ["reclaimed", "reclaimed"]);
        assert_eq!(vendor.calls().len(), 2);
    }
}

/// It is read first: as long as the vendor cannot be read, nothing is sent for it.
#[tokio::test]
async fn a_row_that_cannot_be_read_is_not_sent_again() {
    let (vendor, ledger, _) = crashed(Lookup::ByPerson).await;
    vendor.fail_reads(Some(seats_offboard::VendorErrorKind::TryLater));
    run(&vendor, &ledger).await;
    assert_eq!(states(ledger.as_ref()), ["unknown", "reclaimed"]);
    let users: Vec<_> = vendor
        .calls()
        .into_iter()
        .map(|(_, _, users)| users)
        .collect();
    assert_eq!(users, [vec![user(2)]]);
}

#[tokio::test]
async fn the_same_plan_goes_on_and_settled_rows_are_left_alone() {
    let (vendor, ledger, document) = crashed(Lookup::ByPerson).await;
    run(&vendor, &ledger).await;
    let vendors = vendors(&vendor);
    let applied = prepare(document.as_slice(), ledger.as_ref(), &Checks::new(&vendors)).unwrap();
    assert!(applied.is_resumed);
    assert_eq!(applied.counts.open(), 0);
    let calls = vendor.calls().len();
    finish(start(&vendor, &ledger, RunOptions::default()))
        .await
        .unwrap();
    assert_eq!(vendor.calls().len(), calls);
}

/// The vendor showed the seat as held when it was read; then the request of the run that crashed arrived.
#[tokio::test]
async fn a_request_that_arrives_late_is_the_runs_own() {
    let (vendor, ledger, _) = crashed(Lookup::ByPerson).await;
    vendor.script(&user(1), seats_offboard::CallEnd::AlreadySo);
    run(&vendor, &ledger).await;
    assert_eq!(states(ledger.as_ref()), ["reclaimed", "reclaimed"]);
    assert_eq!(
        rows(ledger.as_ref())[0].message.as_deref(),
        Some("an earlier request, whose response was lost, made the change")
    );
}

/// A request that failed changed nothing, so whoever freed the seat meanwhile is somebody else.
#[tokio::test]
async fn a_seat_that_somebody_else_freed_is_not_the_runs_own() {
    let (vendor, ledger) = (vendor(Lookup::ByPerson, 1), Arc::new(MemoryLedger::new()));
    prepared(&vendor, 1, ledger.as_ref()).await;
    vendor.script(&user(1), seats_offboard::CallEnd::Failed);
    vendor.script(&user(1), seats_offboard::CallEnd::AlreadySo);
    run(&vendor, &ledger).await;
    assert_eq!(states(ledger.as_ref()), ["failed"]);
    run(&vendor, &ledger).await;
    assert_eq!(states(ledger.as_ref()), ["already_free"]);
}
