//! The ledger in a SQLite file.

use std::sync::Arc;

use seats_offboard::{
    CallEnd, Checks, Ledger, LedgerError, Lookup, RowOutcome, RunError, RunOptions, SqliteLedger,
    prepare,
};

use crate::support::{
    document, finish, people, plan, prepared, rows, run, start, states, user, vendor, vendors,
};

fn open(folder: &tempfile::TempDir) -> Arc<SqliteLedger> {
    Arc::new(SqliteLedger::open(folder.path().join("plan.ledger")).unwrap())
}

#[tokio::test]
async fn a_run_is_on_record_after_the_ledger_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let vendor = vendor(Lookup::ByPerson, 2);
    let list =
        people("name,email\nAda,user-1@x.example\n,user-2@x.example\nBob,nobody@x.example\nCy,\n");
    let vendors = vendors(&vendor);
    let plan = plan(&list, vendors.clone()).await;
    let ledger = open(&folder);
    let applied = prepare(
        document(&plan).as_slice(),
        ledger.as_ref(),
        &Checks::new(&vendors),
    )
    .unwrap();
    assert!(!applied.is_resumed);
    vendor.script(&user(2), CallEnd::Refused);
    let mut options = RunOptions::default();
    options.operator = "it-admin".to_owned();
    finish(start(&vendor, &ledger, options)).await.unwrap();
    drop(ledger);

    let names: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|it| it.unwrap().file_name())
        .collect();
    assert_eq!(
        names.len(),
        2,
        "the ledger and its lock, no journal: {names:?}"
    );
    let ledger = SqliteLedger::open_to_read(folder.path().join("plan.ledger")).unwrap();
    assert_eq!(ledger.plan().unwrap().unwrap().head, plan.head);
    let rows = rows(&ledger);
    assert_eq!(
        rows.iter()
            .map(|row| row.planned.clone())
            .collect::<Vec<_>>(),
        plan.rows
    );
    assert_eq!(states(&ledger), ["reclaimed", "refused"]);
    assert_eq!(rows[0].operator.as_deref(), Some("it-admin"));
    assert_eq!(rows[1].message.as_deref(), Some("as scripted"));
    assert!(rows[0].begun.unwrap() <= rows[0].ended.unwrap());
    let others = ledger.others().unwrap();
    assert_eq!(
        others.into_iter().collect::<Vec<_>>(),
        [("not_found".to_owned(), 1), ("unusable".to_owned(), 1)]
    );
    let products = ledger.products().unwrap();
    let states = products.values().next().unwrap();
    assert_eq!(
        states[&seats_offboard::RowState::Ended(RowOutcome::Reclaimed)],
        1
    );
}

#[tokio::test]
async fn a_second_process_is_refused_and_may_read() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open(&folder);
    let vendor = vendor(Lookup::ByPerson, 1);
    prepared(&vendor, 1, ledger.as_ref()).await;
    let path = folder.path().join("plan.ledger");
    let error = SqliteLedger::open(&path).unwrap_err();
    assert_eq!(
        error,
        LedgerError::InUse {
            path: path.display().to_string()
        }
    );
    assert_eq!(
        states(&SqliteLedger::open_to_read(&path).unwrap()),
        ["planned"]
    );
    drop(ledger);
    assert!(SqliteLedger::open(&path).is_ok());
}

#[tokio::test]
async fn a_plan_that_is_refused_leaves_an_empty_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open(&folder);
    let vendor = vendor(Lookup::ByPerson, 2);
    let vendors = vendors(&vendor);
    let document = document(&plan(&people("user-1@x.example\n"), vendors.clone()).await);
    let edited = String::from_utf8(document.clone())
        .unwrap()
        .replace("user-1", "user-2");
    prepare(edited.as_bytes(), ledger.as_ref(), &Checks::new(&vendors)).unwrap_err();
    assert_eq!(states(ledger.as_ref()), Vec::<String>::new());
    prepare(document.as_slice(), ledger.as_ref(), &Checks::new(&vendors)).unwrap();
    assert_eq!(states(ledger.as_ref()), ["planned"]);
}

#[tokio::test]
async fn a_full_disk_stops_the_run_before_the_next_request() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open(&folder);
    let vendor = vendor(Lookup::ByPerson, 400);
    prepared(&vendor, 400, ledger.as_ref()).await;
    ledger.limit_pages(ledger.pages().unwrap()).unwrap();
    // Each outcome grows its row, until no page is left.
    for n in 1..=400 {
        vendor.script(&user(n), CallEnd::Refused);
    }
    let mut options = RunOptions::default();
    options.concurrency = std::num::NonZeroUsize::MIN;
    options.bulk_from = None;
    let error = finish(start(&vendor, &ledger, options)).await.unwrap_err();
    assert_eq!(
        error,
        RunError::Ledger(LedgerError::Write("database or disk is full".to_owned()))
    );
    assert_eq!(
        error.to_string(),
        "cannot write the ledger: database or disk is full; nothing more was sent"
    );
    let calls = vendor.calls().len();
    assert!(calls < 400, "{calls}");
    drop(ledger);
    // With space again, it goes on, and no seat is refused twice.
    let ledger = open(&folder);
    let end = run(&vendor, &ledger).await;
    let done = end.counts.ended(RowOutcome::Refused) + end.counts.ended(RowOutcome::Reclaimed);
    assert_eq!(done, 400);
}

#[test]
fn what_is_no_ledger_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.ledger");
    std::fs::write(
        &path,
        "not a database, and long enough to be one, certainly",
    )
    .unwrap();
    let error = SqliteLedger::open(&path).unwrap_err();
    assert!(matches!(error, LedgerError::NotALedger { .. }), "{error}");
    let missing = folder.path().join("none").join("plan.ledger");
    let error = SqliteLedger::open(&missing).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "cannot open the ledger {}: No such file or directory (os error 2)",
            missing.display()
        )
    );
    let error = SqliteLedger::open_to_read(folder.path().join("none")).unwrap_err();
    assert!(matches!(error, LedgerError::Open { .. }), "{error}");
}
