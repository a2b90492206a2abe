//! Runs of plans.

use std::num::{NonZeroU64, NonZeroUsize};
use std::sync::Arc;
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use futures_util::FutureExt;
use seats_offboard::{
    Action, ApplyError, CallEnd, Checks, Event, Ledger, LedgerError, Lookup, MemoryLedger,
    MemoryVendor, Plan, PlanBuilder, RowOutcome, RunError, RunOptions, StopReason, Vendor, prepare,
};

use crate::support::{
    PRODUCT, document, finish, plan, prepared, rows, run, start, states, user, users, vendor,
    vendors,
};

fn ledger() -> Arc<MemoryLedger> {
    Arc::new(MemoryLedger::new())
}

#[tokio::test]
async fn each_row_ends_as_the_vendor_says() {
    for lookup in [Lookup::ByPerson, Lookup::ByProduct] {
        let (vendor, ledger) = (vendor(lookup, 5), ledger());
        prepared(&vendor, 5, ledger.as_ref()).await;
        // Somebody else took it back meanwhile.
        vendor
            .change(
                Action::Reclaim,
                &rows(ledger.as_ref())[0].planned.seat().unwrap().product,
                &[user(1)],
            )
            .await;
        vendor.script(&user(2), CallEnd::Refused);
        vendor.script(&user(3), CallEnd::Failed);
        vendor.script(&user(4), CallEnd::Unknown);
        let end = run(&vendor, &ledger).await;
        assert_eq!(
            states(ledger.as_ref()),
            [
                "already_free",
                "refused",
                "failed",
                "reclaimed",
                "reclaimed"
            ],
            "{lookup:?}"
        );
        assert_eq!(end.stopped, None);
        assert_eq!(end.counts.total(), 5);
        let settled = &rows(ledger.as_ref())[3];
        assert_eq!(settled.message.as_deref(), Some("settled by reading again"));
        assert_eq!(
            rows(ledger.as_ref())[1].message.as_deref(),
            Some("as scripted")
        );
    }
}

/// The vendor's list is read before the first call, since its responses do not tell.
#[tokio::test]
async fn a_seat_that_the_list_does_not_have_gets_no_call() {
    let (vendor, ledger) = (vendor(Lookup::ByProduct, 2), ledger());
    prepared(&vendor, 2, ledger.as_ref()).await;
    let product = rows(ledger.as_ref())[0]
        .planned
        .seat()
        .unwrap()
        .product
        .clone();
    vendor.change(Action::Reclaim, &product, &[user(1)]).await;
    run(&vendor, &ledger).await;
    assert_eq!(
        vendor.calls().len(),
        2,
        "the one above, and one for the other user"
    );
    assert_eq!(states(ledger.as_ref()), ["already_free", "reclaimed"]);
}

#[tokio::test]
async fn a_lost_request_is_begun_again_after_reading() {
    let (vendor, ledger) = (vendor(Lookup::ByPerson, 1), ledger());
    prepared(&vendor, 1, ledger.as_ref()).await;
    vendor.lose_request(&user(1));
    run(&vendor, &ledger).await;
    assert_eq!(states(ledger.as_ref()), ["reclaimed"]);
    assert_eq!(vendor.calls().len(), 2);
}

#[tokio::test]
async fn what_cannot_be_settled_stays_unknown() {
    let (vendor, ledger) = (vendor(Lookup::ByPerson, 1), ledger());
    prepared(&vendor, 1, ledger.as_ref()).await;
    vendor.script(&user(1), CallEnd::Unknown);
    vendor.fail_reads(Some(seats_offboard::VendorErrorKind::TryLater));
    let end = run(&vendor, &ledger).await;
    assert_eq!(end.counts.ended(RowOutcome::Unknown), 1);
    assert_eq!(
        rows(ledger.as_ref())[0].message.as_deref(),
        Some("could not be read again: the vendor cannot be read")
    );
}

#[tokio::test]
async fn a_vendor_that_refuses_the_caller_gets_no_more_calls() {
    let (vendor, ledger) = (vendor(Lookup::ByPerson, 50), ledger());
    prepared(&vendor, 50, ledger.as_ref()).await;
    vendor.deny(true);
    let end = run(&vendor, &ledger).await;
    assert!(matches!(end.stopped, Some(StopReason::AccessDenied { .. })));
    assert!(vendor.calls().len() <= 8, "{}", vendor.calls().len());
    assert_eq!(
        end.counts.ended(RowOutcome::Failed) + end.counts.of(seats_offboard::RowState::Planned),
        50
    );
    vendor.deny(false);
    run(&vendor, &ledger).await;
    assert_eq!(states(ledger.as_ref()), vec!["reclaimed"; 50]);
}

#[tokio::test]
async fn too_many_failures_stop_the_run() {
    let (vendor, ledger) = (vendor(Lookup::ByPerson, 100), ledger());
    prepared(&vendor, 100, ledger.as_ref()).await;
    for n in 1..=100 {
        vendor.script(&user(n), CallEnd::Refused);
    }
    let mut options = RunOptions::default();
    options.concurrency = NonZeroUsize::MIN;
    options.max_failures = NonZeroU64::new(3);
    let end = finish(start(&vendor, &ledger, options)).await.unwrap();
    assert_eq!(
        end.stopped,
        Some(StopReason::TooManyFailures { failures: 3 })
    );
    assert_eq!(vendor.calls().len(), 3);
    assert_eq!(end.counts.of(seats_offboard::RowState::Planned), 97);
}

/// A vendor that responds at once ends the run while many of its events wait to be read.
#[tokio::test]
async fn no_event_of_a_fast_run_is_lost() {
    let (vendor, ledger) = (vendor(Lookup::ByPerson, 2000), ledger());
    prepared(&vendor, 2000, ledger.as_ref()).await;
    let mut events = start(&vendor, &ledger, RunOptions::default());
    let mut ended = 0;
    while let Some(event) = events.next().await {
        ended += usize::from(matches!(event.unwrap(), Event::Ended(_)));
    }
    assert_eq!(ended, 2000);
}

#[tokio::test(start_paused = true)]
async fn stopping_finishes_what_is_under_way() {
    let (vendor, ledger) = (vendor(Lookup::ByPerson, 100), ledger());
    prepared(&vendor, 100, ledger.as_ref()).await;
    vendor.set_latency(Duration::from_secs(1));
    let mut events = start(&vendor, &ledger, RunOptions::default());
    while let Some(event) = events.next().await {
        match event.unwrap() {
            Event::Ended(_) => events.stop(),
            Event::Finished(end) => assert_eq!(end.stopped, Some(StopReason::Requested)),
            _ => {}
        }
    }
    let calls = vendor.calls().len();
    assert!((8..=16).contains(&calls), "{calls}");
    let states = states(ledger.as_ref());
    assert_eq!(
        states.iter().filter(|state| *state == "reclaimed").count(),
        calls
    );
    assert_eq!(
        states.iter().filter(|state| *state == "planned").count(),
        100 - calls
    );
}

#[tokio::test(start_paused = true)]
async fn abandoning_leaves_the_intents_to_the_next_run() {
    let (vendor, ledger) = (vendor(Lookup::ByPerson, 20), ledger());
    prepared(&vendor, 20, ledger.as_ref()).await;
    vendor.set_latency(Duration::from_secs(1));
    let mut events = start(&vendor, &ledger, RunOptions::default());
    while vendor.calls().is_empty() {
        assert!(!matches!(events.next().now_or_never(), Some(None)));
    }
    events.abandon();
    while events.next().await.is_some() {}
    assert!(states(ledger.as_ref()).contains(&"begun".to_owned()));
    run(&vendor, &ledger).await;
    assert_eq!(states(ledger.as_ref()), vec!["reclaimed"; 20]);
}

#[tokio::test(start_paused = true)]
async fn no_more_calls_are_in_flight_than_allowed() {
    let (vendor, ledger) = (vendor(Lookup::ByPerson, 40), ledger());
    prepared(&vendor, 40, ledger.as_ref()).await;
    vendor.set_latency(Duration::from_secs(1));
    let began = tokio::time::Instant::now();
    run(&vendor, &ledger).await;
    assert_eq!(
        began.elapsed(),
        Duration::from_secs(5),
        "40 rows, 8 at a time"
    );
}

#[tokio::test]
async fn many_rows_of_a_product_go_in_calls_for_many() {
    let vendor =
        MemoryVendor::new("example", Lookup::ByPerson).with_bulk(NonZeroUsize::new(25).unwrap());
    (1..=60).for_each(|n| vendor.seat(PRODUCT, &user(n)));
    let (vendor, ledger) = (Arc::new(vendor), ledger());
    prepared(&vendor, 60, ledger.as_ref()).await;
    vendor.script(&user(30), CallEnd::Unknown);
    run(&vendor, &ledger).await;
    let sizes: Vec<usize> = vendor
        .calls()
        .iter()
        .map(|(_, _, users)| users.len())
        .collect();
    assert_eq!(sizes, [25, 25, 10]);
    assert_eq!(states(ledger.as_ref()), vec!["reclaimed"; 60]);
}

#[tokio::test]
async fn an_unwritable_ledger_stops_the_run_before_the_next_request() {
    let (vendor, ledger) = (vendor(Lookup::ByPerson, 100), ledger());
    prepared(&vendor, 100, ledger.as_ref()).await;
    ledger.fail_after(10);
    let mut options = RunOptions::default();
    options.concurrency = NonZeroUsize::MIN;
    let error = finish(start(&vendor, &ledger, options)).await.unwrap_err();
    assert_eq!(
        error,
        RunError::Ledger(LedgerError::Write("no space is left".to_owned()))
    );
    let calls = vendor.calls().len();
    let begun = states(ledger.as_ref())
        .iter()
        .filter(|state| *state != "planned")
        .count();
    assert!(calls <= begun, "{calls} calls and {begun} intents");
    ledger.recover();
    run(&vendor, &ledger).await;
    assert_eq!(states(ledger.as_ref()), vec!["reclaimed"; 100]);
    assert_eq!(vendor.calls().len(), 100, "none twice");
}

#[tokio::test]
async fn undo_gives_back_exactly_what_was_taken() {
    let (vendor, ledger) = (vendor(Lookup::ByPerson, 4), ledger());
    prepared(&vendor, 4, ledger.as_ref()).await;
    let product = rows(ledger.as_ref())[0]
        .planned
        .seat()
        .unwrap()
        .product
        .clone();
    vendor.change(Action::Reclaim, &product, &[user(1)]).await;
    vendor.script(&user(2), CallEnd::Refused);
    run(&vendor, &ledger).await;
    // Meanwhile somebody gave this one again.
    vendor.seat(PRODUCT, &user(4));

    let undo: Plan = PlanBuilder::undo(ledger.as_ref(), Utc::now()).unwrap();
    let undone = self::ledger();
    let vendors = vendors(&vendor);
    prepare(
        document(&undo).as_slice(),
        undone.as_ref(),
        &Checks::new(&vendors),
    )
    .unwrap();
    run(&vendor, &undone).await;
    assert_eq!(states(undone.as_ref()), ["assigned", "already_held"]);
    assert!(!vendor.is_held(PRODUCT, &user(1)));
    assert!(vendor.is_held(PRODUCT, &user(3)));
}

#[tokio::test]
async fn a_plan_has_to_fit() {
    let vendor = vendor(Lookup::ByPerson, 1);
    let vendors = vendors(&vendor);
    let plan = plan(&users(1), vendors.clone()).await;
    let document = document(&plan);
    let refused = |checks: &Checks| {
        let ledger = ledger();
        let error = prepare(document.as_slice(), ledger.as_ref(), checks).unwrap_err();
        assert_eq!(
            ledger.plan().unwrap(),
            None,
            "nothing is kept of a plan that is refused"
        );
        error
    };
    let mut checks = Checks::new(&vendors);
    checks.now += TimeDelta::hours(25);
    let error = refused(&checks);
    assert!(matches!(error, ApplyError::TooOld { .. }), "{error}");
    assert!(
        error
            .to_string()
            .ends_with("more than 1day ago; make a new plan, or allow it with --max-age"),
        "{error}"
    );

    checks.now -= TimeDelta::hours(26);
    let error = refused(&checks);
    assert!(matches!(error, ApplyError::FromTheFuture { .. }), "{error}");

    let mut checks = Checks::new(&vendors);
    checks.accounts[0].url = "memory:other".to_owned();
    assert_eq!(
        refused(&checks).to_string(),
        "the plan was made for example at memory:example, and the credentials are for example at memory:other"
    );
    checks.accounts.clear();
    assert_eq!(
        refused(&checks).to_string(),
        "the plan was made for example at memory:example, and no credentials for it are set"
    );
}

#[tokio::test]
async fn a_ledger_belongs_to_one_plan() {
    let (vendor, ledger) = (vendor(Lookup::ByPerson, 2), ledger());
    prepared(&vendor, 2, ledger.as_ref()).await;
    let vendors = vendors(&vendor);
    let other = document(&plan(&users(1), vendors.clone()).await);
    let error = prepare(other.as_slice(), ledger.as_ref(), &Checks::new(&vendors)).unwrap_err();
    assert!(matches!(error, ApplyError::OtherPlan { .. }), "{error}");
    let _: &dyn Vendor = vendors[0].as_ref();
}

/// The record's times never go back, whatever the clock does.
#[tokio::test]
async fn a_clock_that_goes_back_does_not_turn_the_record_round() {
    let (vendor, ledger) = (vendor(Lookup::ByPerson, 3), ledger());
    prepared(&vendor, 3, ledger.as_ref()).await;
    let start_time = Utc::now();
    let ticks = std::sync::atomic::AtomicI32::new(0);
    let mut options = RunOptions::default();
    options.concurrency = NonZeroUsize::MIN;
    options.clock = Arc::new(move || {
        let tick = ticks.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        start_time - TimeDelta::seconds(tick.into())
    });
    finish(start(&vendor, &ledger, options)).await.unwrap();
    for row in rows(ledger.as_ref()) {
        assert!(row.ended >= row.begun);
        assert_eq!(row.ended, Some(start_time));
    }
}
