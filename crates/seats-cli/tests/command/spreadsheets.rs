//! CSV cells that a spreadsheet would run as formulas.

use seats_tests::wire::{Wire, answer};
use serde_json::json;

use crate::process::seats;

const FORMULA: &str = "=HYPERLINK(\"http://x\",1)";

#[tokio::test]
async fn a_formula_in_a_list_is_text() {
    let body = json!({"data": [
        {"id": FORMULA, "attributes": {"name": "@a", "email": "+1", "assigned_at": "-1"}},
        {"id": "\t=1", "attributes": {"name": "\r=1", "email": "a=1", "assigned_at": "'=1"}},
    ]});
    for (options, rows) in [
        (
            &[][..],
            "\"'=HYPERLINK(\"\"http://x\"\",1)\",'+1,'@a,'-1\n'\\u{9}=1,a=1,'\\u{d}=1,'=1\n",
        ),
        (
            &["--raw-csv"],
            "\"=HYPERLINK(\"\"http://x\"\",1)\",+1,@a,-1\n\\u{9}=1,a=1,\\u{d}=1,'=1\n",
        ),
    ] {
        let bytes = answer("200 OK", &[], body.to_string().as_bytes());
        let wire = Wire::start(vec![bytes]).await.unwrap();
        let run = seats(&["datadog", "list", "--product", "p", "--output", "csv"]);
        let ended = run.arguments(options).signed().at(&wire).run().await;
        ended.is(0, &format!("id,email,name,assigned_at\n{rows}"), "");
    }
}

/// Also in the outcomes of one user and of many.
#[tokio::test]
async fn a_formula_in_a_report_is_text() {
    let body = json!({"failedSeatOperations": [
        {"userName": "=ada", "failureReason": FORMULA},
        {"userName": "bob", "failureReason": "no"},
    ]});
    for (options, ada) in [
        (&[][..], "'=ada,failed,200,\"'=HYPERLINK("),
        (&["--raw-csv"], "=ada,failed,200,\"=HYPERLINK("),
    ] {
        let bytes = answer("200 OK", &[], body.to_string().as_bytes());
        let wire = Wire::start(vec![bytes]).await.unwrap();
        let run = seats(&["store", "assign", "P", "1", "=ada", "bob", "--bulk"]);
        let run = run.arguments(&["--output", "csv"]).arguments(options);
        let ended = run.signed().at(&wire).run().await;
        let rows = ended.stdout.strip_prefix("user,fate,status,reason\n");
        assert!(rows.unwrap().starts_with(ada), "{ended:?}");
    }
    let done = answer("204 No Content", &[], b"");
    let wire = Wire::start(vec![done]).await.unwrap();
    let run = seats(&["store", "reclaim", "P", "1", "=ada", "--output", "csv"]);
    let ended = run.signed().at(&wire).run().await;
    ended.is(0, "user,fate,status,reason\n'=ada,done,204,\n", "");
}
