//! What the tests have in common.

use std::sync::Arc;

use seats_offboard::{
    Checks, Event, Events, Ledger, LedgerRow, Lookup, MemoryVendor, People, Plan, PlanBuilder,
    ReadOptions, RowId, RowQuery, Run, RunEnd, RunError, RunOptions, Vendor, prepare,
};

pub const PRODUCT: &str = "editor";

/// A vendor in memory with so many seats: `user-1@x.example` and so on.
pub fn vendor(lookup: Lookup, seats: u32) -> Arc<MemoryVendor> {
    let vendor = MemoryVendor::new("example", lookup);
    for n in 1..=seats {
        vendor.seat(PRODUCT, &user(n));
    }
    Arc::new(vendor)
}

pub fn user(n: u32) -> String {
    format!("user-{n}@x.example")
}

pub fn vendors(vendor: &Arc<MemoryVendor>) -> Vec<Arc<dyn Vendor>> {
    vec![Arc::clone(vendor) as Arc<dyn Vendor>]
}

pub fn people(list: &str) -> People {
    People::read(list.as_bytes(), &ReadOptions::default()).unwrap()
}

/// A list of the users of [`vendor`].
pub fn users(count: u32) -> People {
    people(&(1..=count).map(|n| user(n) + "\n").collect::<String>())
}

pub async fn plan(people: &People, vendors: Vec<Arc<dyn Vendor>>) -> Plan {
    PlanBuilder::new(vendors).leavers(people).await.unwrap()
}

pub fn document(plan: &Plan) -> Vec<u8> {
    let mut document = Vec::new();
    plan.write(&mut document).unwrap();
    document
}

/// Plans the seats of all users, and brings the plan into the ledger.
pub async fn prepared(vendor: &Arc<MemoryVendor>, count: u32, ledger: &dyn Ledger) -> Vec<u8> {
    let vendors = vendors(vendor);
    let document = document(&plan(&users(count), vendors.clone()).await);
    prepare(document.as_slice(), ledger, &Checks::new(&vendors)).unwrap();
    document
}

pub fn start(
    vendor: &Arc<MemoryVendor>,
    ledger: &Arc<impl Ledger + 'static>,
    options: RunOptions,
) -> Events {
    let ledger = Arc::clone(ledger) as Arc<dyn Ledger>;
    Run::new(ledger, vendors(vendor), options).start()
}

/// Runs to the end.
pub async fn finish(mut events: Events) -> Result<RunEnd, RunError> {
    let mut end = None;
    while let Some(event) = events.next().await {
        if let Event::Finished(of_run) = event? {
            end = Some(of_run);
        }
    }
    Ok(end.unwrap())
}

pub async fn run(vendor: &Arc<MemoryVendor>, ledger: &Arc<impl Ledger + 'static>) -> RunEnd {
    finish(start(vendor, ledger, RunOptions::default()))
        .await
        .unwrap()
}

pub fn rows(ledger: &dyn Ledger) -> Vec<LedgerRow> {
    ledger
        .rows(&RowQuery::default(), RowId::default(), usize::MAX)
        .unwrap()
}

/// The states of all rows that are changes, as words.
pub fn states(ledger: &dyn Ledger) -> Vec<String> {
    rows(ledger)
        .iter()
        .filter_map(|row| row.state)
        .map(|state| state.to_string())
        .collect()
}
