//! The record of a run, in each form.

use std::sync::Arc;

use seats_offboard::{
    CallEnd, Checks, Config, CsvRows, Ledger, Lookup, MemoryLedger, Prices, RunOptions, Summary,
    prepare, write_csv, write_html,
};

use crate::support::{document, finish, people, plan, start, user, vendor, vendors};

/// A run of two seats, one of which is refused, and a list with somebody whom nobody knows and a line that
/// cannot be used.
async fn ledger() -> Arc<MemoryLedger> {
    let vendor = vendor(Lookup::ByPerson, 2);
    vendor.script(&user(2), CallEnd::Refused);
    vendor.user("idle@x.example");
    let list = "email,upn\nuser-1@x.example,\nuser-2@x.example,u2@x.example\nnobody@x.example,\nidle@x.example,\n<script>alert(1)</script>,\n";
    let vendors = vendors(&vendor);
    let plan = plan(&people(list), vendors.clone()).await;
    let ledger = Arc::new(MemoryLedger::new());
    prepare(
        document(&plan).as_slice(),
        ledger.as_ref(),
        &Checks::new(&vendors),
    )
    .unwrap();
    let mut options = RunOptions::default();
    options.operator = "<b>root</b>".to_owned();
    finish(start(&vendor, &ledger, options)).await.unwrap();
    ledger
}

fn prices() -> Prices {
    Config::parse("[prices]\ncurrency = \"EUR\"\nexample = { editor = 12.5 }\n")
        .unwrap()
        .prices
}

#[tokio::test]
async fn the_summary_counts_and_says_what_is_saved() {
    let ledger = ledger().await;
    let summary = Summary::of(ledger.as_ref(), &prices()).unwrap().unwrap();
    assert_eq!(
        summary.needing_person(),
        3,
        "refused, not found, and unusable"
    );
    let json = serde_json::to_value(&summary).unwrap();
    assert_eq!(
        json["counts"],
        serde_json::json!({"reclaimed": 1, "refused": 1})
    );
    assert_eq!(
        json["others"],
        serde_json::json!({"not_found": 1, "nothing_held": 1, "unusable": 1})
    );
    assert_eq!(
        json["savings"],
        serde_json::json!({"monthly": "12.50", "currency": "EUR", "without_price": 0})
    );
    let without = Summary::of(ledger.as_ref(), &Prices::default())
        .unwrap()
        .unwrap();
    assert_eq!(without.savings, None);
    assert_eq!(Summary::of(&MemoryLedger::new(), &prices()).unwrap(), None);
}

#[tokio::test]
async fn the_rows_that_need_a_person_are_a_list_of_people() {
    let ledger = ledger().await;
    let mut text = Vec::new();
    write_csv(ledger.as_ref(), CsvRows::NeedingPerson, &mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    assert_eq!(text.lines().count(), 4, "{text}");
    let people = people(&text);
    let labels: Vec<_> = people.people.iter().map(|person| person.label()).collect();
    assert_eq!(labels, ["user-2@x.example", "nobody@x.example"]);
    assert_eq!(people.people[0].identities.len(), 2);
    assert_eq!(people.unusable[0].text, "<script>alert(1)</script>");
}

#[tokio::test]
async fn no_text_of_the_page_is_markup() {
    let ledger = ledger().await;
    let mut page = Vec::new();
    write_html(ledger.as_ref(), &prices(), &mut page).unwrap();
    let page = String::from_utf8(page).unwrap();
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(page.contains("&lt;b&gt;root&lt;/b&gt;"));
    assert_eq!(page.matches("<script>").count(), 1);
    assert!(page.contains("12.50 EUR"));
    assert!(page.contains("script-src 'sha256-"));
    for text in ["src=", "href=", "url(", "http-equiv=\"refresh"] {
        assert!(!page.contains(text), "{text}");
    }
    let plan = ledger.plan().unwrap().unwrap();
    assert!(page.contains(&plan.hash));
}
