//! A seat that was free before: the aim is reached, so a run can be repeated and the second one succeeds.

use seats_tests::wire::answer;
use serde_json::json;

use crate::many::{RECLAIM_THREE, done, ended, says};
use crate::outcomes::{Expected, reclaim_says};
use crate::process::{RECLAIM, seats};

const MESSAGE: &str = "The seat does not exist (itemType: Seat)";

/// The Store's answer about an item that there is not.
fn missing(item: &str) -> Vec<u8> {
    let body =
        json!({"data": [{"itemType": item}], "message": format!("The {item} does not exist")});
    let body = body.to_string().replace("The Seat", "The seat");
    answer("404 Not Found", &[("ms-cv", "cv.1")], body.as_bytes())
}

#[tokio::test]
async fn of_one_user() {
    reclaim_says(
        missing("Seat"),
        Expected {
            code: 0,
            effect: "already_free",
            status: Some(404),
            messages: &[MESSAGE],
            request_id: Some("cv.1"),
            words: "already free: \"ada@contoso.example\" holds no seat of \"9NBLGGH4R2R6/0016\"",
        },
        None,
    )
    .await;
    let (csv, _) = ended(&RECLAIM, &["--output", "csv"], &[missing("Seat")]).await;
    let row = format!("ada@contoso.example,already_free,404,{MESSAGE}");
    csv.is(0, &format!("user,fate,status,reason\n{row}\n"), "");
}

#[tokio::test]
async fn of_many_users() {
    let answers = [done(), missing("Seat"), missing("Seat")];
    let (text, _) = ended(&RECLAIM_THREE, &[], &answers).await;
    let lines = "done     ada\nalready free  linus\nalready free  zoë\n";
    text.is(0, lines, "1 done, 2 already free\n");
    let (json, _) = ended(&RECLAIM_THREE, &["--output", "json"], &answers).await;
    let lines = r#"{"user":"ada","fate":"done","status":204}
{"user":"linus","fate":"already_free","status":404,"request_id":"cv.1"}
{"user":"zoë","fate":"already_free","status":404,"request_id":"cv.1"}
{"operation":"reclaim_seat_from_user","vendor":"store","summary":{"done":1,"already_free":2,"failed":0,"unknown":0}}
"#;
    json.is(0, lines, "");
    let (csv, _) = ended(&RECLAIM_THREE, &["--output", "csv"], &answers).await;
    let rows = "ada,done,204,\nlinus,already_free,404,\nzoë,already_free,404,\n";
    csv.is(0, &format!("user,fate,status,reason\n{rows}"), "");
    // It is no excuse for others.
    let answers = [missing("Seat"), says("409 Conflict"), done()];
    let (text, _) = ended(&RECLAIM_THREE, &[], &answers).await;
    assert_eq!(text.code, Some(1), "{text:?}");
    assert_eq!(text.stderr, "1 done, 1 already free, 1 failed\n");
}

/// There may be no such user or product, so that nothing is known of a seat; nor is one assigned.
#[tokio::test]
async fn what_is_missing_is_the_seat() {
    for item in ["User", "Inventory"] {
        let (text, _) = ended(&RECLAIM, &[], &[missing(item)]).await;
        assert_eq!((text.code, text.stdout.as_str()), (Some(1), ""), "{text:?}");
    }
    let assign = ["store", "assign", "P", "0016", "ada"];
    let (text, _) = ended(&assign, &[], &[missing("Seat")]).await;
    assert_eq!((text.code, text.stdout.as_str()), (Some(1), ""), "{text:?}");
}

#[tokio::test]
async fn in_the_sandbox() {
    let twice = [
        "store",
        "reclaim",
        "9NBLGGH4R2R6",
        "0016",
        "linus@contoso.example",
    ];
    let ended = seats(&twice).arguments(&["--sandbox"]).run().await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stdout.starts_with("already free: "), "{ended:?}");
    assert!(ended.stderr.contains("and has these seats:\n"), "{ended:?}");
}
